//! The terminal: questions on standard error, answers from standard input.

pub(crate) mod prompts;
#[cfg_attr(unix, path = "terminal/unix.rs")]
#[cfg_attr(not(unix), path = "terminal/other.rs")]
mod system;

pub(crate) use system::restore;
#[cfg(unix)]
pub(crate) use system::{ask_again, hide_again};
