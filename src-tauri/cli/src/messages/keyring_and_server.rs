//! Faults of the keyring and of the server.

use std::time::Duration;

use accounts::ports::{CallFailure, StoreError};

use super::causes;
use crate::exit::Exit;
use crate::failure::Failure;

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let message = match error {
            StoreError::Locked => "The keyring is locked. Unlock it, then try again.".to_owned(),
            StoreError::NotAllowed => {
                "The keyring has not allowed this program to use its entry. KeePassXC asks for each program: \
                 allow it there, or turn off \"Confirm when passwords are retrieved by clients\" in its \
                 settings (Secret Service Integration), then try again."
                    .to_owned()
            }
            StoreError::NoKeyring => {
                "There is no keyring yet. Log in to your desktop once, or create one with its own program \
                 (Passwords and Keys). Without a screen: gnome-keyring-daemon --unlock, with a new password \
                 on standard input."
                    .to_owned()
            }
            StoreError::Hung => {
                "The keyring does not answer. Look for a window of the keyring's that waits for you, or \
                 restart the keyring, then try again."
                    .to_owned()
            }
            StoreError::Unavailable(why) => format!(
                "The keyring cannot be reached ({why}). Start GNOME Keyring or KDE Wallet, then try again."
            ),
            StoreError::Refused(why) => {
                format!("The keyring refused: {why}. Try again, or look at it with its own program.")
            }
        };
        Self::new(Exit::Keyring, message)
    }
}

impl From<CallFailure> for Failure {
    fn from(failure: CallFailure) -> Self {
        let message = match failure {
            CallFailure::Unreachable { detail } => {
                format!("The server cannot be reached ({detail}). Check your connection, then try again.")
            }
            CallFailure::NoCertificates => {
                format!(
                    "{} Install them (Debian: the package ca-certificates), then try again.",
                    causes::call(&failure)
                )
            }
            CallFailure::BrokeOff { detail } => format!(
                "The connection to the server broke off ({detail}). Check your connection, then try again."
            ),
            CallFailure::TimedOut => "The server did not answer in time. Try again in a moment.".to_owned(),
            CallFailure::Unintelligible { status, detail } => format!(
                "What answered is not Userfront's API (HTTP {status}: {detail}). Check the API URL, or try \
                 again later."
            ),
            CallFailure::TooManyRequests { retry_after } => {
                format!("The server wants us to wait{} Then try again.", how_long(retry_after))
            }
            CallFailure::ServerFault { status, retry_after } => {
                let when =
                    retry_after.map_or("in a while".to_owned(), |wait| format!("in {}", seconds(wait)));
                format!("Userfront is unavailable (error {status}). Try again {when}.")
            }
            CallFailure::Refused { status, message } => {
                format!("Userfront refused: {message} (HTTP {status}).")
            }
        };
        Self::new(Exit::Failed, message)
    }
}

fn how_long(retry_after: Option<Duration>) -> String {
    retry_after.map_or(" for a minute.".to_owned(), |wait| format!(" for {}.", seconds(wait)))
}

/// Whole seconds, at least one.
fn seconds(wait: Duration) -> String {
    match wait.as_secs() {
        0 | 1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}
