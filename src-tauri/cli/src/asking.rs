//! Asking the user: prompts on standard error, so that standard output stays clean; answers from standard
//! input, a line each.
//!
//! On a terminal a password is typed without echo, and what is no answer is asked again. A script writes its
//! lines one after the other; there the first that is no answer ends the run.
//!
//! Non-goals: reading anything secret from the arguments or the environment, which other programs can see.

use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounts::model::pasted;
use accounts::model::token::{OneTimeCode, Password};
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::tell::tell;
use crate::terminal;

/// The longest answer, in bytes: a link has no more, and no password has.
const LONGEST: usize = 4_096;

/// Between two looks whether something was typed.
const MOMENT: Duration = Duration::from_millis(100);

/// Some editors begin a file with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How often the same is asked on a terminal.
const TRIES: usize = 3;

/// Somebody who answers, at a terminal or in a script.
#[derive(Debug)]
pub(crate) struct Asking {
    is_terminal: bool,
}

impl Asking {
    pub(crate) fn new() -> Self {
        Self { is_terminal: io::stdin().is_terminal() }
    }

    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// How often the same may be asked.
    pub(crate) fn tries(&self) -> usize {
        if self.is_terminal { TRIES } else { 1 }
    }

    /// One line, which may be empty. `what` completes "… was asked for".
    pub(crate) fn line(&self, prompt: &str, what: &str) -> Result<Zeroizing<String>, Failure> {
        let _asked = if self.is_terminal {
            Some(terminal::ask(prompt))
        } else {
            // Nobody ends the line there.
            tell!("{}", prompt.trim_end());
            None
        };
        line_from(io::stdin().lock(), what)
    }

    /// A line with something in it, without white space around it.
    pub(crate) fn answer(&self, prompt: &str, what: &str) -> Result<Zeroizing<String>, Failure> {
        for _ in 0..self.tries() {
            let line = self.line(prompt, what)?;
            if !line.trim().is_empty() {
                return Ok(Zeroizing::new(line.trim().to_owned()));
            }
        }
        Err(nothing(what))
    }

    pub(crate) fn name(&self, prompt: &str, what: &str) -> Result<String, Failure> {
        Ok(pasted::name(&self.answer(prompt, what)?).to_owned())
    }

    pub(crate) fn code(&self, prompt: &str) -> Result<OneTimeCode, Failure> {
        Ok(pasted::code(&self.answer(prompt, "a code")?))
    }

    pub(crate) fn code_or_backup_code(&self, prompt: &str) -> Result<OneTimeCode, Failure> {
        Ok(pasted::code_or_backup_code(&self.answer(prompt, "a code")?))
    }

    /// A password, typed without echo.
    pub(crate) fn password(&self, prompt: &str) -> Result<Password, Failure> {
        if !self.is_terminal {
            return Err(no_terminal());
        }
        let line = terminal::hidden_line(prompt, || line_from(io::stdin().lock(), "a password"));
        password(&line.map_err(|error| {
            Failure::new(Exit::Failed, format!("The password cannot be typed unseen here: {error}."))
        })??)
    }

    /// Which of these: by its number, or by its words. An empty answer means the one `offered`.
    pub(crate) fn choose(&self, words: &[String], offered: Option<usize>) -> Result<usize, Failure> {
        let default = offered.map_or(String::new(), |nth| format!(" [{}]", nth + 1));
        for _ in 0..self.tries() {
            let line = self.line(&format!("Which?{default} "), "a choice")?;
            if let Some(nth) = choice(line.trim(), words, offered) {
                return Ok(nth);
            }
        }
        Err(Failure::usage(format!("That is none of the choices. Give a number from 1 to {}.", words.len())))
    }

    /// Whether the user says yes, in full.
    pub(crate) fn agrees(&self, question: &str) -> Result<bool, Failure> {
        let line = self.line(&format!("{question} Type yes to go on: "), "yes or no")?;
        Ok(line.trim().eq_ignore_ascii_case("yes"))
    }
}

/// Hands lines on while something else is waited for, until one of them is `taken`. On a terminal.
pub(crate) fn lines_meanwhile(
    prompt: &'static str,
    taken: impl Fn(&str) -> bool + Send + 'static,
) -> Meanwhile {
    let has_ended = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&has_ended);
    let reading = tokio::task::spawn_blocking(move || {
        let _asked = terminal::ask(prompt);
        while !end.load(Ordering::SeqCst) {
            if terminal::is_answered(MOMENT)
                && line_from(io::stdin().lock(), "an address").map_or(true, |line| taken(&line))
            {
                return;
            }
        }
    });
    Meanwhile { has_ended, reading }
}

/// Lines that are read beside something else.
pub(crate) struct Meanwhile {
    has_ended: Arc<AtomicBool>,
    reading: JoinHandle<()>,
}

