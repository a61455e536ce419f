//! What is printed, when nobody may be there to read it. Standard error may be closed or full: that keeps nobody from
//! logging out, so what is told there is told as far as it goes. (`println!` and `eprintln!` panic.)

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write as _};

use crate::exit::Exit;
use crate::failure::Failure;

/// A line on standard error.
macro_rules! tell {
    ($($words:tt)*) => { $crate::tell::on_error(format_args!("{}\n", format_args!($($words)*))) };
}

pub(crate) use tell;

/// Without the end of a line: a prompt.
pub(crate) fn on_error(words: Arguments<'_>) {
    let mut error = io::stderr().lock();
    if let Err(error) = error.write_fmt(words).and_then(|()| error.flush()) {
        tracing::debug!(%error, "standard error takes nothing");
    }
}

/// A line on standard output. A reader that has gone has read what it wanted.
///
/// # Errors
/// When it cannot be written: the answer to the command did not arrive.
pub(crate) fn answer(line: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match writeln!(output, "{line}").and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let message = format!("The answer could not be written to standard output: {error}.");
            Err(Failure::new(Exit::Failed, message))
        }
        _ => Ok(()),
    }
}
