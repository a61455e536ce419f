//! The names in the keyring beside the registry of the same moment.

use std::collections::HashSet;
use std::sync::Arc;

use crate::base::Accounts;
use crate::model::account::EntryName;
use crate::model::registry::Registry;
use crate::ports::not_stored::NotStored;

/// As a rule the registry was the same before and after the keyring was listed. Another list's entries may
/// have changed since.
#[derive(Clone)]
pub(crate) struct Listing {
    /// Read before the keyring was listed: who is logged in there had stored the tokens by then.
    pub(crate) before: Arc<Registry>,
    /// Read after it: a program writes to the registry before the keyring, so this one accounts for every
    /// entry that its own programs had written.
    pub(crate) registry: Arc<Registry>,
    pub(crate) entries: Arc<HashSet<EntryName>>,
}

/// How often the keyring is listed again because the registry has changed meanwhile.
const ROUNDS: usize = 3;

impl Accounts {
    /// Lists the keyring, unless `last` still holds: to list it takes a call for each entry.
    pub(crate) async fn list(&self, last: &mut Option<Listing>) -> Result<Listing, NotStored> {
        let mut registry = self.ports.registry.read().await?;
        for _ in 0..ROUNDS {
            if let Some(last) = last.as_ref().filter(|last| last.registry == registry) {
                return Ok(last.clone());
            }
            let entries = Arc::new(self.ports.store.entries().await?.into_iter().collect());
            *last = Some(Listing { before: registry.clone(), registry, entries });
            registry = self.ports.registry.read().await?;
        }
        // Other programs write all the while.
        let entries = Arc::new(self.ports.store.entries().await?.into_iter().collect());
        Ok(Listing { before: registry, registry: self.ports.registry.read().await?, entries })
    }
}
