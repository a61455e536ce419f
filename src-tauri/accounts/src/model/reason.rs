//! Reasons as kinds; each program has its own words for them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::call_failure::CallFailure;
use crate::model::registry_error::RegistryError;
use crate::model::store_error::StoreError;

/// Why a session is not known to be over, or an account not logged out. Saved on disk. A variant that a
/// program does not know, also of the enums in it, is read as [`Newer`](Reason::Newer).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "camelCase")]
pub enum Reason {
    /// A call to the server failed.
    Server(CallFailure),
    /// The answer is not known to be Userfront's.
    NotUserfront(CallFailure),
    /// The server answers for another mode than the session's.
    OtherMode,
    /// A live session, asked about without its tenant's domain.
    WithoutDomain,
    /// `auth/refresh` was asked before, and is asked again only when the user wants it.
    AskedBefore,
    /// The server accepts a token of the session.
    StillAccepted,
    /// No token of the session says when it expires.
    Unreadable,
    /// The server was not asked: the registry must be written first, and could not be.
    NotAsked(RegistryError),
    /// The server was asked, and has not answered yet.
    NoAnswerYet,
    /// The server has answered, and the answer is being verified.
    Asking,
    /// Not asked yet: a refresh gave the account another session.
    NewSession,
    /// Not asked yet: its token was found in the keyring; no account listed it.
    Found,
    /// Not asked yet: the user logged in to the account again.
    LoggedInAgain,
    /// Not asked yet: the user logged out of an older session.
    OlderSession,
    /// Not asked yet: it was logged out before, and its token was still in the keyring.
    LoggedOutBefore,
    /// Not asked yet: its log-in was cut off.
    LogInCutOff,
    /// Not asked yet: its log-out was cut off.
    LogOutCutOff,
    /// Not asked yet: its account was abandoned, and the keyring is back.
    KeyringBack,
    /// The account is not logged in.
    NotLoggedIn,
    /// The keyring failed.
    Keyring(StoreError),
    /// The registry failed.
    List(RegistryError),
    /// The registry cannot be written, and the server did not confirm the revocation.
    Unwritable {
        /// Why it cannot be written.
        list: RegistryError,
        /// Why the session is not known to be over.
        server: CallFailure,
    },
    /// A sentence that an older version wrote.
    #[serde(untagged)]
    Text(String),
    /// A kind that a newer version wrote: kept as it is, so that its row is read and written like any other.
    #[serde(untagged)]
    Newer(Value),
}

impl Reason {
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Server(failure) | Self::NotUserfront(failure) => failure.retry_after(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;
    use crate::model::registry_error::Action;

    #[test]
    fn a_reason_is_saved_as_its_kind() {
        let detail = || "dns error".to_owned();
        let wait = Some(Duration::from_secs(9));
        let server = Reason::Server;
        for (reason, saved) in [
            (
                server(CallFailure::Unreachable { detail: detail() }),
                json!({"kind": "server", "of": {"kind": "unreachable"}}),
            ),
            (
                server(CallFailure::ServerFault { status: 503, retry_after: wait }),
                json!({"kind": "server", "of": {"kind": "serverFault", "status": 503}}),
            ),
            (
                server(CallFailure::Refused { status: 403, message: "No.".to_owned() }),
                json!({"kind": "server", "of": {"kind": "refused", "status": 403, "message": "No."}}),
            ),
            (Reason::NoAnswerYet, json!({"kind": "noAnswerYet"})),
            (Reason::Keyring(StoreError::Locked), json!({"kind": "keyring", "of": {"kind": "locked"}})),
            (
                Reason::List(RegistryError::Io { action: Action::Written, detail: detail() }),
                json!({"kind": "list", "of": {"kind": "io", "action": "written", "detail": "dns error"}}),
            ),
            (Reason::Text("The server said no.".to_owned()), json!("The server said no.")),
        ] {
            assert_eq!(to_value(&reason).unwrap(), saved);
            let read: Reason = from_value(saved.clone()).unwrap();
            assert_eq!(to_value(read).unwrap(), saved);
        }
        for newer in [
            json!({"kind": "ofNewerVersion", "of": {"status": 1}}),
            json!({"kind": "server", "of": {"kind": "ofNewerVersion"}}),
            json!({"kind": "list", "of": {"kind": "io", "action": "ofNewerVersion", "detail": ""}}),
        ] {
            let read: Reason = from_value(newer.clone()).unwrap();
            assert_eq!((&read, to_value(&read).unwrap()), (&Reason::Newer(newer.clone()), newer));
        }
    }
}
