//! A log-out: where it leads, what is known of the session then, and what is left to be done.

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

/// What is known of a session after a log-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SessionAfterLogOut {
    /// Userfront ended it for us.
    Ended,
    /// Userfront no longer accepts its tokens.
    AlreadyOver,
    /// Userfront has not confirmed it; it is listed as pending.
    Pending,
}

/// What one of several log-outs came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LogOutResult {
    /// Of which account.
    pub account: String,
    /// What people call it.
    pub account_name: String,
    /// The tenant's ID.
    pub tenant_id: String,
    /// What it came to.
    pub outcome: Outcome,
    /// Why it is still logged in.
    pub why: Option<IpcError>,
}

/// What a log-out came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, rename = "LogOutOutcome")]
pub enum Outcome {
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
}

/// A log-in or log-out that was cut off, or waits for the keyring. It ends in *logged out*.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Unfinished {
    /// Its account, for commands.
    pub account: String,
    /// What people call the account.
    pub account_name: String,
    /// The tenant's ID.
    pub tenant_id: String,
    /// What was cut off.
    pub verb: UnfinishedVerb,
    /// The names of the keyring entries that hold its tokens.
    pub keyring_entries: Vec<String>,
    /// When the session ends by itself.
    #[ts(type = "number")]
    pub session_ends_at: i64,
}

/// What was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum UnfinishedVerb {
    /// A log-in; it is being undone.
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
    /// Whose session it is.
    pub account_name: String,
    /// The tenant's ID.
    pub tenant_id: String,
    /// Since when.
    #[ts(type = "number")]
    pub since: i64,
    /// When the session ends by itself.
    #[ts(type = "number")]
    pub session_ends_at: i64,
    /// Why the last try did not succeed.
    pub reason: ErrorCause,
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
pub struct Remnant {
    /// The keyring's service.
    pub service: String,
    /// The entry's name.
    pub entry: String,
}
