//! The lines of the activity: events, their times and outcomes. None holds a secret.

use serde::{Deserialize, Serialize};

use crate::model::account::{AccountId, EntryName};
use crate::model::reason::Reason;
use crate::model::session_outcome::SessionOutcome;
use crate::model::tenant::TenantId;
use crate::model::timestamp::Timestamp;

/// One event in the activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The time of the event.
    pub at: Timestamp,
    /// The account; `None` if the log-in made none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The tenant, if there is no account that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// The entry of the pending revocation that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryName>,
    /// The account's usual name; the tenant's ID if there is none.
    pub account_name: String,
    /// The event.
    #[serde(flatten)]
    pub event: Event,
    /// The first 8 hex digits of the SHA-256 of the token that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The program that wrote the line.
    pub by: Program,
}

impl Line {
    /// The account's tenant, or that of a log-in that made no account.
    #[must_use]
    pub fn tenant(&self) -> Option<&TenantId> {
        self.account.as_ref().map(AccountId::tenant).or(self.tenant.as_ref())
    }
}

/// A program of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Program {
    /// The app with its window.
    App,
    /// The command line.
    Cli,
}

fn yes() -> bool {
    true
}

/// An event, with its outcome. A program skips a line with a variant that it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// An account was logged in.
    LoggedIn,
    /// A log-in did not keep its tokens.
    LogInFailed {
        /// The outcome for their session: over, pending, or alive and out of reach.
        session: SessionOutcome,
    },
    /// The answer to a log-in was lost. If the log-in took effect, its session cannot be named here.
    LogInUnanswered {
        /// The program was told to end meanwhile, so the user may not know: its next start says it. A line of
        /// an older version does not tell, and counts as one of these.
        #[serde(default = "yes")]
        interrupted: bool,
    },
    /// The user has read of a log-in whose answer was lost.
    UnansweredIsRead {
        /// The time of the log-in's line. A mark of an older version has none, and covers every earlier line
        /// of its program.
        #[serde(default)]
        of: Option<Timestamp>,
    },
    /// An account was logged out.
    LoggedOut {
        /// The outcome for its session.
        session: SessionOutcome,
        /// The number of entries that could not be removed from the keyring.
        still_present: usize,
    },
    /// A log-out could not take place. The account is still logged in, or waits for its keyring.
    LogOutFailed {
        /// The reason.
        reason: Reason,
    },
    /// The user asked for a log-out once the keyring is unlocked.
    LogOutWaits,
    /// An interrupted log-in was rolled back, or an interrupted log-out completed.
    Finished {
        /// The outcome for its session.
        session: SessionOutcome,
    },
    /// A pending revocation was resolved.
    Settled {
        /// The outcome for its session.
        session: SessionOutcome,
    },
    /// The server called a session over, and yet accepted its token.
    StillAnswers,
    /// The user discarded a pending revocation.
    Discarded,
    /// The user abandoned an account whose keyring is out of reach.
    #[serde(rename = "forgotten")]
    Abandoned,
    /// New tokens were stored.
    Refreshed,
    /// The server ended a session.
    SignedOutByServer,
    /// New tokens came too late and were not kept.
    CameTooLate {
        /// The outcome for their session.
        session: SessionOutcome,
    },
    /// Tokens that no account lists were found in the keyring.
    Found,
    /// The user took a foreign account over.
    TakenOver,
}
