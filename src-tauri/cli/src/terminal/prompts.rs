//! Questions to the user on standard error, so that standard output stays clean; answers from standard input,
//! a line each.
//!
//! On a terminal a password is typed without echo, and an invalid answer is asked for again. In a script the
//! first invalid answer ends the run.
//!
//! Non-goals: reading a secret from the arguments or the environment, which other programs can see.

use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounts::model::pasted;
use accounts::model::token::{OneTimeCode, Password};
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use super::system;
use crate::failure::Failure;
use crate::messages::prompts as messages;
use crate::messages::prompts::Wanted;
use crate::output::tell;

/// The longest answer, in bytes: no link or password is longer.
const LONGEST: usize = 4_096;

/// How often standard input is polled.
const MOMENT: Duration = Duration::from_millis(100);

/// Some editors begin a file with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How often a question is asked on a terminal.
const TRIES: usize = 3;

/// A terminal or a script at standard input.
#[derive(Debug)]
pub(crate) struct Prompts {
    is_terminal: bool,
}

impl Prompts {
    pub(crate) fn new() -> Self {
        Self { is_terminal: io::stdin().is_terminal() }
    }

    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// How often a question may be asked.
    pub(crate) fn tries(&self) -> usize {
        if self.is_terminal { TRIES } else { 1 }
    }

    /// One line, which may be empty.
    pub(crate) fn line(&self, prompt: &str, wanted: Wanted) -> Result<Zeroizing<String>, Failure> {
        let _asked = if self.is_terminal {
            Some(system::ask(prompt))
        } else {
            // No typed newline ends the line there.
            tell(prompt.trim_end());
            None
        };
        line_from(io::stdin().lock(), wanted)
    }

    /// A line with something in it, without white space around it.
    pub(crate) fn answer(&self, prompt: &str, wanted: Wanted) -> Result<Zeroizing<String>, Failure> {
        for _ in 0..self.tries() {
            let line = self.line(prompt, wanted)?;
            if !line.trim().is_empty() {
                return Ok(Zeroizing::new(line.trim().to_owned()));
            }
        }
        Err(messages::missing(wanted))
    }

    pub(crate) fn name(&self, prompt: &str, wanted: Wanted) -> Result<String, Failure> {
        Ok(pasted::name(&self.answer(prompt, wanted)?).to_owned())
    }

    pub(crate) fn code(&self, prompt: &str) -> Result<OneTimeCode, Failure> {
        Ok(pasted::code(&self.answer(prompt, Wanted::Code)?))
    }

    pub(crate) fn code_or_backup_code(&self, prompt: &str) -> Result<OneTimeCode, Failure> {
        Ok(pasted::code_or_backup_code(&self.answer(prompt, Wanted::Code)?))
    }

    /// A password, typed without echo.
    pub(crate) fn password(&self, prompt: &str) -> Result<Password, Failure> {
        if !self.is_terminal {
            return Err(messages::no_terminal());
        }
        let line = system::hidden_line(prompt, || line_from(io::stdin().lock(), Wanted::Password));
        password(&line.map_err(|error| messages::echo_stays_on(&error))??)
    }

    /// The index of the chosen words: by number, or by the words. An empty answer means `offered`.
    pub(crate) fn choose(&self, words: &[String], offered: Option<usize>) -> Result<usize, Failure> {
        for _ in 0..self.tries() {
            let line = self.line(&messages::which(offered), Wanted::Choice)?;
            if let Some(nth) = choice(line.trim(), words, offered) {
                return Ok(nth);
            }
        }
        Err(messages::no_such_choice(words.len()))
    }

    /// Whether the user types `yes`.
    pub(crate) fn agrees(&self, question: &str) -> Result<bool, Failure> {
        let line = self.line(&messages::consent(question), Wanted::Consent)?;
        Ok(line.trim().eq_ignore_ascii_case("yes"))
    }
}

/// Reads lines from a terminal beside another wait, until one of them is `taken`.
pub(crate) fn lines_meanwhile(
    prompt: &'static str,
    taken: impl Fn(&str) -> bool + Send + 'static,
) -> Meanwhile {
    let has_ended = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&has_ended);
    let reading = tokio::task::spawn_blocking(move || {
        let _asked = system::ask(prompt);
        while !end.load(Ordering::SeqCst) {
            if system::is_answered(MOMENT)
                && line_from(io::stdin().lock(), Wanted::Address).map_or(true, |line| taken(&line))
            {
                return;
            }
        }
    });
    Meanwhile { has_ended, reading }
}

pub(crate) struct Meanwhile {
    has_ended: Arc<AtomicBool>,
    reading: JoinHandle<()>,
}

impl Meanwhile {
    /// Reads no more, so that the next question gets its own answer.
    pub(crate) async fn end(self) {
        self.has_ended.store(true, Ordering::SeqCst);
        if let Err(error) = self.reading.await {
            tracing::warn!(%error, "the reader of standard input failed");
        }
    }
}

/// The next line of standard input as a password.
pub(crate) fn password_line() -> Result<Password, Failure> {
    password(&line_from(io::stdin().lock(), Wanted::Password)?)
}

fn password(line: &str) -> Result<Password, Failure> {
    if line.is_empty() { Err(messages::missing(Wanted::Password)) } else { Ok(Password::new(line)) }
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
fn line_from(input: impl BufRead, wanted: Wanted) -> Result<Zeroizing<String>, Failure> {
    let room = BYTE_ORDER_MARK.len() + LONGEST + "\r\n".len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let read = input.take(room as u64).read_until(b'\n', &mut bytes);
    match read {
        Ok(0) => return Err(messages::missing(wanted)),
        Ok(_) => {}
        Err(error) => return Err(messages::unreadable(&error)),
    }
    let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    if line.len() > LONGEST {
        return Err(messages::too_long(wanted));
    }
    match std::str::from_utf8(line) {
        Ok(line) => Ok(Zeroizing::new(line.to_owned())),
        Err(_) => Err(messages::not_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use crate::exit::Exit;

    use super::*;

    fn first_password(input: &[u8]) -> Result<String, Exit> {
        let read = line_from(input, Wanted::Password).and_then(|line| password(&line));
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
        let mut next = || line_from(&mut input, Wanted::User).map(|line| line.to_string());
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
