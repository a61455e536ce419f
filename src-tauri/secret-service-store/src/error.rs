//! The store's errors, and their form for the keyring crate.

/// Why a call failed. No variant holds any part of a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The collection is locked. Nothing was touched.
    #[error("the keyring is locked")]
    Locked,
    /// The collection is unlocked, but the item stays locked for this connection until the user allows it.
    #[error("the keyring has not allowed this program to use the item")]
    NotAllowed,
    /// There is no default collection.
    #[error("there is no default keyring")]
    NoCollection,
    /// The bus has no daemon to give the request to: it was not made.
    #[error("nothing provides org.freedesktop.secrets")]
    Absent,
    /// No bus, or the daemon does not start, or it ended during a call: the reason, in one line.
    #[error("{0}")]
    Unavailable(String),
    /// The daemon deletes only by a prompt, which may ask the user: [`Store::allow_questions`] has not been
    /// called. Nothing was touched.
    ///
    /// [`Store::allow_questions`]: crate::Store::allow_questions
    #[error("the keyring may ask the user before it deletes")]
    WouldAsk,
    /// The daemon waits for the user's answer to a prompt. The request may still take effect.
    #[error("the keyring waits for the user's answer")]
    Waiting,
    /// The daemon refused: its message, in one line.
    #[error("{0}")]
    Refused(String),
}

impl From<Error> for keyring_core::Error {
    /// The box holds an [`Error`]: `downcast_ref` finds it.
    fn from(error: Error) -> Self {
        match error {
            Error::Locked | Error::NotAllowed | Error::NoCollection => Self::NoStorageAccess(Box::new(error)),
            Error::Absent | Error::WouldAsk | Error::Waiting | Error::Unavailable(_) | Error::Refused(_) => {
                Self::PlatformFailure(Box::new(error))
            }
        }
    }
}

impl From<zbus::Error> for Error {
    fn from(error: zbus::Error) -> Self {
        let zbus::Error::MethodError(name, ..) = &error else {
            return Self::Unavailable(one_line(&error.to_string()));
        };
        match name.as_str() {
            "org.freedesktop.Secret.Error.IsLocked" => Self::Locked,
            "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => {
                Self::Absent
            }
            "org.freedesktop.DBus.Error.NoReply" | "org.freedesktop.DBus.Error.Disconnected" => {
                Self::Unavailable("the keyring ended in the middle of a call".to_owned())
            }
            name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => {
                Self::Unavailable("the keyring could not be started".to_owned())
            }
            _ => Self::Refused(one_line(&error.to_string())),
        }
    }
}

pub(crate) fn one_line(message: &str) -> String {
    let line = message.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(200).collect::<String>().trim().to_owned()
}
