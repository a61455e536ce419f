//! The types that cross the bridge to the webview; no others do. None of them can hold a token.
//!
//! Times are seconds since 1970-01-01 UTC. `ui/src/bindings` is generated from this folder (`cargo xtask
//! bindings`).

#![expect(missing_docs, reason = "a name that says it needs no comment")]

mod account;
mod code_channel;
mod error;
mod foreign;
mod log_in;
mod log_out;
mod notice;
mod profile;
mod settings;

use std::sync::Arc;

use serde::Serialize;
use ts_rs::TS;

pub use account::{AccountRow, Health, TenantRoles};
pub use code_channel::CodeChannel;
pub use error::{ErrorCause, ErrorCode, ErrorContext, IpcError};
pub use foreign::ForeignRow;
pub use log_in::{
    ArrivedLink, ChosenTenant, FirstFactor, LinkPurpose, LogInStep, LoginForm, SecondFactor, SignUpWay,
};
pub use log_out::{
    LeftoverEntry, LogOutOutcome, LogOutResult, LogOutRow, PendingRevocation, Redirect, Unfinished,
    UnfinishedVerb,
};
pub use notice::Notice;
pub use profile::{NewAddress, TotpSetUp, UserForm};
pub use settings::{Missing, MissingReason, Settings, SettingsChange, Theme};

/// All that the window shows. Rust makes a new one with every change; the webview renders the one with the
/// highest revision, keeps nothing else and decides nothing.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Snapshot {
    /// Rises with every change.
    #[ts(type = "number")]
    pub revision: u64,
    /// Rises when the user goes elsewhere. A switch answers with the place at which it is shown.
    #[ts(type = "number")]
    pub place: u64,
    /// The screen of this window.
    pub view: View,
    /// Every account, in the order of the list: pinned ones first, then by tenant, mode and name. Empty in
    /// an event where they are the same as before.
    pub accounts: Arc<Vec<AccountRow>>,
    /// The revision since which `accounts` are the same.
    #[ts(type = "number")]
    pub accounts_revision: u64,
    pub keyring: Keyring,
    /// The work in progress.
    pub in_progress: Vec<Work>,
    /// Shown above the view until it is dismissed or replaced.
    pub notice: Option<Notice>,
    /// Log-ins and log-outs that were cut off, or wait for the keyring.
    pub unfinished: Vec<Unfinished>,
    /// Sessions that are over here and not yet known to be dead at Userfront.
    pub pending_revocations: Vec<PendingRevocation>,
    /// Keyring entries of ours that could not be deleted.
    pub leftovers: Vec<LeftoverEntry>,
    /// Entries of ours in the keyring that this list of accounts does not account for.
    pub foreign: Vec<ForeignRow>,
    /// Entries under the services that this data folder had before. Their sessions may be alive.
    pub elsewhere: Vec<LeftoverEntry>,
    pub settings: Settings,
    /// What this desktop does not do, so that settings have no effect.
    pub missing: Missing,
    /// A link that came and was not asked for just now: whether to take it is the user's to say.
    pub arrived_link: Option<ArrivedLink>,
    /// How many seconds this computer's clock is ahead of Userfront's (behind: negative), when that is more
    /// than it should be.
    #[ts(type = "number | null")]
    pub clock_ahead: Option<i64>,
    /// The account list cannot be read or written: why.
    pub registry_problem: Option<ErrorCause>,
}

impl Snapshot {
    /// Without the accounts, where the snapshot before it has the same ones. Of a thousand they are nearly
    /// all of it.
    pub(crate) fn for_event(&self) -> Self {
        let is_same = self.accounts_revision < self.revision;
        let accounts = if is_same { Arc::default() } else { self.accounts.clone() };
        Self { accounts, ..self.clone() }
    }

