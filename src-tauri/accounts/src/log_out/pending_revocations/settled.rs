//! Writing down the result of a try: over, lost, not yet, or not asked.

use crate::base::Accounts;
use crate::log_out::pending_revocations::Tried;
use crate::model::account::EntryName;
use crate::model::activity::Event;
use crate::model::backoff;
use crate::model::backoff::Wait;
use crate::model::reason::Reason;
use crate::model::registry::PendingRevocation;
use crate::model::registry_error::RegistryError;
use crate::model::session_outcome::SessionOutcome;
use crate::model::session_tokens::{is_among, unbundle};
use crate::model::timestamp::Timestamp;
use crate::model::token::SessionToken;
use crate::ports::StoreError;

impl Accounts {
    /// Marks the row, deletes the entry, drops the row: in this order, so that a crash leaves a row that
    /// knows its state. The server was `asked` with these tokens; if it refused them and another token has
    /// been added meanwhile, that one is not settled.
    pub(crate) async fn is_over(
        &self,
        entry: &EntryName,
        how: SessionOutcome,
        accepted_until: Option<Timestamp>,
        asked: &[SessionToken],
    ) -> Result<(), RegistryError> {
        let registry = self.ports.registry.read().await?;
        let Some(row) = registry.pending_row(entry).cloned() else { return Ok(()) };
        let _lock = self.ports.registry.lock_account(&row.account).await?;
        // A keyring that cannot be read has not taken another token either: the tokens that were sent decide.
        if how == SessionOutcome::AlreadyInvalid
            && let Ok(Some(there)) = self.tokens_of(entry).await
            && there.iter().any(|token| !is_among(token, asked))
        {
            return Ok(());
        }
        let token = asked.first();
        if row.of_another_list {
            return self.leave_to_its_list(&row, how, token).await;
        }
        let (marked, of_row) = (entry.clone(), row.clone());
        let lost = if how == SessionOutcome::Revoked || how == SessionOutcome::AlreadyInvalid {
            row.sessions_without(asked)
        } else {
            Vec::new()
        };
        self.update(move |registry| {
            registry.mark_dead(&marked);
            // For a session that was known to be over, the outcome is already written.
            if how != SessionOutcome::Over {
                registry.revise_log_out(&marked, |outcome| {
                    outcome.session = match how {
                        SessionOutcome::Revoked => how,
                        _ => SessionOutcome::AlreadyInvalid,
                    };
                    outcome.accepted_until = accepted_until;
                });
            }
            registry.cannot_be_ended(&of_row, lost);
        })
        .await?;
        let still_there = match self.delete_entry(entry).await {
            Ok(still_there) => still_there,
            Err(error) => return self.could_not_ask(&row, Reason::Keyring(error)).await,
        };
        let (gone, now) = (entry.clone(), self.ports.clock.now());
        self.update(move |registry| {
            registry.drop_pending(&gone);
            registry.name_leftovers(still_there, now);
        })
        .await?;
        tracing::info!(account = %row.account, ?how, "a pending revocation is done");
        self.record_of_row(&row, Event::Settled { session: how }, token).await;
        Ok(())
    }

    /// No token in the entry can end the row's sessions, and we did not delete them: each session that the
    /// server has not ended is named as lost. If another token has been added meanwhile, the row is retried
    /// with it when it is due.
    pub(crate) async fn is_lost(&self, row: &PendingRevocation, tried: &Tried) -> Result<(), RegistryError> {
        let _lock = self.ports.registry.lock_account(&row.account).await?;
        let there = match self.ports.store.read(&row.entry).await {
            Ok(secret) => secret.map(unbundle).unwrap_or_default(),
            Err(error) => return self.could_not_ask(row, Reason::Keyring(error)).await,
        };
        if there.iter().any(|token| !is_among(token, &tried.stored)) {
            return Ok(());
        }
        if row.of_another_list {
            return self.is_none_of_ours(row, there.is_empty()).await;
        }
        let still_there = match self.delete_entry(&row.entry).await {
            Ok(still_there) => still_there,
            Err(error) => return self.could_not_ask(row, Reason::Keyring(error)).await,
        };
        tracing::warn!(account = %row.account, "no token of a pending revocation is in the keyring");
        let (gone, now) = (row.clone(), self.ports.clock.now());
        let mut lost = row.lost_sessions();
        lost.retain(|lost| !tried.has_ended(&lost.session));
        self.update(move |registry| {
            if registry.pending_row(&gone.entry).is_some() {
                registry.drop_pending(&gone.entry);
                registry.cannot_be_ended(&gone, lost);
            }
            registry.name_leftovers(still_there, now);
        })
        .await?;
        self.record_of_row(row, Event::Settled { session: SessionOutcome::Lost }, None).await;
        Ok(())
    }

    /// The session is over, and its entry stays for the list that wrote it.
    async fn leave_to_its_list(
        &self,
        row: &PendingRevocation,
        how: SessionOutcome,
        token: Option<&SessionToken>,
    ) -> Result<(), RegistryError> {
        let ended = row.entry.clone();
        self.update(move |registry| registry.leave_ended(&ended)).await?;
        tracing::info!(account = %row.account, ?how, "a pending revocation of another list is done");
        self.record_of_row(row, Event::Settled { session: how }, token).await;
        Ok(())
    }

    /// The list that wrote the entry has ended its session, or the entry holds no usable token. This list
    /// does not report it as lost.
    async fn is_none_of_ours(&self, row: &PendingRevocation, is_gone: bool) -> Result<(), RegistryError> {
        let entry = row.entry.clone();
        self.update(move |registry| {
            if is_gone {
                registry.drop_pending(&entry);
            } else {
                registry.leave_ended(&entry);
            }
        })
        .await
    }

    pub(crate) async fn delete_entry(&self, entry: &EntryName) -> Result<Vec<EntryName>, StoreError> {
        Ok(self.ports.store.delete(std::slice::from_ref(entry)).await?.remaining().to_vec())
    }

    pub(crate) async fn not_yet(&self, entry: &EntryName, reason: Reason) -> Result<(), RegistryError> {
        let (entry, now) = (entry.clone(), self.ports.clock.now());
        let retry_after = reason.retry_after();
        self.update(move |registry| {
            let tries = registry.pending_row(&entry).map_or(0, |row| row.tries).saturating_add(1);
            registry.not_yet(&entry, reason, backoff::after(now, tries, retry_after), true);
        })
        .await
    }

    pub(crate) async fn could_not_ask(
        &self,
        row: &PendingRevocation,
        reason: Reason,
    ) -> Result<(), RegistryError> {
        self.look_at_store().await;
        let (entry, now, tries) = (row.entry.clone(), self.ports.clock.now(), row.tries);
        let wait =
            Wait { asked_to_wait_until: row.asked_to_wait_until, ..backoff::after(now, tries.max(1), None) };
        self.update(move |registry| registry.not_yet(&entry, reason, wait, false)).await
    }
}
