//! The window's colours. The page follows them by `prefers-color-scheme`.

use accounts::model::settings::Theme;
use tauri::window::Color;
use tauri::{Runtime, WebviewWindow};

/// `--ground` of `ui/src/styles/tokens.css`, light and dark: until the page is drawn.
const GROUND: [Color; 2] = [Color(0xf6, 0xf6, 0xf8, 0xff), Color(0x15, 0x16, 0x1a, 0xff)];

/// Sets the colours of an open window.
pub(crate) fn apply<R: Runtime>(window: &WebviewWindow<R>, theme: Theme) {
    if let Err(error) = set(window, theme) {
        tracing::warn!(%error, "the window's colours are not set");
    }
}

fn set<R: Runtime>(window: &WebviewWindow<R>, theme: Theme) -> tauri::Result<()> {
    let own = match theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    };
    #[cfg(target_os = "linux")]
    window.run_on_main_thread(move || linux::keep(own.map(|theme| theme == tauri::Theme::Dark)))?;
    window.set_theme(own)?;
    // GTK does not go back to the desktop's by itself.
    #[cfg(target_os = "linux")]
    if own.is_none() {
        let of_desktop = window.theme()?;
        window.set_theme(Some(of_desktop))?;
    }
    set_ground(window, own)
}

fn set_ground<R: Runtime>(window: &WebviewWindow<R>, own: Option<tauri::Theme>) -> tauri::Result<()> {
    let is_dark = own.map_or_else(|| window.theme(), Ok)? == tauri::Theme::Dark;
    window.set_background_color(Some(GROUND[usize::from(is_dark)]))
}

/// Before the page is loaded.
pub(crate) fn apply_first<R: Runtime>(window: &WebviewWindow<R>, theme: Theme) {
    // A new window has the desktop's colours, but for its ground.
    if theme != Theme::System {
        apply(window, theme);
    } else if let Err(error) = set_ground(window, None) {
        tracing::warn!(%error, "the window begins white");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;

    use gtk::Settings;
    use gtk::prelude::*;

    thread_local! {
        static IS_DARK: Cell<Option<bool>> = const { Cell::new(None) };
        static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
    }

    /// Keeps GTK dark or light when the desktop changes; `None` lets it follow.
    pub(super) fn keep(is_dark: Option<bool>) {
        IS_DARK.set(is_dark);
        let Some(settings) = Settings::default() else { return };
        correct(&settings);
        if !IS_WATCHED.replace(true) {
            settings.connect_gtk_application_prefer_dark_theme_notify(correct);
        }
    }

    fn correct(settings: &Settings) {
        if let Some(is_dark) = IS_DARK.get()
            && settings.is_gtk_application_prefer_dark_theme() != is_dark
        {
            settings.set_gtk_application_prefer_dark_theme(is_dark);
        }
    }
}
