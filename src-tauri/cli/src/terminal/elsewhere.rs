//! The same where there are no jobs and no signals: the library hides the answer, and heeds Ctrl-C itself.

use std::io;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::tell::on_error;

pub(crate) struct Asked(());

pub(crate) fn ask(words: &str) -> Asked {
    on_error(format_args!("{words}"));
    Asked(())
}

pub(crate) fn hidden_line<E>(
    words: &str,
    _: impl FnOnce() -> Result<Zeroizing<String>, E>,
) -> io::Result<Result<Zeroizing<String>, E>> {
    on_error(format_args!("{words}"));
    rpassword::read_password().map(|line| Ok(Zeroizing::new(line)))
}

/// Nothing can be asked there beside something else.
pub(crate) fn is_answered(wait: Duration) -> bool {
    std::thread::sleep(wait);
    false
}

pub(crate) fn restore() {}
