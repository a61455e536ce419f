//! The terminal at standard input, while something is asked on it.
//!
//! A hidden answer is read with the echo off and nothing else changed: the terminal goes on editing the line
//! and making signals of Ctrl-C, Ctrl-\ and Ctrl-Z. Whatever ends or stops the program calls [`restore`]
//! first. What was typed or pasted beyond the answer is thrown away, so that neither the next prompt nor the
//! shell gets it.
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

use crate::tell::on_error;

/// Of the process, as its terminal and its signals are.
static STATE: Mutex<State> = Mutex::new(State { prompt: None, has_asked: false });

struct State {
    prompt: Option<Prompt>,
    has_asked: bool,
}

struct Prompt {
    words: String,
    /// How the terminal was before its echo was turned off.
    visible: Option<Termios>,
}

/// A prompt whose answer is awaited.
pub(crate) struct Asked(());

/// Asks; what is typed is shown.
pub(crate) fn ask(words: &str) -> Asked {
    *state() = State { prompt: Some(Prompt { words: words.to_owned(), visible: None }), has_asked: true };
    on_error(format_args!("{words}"));
    Asked(())
}

/// Asks for a line, and reads it; what is typed is not shown.
///
/// # Errors
/// When the terminal's echo cannot be turned off. Nothing was asked.
pub(crate) fn hidden_line<E>(
    words: &str,
    read: impl FnOnce() -> Result<Zeroizing<String>, E>,
) -> io::Result<Result<Zeroizing<String>, E>> {
    let visible = tcgetattr(stdin())?;
    let prompt = Prompt { words: words.to_owned(), visible: Some(visible.clone()) };
    // Known before it is done: a signal that comes in between restores it.
    *state() = State { prompt: Some(prompt), has_asked: true };
    let _asked = Asked(());
    hide(&visible)?;
    on_error(format_args!("{words}"));
    Ok(read())
}

impl Drop for Asked {
    fn drop(&mut self) {
        restore();
        state().prompt = None;
    }
}

/// Waits for a line, which can be read at once then. Of another job's terminal none is this program's.
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

/// The terminal as it was, with nothing in it that a shell could read. Before the program ends or stops.
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
        on_error(format_args!("{words}"));
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

/// Turns the echo off but for the end of the line, and throws away what was typed until then.
fn hide(visible: &Termios) -> Result<(), Errno> {
    let mut hidden = visible.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    hidden.local_modes.insert(LocalModes::ECHONL);
    tcsetattr(stdin(), OptionalActions::Now, &hidden)?;
    tcflush(stdin(), QueueSelector::IFlush)
}

/// A terminal that is another job's must not be touched: that would stop this one. Where none controls this
/// program, there are no jobs.
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
