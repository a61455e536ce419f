//! Faults that several errors share, as sentences. The domain's own words for them are for logs.

use accounts::Malformed;
use accounts::base::rollback_outcome::Rollback;
use accounts::model::activity::Program;
use accounts::model::claims::Refused;
use accounts::model::link::{LinkError, SCHEME};
use accounts::model::registry_error::{Action, RegistryError};
use accounts::ports::not_stored::NotStored;
use accounts::ports::{CallFailure, FileError, RunningProgram, StoreError};

/// The text of another program as the end of a sentence.
pub(crate) fn ended(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

pub(crate) fn store(error: &StoreError) -> String {
    match error {
        StoreError::Locked => "The keyring is locked.".to_owned(),
        StoreError::NotAllowed => "The keyring has not allowed this program to use the entry.".to_owned(),
        StoreError::NoKeyring => "There is no keyring yet.".to_owned(),
        StoreError::Hung => "The keyring does not answer.".to_owned(),
        StoreError::Unavailable(detail) => ended(&format!("The keyring cannot be reached: {detail}")),
        StoreError::Refused(detail) => ended(&format!("The keyring refused: {detail}")),
    }
}

pub(crate) fn list(error: &RegistryError) -> String {
    match error {
        RegistryError::Io { action: Action::Read, detail } => {
            ended(&format!("The account list cannot be read: {detail}"))
        }
        RegistryError::Io { action: Action::Written, detail } => {
            ended(&format!("The account list cannot be written: {detail}"))
        }
        RegistryError::TooNew { format } => format!(
            "The account list was written by a newer version of this app (format {format}). Update the app \
             to use it."
        ),
        RegistryError::Busy => {
            "Another window or program of this app is at work on it. Try again in a moment.".to_owned()
        }
    }
}

/// The fault with what to do about it, and `then`: the end of the sentence that says it.
pub(crate) fn list_then(error: &RegistryError, then: &str) -> String {
    let advice = match error {
        RegistryError::Io { action, .. } => at_folder(*action),
        RegistryError::TooNew { .. } | RegistryError::Busy => return list(error),
    };
    format!("{} {advice}{then}", list(error))
}

fn at_folder(action: Action) -> &'static str {
    match action {
        Action::Read => "Check the data folder",
        Action::Written => "Free some disk space or check the data folder",
    }
}

pub(crate) fn activity(FileError { action, detail, .. }: &FileError) -> String {
    let fault = match action {
        Action::Read => "The activity cannot be read",
        Action::Written => "The activity cannot be written",
    };
    format!("{} {}.", ended(&format!("{fault}: {detail}")), at_folder(*action))
}

pub(crate) fn not_stored(cause: &NotStored) -> String {
    match cause {
        NotStored::Store(error) => store(error),
        NotStored::Registry(error) => list(error),
    }
}

pub(crate) fn call(failure: &CallFailure) -> String {
    match failure {
        CallFailure::Unreachable { .. } => "The server cannot be reached.".to_owned(),
        CallFailure::NoCertificates => {
            "This computer has no CA certificates, so no server can be trusted.".to_owned()
        }
        CallFailure::BrokeOff { .. } => "The connection to the server broke off.".to_owned(),
        CallFailure::TimedOut => "The server did not answer in time.".to_owned(),
        CallFailure::Unintelligible { status, .. } => {
            format!("The answer is not one that Userfront gives (HTTP {status}).")
        }
        CallFailure::TooManyRequests { .. } => "The server wants us to wait.".to_owned(),
        CallFailure::ServerFault { status, .. } => format!("Userfront is unavailable (error {status})."),
        CallFailure::Refused { message, .. } => ended(message),
    }
}

pub(crate) fn tokens(refused: &Refused) -> String {
    match refused {
        Refused::Unreadable(why) => format!("The server sent a token that cannot be read ({why})."),
        Refused::OtherTenant => "The server sent a token for another tenant.".to_owned(),
        Refused::Mixed => "The server sent tokens that do not belong together.".to_owned(),
    }
}

pub(crate) fn rollback(rollback: &Rollback) -> String {
    match rollback {
        Rollback::Ended => "The new session was ended again.".to_owned(),
        Rollback::Pending => {
            "The new session may still be alive; it is listed as pending and will be ended.".to_owned()
        }
        Rollback::Alive { reason, .. } => format!(
            "The new session could not be ended ({}) and stays alive at Userfront until it expires.",
            call(reason).trim_end_matches('.')
        ),
    }
}

pub(crate) fn malformed(malformed: &Malformed) -> &'static str {
    match malformed {
        Malformed::TenantId => "A tenant ID has 1 to 64 letters, digits or hyphens, like demo1234.",
        Malformed::UserUuid => "A user's UUID has 1 to 64 letters, digits or hyphens.",
        Malformed::SessionId => "A session ID has 1 to 256 characters.",
        Malformed::ApiUrl => {
            "The API URL is not a web address (one looks like https://api.userfront.com/v0/)."
        }
        Malformed::ApiScheme => {
            "The API URL must begin with https:// (plain http:// only for 127.0.0.1 or [::1])."
        }
        Malformed::ApiExtras => "The API URL must not contain a user name, a password, a ? or a #.",
        Malformed::Domain => {
            "The domain is a host name such as app.example.com, without https:// and without a path."
        }
        Malformed::AccountId => "This is not an account ID.",
        Malformed::Mode => "The mode is live or test.",
    }
}

pub(crate) fn link(error: LinkError) -> String {
    match error {
        LinkError::Empty => {
            "There is no link here. Copy the whole link from the e-mail or the browser, and paste it."
                .to_owned()
        }
        LinkError::TooLong => {
            "This is too long for a log-in link. Copy only the link from the e-mail or the browser."
                .to_owned()
        }
        LinkError::NotALink => {
            "This is not a link. Copy the whole link, from https:// to its end.".to_owned()
        }
        LinkError::Scheme => format!(
            "This link does not lead to a web page. A log-in link begins with https://, http:// or {SCHEME}:"
        ),
        LinkError::Characters => {
            "This link has characters in it that do not belong there. Copy it again, or \
                                  ask for a new one; do not use it if it came unasked."
                .to_owned()
        }
        LinkError::Credentials => {
            "This link has a user name before its host, as forged links do. Ask for a new link.".to_owned()
        }
        LinkError::NamesHost => {
            "This link tries to choose another server, which no real one does. Ask for a new link.".to_owned()
        }
        LinkError::Missing(parameter) => {
            format!("This link has no {parameter}. Copy all of it, to its end, or ask for a new one.")
        }
        LinkError::Twice(parameter) => {
            format!("This link has more than one {parameter}. Ask for a new link.")
        }
        LinkError::Malformed(parameter) => {
            format!(
                "The {parameter} in this link is damaged. Copy the whole link again, or ask for a new one."
            )
        }
    }
}

/// A program as the subject of a sentence.
pub(crate) fn program(running: Option<RunningProgram>) -> String {
    let Some(RunningProgram { program, process }) = running else {
        return "Another program of this app".to_owned();
    };
    let name = match program {
        Program::App => "The app",
        Program::Cli => "`userfront`",
    };
    format!("{name} (process {process})")
}