impl Meanwhile {
    /// No more are read: whoever asks next gets its own answer.
    pub(crate) async fn end(self) {
        self.has_ended.store(true, Ordering::SeqCst);
        if let Err(error) = self.reading.await {
            tracing::warn!(%error, "what is typed is not read to the end");
        }
    }
}

/// The next line of standard input as a password.
pub(crate) fn password_line() -> Result<Password, Failure> {
    password(&line_from(io::stdin().lock(), "a password")?)
}

/// Why nothing can be asked here.
pub(crate) fn no_terminal() -> Failure {
    Failure::usage(
        "Standard input is not a terminal. Give --password-stdin, and the password as the first line of standard input; or \
         another way in: --code, --link, --totp or --browser.",
    )
}

fn nothing(what: &str) -> Failure {
    Failure::usage(format!("There is nothing on standard input, where {what} was asked for."))
}

fn password(line: &str) -> Result<Password, Failure> {
    if line.is_empty() { Err(nothing("a password")) } else { Ok(Password::new(line)) }
}

fn choice(answer: &str, words: &[String], offered: Option<usize>) -> Option<usize> {
    if answer.is_empty() {
        return offered;
    }
    words
        .iter()
        .zip(1..)
        .position(|(word, nth): (_, usize)| word.eq_ignore_ascii_case(answer) || answer == nth.to_string())
}

/// One line without its end. Ours is never moved while it is filled, and wiped afterwards; the standard
/// library's own buffer is out of reach.
fn line_from(input: impl BufRead, what: &str) -> Result<Zeroizing<String>, Failure> {
    let room = BYTE_ORDER_MARK.len() + LONGEST + "\r\n".len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let read = input.take(room as u64).read_until(b'\n', &mut bytes);
    match read {
        Ok(0) => return Err(nothing(what)),
        Ok(_) => {}
        Err(error) => {
            return Err(Failure::new(Exit::Failed, format!("Standard input cannot be read: {error}.")));
        }
    }
    let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    if line.len() > LONGEST {
        return Err(Failure::usage(format!("This is too long for {what}.")));
    }
    match std::str::from_utf8(line) {
        Ok(line) => Ok(Zeroizing::new(line.to_owned())),
        Err(_) => Err(Failure::usage("Standard input is not UTF-8.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_password(input: &[u8]) -> Result<String, Exit> {
        let read = line_from(input, "a password").and_then(|line| password(&line));
        read.map(|password| password.secret().to_owned()).map_err(|failure| failure.exit)
    }

    #[test]
    fn a_password_is_the_first_line() {
        for (input, expected) in [
            (&b"secret"[..], Ok("secret")),
            (b"secret\n", Ok("secret")),
            (b"secret\r\nmore\n", Ok("secret")),
            (b"\xef\xbb\xbfsecret\r\n", Ok("secret")),
            (b"\xef\xbb\xbf\n", Err(Exit::Usage)),
            (b" p\xc3\xa4ss \n", Ok(" päss ")),
            (b"", Err(Exit::Usage)),
            (b"\nsecret", Err(Exit::Usage)),
            (b"\xff\n", Err(Exit::Usage)),
        ] {
            assert_eq!(first_password(input), expected.map(str::to_owned), "{input:?}");
        }
        assert_eq!(first_password(&[b'x'; LONGEST]).map(|it| it.len()), Ok(LONGEST));
        let whole_line = [&[b'x'; LONGEST][..], b"\r\nmore"].concat();
        assert_eq!(first_password(&whole_line).map(|it| it.len()), Ok(LONGEST));
        assert_eq!(first_password(&[b'x'; LONGEST + 1]), Err(Exit::Usage));
        assert_eq!(first_password(&b"x".repeat(100_000)), Err(Exit::Usage));
    }

    #[test]
    fn each_answer_is_a_line() {
        let mut input = &b"one\ntwo"[..];
        let mut next = || line_from(&mut input, "x").map(|line| line.to_string());
        assert_eq!((next().unwrap(), next().unwrap()), ("one".to_owned(), "two".to_owned()));
        assert_eq!(next().unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn a_choice_is_a_number_or_its_words() {
        let words = ["totp/authenticator".to_owned(), "verificationCode/sms".to_owned()];
        for (answer, offered, chosen) in [
            ("1", None, Some(0)),
            ("2", Some(0), Some(1)),
            ("verificationcode/SMS", None, Some(1)),
            ("", Some(1), Some(1)),
            ("", None, None),
            ("0", Some(0), None),
            ("3", None, None),
            ("sms", None, None),
            ("-1", None, None),
        ] {
            assert_eq!(choice(answer, &words, offered), chosen, "{answer:?}");
        }
    }
}
