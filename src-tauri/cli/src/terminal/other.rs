//! The terminal where there are no jobs and no signals: the library hides the answer and handles Ctrl-C.

use std::io;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::output::prompt;

pub(crate) struct Asked(());

pub(crate) fn ask(words: &str) -> Asked {
    prompt(format_args!("{words}"));
    Asked(())
}

pub(crate) fn hidden_line<E>(
    words: &str,
    _: impl FnOnce() -> Result<Zeroizing<String>, E>,
) -> io::Result<Result<Zeroizing<String>, E>> {
    prompt(format_args!("{words}"));
    rpassword::read_password().map(|line| Ok(Zeroizing::new(line)))
}

/// Nothing can be read here beside something else.
pub(crate) fn is_answered(wait: Duration) -> bool {
    std::thread::sleep(wait);
    false
}

pub(crate) fn restore() {}
