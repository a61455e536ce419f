//! When the webview's process dies or hangs, the page is loaded again. Only unsent text is lost by that,
//! since all state is in Rust.

use tauri::{Runtime, WebviewWindow};

/// Has the window's page loaded again whenever its process has died, or has hung for a while.
#[cfg(target_os = "linux")]
pub(crate) fn watch<R: Runtime>(window: &WebviewWindow<R>) {
    if let Err(error) = window.with_webview(|webview| linux::watch(&webview.inner())) {
        tracing::warn!(%error, "a page whose process dies is not loaded again");
    }
}

/// Elsewhere the system's webview does it, or tells the app's builder.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch<R: Runtime>(_window: &WebviewWindow<R>) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;
    use std::time::{Duration, Instant};

    use gtk::glib;
    use webkit2gtk::{WebView, WebViewExt as _};

    /// How long a process that does not respond has to come back.
    const PATIENCE: Duration = Duration::from_secs(15);

    /// A page that dies this often in a minute would do so for ever.
    const OFTEN: u32 = 5;

    pub(super) fn watch(view: &WebView) {
        let deaths = Cell::new((Instant::now(), 0));
        view.connect_web_process_terminated(move |view, reason| {
            let (since, count) = deaths.get();
            let (since, count) = if since.elapsed() > Duration::from_mins(1) {
                (Instant::now(), 1)
            } else {
                (since, count + 1)
            };
            deaths.set((since, count));
            if count > OFTEN {
                tracing::error!(?reason, "the webview's process dies again and again; restart the app");
                return;
            }
            tracing::warn!(?reason, "the webview's process has ended; the page is loaded again");
            view.reload();
        });
        view.connect_is_web_process_responsive_notify(|view| {
            if view.is_web_process_responsive() {
                return;
            }
            let view = view.clone();
            glib::timeout_add_local_once(PATIENCE, move || {
                if !view.is_web_process_responsive() {
                    tracing::warn!("the webview's process hangs, and is ended");
                    view.terminate_web_process();
                }
            });
        });
    }
}
