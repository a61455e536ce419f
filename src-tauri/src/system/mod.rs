//! The operating system: the window and its process, files on disk, sleep, checks before the window opens.

pub(crate) mod link_argument;
pub(crate) mod save_file;
#[cfg(target_os = "linux")]
pub(crate) mod sleep;
pub(crate) mod startup_checks;
pub(crate) mod watch;
pub(crate) mod web_process;
pub(crate) mod window;
