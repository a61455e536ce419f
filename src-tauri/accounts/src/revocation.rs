//! Ending a session at the server, and not forgetting one that may still be alive.
//!
//! ```text
//! tokens in hand ── revoke ──► revoked | already invalid                        the session is dead
//!                      └─────► unconfirmed ── park ──► pending ── retry ──┬──► dead: mark, delete the entry, drop the row
//!                                                                         └──► still pending
//! ```
//!
//! What counts as dead is decided here and nowhere else: the server said so in its own words, for every token that we
//! hold. A pending revocation has its token in the keyring (entry first, then the row) and says why.
//!
//! Non-goals: refreshing before revoking (an expired token serves), and deciding by our clock that a session is over.

use crate::Accounts;
use crate::account::EntryName;
use crate::claims::session_of;
use crate::log_in::NotStored;
use crate::ports::{CallFailure, Deletion, RevokeAnswer};
use crate::registry::{Account, LostSession, PendingRevocation, Phase, RegistryError};
use crate::tenant::Tenant;
use crate::token::{SessionToken, bundle, unbundle};

/// How a session came to be dead at the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// By our call.
    Revoked {
        /// Where the server would send a browser.
        redirect_to: Option<String>,
    },
    /// The server knew none of our tokens any more.
    AlreadyInvalid,
}

impl Accounts {
    /// Ends the session that these tokens belong to: the first one that the server takes does it. No answer, or one
    /// that Userfront does not give, confirms nothing.
    pub(crate) async fn revoke(&self, tenant: &Tenant, held: &[SessionToken]) -> Result<Ended, CallFailure> {
        for token in held {
            match self.ports.userfront.revoke(tenant, token).await? {
                RevokeAnswer::Revoked { redirect_to } => return Ok(Ended::Revoked { redirect_to }),
                RevokeAnswer::Invalid { .. } => {}
            }
        }
        Ok(Ended::AlreadyInvalid)
    }

    /// Makes the session of `account` a pending revocation: its tokens into the entry that is reserved for it, then the
    /// row.
    pub(crate) async fn park(
        &self,
        account: &Account,
        tokens: &[SessionToken],
        failure: &CallFailure,
    ) -> Result<(), NotStored> {
        self.ports.store.write(&account.revoke_entry, &bundle(tokens)).await?;
        let row = self.pending_row(account, failure.to_string());
        self.update(move |registry| registry.owe(row)).await?;
        tracing::warn!(account = %account.id, "the server did not confirm that a session is over; it is pending");
        Ok(())
    }

    /// The row of a session whose token lies in the entry reserved for it.
    pub(crate) fn pending_row(&self, account: &Account, reason: String) -> PendingRevocation {
        PendingRevocation {
            entry: account.revoke_entry.clone(),
            tenant: account.tenant.clone(),
            account: account.id.clone(),
            session: account.session.clone(),
            account_name: account.name().to_owned(),
            since: self.ports.clock.now(),
            session_ends_at: account.session_ends_at,
            reason,
            is_dead: false,
        }
    }

    /// The entries of an account that logs in again still hold the tokens of its older session, which is a pending
    /// revocation: they move to the entry reserved for it, before anything takes their place or deletes them.
    pub(crate) async fn keep_older_tokens(&self, account: &Account) -> Result<(), NotStored> {
        let registry = self.ports.registry.read().await?;
        if !registry.pending.iter().any(|row| row.account == account.id) {
            return Ok(());
        }
        let held = self.held(account).await?;
        let rows =
            registry.pending.iter().filter(|row| row.account == account.id && row.session != account.session);
        for row in rows {
            let of_row = held.iter().filter(|(_, token)| session_of(token).as_ref() == Some(&row.session));
            let tokens: Vec<_> = of_row.map(|(_, token)| token.clone()).collect();
            if !tokens.is_empty() {
                self.ports.store.write(&row.entry, &bundle(&tokens)).await?;
            }
        }
        Ok(())
    }

    /// The server has confirmed that the session of an account is dead: written before anything is deleted.
    pub(crate) async fn mark_session_dead(&self, account: &Account) -> Result<(), RegistryError> {
        let (id, session) = (account.id.clone(), account.session.clone());
        self.update(move |registry| registry.session_is_dead(&id, &session)).await
    }

    /// Tries every pending revocation once. What stays pending has its reason renewed.
    pub(crate) async fn retry_pending(&self) -> Result<(), RegistryError> {
        let mut done = Ok(());
        for row in self.ports.registry.read().await?.pending {
            // One that is busy elsewhere does not keep the others waiting.
            done = done.and(self.retry_one(row).await);
        }
        done
    }

    async fn retry_one(&self, listed: PendingRevocation) -> Result<(), RegistryError> {
        let _lock = self.ports.registry.lock_account(&listed.account).await?;
        // Another process may have been quicker; and while the account is arriving or leaving, its tokens may not have
        // moved to their entry yet.
        let registry = self.ports.registry.read().await?;
        let Some(row) = registry.pending.iter().find(|row| row.entry == listed.entry).cloned() else {
            return Ok(());
        };
        if registry.account(&row.account).is_some_and(|account| account.phase != Phase::Active) {
            return Ok(());
        }
        if row.is_dead {
            return self.settle(row).await;
        }
        let tokens = match self.ports.store.read(&row.entry).await {
            Ok(Some(secret)) => unbundle(secret),
            Ok(None) => return self.give_up(row).await,
            Err(error) => return self.renew_reason(row, error.to_string()).await,
        };
        match self.revoke(&row.tenant, &tokens).await {
            Ok(_) => {
                let entry = row.entry.clone();
                self.update(move |registry| registry.mark_dead(&entry)).await?;
                tracing::info!(account = %row.account, "a pending revocation is done");
                self.settle(row).await
            }
            Err(failure) => self.renew_reason(row, failure.to_string()).await,
        }
    }

    /// The session is dead: delete the entry, then drop the row. If the keyring will not, the row stays, marked.
    async fn settle(&self, row: PendingRevocation) -> Result<(), RegistryError> {
        match self.ports.store.delete(std::slice::from_ref(&row.entry)).await {
            Ok(Deletion::Deleted | Deletion::AlreadyAbsent) => {
                self.update(move |registry| registry.pending.retain(|other| other.entry != row.entry))
                    .await?;
            }
            Ok(Deletion::StillPresent(entries)) => {
                let now = self.ports.clock.now();
                self.update(move |registry| {
                    registry.pending.retain(|other| other.entry != row.entry);
                    registry.name_remnants(entries, now);
                })
                .await?;
            }
            Err(error) => self.renew_reason(row, error.to_string()).await?,
        }
        Ok(())
    }

    /// The entry is gone, though we did not delete it: nothing here can end the session any more, and that is said.
    async fn give_up(&self, row: PendingRevocation) -> Result<(), RegistryError> {
        tracing::warn!(account = %row.account, "the token of a pending revocation is gone from the keyring");
        let lost = LostSession {
            account: row.account,
            account_name: row.account_name,
            session: row.session,
            alive_until: row.session_ends_at,
        };
        self.update(move |registry| {
            registry.pending.retain(|other| other.entry != row.entry);
            registry.lose(lost);
        })
        .await
    }

    async fn renew_reason(&self, row: PendingRevocation, reason: String) -> Result<(), RegistryError> {
        self.update(move |registry| {
            if let Some(found) = registry.pending.iter_mut().find(|other| other.entry == row.entry) {
                found.reason = reason;
            }
        })
        .await
    }

    /// Tries once more to delete what the keyring would not let go of.
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
