//! The clipboard, for a token: marked as a secret for clipboard histories, and cleared only while the token
//! is still in it.
//!
//! On X11 and Wayland this program keeps the content and hands it out, so the content is gone when the
//! process ends. On Windows and macOS the system keeps it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use accounts::AccountId;
use accounts::model::token::AccessToken;
#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(target_os = "linux")]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;

/// How long the program that owns the clipboard may take to say what is in it. On Wayland it may never do so.
const LIMIT: Duration = Duration::from_secs(4);

type Read = dyn Fn() -> Result<String, arboard::Error> + Send + Sync;

/// Clearing may wait for another program that owns the clipboard; copying does not.
pub(crate) struct Clipboard {
    state: Mutex<State>,
    read: Arc<Read>,
    limit: Duration,
}

impl Default for Clipboard {
    fn default() -> Self {
        let read = Arc::new(|| arboard::Clipboard::new()?.get_text());
        Self { state: Mutex::default(), read, limit: LIMIT }
    }
}

#[derive(Default)]
struct State {
    /// Kept open: on X11 the content goes with it.
    system: Option<arboard::Clipboard>,
    copied: Option<(AccountId, AccessToken)>,
    copies: u64,
}

/// One of this program's copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copy(u64);

impl Clipboard {
    pub(crate) fn copy(&self, account: AccountId, token: AccessToken) -> Result<Copy, arboard::Error> {
        let mut state = self.state();
        let State { system, .. } = &mut *state;
        let system = match system {
            Some(system) => system,
            None => system.insert(arboard::Clipboard::new()?),
        };
        let set = system.set().exclude_from_history();
        #[cfg(windows)]
        let set = set.exclude_from_cloud().exclude_from_monitoring();
        set.text(token.secret())?;
        state.copied = Some((account, token));
        state.copies += 1;
        Ok(Copy(state.copies))
    }

    /// Clears the clipboard after this copy, unless a later copy has replaced it.
    pub(crate) fn clear_after(&self, copy: Copy) -> Result<(), arboard::Error> {
        self.clear_if(|state| state.copies == copy.0)
    }

    /// Clears the clipboard of a token of this account.
    pub(crate) fn clear_of(&self, account: &AccountId) -> Result<(), arboard::Error> {
        self.clear_if(|state| state.copied.as_ref().is_some_and(|(copied, _)| copied == account))
    }

    /// Clears the clipboard at the end of the program.
    pub(crate) fn clear(&self) -> Result<(), arboard::Error> {
        self.clear_if(|_| true)
    }

    fn clear_if(&self, is_it: impl FnOnce(&State) -> bool) -> Result<(), arboard::Error> {
        let state = self.state();
        if state.copied.is_none() || !is_it(&state) {
            return Ok(());
        }
        let copy = state.copies;
        drop(state);
        let text = self.text();
        let mut state = self.state();
        // A later copy is cleared by itself.
        if state.copies == copy { state.clear(text) } else { Ok(()) }
    }

    /// On a thread of its own, which may wait for ever.
    fn text(&self) -> Result<String, arboard::Error> {
        let (read, (done, is_done)) = (self.read.clone(), mpsc::channel());
        thread::spawn(move || done.send(read()));
        is_done.recv_timeout(self.limit).unwrap_or_else(|_| {
            let description = "the program that owns the clipboard does not answer".to_owned();
            Err(arboard::Error::Unknown { description })
        })
    }

    /// Whether this is the latest copy.
    pub(crate) fn is_latest(&self, copy: Copy) -> bool {
        self.state().copies == copy.0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn clear(&mut self, text: Result<String, arboard::Error>) -> Result<(), arboard::Error> {
        let (Some(system), Some((_, copied))) = (&mut self.system, &self.copied) else { return Ok(()) };
        match text {
            Ok(text) if text == copied.secret() => system.clear()?,
            // Another program's: empty, a picture, or another text.
            Ok(_) | Err(arboard::Error::ContentNotAvailable) => {}
            Err(error) => return Err(error),
        }
        self.copied = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_a_copy(limit: Duration, read: Arc<Read>) -> Clipboard {
        let account = "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com";
        let copied = Some((account.parse().unwrap(), AccessToken::new("token".to_owned())));
        let state = State { system: None, copied, copies: 1 };
        Clipboard { state: Mutex::new(state), read, limit }
    }

    #[test]
    fn a_clipboards_owner_that_does_not_answer_keeps_no_copy_waiting() {
        let (begin, has_begun) = mpsc::channel();
        let (answer, is_answered) = mpsc::channel();
        let is_answered = Mutex::new(is_answered);
        let read = Arc::new(move || {
            begin.send(()).unwrap();
            is_answered.lock().unwrap().recv().unwrap();
            Err(arboard::Error::ContentNotAvailable)
        });
        let clipboard = Arc::new(with_a_copy(Duration::MAX, read));
        let clears = clipboard.clone();
        let cleared = thread::spawn(move || clears.clear());
        has_begun.recv().unwrap();
        assert!(clipboard.state.try_lock().is_ok(), "a copy can be made");
        answer.send(()).unwrap();
        cleared.join().unwrap().unwrap();
    }

    #[test]
    fn clearing_gives_up_an_owner_that_never_answers_and_says_so() {
        let silent = Arc::new(|| {
            loop {
                thread::park();
            }
        });
        let clipboard = with_a_copy(Duration::from_millis(1), silent);
        let error = clipboard.text().unwrap_err().to_string();
        assert!(error.contains("does not answer"), "{error}");
    }
}
