//! Discarding a pending revocation.

use crate::base::Accounts;
use crate::model::account::EntryName;
use crate::model::activity::Event;
use crate::model::log_out_outcome::Deletion;
use crate::model::registry_error::RegistryError;

/// Why a pending revocation was not discarded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscardError {
    /// There is none of this name (any more).
    #[error("There is no such pending revocation.")]
    Unknown,
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

impl Accounts {
    /// Deletes a pending revocation and its tokens: its session can then not be ended from here.
    ///
    /// # Errors
    /// [`DiscardError`]; the revocation is then still pending.
    pub async fn discard_revocation(&self, entry: &EntryName) -> Result<Deletion, DiscardError> {
        let registry = self.ports.registry.read().await?;
        let row = registry.pending_row(entry).cloned().ok_or(DiscardError::Unknown)?;
        let _lock = self.ports.registry.lock_account(&row.account).await?;
        let deletion = self.ports.store.delete(std::slice::from_ref(entry)).await.unwrap_or_else(|error| {
            tracing::warn!(%entry, %error, "a discarded token is still in the keyring");
            Deletion::StillPresent(vec![entry.clone()])
        });
        let (gone, now, still_there) = (entry.clone(), self.ports.clock.now(), deletion.remaining().to_vec());
        self.update(move |registry| {
            registry.drop_pending(&gone);
            registry.name_leftovers(still_there, now);
        })
        .await?;
        tracing::warn!(account = %row.account, "a pending revocation was discarded");
        self.record_of_row(&row, Event::Discarded, None).await;
        Ok(deletion)
    }
}
