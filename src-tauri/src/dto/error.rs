//! What a command answers with when it did not do its work. Its sentences are made in `ipc/error`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the user can be told when a command did not do its work. A code exists only where the UI branches on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct IpcError {
    /// What the UI branches on.
    pub code: ErrorCode,
    /// What is true, and what to do next: sentences for a person.
    pub message: String,
    /// The technical detail, to be copied into a report. No token, no password, no URL.
    pub detail: Option<String>,
    /// How many seconds the server wants to be left alone.
    #[ts(type = "number | null")]
    pub retry_after: Option<u64>,
    /// The account whose sign-in in the keyring the log-in would replace.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub foreign_account: Option<String>,
    /// It says that a session may be alive: it is said wherever the user has gone meanwhile.
    #[serde(skip)]
    #[ts(skip)]
    pub tells_of_session: bool,
}

/// What the UI branches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ErrorCode {
    /// The tenant ID is malformed or unknown: its field is marked and focused.
    TenantId,
    /// The API URL is malformed: *Advanced* opens, its field is marked and focused.
    ApiUrl,
    /// The domain is malformed: *Advanced* opens, its field is marked and focused.
    Domain,
    /// Wrong e-mail, user name or password: the password is emptied and focused.
    Credentials,
    /// Wrong, expired or used-up code: the code is emptied and focused.
    Code,
    /// A link that cannot be read, is wrong, expired or used up: its field is marked and focused.
    Link,
    /// The e-mail address is not accepted: its field is marked and focused.
    Email,
    /// The phone number is not accepted: its field is marked and focused.
    Phone,
    /// The user name is not accepted: its field is marked and focused.
    Username,
    /// The new password is not accepted: its field is marked and focused.
    NewPassword,
    /// The custom data is not a JSON object: its field is marked and focused.
    CustomData,
    /// The address of the picture is not one: its field is marked and focused.
    Image,
    /// The keyring is locked: *Unlock* is offered.
    KeyringLocked,
    /// The keyring has not allowed this app to use the entry: *Ask again* is offered.
    KeyringNotAllowed,
    /// There is no keyring: *Create one* is offered.
    NoKeyring,
    /// The keyring does not answer.
    KeyringHung,
    /// The keyring is out of reach.
    KeyringUnavailable,
    /// The API of a foreign entry is not known here: it is asked for.
    ApiUnknown,
    /// The log-in would replace a sign-in that is not in this list: *Replace it* is offered.
    ForeignSignIn,
    /// The session is over, or its tokens are missing: *Log in again* is offered.
    SessionEnded,
    /// Everything else: *Try again* is offered.
    Failed,
}
