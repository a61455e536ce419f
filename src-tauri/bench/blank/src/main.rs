//! A window with a page, and nothing else.

use tauri::Manager as _;

/// A window that is visible from the first moment waits half a second for its page in some starts: the
/// webview gives the page so long to answer to the window's size, where it draws without the graphics card.
fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            for window in app.webview_windows().values() {
                window.show()?;
            }
            Ok(())
        })
        .run(tauri::generate_context!())
}
