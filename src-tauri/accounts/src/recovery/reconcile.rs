//! Comparing the list of accounts with the names in the keyring: at every start, when the keyring has been
//! unlocked or is back, and before a log-in if it is still due.
//!
//! An entry that the list does not account for may be another data folder's, or a lost list's: it is
//! [foreign](crate::recovery::foreign), named, and left alone. There are two exceptions:
//!
//! - **`revoke.` entries.** Their sessions were logged out before, so they become
//!   [pending](crate::log_out::pending_revocations) again in any list. A mended list deletes such an entry
//!   when the session is over; any other leaves it to the list that wrote it.
//! - **Late writes.** A call that hung may write an entry after the account was removed. If the entry names a
//!   session that this list has had, it belongs to this list, and its session is queued for revocation.
//!
//! An account of a mended list, whose own entries hold a later session than the list names, [follows the
//! keyring](crate::log_out::other_session_tokens).
//!
//! Other programs may be at work meanwhile: a found entry is read again under its account's lock. An entry
//! that cannot be read does not stop the others; the comparison is then due again.
//!
//! Every start also checks the other direction: an account whose tokens are gone is reported as such.
//!
//! Non-goals: guarding against changes to the keyring while the app runs; the keyring is the user's own.

mod behind;

use std::collections::HashSet;

use crate::base::Accounts;
use crate::base::listing::Listing;
use crate::base::stored_tokens::sessions_of;
use crate::log_out::other_session_tokens::FOUND;
use crate::log_out::revoke::Why;
use crate::model::account::{AccountId, EntryName, Listed};
use crate::model::activity::Event;
use crate::model::claims::session_of;
use crate::model::log_out_outcome::Deletion;
use crate::model::reason::Reason;
use crate::model::registry::{PendingRevocation, Phase, Registry};
use crate::model::registry_error::RegistryError;
use crate::model::token::SessionToken;
use crate::ports::StoreError;
use crate::ports::not_stored::NotStored;

pub(crate) use behind::{account_behind, known_tenant};

const LOGGED_OUT: Why<'static> = Why::NotAsked(Reason::LoggedOutBefore);

impl Accounts {
    /// Queues the sessions of earlier log-outs that have no row. The keyring must be unlocked.
    pub(crate) async fn reconcile(&self, listed: &mut Option<Listing>) -> Result<(), NotStored> {
        let was_due = !self.ports.registry.read().await?.reconciled;
        if was_due {
            // A late write may have landed since.
            *listed = None;
        }
        let looked_for = self.compare_with_keyring(listed).await?;
        if was_due {
            self.update(move |registry| registry.compared(&looked_for)).await?;
        }
        Ok(())
    }

    /// Before a log-in: compares if that is due, and returns the late writes that were looked for.
    pub(crate) async fn compare_if_due(&self) -> Result<Option<Vec<EntryName>>, NotStored> {
        if self.ports.registry.read().await?.reconciled {
            return Ok(None);
        }
        self.compare_with_keyring(&mut None).await.map(Some)
    }

    async fn compare_with_keyring(&self, listed: &mut Option<Listing>) -> Result<Vec<EntryName>, NotStored> {
        let registry = self.ports.registry.read().await?;
        let mut done = Ok(());
        if !registry.reconciled {
            for account in &registry.accounts {
                done = done.and(self.bring_up_to_date(&account.id).await);
            }
            for row in &registry.pending {
                done = done.and(self.bring_row_up_to_date(&row.entry).await);
            }
            for row in &registry.superseded {
                done = done.and(self.bring_superseded_up_to_date(&row.account, &row.entry).await);
            }
        }
        let Listing { registry, entries, .. } = self.list(listed).await?;
        let mut known: HashSet<_> = registry.current_entries().collect();
        if registry.reconciled {
            known.extend(registry.leftovers.iter().map(|leftover| leftover.entry.clone()));
        }
        for entry in entries.iter().filter(|entry| !known.contains(entry)).cloned() {
            match entry.meaning() {
                Some(Listed::OfRevocation { .. }) => done = done.and(self.adopt(entry).await),
                Some(Listed::OfAccount(id)) if registry.late_writes.contains(&entry) => {
                    done = done.and(self.take_in_late_write(&id, entry).await);
                }
                Some(Listed::OfSuperseded { .. }) => done = done.and(self.take_in_superseded(entry).await),
                _ => {}
            }
        }
        done.map(|()| registry.late_writes.clone())
    }

