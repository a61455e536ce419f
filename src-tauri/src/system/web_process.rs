//! Reloads the page when the webview's process dies or hangs. Only unsent text is lost, since all state is in
//! Rust.

#[cfg(target_os = "linux")]
use std::rc::Rc;

use tauri::{Runtime, WebviewWindow};

#[cfg(target_os = "linux")]
pub(crate) fn watch<R: Runtime>(window: &WebviewWindow<R>) {
    let ended = window.clone();
    let end = move || {
        if let Err(error) = ended.destroy() {
            tracing::error!(%error, "the window does not close");
        }
    };
    if let Err(error) = window.with_webview(|webview| linux::watch(&webview.inner(), Rc::new(end))) {
        tracing::warn!(%error, "a page whose process dies is not loaded again");
    }
}

/// On other systems the webview itself or the app's builder handles this.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch<R: Runtime>(_window: &WebviewWindow<R>) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::time::{Duration, Instant};

    use gtk::glib;
    use gtk::prelude::*;
    use webkit2gtk::{LoadEvent, WebView, WebViewExt as _};

    /// How long a process that does not respond is waited for.
    const PATIENCE: Duration = Duration::from_secs(15);

    /// After this long a loaded page shows its view.
    const SHOWN: Duration = Duration::from_millis(500);

    /// A page that dies this often in a minute would die for ever.
    const OFTEN: u32 = 5;

    pub(super) fn watch(view: &WebView, end: Rc<dyn Fn()>) {
        let deaths = Rc::new(Cell::new((Instant::now(), 0)));
        view.connect_web_process_terminated(move |view, reason| {
            let (since, count) = deaths.get();
            let (since, count) = if since.elapsed() > Duration::from_mins(1) {
                (Instant::now(), 1)
            } else {
                (since, count + 1)
            };
            deaths.set((since, count));
            if count > OFTEN {
                tracing::error!(?reason, "the webview's process dies again and again");
                ask(view, &deaths, &end);
                return;
            }
            tracing::warn!(?reason, "the webview's process has ended; the page is loaded again");
            load(view);
        });
        let loads = Cell::new(0_u32);
        view.connect_load_changed(move |view, event| {
            if event != LoadEvent::Finished {
                return;
            }
            // A new process was seen to paint only parts of the page; another zoom paints the whole.
            if loads.replace(loads.get() + 1) > 0 {
                let view = view.clone();
                glib::timeout_add_local_once(SHOWN, move || {
                    let zoom = view.zoom_level();
                    view.set_zoom_level(zoom * 1.01);
                    glib::timeout_add_local_once(SHOWN, move || view.set_zoom_level(zoom));
                });
            }
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

    /// A page whose process died before it began to load cannot be reloaded.
    fn load(view: &WebView) {
        match view.uri() {
            Some(page) => view.load_uri(&page),
            None => view.reload(),
        }
    }

    /// The window is empty: a dialog says why, and offers to reload the page or to close the window.
    fn ask(view: &WebView, deaths: &Rc<Cell<(Instant, u32)>>, end: &Rc<dyn Fn()>) {
        let dialog = gtk::MessageDialog::builder()
            .title("Userfront Accounts")
            .message_type(gtk::MessageType::Error)
            .text("This window cannot be shown.")
            .secondary_text(
                "The program that draws it (WebKitGTK) stops again and again. Your accounts are not \
                 affected. Try again, or restart your computer. Until then you can use `userfront` on the \
                 command line.",
            )
            .build();
        let window = view.toplevel().and_then(|top| top.downcast::<gtk::Window>().ok());
        dialog.set_transient_for(window.as_ref());
        dialog.add_button("Close", gtk::ResponseType::Close);
        dialog.add_button("Try again", gtk::ResponseType::Accept);
        dialog.set_default_response(gtk::ResponseType::Accept);
        let (view, deaths, end) = (view.clone(), Rc::clone(deaths), Rc::clone(end));
        dialog.connect_response(move |dialog, answer| {
            // Closing the dialog would count as another answer.
            dialog.hide();
            if answer == gtk::ResponseType::Accept {
                deaths.set((Instant::now(), 0));
                load(&view);
            } else {
                // Closed in the usual way, it might go on in the tray, empty.
                end();
            }
        });
        dialog.show_all();
    }
}
