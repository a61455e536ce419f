//! The terminal: questions on standard error, answers from standard input; and how standard output is shown.

mod display;
mod picker;
pub(crate) mod prompts;
#[cfg_attr(unix, path = "terminal/unix.rs")]
#[cfg_attr(not(unix), path = "terminal/other.rs")]
mod system;

pub(crate) use display::Display;
pub(crate) use picker::{Picked, can_pick, pick};
#[cfg(unix)]
pub(crate) use system::{ask_again, hide_again};
pub(crate) use system::{interrupt, output_is_open, restore};
