//! The terminal at standard input.
//!
//! A hidden answer is read with the echo off and nothing else changed: the terminal goes on editing the line
//! and making signals of Ctrl-C, Ctrl-\ and Ctrl-Z. Every end or stop of the program calls
//! [`restore`] first. Input beyond the answer is discarded, so that neither the next prompt nor the shell
//! reads it.
//!
//! Standard input itself is used, not `/dev/tty`: it need not be the controlling terminal.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::getpgrp;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, isatty, tcflush, tcgetattr, tcgetpgrp, tcsetattr,
};

use signal_hook::consts::SIGINT;
use signal_hook::low_level::raise;
use zeroize::Zeroizing;

use crate::output::prompt;

/// No bracketed paste, a cursor, and nothing below the line that it is in.
const CLEARED: &str = "\x1b[?2004l\x1b[?25h\r\n\x1b[J";

/// One a process, as its terminal and its signals are.
static STATE: Mutex<State> = Mutex::new(State { prompt: None, has_asked: false });

struct State {
    prompt: Option<Prompt>,
    has_asked: bool,
}

struct Prompt {
    words: String,
    modes: Option<Modes>,
    /// Undoes what was drawn.
    end: &'static str,
}

/// The terminal's modes.
struct Modes {
    before: Termios,
    meanwhile: Termios,
}

/// Restores the terminal when it is dropped.
pub(crate) struct Asked(());

/// Asks with the echo on.
pub(crate) fn ask(words: &str) -> Asked {
    begin(Prompt { words: words.to_owned(), modes: None, end: "" });
    prompt(format_args!("{words}"));
    Asked(())
}

/// Asks for a line and reads it with the echo off.
///
/// # Errors
/// When the terminal's echo cannot be turned off. Nothing was asked.
pub(crate) fn hidden_line<E>(
    words: &str,
    read: impl FnOnce() -> Result<Zeroizing<String>, E>,
) -> io::Result<Result<Zeroizing<String>, E>> {
    let before = tcgetattr(stdin())?;
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    hidden.local_modes.insert(LocalModes::ECHONL);
    let modes = Modes { before, meanwhile: hidden.clone() };
    begin(Prompt { words: words.to_owned(), modes: Some(modes), end: "" });
    let _asked = Asked(());
    set(&hidden)?;
    prompt(format_args!("{words}"));
    Ok(read())
}

/// Runs `draw`, which sets the terminal's modes and draws by itself.
///
/// # Errors
/// When the terminal's modes cannot be read.
pub(crate) fn drawing<T>(draw: impl FnOnce() -> T) -> io::Result<T> {
    let before = tcgetattr(stdin())?;
    let mut meanwhile = before.clone();
    meanwhile.make_raw();
    begin(Prompt { words: String::new(), modes: Some(Modes { before, meanwhile }), end: CLEARED });
    let _asked = Asked(());
    let drawn = draw();
    // It has cleared the screen itself.
    if let Some(prompt) = &mut state().prompt {
        prompt.end = "";
    }
    Ok(drawn)
}

/// Before the terminal is changed: a signal that comes in between restores it.
fn begin(prompt: Prompt) {
    *state() = State { prompt: Some(prompt), has_asked: true };
}

/// Ctrl-C that came as a key: ends the run as the signal does. Returns after a while where that is ignored.
pub(crate) fn interrupt() {
    match raise(SIGINT) {
        Ok(()) => std::thread::sleep(Duration::from_secs(1)),
        Err(error) => tracing::warn!(%error, "the run is not interrupted"),
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        restore();
        state().prompt = None;
    }
}

/// Waits for a line, which can be read at once then. A job in the background gets none.
pub(crate) fn is_answered(wait: Duration) -> bool {
    if !is_in_foreground() {
        std::thread::sleep(wait);
        return false;
    }
    let wait = Timespec { tv_sec: 0, tv_nsec: wait.subsec_nanos().into() };
    let input = stdin();
    let mut input = [PollFd::new(&input, PollFlags::IN)];
    poll(&mut input, Some(&wait)).is_ok_and(|ready| ready > 0)
}

/// Restores the terminal and discards unread input. Called before the program ends or stops.
pub(crate) fn restore() {
    let state = state();
    if !state.has_asked || !is_in_foreground() || !isatty(stdin()) {
        return;
    }
    if let Some(Prompt { modes: Some(modes), end, .. }) = &state.prompt {
        log(tcsetattr(stdin(), OptionalActions::Now, &modes.before));
        prompt(format_args!("{end}"));
    }
    log(tcflush(stdin(), QueueSelector::IFlush));
}

/// After the program was stopped: the shell has shown its own prompt meanwhile.
pub(crate) fn ask_again() {
    hide_again();
    let words = state().prompt.as_ref().map(|prompt| prompt.words.clone());
    if let Some(words) = words.filter(|_| is_in_foreground()) {
        prompt(format_args!("{words}"));
    }
}

/// After [`restore`], where the program has neither ended nor been stopped.
pub(crate) fn hide_again() {
    let state = state();
    if let Some(Prompt { modes: Some(modes), .. }) = state.prompt.as_ref().filter(|_| is_in_foreground()) {
        log(set(&modes.meanwhile));
    }
}

/// Discards unread input.
fn set(modes: &Termios) -> Result<(), Errno> {
    tcsetattr(stdin(), OptionalActions::Now, modes)?;
    tcflush(stdin(), QueueSelector::IFlush)
}

/// Whether standard output still has a reader; a file always has.
pub(crate) fn output_is_open() -> bool {
    let output = stdout();
    let mut output = [PollFd::new(&output, PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let gone = PollFlags::ERR | PollFlags::HUP;
    poll(&mut output, Some(&now)).is_err() || !output[0].revents().intersects(gone)
}

/// Changing another job's terminal would stop this program. Without a controlling terminal there are no jobs.
fn is_in_foreground() -> bool {
    tcgetpgrp(stdin()).map_or(true, |group| group == getpgrp())
}

fn log(done: Result<(), Errno>) {
    if let Err(error) = done {
        tracing::debug!(%error, "the terminal is left as it is");
    }
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