    async fn bring_up_to_date(&self, id: &AccountId) -> Result<(), NotStored> {
        let _lock = self.ports.registry.lock_account(id).await?;
        self.follow_keyring(id).await
    }

    /// A witness may have brought tokens of another session since.
    async fn bring_row_up_to_date(&self, entry: &EntryName) -> Result<(), NotStored> {
        let tokens = self.tokens_of(entry).await?.unwrap_or_default();
        Ok(self.name_sessions(entry, &tokens).await?)
    }

    /// Later refreshes may have superseded further sessions since.
    async fn bring_superseded_up_to_date(&self, id: &AccountId, entry: &EntryName) -> Result<(), NotStored> {
        let _lock = self.ports.registry.lock_account(id).await?;
        let Some(tokens) = self.tokens_of(entry).await? else { return Ok(()) };
        let registry = self.ports.registry.read().await?;
        let is_listed = registry.superseded_of(id).is_some_and(|row| row.entry == *entry);
        match account_behind(&registry, entry, &tokens).filter(|_| is_listed) {
            Some(account) => self.found_superseded(&account, entry, &tokens).await,
            None => Ok(()),
        }
    }

    /// Checks that every active account has its tokens: they may have been removed, or a full disk kept a
    /// log-out from being written down.
    pub(crate) async fn look_for_tokens(&self, listed: &mut Option<Listing>) -> Result<(), NotStored> {
        // An account that logs in meanwhile is not checked, and one that logs out has a later generation.
        let Listing { before, entries, .. } = self.list(listed).await?;
        let (mut done, mut without_tokens) = (Ok(()), Vec::new());
        for account in before.accounts.iter().filter(|account| account.phase == Phase::Active) {
            let missing = !account.entries().iter().any(|entry| entries.contains(entry));
            if missing {
                without_tokens.push((account.id.clone(), account.generation));
            }
            if missing != account.tokens_missing {
                tracing::warn!(account = %account.id, missing, "tokens are missing, or back");
                let (id, generation) = (account.id.clone(), account.generation);
                let told = self.update(move |registry| registry.tokens_are_missing(&id, generation, missing));
                done = done.and(told.await);
            }
        }
        self.state().without_tokens = without_tokens;
        Ok(done?)
    }

    /// An unreadable entry stays foreign.
    async fn adopt(&self, entry: EntryName) -> Result<(), NotStored> {
        let Some(tokens) = self.tokens_of(&entry).await? else { return Ok(()) };
        let registry = self.ports.registry.read().await?;
        let Some(account) = account_behind(&registry, &entry, &tokens) else { return Ok(()) };
        let _lock = self.ports.registry.lock_account(&account.id).await?;
        // The session may have been ended, and the entry deleted, while we waited for the lock.
        let Some(tokens) = self.tokens_of(&entry).await? else { return Ok(()) };
        let registry = self.ports.registry.read().await?;
        if is_known(&registry, &entry) {
            return Ok(());
        }
        if let Some(own) = registry.account(&account.id).filter(|own| own.session == account.session) {
            // A refresh was interrupted just after it gave the account this session.
            self.keep_in(&own.revoke_entry, &tokens).await?;
            return self.name_leftovers_unless_known(self.delete_entry(&entry).await?).await;
        }
        if self.is_in_use(&account.id, &entry, &tokens).await? {
            return Ok(());
        }
        let (row, sessions) = (self.pending_row(&account, LOGGED_OUT), sessions_of(&tokens));
        let is_new = self
            .update_with(move |registry| {
                let is_new = !is_known(registry, &row.entry);
                let of_another_list = !registry.mended_and_not_compared && !registry.has_held(&row.session);
                if is_new {
                    let entry = row.entry.clone();
                    registry.adopt(PendingRevocation { of_another_list, ..row });
                    registry.holds(&entry, &sessions);
                }
                is_new
            })
            .await?;
        if is_new {
            tracing::warn!(account = %account.id, "a session that was logged out before is pending again");
            self.record(&account, Event::Found, tokens.first()).await;
        }
        Ok(())
    }

