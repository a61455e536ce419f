//! The operating system: the window and its process, the clipboard, the tray, signals, sleep and absence,
//! checks before the window opens.

pub(crate) mod autostart;
pub(crate) mod clipboard;
#[cfg(target_os = "linux")]
pub(crate) mod drawing;
pub(crate) mod link_argument;
#[cfg(target_os = "linux")]
pub(crate) mod logind;
pub(crate) mod notification;
pub(crate) mod notified;
pub(crate) mod question;
pub(crate) mod save_file;
pub(crate) mod signals;
pub(crate) mod startup_checks;
pub(crate) mod theme;
pub(crate) mod tray;
pub(crate) mod web_process;
pub(crate) mod window;
pub(crate) mod window_place;
