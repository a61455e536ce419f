//! Unlocking at the user's request: the only call that opens a dialog.

use std::time::{Duration, Instant};

use zbus::zvariant::OwnedObjectPath;

use crate::Error;
use crate::client::{Client, collection_of};
use crate::prompt::{self, Answer};

/// Other programs use this name too.
const NEW_COLLECTION: &str = "Default keyring";

const LOOK: Duration = Duration::from_secs(1);

impl Client {
    /// Asks the user to unlock the default collection, or to create one where there is none; then the
    /// collections and the items of this service that are still locked.
    pub(crate) fn unlock(&mut self, service: &str, deadline: Instant) -> Result<(), Error> {
        // oo7 looks for its caller among the sessions, and shows a dialog only to a known one.
        self.session()?;
        let prompt = match self.collection()? {
            None => self.bus.create_default_collection(NEW_COLLECTION)?,
            Some(collection) => {
                let mut locked = self.locked_collections(&collection)?;
                if locked.is_empty() {
                    locked.push(collection);
                }
                self.bus.unlock(&locked)?
            }
        };
        if !matches!(self.asked_for_collections(&prompt, deadline)?, Answer::Given(_)) {
            return Ok(());
        }
        for objects in [collections_of, <[_]>::to_vec] {
            let locked = self.search(&[("service", service)])?.locked;
            if locked.is_empty() {
                return Ok(());
            }
            let prompt = self.bus.unlock(&objects(&locked))?;
            if self.asked(&prompt, deadline)? == Answer::Dismissed {
                // KeePassXC does not ask again on a connection that the user has refused.
                self.bus.disconnect();
            }
        }
        Ok(())
    }

    /// Waits for a prompt about collections. `KeePassXC` never ends the prompt for a database that turns out
    /// to share nothing.
    fn asked_for_collections(
        &mut self,
        prompt: &OwnedObjectPath,
        deadline: Instant,
    ) -> Result<Answer, Error> {
        if prompt.as_str() == "/" {
            return Ok(Answer::Given(None));
        }
        let Some(open) = prompt::open(&mut self.bus, prompt)? else { return Ok(Answer::Dismissed) };
        loop {
            let answer = open.wait(deadline.min(Instant::now() + LOOK));
            let is_open = answer == Answer::LimitPassed && Instant::now() < deadline;
            if is_open && self.unlocked_collection().is_ok() {
                return Ok(Answer::Given(None));
            }
            if !is_open {
                tracing::debug!(?answer, "the unlock dialog");
                return Ok(answer);
            }
        }
    }

    fn asked(&mut self, prompt: &OwnedObjectPath, deadline: Instant) -> Result<Answer, Error> {
        let answer = prompt::show(&mut self.bus, prompt, deadline)?;
        tracing::debug!(?answer, "the unlock dialog");
        Ok(answer)
    }
}

fn collections_of(items: &[OwnedObjectPath]) -> Vec<OwnedObjectPath> {
    let mut collections: Vec<_> = items.iter().filter_map(collection_of).collect();
    collections.dedup();
    collections
}
