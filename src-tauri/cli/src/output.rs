//! Printing. A closed or full standard error must not keep a log-out from being done, so lines there are
//! printed as far as it goes. (`println!` and `eprintln!` panic.)

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write as _};

use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::{json, messages};

/// Lines for people, or JSON for programs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    /// Prints the answer to the command: `value` as JSON, or else the lines.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn answer(self, value: &Value, lines: &str) -> Result<(), Failure> {
        if self.json {
            print(&value.to_string())
        } else if lines.is_empty() {
            Ok(())
        } else {
            print(lines.trim_end())
        }
    }

    /// Prints the result of something that is done. A failure to print does not undo it.
    pub(crate) fn done(self, value: &Value, lines: &str) {
        if let Err(unwritten) = self.answer(value, lines) {
            note(&unwritten.message);
        }
    }

    /// Prints a sentence on standard error; in JSON also an object on standard output.
    pub(crate) fn error(self, failure: &Failure) -> Exit {
        if self.json
            && let Err(unwritten) = self.answer(&json!({"error": json::error(failure)}), "")
        {
            // A failure to write is printed once.
            if unwritten.message != failure.message {
                note(&unwritten.message);
            }
        }
        note(&failure.message);
        failure.exit
    }
}

/// Prints a sentence on standard error, with the program's name.
pub(crate) fn note(sentence: impl AsRef<str>) {
    prompt(format_args!("userfront: {}\n", sentence.as_ref()));
}

/// Prints a line of a conversation on standard error.
pub(crate) fn tell(line: impl AsRef<str>) {
    prompt(format_args!("{}\n", line.as_ref()));
}

/// Prints on standard error without the end of a line.
pub(crate) fn prompt(words: Arguments<'_>) {
    let mut error = io::stderr().lock();
    if let Err(error) = error.write_fmt(words).and_then(|()| error.flush()) {
        tracing::debug!(%error, "standard error takes nothing");
    }
}

/// Prints a line on standard output. A reader that has gone is no error.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    line(text).map(|_| ())
}

/// Prints a line on standard output. Returns whether there is still a reader.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn line(text: &str) -> Result<bool, Failure> {
    let mut output = io::stdout().lock();
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(messages::answer_unwritten(&error)),
    }
}
