//! The outcomes of recent log-outs.

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, EntryName};
use crate::model::log_out_outcome::LogOut;
use crate::model::registry::{LostSession, PendingRevocation, Registry};
use crate::model::session_outcome::SessionOutcome;
use crate::model::timestamp::Timestamp;

/// A log-out of the last hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecentLogOut {
    /// The account.
    pub account: AccountId,
    /// The generation that it drew.
    #[serde(default)]
    pub generation: u64,
    /// The entry of its pending revocation, whose result may change the outcome.
    #[serde(default)]
    pub entry: Option<EntryName>,
    /// The time of the log-out.
    pub at: Timestamp,
    /// Its outcome.
    pub outcome: LogOut,
}

impl RecentLogOut {
    /// How long repeated requests get its outcome, in seconds.
    pub const ANSWERS_FOR: i64 = 60;

    /// How long it is kept, in seconds: a log-in that began before it and is answered after it is refused,
    /// and an answer may come late where the machine has slept.
    const KEPT_FOR: i64 = 3600;
}

impl Registry {
    /// Drops the log-outs that are no longer recent.
    pub fn drop_old_log_outs(&mut self, now: Timestamp) {
        self.recent_log_outs.retain(|recent| recent.at.0 >= now.0 - RecentLogOut::KEPT_FOR);
    }

    /// Keeps a finished log-out, the latest of an account, for repeated requests within a minute.
    pub fn logged_out(&mut self, log_out: RecentLogOut) {
        self.recent_log_outs.retain(|other| other.account != log_out.account);
        self.recent_log_outs.push(log_out);
    }

    /// Updates the outcome of a log-out that repeated requests get.
    pub fn revise_log_out(&mut self, entry: &EntryName, revise: impl FnOnce(&mut LogOut)) {
        if let Some(recent) = self.recent_log_outs.iter_mut().find(|it| it.entry.as_ref() == Some(entry)) {
            revise(&mut recent.outcome);
        }
    }

    /// Sessions of this closed row are lost, and that becomes the outcome of their log-out.
    pub fn cannot_be_ended(&mut self, row: &PendingRevocation, lost: Vec<LostSession>) {
        let Some(alive_until) = lost.iter().map(|lost| lost.alive_until).max() else { return };
        for lost in lost {
            self.lose(lost);
        }
        for recent in &mut self.recent_log_outs {
            let is_of_it = recent.entry.as_ref() == Some(&row.entry);
            let was_over =
                row.is_superseded() && recent.account == row.account && recent.outcome.session.is_over();
            if is_of_it || was_over {
                recent.outcome.session = SessionOutcome::Lost;
                recent.outcome.alive_until = alive_until;
            }
        }
    }

    /// The log-outs of the last hour. One is pending while a superseded session was tried without success.
    #[must_use]
    pub fn log_outs(&self) -> Vec<RecentLogOut> {
        let as_known = |mut recent: RecentLogOut| {
            let row = self.pending_superseded(&recent.account).filter(|row| row.tries > 0);
            recent.outcome = while_superseded_is_pending(recent.outcome, row);
            recent
        };
        self.recent_log_outs.iter().cloned().map(as_known).collect()
    }

    /// The superseded sessions of a logged-out account, until they are known to be over.
    #[must_use]
    pub fn pending_superseded(&self, account: &AccountId) -> Option<&PendingRevocation> {
        self.pending.iter().find(|row| row.account == *account && row.is_superseded() && !row.is_dead)
    }
}

pub(crate) fn while_superseded_is_pending(outcome: LogOut, row: Option<&PendingRevocation>) -> LogOut {
    match (row, outcome.session) {
        (Some(row), session) if session.is_over() => {
            let ends = row.older.iter().map(|older| older.ends_at);
            let alive_until = ends.fold(row.session_ends_at, Timestamp::max);
            LogOut { session: SessionOutcome::Pending, alive_until, ..outcome }
        }
        _ => outcome,
    }
}