    /// With the revisions that follow those of the snapshot before; the same ones where nothing has changed.
    pub(crate) fn after(mut self, before: Option<&Self>) -> Self {
        let Some(before) = before else {
            (self.revision, self.accounts_revision) = (1, 1);
            return self;
        };
        if self.accounts == before.accounts {
            self.accounts = before.accounts.clone();
            self.accounts_revision = before.accounts_revision;
        } else {
            self.accounts_revision = before.revision + 1;
        }
        self.revision = before.revision;
        if self != *before {
            self.revision += 1;
        }
        self
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "name", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum View {
    /// Interrupted work is being finished before anything is shown.
    Starting,
    /// The user was away. Nothing of an account is in this snapshot until the user asks to show it.
    Covered,
    Login {
        /// The tenant to log in to, once it is chosen and has answered; before that, the form asks for one.
        tenant: Option<ChosenTenant>,
        /// Fills the form.
        form: LoginForm,
        /// How far the log-in to that tenant is.
        step: LogInStep,
        /// Whether there are accounts to go back to.
        can_go_back: bool,
    },
    /// An account; it is one of `accounts`.
    Account {
        id: String,
        /// Its last lines of activity, the latest first.
        recent: Vec<ActivityLine>,
    },
    /// The user's own details, to be edited. The account is one of `accounts`.
    Profile {
        id: String,
        /// Null while Userfront is asked.
        user: Option<UserForm>,
        /// A second factor that is being set up.
        totp: Option<TotpSetUp>,
        /// Another e-mail address or phone number that waits to be confirmed.
        new_address: Option<NewAddress>,
    },
    Accounts,
    /// What came of a log-out of several accounts.
    LogOutResults {
        results: Vec<LogOutRow>,
    },
    /// The activity, the latest first.
    Activity {
        /// At most the last 200.
        lines: Vec<ActivityLine>,
        /// Why it cannot be read.
        problem: Option<ErrorCause>,
    },
    Settings,
}

/// Userfront's two modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Mode {
    /// For a live site.
    Live,
    /// For development: no mail, no SMS, weak passwords.
    Test,
}

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Keyring {
    pub name: String,
    pub status: KeyringStatus,
    /// The technical detail when it is unavailable.
    pub detail: Option<String>,
    /// Whether it keeps deleted entries in a recycle bin.
    pub keeps_deleted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum KeyringStatus {
    Ok,
    Locked,
    /// Open, and has not allowed this app to use the entries.
    NotAllowed,
    NoKeyring,
    Unavailable,
    Hung,
}

/// Something that is being done.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Work {
    /// The window closes as soon as the rest of this is done.
    Closing,
    /// Log-outs that closing waits for.
    LogOutsUnderWay {
        /// Accounts whose log-out the next start would finish.
        begun: usize,
        /// Accounts whose turn has not come yet.
        queued: usize,
    },
    Restoring,
    /// A tenant is asked how to log in.
    ChoosingTenant,
    LoggingIn,
    LoggingOut {
        account: String,
    },
    /// A link or a code is being sent.
    Sending,
    /// The user's own details are read or changed.
    EditingProfile {
        account: String,
    },
    /// New tokens are got.
    Refreshing {
        account: String,
    },
    /// The user is asked for the keyring's password.
    UnlockingKeyring,
    /// The server is asked to end the session of a pending revocation.
    Revoking {
        pending: String,
    },
}

/// Something that was done, or came to be known.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ActivityLine {
    #[ts(type = "number")]
    pub at: i64,
    pub account_name: String,
    pub tenant_id: String,
    /// The event, with its outcome.
    pub event: ActivityEvent,
    /// Whether it asks for attention.
    pub is_bad: bool,
    /// The first 8 hex digits of the SHA-256 of the token that it was done with.
    pub token_hash: Option<String>,
    /// The program that did it: `app` or `userfront`.
    pub by: String,
}

/// An event, with its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
#[expect(missing_docs, reason = "the words for each are in `ui/src/words/activity.ts`")]
pub enum ActivityEvent {
    LoggedIn,
    LogInFailed { session: SessionOutcome },
    LogInUnanswered,
    UnansweredIsRead,
    LoggedOut { session: SessionOutcome, still_present: u32 },
    LogOutFailed { reason: ErrorCause },
    LogOutWaits,
    Finished { session: SessionOutcome },
    Settled { session: SessionOutcome },
    StillAnswers,
    Discarded,
    Abandoned,
    Refreshed,
    SignedOutByServer,
    CameTooLate { session: SessionOutcome },
    TakenOver,
    Found,
}

/// The state of a session at Userfront, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SessionOutcome {
    /// Userfront ended it for us.
    Revoked,
    /// Userfront no longer accepts its tokens.
    AlreadyInvalid,
    /// It is over, by us or before.
    Over,
    /// By Userfront's clock it has expired.
    Expired,
    /// Not confirmed; it is listed as pending.
    Pending,
    /// It cannot be ended from here.
    Lost,
}

impl From<accounts::model::session_outcome::SessionOutcome> for SessionOutcome {
    fn from(outcome: accounts::model::session_outcome::SessionOutcome) -> Self {
        use accounts::model::session_outcome::SessionOutcome as Domain;
        match outcome {
            Domain::Revoked => Self::Revoked,
            Domain::AlreadyInvalid => Self::AlreadyInvalid,
            Domain::Over => Self::Over,
            Domain::Expired => Self::Expired,
            Domain::Pending => Self::Pending,
            Domain::Lost => Self::Lost,
        }
    }
}
