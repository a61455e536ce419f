//! Remnants: entries that the keyring would not let go of, named to the user until they are gone.

use crate::Accounts;
use crate::account::EntryName;
use crate::ports::Deletion;
use crate::registry::RegistryError;

impl Accounts {
    /// Tries once more to delete them: at every start, and whenever the keyring has been unlocked.
    pub(crate) async fn retry_remnants(&self) -> Result<(), RegistryError> {
        let registry = self.ports.registry.read().await?;
        let remnants: Vec<EntryName> = registry.remnants.into_iter().map(|remnant| remnant.entry).collect();
        for entry in remnants {
            match self.ports.store.delete(std::slice::from_ref(&entry)).await {
                Ok(Deletion::Deleted | Deletion::AlreadyAbsent) => {
                    self.update(move |registry| registry.remnants.retain(|other| other.entry != entry))
                        .await?;
                }
                Ok(Deletion::StillPresent(_)) | Err(_) => {
                    tracing::warn!(%entry, "a remnant is still in the keyring");
                }
            }
        }
        Ok(())
    }
}
