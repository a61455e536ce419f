//! The window: one, never smaller than the views need, and never on another site's page.

use accounts::model::settings::Theme;
use tauri::{AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use crate::system::window_place::{DEFAULT, LEAST, Place};
use crate::system::{theme, web_process};

/// The label in `capabilities/main.json`.
pub(crate) const MAIN: &str = "main";

pub(crate) fn open<R: Runtime>(
    app: &AppHandle<R>,
    place: Option<Place>,
    theme: Theme,
    is_hidden: bool,
    on_event: impl Fn(&WindowEvent) + Send + 'static,
) -> tauri::Result<()> {
    let (width, height) = place.map_or(DEFAULT, |place| (place.width, place.height));
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Userfront Accounts")
        .inner_size(width, height)
        .min_inner_size(LEAST.0, LEAST.1)
        .maximized(place.is_some_and(|place| place.is_maximized))
        .visible(false)
        .zoom_hotkeys_enabled(true)
        .on_navigation(is_own_page)
        .build()?;
    if let Some(position) = place.and_then(|place| place.position(app)) {
        window.set_position(position)?;
    }
    window.on_window_event(on_event);
    web_process::watch(&window);
    theme::apply_first(&window, theme);
    if is_hidden { Ok(()) } else { window.show() }
}

/// As the desktop's button does.
pub(crate) fn close<R: Runtime>(app: &AppHandle<R>) {
    if let Some(Err(error)) = app.get_webview_window(MAIN).map(|window| window.close()) {
        tracing::error!(%error, "the window does not close");
    }
}

pub(crate) fn show<R: Runtime>(app: &AppHandle<R>) {
    if let Some(Err(error)) = app.get_webview_window(MAIN).map(|window| window.show()) {
        tracing::error!(%error, "the window is not shown");
    }
}

/// Returns whether the window is hidden now.
pub(crate) fn hide<R: Runtime>(app: &AppHandle<R>) -> bool {
    let hidden = app.get_webview_window(MAIN).map(|window| window.hide());
    hidden.is_some_and(|hidden| hidden.inspect_err(|error| tracing::error!(%error, "it stays")).is_ok())
}

pub(crate) fn to_front<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    for done in [window.show(), window.unminimize(), window.set_focus()] {
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
