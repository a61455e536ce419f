//! The prompts that come with a create or a delete.

use std::time::{Duration, Instant};

use zbus::zvariant::OwnedObjectPath;

use crate::Error;
use crate::client::Client;
use crate::prompt::{self, Answer};

/// The limit for a prompt on an unlocked collection and unlocked items.
const SILENT_PROMPT: Duration = Duration::from_secs(2);

/// How long a prompt counts as still being before the user.
const ASK_AGAIN: Duration = Duration::from_mins(10);

impl Client {
    /// Runs the prompt of a create, unless something is locked. Returns the item that it has created, if it
    /// names one.
    ///
    /// `KeePassXC` answers each create and delete with a prompt, and asks nothing when all is unlocked
    /// (except before it deletes from a database without a recycle bin).
    pub(crate) fn run(
        &mut self,
        prompt: &OwnedObjectPath,
        collection: &OwnedObjectPath,
    ) -> Result<Option<OwnedObjectPath>, Error> {
        if prompt.as_str() == "/" {
            return Ok(None);
        }
        if self.bus.is_locked(collection)? {
            return Err(Error::Locked);
        }
        match prompt::show(&mut self.bus, prompt, Instant::now() + SILENT_PROMPT)? {
            Answer::Given(made) => Ok(made),
            Answer::Dismissed => Err(not_allowed()),
            Answer::LimitPassed => Err(Error::Waiting),
        }
    }

    /// Deletes an item. A prompt is run only when questions are allowed: it cannot be known before whether
    /// it asks. While the daemon asks the user about one item, it is not asked to delete another: of two
    /// prompts at once, `KeePassXC` takes the answer to the newest only.
    pub(crate) fn remove(&mut self, item: &OwnedObjectPath) -> Result<(), Error> {
        if let Some((about, question)) = self.asked.take() {
            match question.wait(Instant::now()) {
                Answer::LimitPassed if question.since.elapsed() < ASK_AGAIN => {
                    self.asked = Some((about, question));
                    return Err(Error::Waiting);
                }
                Answer::Given(_) if about == *item => return Ok(()),
                // *Cancel* answered an earlier call, or the prompt was never answered.
                _ => {}
            }
        }
        let prompt = self.bus.delete(item)?;
        if prompt.as_str() == "/" {
            return Ok(());
        }
        if !self.may_ask {
            return Err(Error::WouldAsk);
        }
        self.unlocked_collection()?;
        let question = prompt::open(&mut self.bus, &prompt)?.ok_or_else(not_allowed)?;
        match question.wait(Instant::now() + SILENT_PROMPT) {
            Answer::Given(_) => Ok(()),
            Answer::Dismissed => Err(not_allowed()),
            Answer::LimitPassed => {
                self.asked = Some((item.clone(), question));
                Err(Error::Waiting)
            }
        }
    }
}

fn not_allowed() -> Error {
    Error::Refused("the user has not allowed it".to_owned())
}
