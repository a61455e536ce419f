//! A log-out: its destination, its outcome, and the work that remains.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ErrorCause, IpcError};

/// Where a log-out button leads.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(untagged)]
#[ts(export)]
pub enum Redirect {
    /// `false`: stay. `true`: wherever the server or the tenant says.
    Follow(bool),
    /// There.
    Path(String),
}

impl From<Redirect> for accounts::model::destination::Redirect {
    fn from(redirect: Redirect) -> Self {
        match redirect {
            Redirect::Follow(true) => Self::Follow,
            Redirect::Follow(false) => Self::Stay,
            Redirect::Path(path) => Self::To(path),
        }
    }
}

/// A row of the result page: an account that was to be logged out with others.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LogOutRow {
    pub account: String,
    pub account_name: String,
    /// The tenant's name, or its ID.
    pub tenant: String,
    /// How it ended; null while it is under way.
    pub outcome: Option<LogOutOutcome>,
    /// Why it is still logged in.
    pub why: Option<IpcError>,
    /// The ID of its pending revocation.
    pub pending: Option<String>,
    /// The session is over, and Userfront still accepts its access token until this time.
    #[ts(type = "number | null")]
    pub accepted_until: Option<i64>,
    /// There was no token to end the session with: it may stay alive until this time.
    #[ts(type = "number | null")]
    pub alive_until: Option<i64>,
    /// The names of the keyring entries that could not be deleted.
    pub leftovers: Vec<String>,
    /// Whether the log-out can be tried again: the account is still logged in.
    pub is_in: bool,
}

/// How one of several log-outs ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LogOutResult {
    pub account: String,
    pub account_name: String,
    pub tenant_id: String,
    pub outcome: LogOutOutcome,
    /// Why it is still logged in.
    pub why: Option<IpcError>,
}

/// How a log-out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum LogOutOutcome {
    /// Userfront ended the session, and the tokens are deleted.
    Ended,
    /// Userfront no longer accepts its tokens, and they are deleted.
    AlreadyOver,
    /// The session is over, and Userfront accepts its access token all the same for a while.
    Accepted,
    /// Logged out on this computer; Userfront has not confirmed it yet.
    Pending,
    /// Logged out on this computer, and nothing waits for Userfront any more.
    Here,
    /// There was no token to end the session with.
    Lost,
    /// The session is over, and a token is still in the keyring.
    StillPresent,
    /// Not logged out.
    StillLoggedIn,
    /// Logged out as soon as the keyring can be used: the user has asked for that.
    Waiting,
    /// Not logged out, and the user has removed it from the list.
    Forgotten,
}

/// A log-in or log-out that was interrupted, or waits for the keyring. It ends in *logged out*.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Unfinished {
    pub account: String,
    pub account_name: String,
    pub tenant_id: String,
    pub verb: UnfinishedVerb,
    /// The names of the keyring entries that hold its tokens.
    pub keyring_entries: Vec<String>,
    #[ts(type = "number")]
    pub session_ends_at: i64,
}

/// The work that was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum UnfinishedVerb {
    /// A log-in; it is being rolled back.
    LogIn,
    /// A log-out; it is being finished.
    LogOut,
}

/// A session that is over here and not yet known to be dead at Userfront.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PendingRevocation {
    /// Names the row, for commands.
    pub id: String,
    pub account_name: String,
    pub tenant_id: String,
    #[ts(type = "number")]
    pub since: i64,
    #[ts(type = "number")]
    pub session_ends_at: i64,
    /// Why the last try did not succeed.
    pub reason: ErrorCause,
    /// What the keyring or the disk said.
    pub detail: Option<String>,
    /// How often the server was asked.
    pub tries: u32,
    /// When the server is asked again while this app is running.
    #[ts(type = "number")]
    pub next_try: i64,
    /// The server said that the session is over, and yet accepted a token of it: when the last of them
    /// expires.
    #[ts(type = "number | null")]
    pub still_answers_until: Option<i64>,
}

/// A keyring entry that could not be removed, or that lies under an earlier service.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LeftoverEntry {
    pub service: String,
    pub entry: String,
}
