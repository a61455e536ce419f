//! What was done, when, and what came of it: the lines of the activity. None holds a secret.

use serde::{Deserialize, Serialize};

use crate::model::account::AccountId;
use crate::model::reason::Reason;
use crate::model::session_outcome::SessionOutcome;
use crate::model::tenant::TenantId;
use crate::model::timestamp::Timestamp;

/// One thing that was done, or came to be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Whose; nothing where no account came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Where, if there is no account that says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// What people call the account; the tenant's ID, if nobody knows.
    pub account_name: String,
    /// What.
    #[serde(flatten)]
    pub event: Event,
    /// The first 8 hex digits of the SHA-256 of the token that it was done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Which program did it.
    pub by: Program,
}

impl Line {
    /// The tenant of the account, or the one where none came of it.
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

/// What was done, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// An account is logged in.
    LoggedIn,
    /// A log-in did not keep its tokens; what became of their session.
    LogInFailed {
        /// Dead, pending, or alive and out of reach.
        session: SessionOutcome,
    },
    /// The answer to a log-in was lost on the way: if it took effect, there is a session that nobody here can name.
    LogInUnanswered,
    /// The user has read of the last log-in whose answer was lost.
    UnansweredIsRead,
    /// An account is logged out.
    LoggedOut {
        /// What is known of its session.
        session: SessionOutcome,
        /// Entries that the keyring would not let go of.
        still_present: usize,
    },
    /// A log-out could not take place now: why. The account is still logged in, or waits for its keyring.
    LogOutFailed {
        /// Why.
        reason: Reason,
    },
    /// The user asked to be logged out once the keyring is unlocked.
    LogOutWaits,
    /// What a crash had cut off was finished here: a log-in undone, or a log-out completed.
    Finished {
        /// What is known of its session.
        session: SessionOutcome,
    },
    /// A pending revocation came to its end.
    Settled {
        /// How.
        session: SessionOutcome,
    },
    /// The server called a session over, and yet answered with its token.
    StillAnswers,
    /// The user discarded a pending revocation.
    Discarded,
    /// The user had an account forgotten whose keyring is out of reach.
    #[serde(rename = "forgotten")]
    Abandoned,
    /// New tokens of the same session are stored.
    Refreshed,
    /// The server has ended a session.
    SignedOutByServer,
    /// New tokens came too late and were not kept.
    CameTooLate {
        /// What became of their session.
        session: SessionOutcome,
    },
    /// Tokens that no account accounts for were found in the keyring.
    Found,
    /// The user took a foreign account over.
    TakenOver,
}
