//! What was done, when, and what came of it: an append-only record in `activity.jsonl`, a JSON object a line.
//!
//! It names accounts (where a log-in came to none, its tenant), never a secret: of a token it keeps the first 8 hex digits of its SHA-256, enough to find the same
//! one in a server's log and useless for anything else. Two generations are kept: at 512 KiB the file becomes
//! `activity.1.jsonl`, in place of the one before. Any number of processes append; a line is one write.
//!
//! Non-goals: being needed for anything. A record that cannot be written is logged, and stops no log-out.

mod file;

use serde::{Deserialize, Serialize};

use crate::Accounts;
use crate::account::AccountId;
use crate::log_in::LogIn;
use crate::ports::{Deletion, FileError, Timestamp};
use crate::registry::{Account, PendingRevocation};
use crate::tenant::TenantId;
use crate::token::SessionToken;

pub use file::{ActivityFile, LOCK, NAME, OLDER};

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
        session: Session,
    },
    /// The answer to a log-in was lost on the way: if it took effect, there is a session that nobody here can name.
    LogInUnanswered,
    /// The user has read of the last log-in whose answer was lost.
    UnansweredIsRead,
    /// An account is logged out.
    LoggedOut {
        /// What is known of its session.
        session: Session,
        /// Entries that the keyring would not let go of.
        still_present: usize,
    },
    /// A log-out could not take place now: why. The account is still logged in, or waits for its keyring.
    LogOutFailed {
        /// In words.
        reason: String,
    },
    /// The user asked to be logged out once the keyring is unlocked.
    LogOutWaits,
    /// What a crash had cut off was finished here: a log-in undone, or a log-out completed.
    Finished {
        /// What is known of its session.
        session: Session,
    },
    /// A pending revocation came to its end.
    Settled {
        /// How.
        session: Session,
    },
    /// The server called a session over, and yet answered with its token.
    StillAnswers,
    /// The user discarded a pending revocation.
    Discarded,
    /// The user had an account forgotten whose keyring is out of reach.
    Forgotten,
    /// New tokens of the same session are stored.
    Refreshed,
    /// The server has ended a session.
    SignedOutByServer,
    /// New tokens came too late and were not kept.
    CameTooLate {
        /// What became of their session.
        session: Session,
    },
    /// Tokens that no account accounts for were found in the keyring.
    Found,
    /// The user took a foreign account over.
    TakenOver,
}

/// What is known of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Session {
    /// The server ended it for us.
    Revoked,
    /// The server had ended it before.
    AlreadyInvalid,
    /// It is dead, by us or before.
    Dead,
    /// Not confirmed; pending.
    Pending,
    /// Nothing here can end it.
    Lost,
    /// By the server's clock it has expired.
    Expired,
}

/// Of whom a line is: of an account, or of nobody yet, at a tenant.
#[derive(Debug, Clone, Copy)]
enum Whose<'a> {
    Account(&'a AccountId),
    Nobody(&'a TenantId),
}

impl Accounts {
    /// What was done, the oldest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn activity(&self) -> Result<Vec<Line>, FileError> {
        self.ports.activity.lines().await
    }

    pub(crate) async fn record(&self, account: &Account, event: Event, token: Option<&SessionToken>) {
        self.append(Whose::Account(&account.id), &account.called(), event, token).await;
    }

    pub(crate) async fn record_of_row(
        &self,
        row: &PendingRevocation,
        event: Event,
        token: Option<&SessionToken>,
    ) {
        self.append(Whose::Account(&row.account), &row.account_name, event, token).await;
    }

    /// Of a log-in from which no account came.
    pub(crate) async fn record_of_nobody(
        &self,
        log_in: &LogIn<'_>,
        event: Event,
        token: Option<&SessionToken>,
    ) {
        let tenant = &log_in.tenant.id;
        let name = self.known_name(log_in).await;
        self.append(Whose::Nobody(tenant), name.unwrap_or(tenant.as_str()), event, token).await;
    }

    pub(crate) async fn record_of_tenant(&self, tenant: &TenantId, name: &str, event: Event) {
        self.append(Whose::Nobody(tenant), name, event, None).await;
    }

    /// What the user typed, if the server has taken it for a name before: else it may be a password in the wrong field.
    async fn known_name<'a>(&self, log_in: &LogIn<'a>) -> Option<&'a str> {
        let (name, registry) = (log_in.name?, self.ports.registry.read().await.ok()?);
        let last = registry.last_tenant.and_then(|last| last.email_or_username);
        let profiles = registry.accounts.into_iter().map(|account| account.profile);
        let of_accounts = profiles.flat_map(|profile| [profile.email, profile.username]).flatten();
        last.into_iter().chain(of_accounts).any(|known| known == name).then_some(name)
    }

    async fn append(&self, whose: Whose<'_>, name: &str, event: Event, token: Option<&SessionToken>) {
        let (account, tenant) = match whose {
            Whose::Account(id) => (Some(id.clone()), None),
            Whose::Nobody(tenant) => (None, Some(tenant.clone())),
        };
        let line = Line {
            at: self.ports.clock.now(),
            account,
            tenant,
            account_name: name.to_owned(),
            event,
            token: token.map(|token| token.sha256()[..8].to_owned()),
            by: self.program,
        };
        if let Err(error) = self.ports.activity.append(line).await {
            tracing::error!(?whose, %error, "the activity was not written down");
        }
    }
}

/// How many entries a deletion left.
pub(crate) fn still_present(deletion: &Deletion) -> usize {
    match deletion {
        Deletion::StillPresent(entries) => entries.len(),
        Deletion::Deleted | Deletion::AlreadyAbsent => 0,
    }
}
