//! Logging out of a foreign entry of superseded sessions, which another list's refresh has left. Its name has
//! no user; its tokens do.

use crate::base::Accounts;
use crate::log_out::revoke::Why;
use crate::model::account::EntryName;
use crate::model::destination;
use crate::model::destination::Redirect;
use crate::model::log_out_outcome::Deletion;
use crate::model::log_out_outcome::LogOut;
use crate::model::reason::Reason;
use crate::model::registry::{Account, PendingRevocation, Registry};
use crate::model::session_outcome::SessionOutcome;
use crate::recovery::foreign::{At, ForeignError, is_of, tenant_at};
use crate::recovery::reconcile::account_behind;

const WHY: Why<'static> = Why::NotAsked(Reason::OlderSession);

impl Accounts {
    /// Turns the entry into that of a pending revocation, and asks the server at once. The account's own
    /// entries stay as they are.
    pub(crate) async fn log_out_older(&self, entry: &EntryName, at: &At) -> Result<LogOut, ForeignError> {
        let queued = self.queue_older(entry, at).await;
        if queued.is_ok() {
            tracing::warn!(%entry, "an older session of a foreign account is logged out");
            self.retry_revocation(entry).await?;
        }
        if matches!(queued, Ok(_) | Err(ForeignError::Unknown)) {
            self.name_foreign_again().await;
        }
        let row = queued?;
        Ok(outcome(&*self.ports.registry.read().await?, &row))
    }

    async fn queue_older(&self, entry: &EntryName, at: &At) -> Result<PendingRevocation, ForeignError> {
        self.usable_store().await?;
        let tokens = self.tokens_of(entry).await?.ok_or(ForeignError::Unknown)?;
        let registry = self.ports.registry.read().await?;
        let behind = account_behind(&registry, entry, &tokens).ok_or(ForeignError::Unreadable)?;
        let _lock = self.ports.registry.lock_account(&behind.id).await?;
        let registry = self.ports.registry.read().await?;
        // The session may have been ended, or the entry taken over, while we waited for the lock.
        let tokens = self.tokens_of(entry).await?.ok_or(ForeignError::Unknown)?;
        if registry.accounts_for(entry) {
            return Err(ForeignError::Unknown);
        }
        if tokens.iter().any(|token| !is_of(&behind.id, token)) {
            return Err(ForeignError::NotItsOwn);
        }
        let account = Account { tenant: tenant_at(&registry, &behind.id, at)?, ..behind };
        let row = self.superseded_row(&account, entry, &tokens, WHY, None);
        let queued = row.clone();
        self.update(move |registry| {
            registry.undo_leave(std::slice::from_ref(&queued.entry));
            registry.queue_revocation(queued);
        })
        .await?;
        Ok(row)
    }
}

fn outcome(registry: &Registry, row: &PendingRevocation) -> LogOut {
    let now = registry.pending_row(&row.entry);
    let is_lost = registry.lost.iter().any(|lost| lost.account == row.account && row.is_of(&lost.session));
    let is_there = now.is_some() || registry.leftovers.iter().any(|leftover| leftover.entry == row.entry);
    let session = match now {
        Some(now) if !now.is_dead => SessionOutcome::Pending,
        None if is_lost => SessionOutcome::Lost,
        // The row does not say whether the server ended it now or before.
        Some(_) | None => SessionOutcome::AlreadyInvalid,
    };
    let is_pending = session == SessionOutcome::Pending;
    LogOut {
        account_name: row.account_name.clone(),
        session,
        alive_until: row.session_ends_at,
        deletion: if is_there && !is_pending {
            Deletion::StillPresent(vec![row.entry.clone()])
        } else {
            Deletion::Deleted
        },
        destination: destination::after_log_out(&Redirect::Stay, None, None, None),
        accepted_until: None,
        unwritten: None,
        is_back: false,
    }
}
