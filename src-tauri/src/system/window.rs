//! The window: one, never smaller than the views need, and never on another site's page.

use tauri::{AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use crate::system::web_process;

/// The label in `capabilities/main.json`.
pub(crate) const MAIN: &str = "main";

pub(crate) fn open<R: Runtime>(
    app: &AppHandle<R>,
    on_event: impl Fn(&WindowEvent) + Send + 'static,
) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Userfront Accounts")
        .inner_size(1000.0, 700.0)
        .min_inner_size(380.0, 480.0)
        .zoom_hotkeys_enabled(true)
        .on_navigation(is_own_page)
        .build()?;
    window.on_window_event(on_event);
    web_process::watch(&window);
    Ok(())
}

pub(crate) fn to_front<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    for done in [window.unminimize(), window.set_focus()] {
        if let Err(error) = done {
            tracing::info!(%error, "the window does not come to the front");
        }
    }
}

/// The app's own host where the webview knows no custom schemes (Windows, Android), else its own scheme.
fn is_own_page(url: &Url) -> bool {
    is_own(url, cfg!(any(windows, target_os = "android")))
}

fn is_own(url: &Url, has_host: bool) -> bool {
    if !has_host {
        return url.scheme() == "tauri";
    }
    let is_web = matches!(url.scheme(), "http" | "https");
    is_web && url.host_str() == Some("tauri.localhost") && url.port().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_webview_stays_on_its_own_pages() {
        let own = |url: &str, has_host| is_own(&url.parse().unwrap(), has_host);
        assert!(own("tauri://localhost/index.html", false) && !own("tauri://localhost/index.html", true));
        for page in ["http://tauri.localhost/", "https://tauri.localhost/index.html"] {
            assert!(own(page, true) && !own(page, false), "{page}");
        }
        for elsewhere in [
            "https://userfront.com/",
            "http://127.0.0.1/",
            "http://tauri.localhost:8080/",
            "ftp://tauri.localhost/",
            "https://tauri.localhost.example/",
            "data:text/html,x",
            "file:///etc/passwd",
        ] {
            assert!(!own(elsewhere, true) && !own(elsewhere, false), "{elsewhere}");
        }
    }
}
