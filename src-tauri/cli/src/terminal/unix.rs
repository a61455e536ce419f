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
use rustix::stdio::stdin;
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, isatty, tcflush, tcgetattr, tcgetpgrp, tcsetattr,
};

use zeroize::Zeroizing;

use crate::output::prompt;

/// One a process, as its terminal and its signals are.
static STATE: Mutex<State> = Mutex::new(State { prompt: None, has_asked: false });

struct State {
    prompt: Option<Prompt>,
    has_asked: bool,
}

struct Prompt {
    words: String,
    /// The terminal's modes before its echo was turned off.
    visible: Option<Termios>,
}

/// Restores the terminal when it is dropped.
pub(crate) struct Asked(());

/// Asks with the echo on.
pub(crate) fn ask(words: &str) -> Asked {
    *state() = State { prompt: Some(Prompt { words: words.to_owned(), visible: None }), has_asked: true };
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
    let visible = tcgetattr(stdin())?;
    let asked = Prompt { words: words.to_owned(), visible: Some(visible.clone()) };
    // Stored first: a signal that comes in between restores it.
    *state() = State { prompt: Some(asked), has_asked: true };
    let _asked = Asked(());
    hide(&visible)?;
    prompt(format_args!("{words}"));
    Ok(read())
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
    if let Some(visible) = state.prompt.as_ref().and_then(|prompt| prompt.visible.as_ref()) {
        log(tcsetattr(stdin(), OptionalActions::Now, visible));
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
    if let Some(Prompt { visible: Some(visible), .. }) = state.prompt.as_ref().filter(|_| is_in_foreground())
    {
        log(hide(visible));
    }
}

/// Turns the echo off but for the end of the line, and discards unread input.
fn hide(visible: &Termios) -> Result<(), Errno> {
    let mut hidden = visible.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    hidden.local_modes.insert(LocalModes::ECHONL);
    tcsetattr(stdin(), OptionalActions::Now, &hidden)?;
    tcflush(stdin(), QueueSelector::IFlush)
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