    /// Whether an account is logged in, in any list, with a session of these tokens: then it was not logged
    /// out, or its own list is about to finish that. A refresh may have left new tokens in the reserved
    /// entry.
    async fn is_in_use(
        &self,
        id: &AccountId,
        reserved: &EntryName,
        tokens: &[SessionToken],
    ) -> Result<bool, StoreError> {
        let sessions: Vec<_> = tokens.iter().filter_map(session_of).collect();
        for entry in [EntryName::access(id), EntryName::refresh(id)] {
            for used in self.tokens_of(&entry).await?.unwrap_or_default() {
                let Some(session) = session_of(&used) else { continue };
                let is_reserved = EntryName::revoke(id, &session, &used.sha256()) == *reserved;
                if is_reserved || sessions.contains(&session) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Takes in a late write if its session is one that this list has had: queues the session and deletes the
    /// entry. Otherwise the entry belongs to another list by now.
    async fn take_in_late_write(&self, id: &AccountId, entry: EntryName) -> Result<(), NotStored> {
        let _lock = self.ports.registry.lock_account(id).await?;
        let registry = self.ports.registry.read().await?;
        if is_known(&registry, &entry) {
            return Ok(());
        }
        let Some(tokens) = self.tokens_of(&entry).await? else { return Ok(()) };
        let is_own = |token: &SessionToken| session_of(token).is_some_and(|it| registry.has_held(&it));
        let own = account_behind(&registry, &entry, &tokens).filter(|_| tokens.iter().all(is_own));
        let Some(account) = own else { return Ok(()) };
        if self.queue_unreserved(&account, &tokens, FOUND).await? {
            tracing::warn!(account = %account.id, "a token was written late; its session is queued");
            self.record(&account, Event::Found, tokens.first()).await;
        }
        match self.ports.store.delete(std::slice::from_ref(&entry)).await? {
            Deletion::Deleted | Deletion::AlreadyAbsent => Ok(()),
            Deletion::StillPresent(entries) => self.name_leftovers_unless_known(entries).await,
        }
    }

    /// An entry of superseded sessions belongs to this list if their account does, or if the list has had
    /// them; otherwise it is foreign.
    async fn take_in_superseded(&self, entry: EntryName) -> Result<(), NotStored> {
        let registry = self.ports.registry.read().await?;
        if !registry.mended_and_not_compared && !registry.late_writes.contains(&entry) {
            return Ok(());
        }
        let Some(tokens) = self.tokens_of(&entry).await? else { return Ok(()) };
        let Some(account) = account_behind(&registry, &entry, &tokens) else { return Ok(()) };
        let _lock = self.ports.registry.lock_account(&account.id).await?;
        let registry = self.ports.registry.read().await?;
        let Some(tokens) = self.tokens_of(&entry).await? else { return Ok(()) };
        let is_stored = |token: &SessionToken| session_of(token).is_some_and(|it| registry.has_held(&it));
        let is_logged_in = registry.account(&account.id).is_some_and(|it| it.phase == Phase::Active);
        if is_known(&registry, &entry) || !(is_logged_in || tokens.iter().all(is_stored)) {
            return Ok(());
        }
        self.found_superseded(&account, &entry, &tokens).await
    }

    async fn name_leftovers_unless_known(&self, mut entries: Vec<EntryName>) -> Result<(), NotStored> {
        let now = self.ports.clock.now();
        self.update(move |registry| {
            entries.retain(|entry| !is_known(registry, entry));
            registry.name_leftovers(entries, now);
        })
        .await
        .map_err(RegistryError::into)
    }
}

/// Leftover entries do not count: in a list that is behind, one may be the entry of a log-in that the list
/// does not have.
fn is_known(registry: &Registry, entry: &EntryName) -> bool {
    registry.current_entries().any(|known| known == *entry)
}
