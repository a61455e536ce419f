//! A pending session that is alive: a refresh as a witness has brought new tokens.

use crate::base::Accounts;
use crate::base::stored_tokens::sessions_of;
use crate::log_out::asked::Asked;
use crate::log_out::evidence::{Finding, Written};
use crate::model::account::EntryName;
use crate::model::claims::expiry_of;
use crate::model::reason::Reason;
use crate::model::registry::PendingRevocation;
use crate::model::registry_error::RegistryError;
use crate::model::session_tokens::{is_among, united};
use crate::model::token::SessionToken;
use crate::ports::not_stored::NotStored;

impl Accounts {
    /// Keeps the new tokens and ends their session; returns the reason if that failed. If the server has
    /// reported the session as over before (`is_claimed`), its answer alone does not count.
    pub(crate) async fn end_renewed(
        &self,
        row: &PendingRevocation,
        newer: &[SessionToken],
        older: &[SessionToken],
        is_claimed: bool,
    ) -> Option<Reason> {
        let is_kept = self.keep_renewed(row, newer).await.unwrap_or_else(|error| {
            tracing::error!(account = %row.account, %error, "what a refresh brought was not kept");
            // They can still be used from memory, once.
            true
        });
        // The newer tokens may be of another session, whose end does not prove the end of the older one.
        let (asked, left, _) = self.ask_to_end(&row.tenant, &united(newer, older)).await;
        let doubt = match asked {
            Asked::Revoked { .. } if !is_claimed => return None,
            Asked::Unconfirmed(failure) => Reason::Server(failure),
            _ if is_claimed || newer.iter().any(|token| is_among(token, &left)) => Reason::StillAccepted,
            // The newer session is over. A server that refuses the older one may have ended both.
            _ => match self.hear_witnesses(&row.tenant, row.account.mode(), &left, Written::Memory).await.0 {
                Finding::Over { .. } => return None,
                Finding::Renewed(newest) => {
                    if let Err(error) = self.keep_renewed(row, &newest).await {
                        tracing::error!(account = %row.account, %error, "tokens of a refresh were not kept");
                    }
                    Reason::StillAccepted
                }
                Finding::Unknown(doubt) => doubt,
                Finding::Accepted | Finding::NothingWorks => Reason::StillAccepted,
            },
        };
        if !is_kept && let Err(error) = self.queue_again(row, &united(newer, older)).await {
            tracing::error!(account = %row.account, %error, "a live session is not pending any more");
        }
        if is_claimed && let Err(error) = self.is_alive(row, newer).await {
            tracing::error!(account = %row.account, %error, "that a session is alive was not written down");
        }
        Some(doubt)
    }

    /// Adds the tokens to the row's entry, and their end to the row. Does nothing if the row is gone or
    /// marked dead: it was discarded or settled meanwhile.
    async fn keep_renewed(&self, row: &PendingRevocation, newer: &[SessionToken]) -> Result<bool, NotStored> {
        // They are kept without the lock, too.
        let lock = self.ports.registry.lock_account(&row.account).await;
        if let Err(error) = &lock {
            tracing::warn!(account = %row.account, %error, "new tokens are kept without the account's lock");
        }
        let read = self.ports.registry.read().await;
        if read.is_ok_and(|registry| registry.pending_row(&row.entry).is_none_or(|row| row.is_dead)) {
            return Ok(false);
        }
        // They may be of another session. The row names it before anything is in its entry.
        let named = self.name_sessions(&row.entry, newer).await;
        self.keep_in(&row.entry, newer).await?;
        if named.is_err() {
            self.name_sessions(&row.entry, newer).await?;
        }
        Ok(true)
    }

    /// Restores the row of a session that is alive.
    async fn queue_again(&self, row: &PendingRevocation, tokens: &[SessionToken]) -> Result<(), NotStored> {
        let again = row.clone();
        self.update(move |registry| {
            if registry.pending_row(&again.entry).is_none_or(|row| row.is_dead) {
                registry.queue_revocation(again);
            }
        })
        .await?;
        self.keep_renewed(row, tokens).await.map(|_| ())
    }

    /// Writes down which sessions the tokens in a row's entry belong to, and when they end.
    pub(crate) async fn name_sessions(
        &self,
        entry: &EntryName,
        tokens: &[SessionToken],
    ) -> Result<(), RegistryError> {
        let (entry, sessions) = (entry.clone(), sessions_of(tokens));
        self.update(move |registry| registry.holds(&entry, &sessions)).await
    }

    /// From now on the server's report that the session is over does not count.
    pub(crate) async fn is_alive(
        &self,
        row: &PendingRevocation,
        tokens: &[SessionToken],
    ) -> Result<(), RegistryError> {
        let Some(until) = tokens.iter().filter_map(expiry_of).max() else { return Ok(()) };
        let entry = row.entry.clone();
        self.update(move |registry| registry.still_answers(&entry, until)).await
    }
}
