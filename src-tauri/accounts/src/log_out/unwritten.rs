//! A log-out that could not be written to the account list (full disk, read-only folder, a file system
//! without locks): the list still shows the account as logged in.
//!
//! In the process that logged out, the account is hidden. For later processes, a *note* takes the place of
//! the deleted tokens. It lies in the entry that the list reserves for the session's revocation, so every
//! list that has the account accounts for it. It names the session and holds no token. A process that finds a
//! note hides the account too, and finishes the log-out as soon as the list can be written: it marks the
//! session as dead, deletes the note, then removes the account.
//!
//! A note is written only if the server has confirmed that the session is over. Without one (the keyring
//! failed as well), the next start finds an account without tokens, and reports them missing.

use crate::base::listing::Listing;
use crate::base::state::Hidden;
use crate::model::session_tokens::NOTE;
use crate::model::session_tokens::is_note_of;
use secrecy::SecretString;

use crate::base::Accounts;
use crate::base::stored_tokens::lost;
use crate::model::account::AccountId;
use crate::model::registry::{Account, Phase, Registry};
use crate::model::registry_error::RegistryError;
use crate::model::session_outcome::SessionOutcome;
use crate::ports::StoreError;
use crate::ports::not_stored::NotStored;

impl Accounts {
    /// Hides an account that is still listed. Writes a note if its session is over.
    pub(crate) async fn hide(&self, account: &Account, session: SessionOutcome) {
        self.state().hidden.push(Hidden { id: account.id.clone(), generation: account.generation, session });
        self.ports.observer.changed();
        if session.is_over() {
            let note = SecretString::from(format!("{NOTE}{}", account.session));
            if let Err(error) = self.ports.store.write(&account.revoke_entry, &note).await {
                tracing::error!(account = %account.id, %error, "that a session was ended is noted nowhere");
            }
        }
    }

    pub(crate) async fn believe_notes(&self, listed: &mut Option<Listing>) -> Result<(), NotStored> {
        let Listing { registry, entries, .. } = self.list(listed).await?;
        for account in &registry.accounts {
            if entries.contains(&account.revoke_entry) {
                self.believe_note(account).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn believe_note_of(
        &self,
        registry: &Registry,
        id: Option<&AccountId>,
    ) -> Result<(), NotStored> {
        match id.and_then(|id| registry.account(id)) {
            Some(account) => Ok(self.believe_note(account).await?),
            None => Ok(()),
        }
    }

    async fn believe_note(&self, account: &Account) -> Result<(), StoreError> {
        if account.phase != Phase::LoggingIn && self.has_note(account).await? {
            let (id, generation) = (account.id.clone(), account.generation);
            let hidden = Hidden { id, generation, session: SessionOutcome::Revoked };
            let mut state = self.state();
            let is_same = |one: &Hidden| one.id == hidden.id && one.generation == hidden.generation;
            if !state.hidden.iter().any(is_same) {
                state.hidden.push(hidden);
            }
        }
        Ok(())
    }

    /// Whether the keyring alone knows that the account's session is over.
    pub(crate) async fn has_note(&self, account: &Account) -> Result<bool, StoreError> {
        let secret = self.ports.store.read(&account.revoke_entry).await?;
        Ok(secret.is_some_and(|secret| is_note_of(secret, &account.session)))
    }

    /// Removes hidden accounts from the registry, if it can be written now. An account whose session is over
    /// gets its tombstone, and is finished like any interrupted log-out; its note is deleted.
    pub(crate) async fn remove_hidden(&self) -> Result<(), RegistryError> {
        let hidden = self.state().hidden.clone();
        if hidden.is_empty() {
            return Ok(());
        }
        let these = hidden.clone();
        let registry =
            self.update_and_read(move |registry| these.iter().for_each(|one| settle(registry, one))).await?;
        // Accounts that were hidden meanwhile stay so.
        self.state().hidden.retain(|one| !hidden.contains(one));
        for one in hidden {
            let Some(account) = registry.account(&one.id).filter(|it| it.session_is_dead) else { continue };
            if let Err(error) = self.finish_one(account).await {
                tracing::warn!(account = %account.id, %error, "a log-out is written and not finished");
            }
        }
        Ok(())
    }

    /// A failed write may have taken place all the same.
    pub(crate) async fn is_gone(&self, account: &Account) -> bool {
        let read = self.ports.registry.read().await;
        read.is_ok_and(|registry| registry.account(&account.id).is_none())
    }
}

/// Does nothing if the account has logged in again since.
fn settle(registry: &mut Registry, hidden: &Hidden) {
    let Some(account) = registry.account(&hidden.id).filter(|account| hidden.is(account)).cloned() else {
        return;
    };
    if hidden.session.is_over() {
        registry.leave(&account.id);
        registry.session_is_dead(&account.id, &account.session);
        return;
    }
    if hidden.session == SessionOutcome::Lost {
        registry.lose(lost(&account));
    }
    registry.remove(&account.id);
}
