//! An account in the list and in its view.

use serde::Serialize;
use ts_rs::TS;

use super::Mode;

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AccountRow {
    pub id: String,
    /// The best name there is.
    pub name: String,
    /// The details that tell it from others of the same name; empty if there are none.
    pub told_apart_by: Vec<String>,
    /// One or two letters for when there is no picture.
    pub initials: String,
    pub email: Option<String>,
    pub username: Option<String>,
    /// The user's number within the tenant.
    #[ts(type = "number | null")]
    pub user_id: Option<i64>,
    pub tenant_id: String,
    pub tenant_name: Option<String>,
    pub api_host: String,
    pub mode: Mode,
    pub roles: Vec<TenantRoles>,
    pub health: Health,
    /// Whether new tokens are got before these expire.
    pub renews: bool,
    #[ts(type = "number")]
    pub session_ends_at: i64,
    #[ts(type = "number")]
    pub access_expires_at: i64,
    #[ts(type = "number")]
    pub logged_in_at: i64,
    /// Whether `picture` has something to show.
    pub has_picture: bool,
    /// Another number when it is another picture.
    pub picture_version: u32,
    /// The names of the keyring entries that hold its tokens, the access token's first.
    pub keyring_entries: Vec<String>,
    /// Whether it stands at the top of the list.
    pub pinned: bool,
}

/// The roles of a user in one tenant.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TenantRoles {
    /// The tenant's name where it is known, else its ID.
    pub tenant: String,
    pub roles: Vec<String>,
}

/// The state of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Health {
    Ok,
    /// The access token has expired and could not be refreshed yet.
    Expired,
    /// The server ended the session; the user has to log in again.
    SignedOutByServer,
    /// None of its tokens is in the keyring, though this app has not deleted them; the user has to log in
    /// again.
    TokensMissing,
    /// The session has reached its own end, by this machine's clock; the user has to log in again.
    Ended,
    /// Its log-in is under way, or was cut off and is being rolled back.
    LoggingIn,
    /// It is being logged out.
    LoggingOut,
}
