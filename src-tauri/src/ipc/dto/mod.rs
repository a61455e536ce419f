//! What crosses the bridge to the webview, and nothing else does. No type here can hold a token.
//!
//! Times are seconds since 1970-01-01 UTC. `ui/src/bindings` is generated from this folder (`cargo xtask
//! bindings`).

mod account;
mod error;
mod foreign;
mod log_in;
mod log_out;
mod notice;
mod profile;

use serde::Serialize;
use ts_rs::TS;

pub use account::{AccountRow, Health, TenantRoles};
pub use error::{ErrorCause, ErrorCode, ErrorContext, IpcError};
pub use foreign::ForeignRow;
pub use log_in::{
    ArrivedLink, ChosenTenant, CodeChannel, FirstFactor, LinkPurpose, LogInStep, LoginForm, SecondFactor,
    SignUpWay,
};
pub use log_out::{
    LogOutResult, Outcome, PendingRevocation, Redirect, Remnant, SessionAfterLogOut, Unfinished,
    UnfinishedVerb,
};
pub use notice::Notice;
pub use profile::{NewAddress, TotpSetUp, UserForm};

/// All that the window shows. Rust makes a new one with every change; the webview renders the one with the
/// highest revision, keeps nothing else and decides nothing.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Snapshot {
    /// Rises with every change.
    #[ts(type = "number")]
    pub revision: u64,
    /// Which screen this window shows.
    pub view: View,
    /// Every account, in the order of first log-in.
    pub accounts: Vec<AccountRow>,
    /// The OS keyring.
    pub keyring: Keyring,
    /// What is being done right now.
    pub in_progress: Vec<Work>,
    /// What happened that the user should know, above the view until it is dismissed or replaced.
    pub notice: Option<Notice>,
    /// Log-ins and log-outs that were cut off, or wait for the keyring.
    pub unfinished: Vec<Unfinished>,
    /// Sessions that are over here and not yet known to be dead at Userfront.
    pub pending_revocations: Vec<PendingRevocation>,
    /// Keyring entries of ours that could not be removed.
    pub remnants: Vec<Remnant>,
    /// What else the keyring holds under our service, which this list of accounts does not account for.
    pub foreign: Vec<ForeignRow>,
    /// Entries under the services that this data folder had before. Their sessions may be alive.
    pub elsewhere: Vec<Remnant>,
    /// What the user has chosen.
    pub settings: Settings,
    /// A link that came and was not asked for just now: whether to take it is the user's to say.
    pub arrived_link: Option<ArrivedLink>,
    /// How many seconds this computer's clock is ahead of Userfront's (behind: negative), when that is more
    /// than it should be.
    #[ts(type = "number | null")]
    pub clock_ahead: Option<i64>,
    /// The account list cannot be read or written: why.
    pub registry_problem: Option<ErrorCause>,
}

/// A screen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "name", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum View {
    /// What was cut off is being finished here, before anything is shown.
    Starting,
    /// The login screen.
    Login {
        /// The tenant to log in to, once it is chosen and has answered; before that, the form asks for one.
        tenant: Option<ChosenTenant>,
        /// What the form is filled in with.
        form: LoginForm,
        /// How far the log-in to that tenant is.
        step: LogInStep,
        /// Whether there are accounts to go back to.
        can_go_back: bool,
    },
    /// An account; it is one of `accounts`.
    Account {
        /// Which.
        id: String,
    },
    /// The user's own details, to be edited. The account is one of `accounts`.
    Profile {
        /// Which.
        id: String,
        /// What Userfront says of the user; nothing while it is asked.
        user: Option<UserForm>,
        /// A second factor that is being set up.
        totp: Option<TotpSetUp>,
        /// Another e-mail address or phone number that waits to be confirmed.
        new_address: Option<NewAddress>,
    },
    /// The list of accounts, none of them open.
    Accounts,
    /// What was done, the latest first.
    Activity {
        /// At most the last 200.
        lines: Vec<ActivityLine>,
        /// Why it cannot be read.
        problem: Option<ErrorCause>,
    },
    /// What the user can choose.
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

/// The OS keyring.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Keyring {
    /// What people call it.
    pub name: String,
    /// How it is.
    pub status: KeyringStatus,
    /// The technical detail when it is unavailable.
    pub detail: Option<String>,
    /// Whether it keeps deleted entries in a recycle bin.
    pub keeps_deleted: bool,
}

/// How the keyring is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum KeyringStatus {
    /// Unlocked.
    Ok,
    /// Wants its password.
    Locked,
    /// Open, and has not allowed this app to use the entries.
    NotAllowed,
    /// There is none.
    NoKeyring,
    /// Out of reach.
    Unavailable,
    /// Does not answer.
    Hung,
}

/// Something that is being done.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Work {
    /// The window closes as soon as the rest of this is done.
    Closing,
    /// The accounts are being restored.
    Restoring,
    /// A tenant is asked for its ways in.
    ChoosingTenant,
    /// A log-in, or a step of one.
    LoggingIn,
    /// A log-out.
    LoggingOut {
        /// Of which account.
        account: String,
    },
    /// A link or a code is being sent.
    Sending,
    /// The user's own details are read or changed.
    EditingProfile {
        /// Of which account.
        account: String,
    },
    /// New tokens are got.
    Refreshing {
        /// Of which account.
        account: String,
    },
    /// The user is asked for the keyring's password.
    UnlockingKeyring,
    /// The server is asked to end the session of a pending revocation.
    Revoking {
        /// Its `id`.
        pending: String,
    },
}

/// Something that was done, or came to be known.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ActivityLine {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// Whose.
    pub account_name: String,
    /// The tenant's ID.
    pub tenant_id: String,
    /// What was done, and what came of it.
    pub event: ActivityEvent,
    /// Whether it asks for attention.
    pub is_bad: bool,
    /// The first 8 hex digits of the SHA-256 of the token that it was done with.
    pub token_hash: Option<String>,
    /// Which program did it: `app` or `userfront`.
    pub by: String,
}

/// What was done, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
#[expect(missing_docs, reason = "the words for each are in `ui/src/errors.ts`")]
pub enum ActivityEvent {
    LoggedIn,
    LogInFailed { session: ActivitySession },
    LogInUnanswered,
    LoggedOut { session: ActivitySession, still_present: u32 },
    LogOutFailed { reason: ErrorCause },
    LogOutWaits,
    Finished { session: ActivitySession },
    Settled { session: ActivitySession },
    StillAnswers,
    Discarded,
    Abandoned,
    Refreshed,
    SignedOutByServer,
    CameTooLate { session: ActivitySession },
    TakenOver,
    Found,
}

/// What is known of a session by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ActivitySession {
    /// Userfront ended it for us.
    Revoked,
    /// Userfront no longer accepts its tokens.
    AlreadyInvalid,
    /// It is over.
    Dead,
    /// Not confirmed; pending.
    Pending,
    /// Nothing here can end it.
    Lost,
    /// By Userfront's clock it has expired.
    Expired,
}

/// What the user has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Settings {
    /// After a log-out, ask Userfront once whether the token still works.
    pub probe: bool,
}
