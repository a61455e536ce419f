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

#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
pub(crate) fn drawing<T>(draw: impl FnOnce() -> T) -> io::Result<T> {
    Ok(draw())
}

/// The exit code of an interrupted program in a shell.
pub(crate) fn interrupt() {
    std::process::exit(130);
}

/// Standard input cannot be read beside something else here.
pub(crate) fn is_answered(wait: Duration) -> bool {
    std::thread::sleep(wait);
    false
}

/// A reader that has gone is noticed with the next line.
pub(crate) fn output_is_open() -> bool {
    true
}

pub(crate) fn restore() {}
