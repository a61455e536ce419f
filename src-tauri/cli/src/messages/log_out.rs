//! The answers of `log-out` and of `log-out --erase`.

use std::path::Path;

use accounts::model::log_out_outcome::{Deletion, LogOut};
use accounts::model::registry::{Account, Phase};
use accounts::model::registry_error::RegistryError;
use accounts::model::session_outcome::SessionOutcome;
use accounts::model::text::clean;
use accounts::recovery::erase::LeftFile;
use accounts::{EntryName, Overview};

use super::causes::{list, list_then};
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) const NONE: &str = "No account was logged out.";

pub(crate) fn lines(outcome: &LogOut) -> String {
    let name = &outcome.account_name;
    if let (true, Some(error)) = (outcome.is_back, &outcome.unwritten) {
        return format!(
            "Not logged out of {name}. Userfront says that the session is over, and still accepts its \
             tokens: they are in the keyring again. {}\n",
            list_then(error, ", then log out again.")
        );
    }
    let mut lines = match outcome.session {
        SessionOutcome::AlreadyInvalid if outcome.accepted_until.is_none() => {
            format!("Logged out of {name}. Userfront no longer accepts this session's tokens.\n")
        }
        SessionOutcome::Revoked
        | SessionOutcome::AlreadyInvalid
        | SessionOutcome::Over
        | SessionOutcome::Expired => {
            format!("Logged out of {name}.\n")
        }
        SessionOutcome::Pending => format!(
            "Logged out of {name} on this computer. Userfront has not confirmed that the session is over: it \
             is pending, and tried again by the app and by every run of this command.\n"
        ),
        SessionOutcome::Lost => format!(
            "Logged out of {name} on this computer. There was no token to end the session with: it may stay \
             alive at Userfront until it expires by itself.\n"
        ),
    };
    if outcome.accepted_until.is_some() {
        lines.push_str(
            "The session is over and cannot be renewed. Userfront still accepts its access token until that \
             expires.\n",
        );
    }
    lines.push_str(&still_present(outcome.deletion.remaining()));
    if let Some(error) = &outcome.unwritten {
        lines.extend([format!(
            "The account list still has it. {}\n",
            list_then(error, "; any run then removes it.")
        )]);
    }
    lines
}

/// The failed log-out of one account, or of one foreign entry.
pub(crate) fn failed(name: &str, failure: &Failure) -> String {
    format!("{name}: {}", failure.message)
}

/// Empty when the keyring deleted every entry.
pub(crate) fn still_present(entries: &[EntryName]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let names: Vec<_> = entries.iter().map(|entry| format!("  {entry}\n")).collect();
    format!("The keyring did not delete:\n{}", names.concat())
}

pub(crate) fn kept_in_recycle_bin(overview: &Overview) -> String {
    format!("{} keeps deleted entries in its recycle bin. Empty it there.\n", overview.store_name)
}

pub(crate) fn erased(files: usize) -> String {
    format!("Erased: {files} files, and every keyring entry of this list of accounts.\n")
}

pub(crate) fn saved_file(path: &Path) -> String {
    format!("You saved {}: it is left.\n", path.display())
}

pub(crate) fn not_removed(LeftFile { path, reason }: &LeftFile) -> String {
    format!("{} could not be removed: {reason}.", path.display())
}

/// The entries that `--erase` leaves; nothing where there are none.
pub(crate) fn foreign_left(entries: &[EntryName]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let names: Vec<_> = entries.iter().map(|entry| format!("  {}\n", clean(entry.as_str()))).collect();
    format!("These entries are not this list's, and are still in the keyring:\n{}", names.concat())
}

pub(crate) fn not_erased_unreadable(problem: &RegistryError) -> Failure {
    Failure::failed(format!("Nothing was erased. {}", list(problem)))
}

pub(crate) fn not_erased_still_present(deletion: &Deletion) -> Failure {
    Failure::new(Exit::Keyring, still_present(deletion.remaining()).trim_end())
}

pub(crate) fn not_erased_accounts(accounts: &[Account]) -> Failure {
    let line = |account: &Account| {
        let state = match account.phase {
            Phase::LoggingIn => "is being logged in, or its log-in was cut off",
            Phase::Active => "is logged in",
            Phase::LoggingOut => "is being logged out, or its log-out waits for the keyring: unlock it first",
            Phase::Abandoned => "was forgotten, and its tokens may be in the keyring: unlock it first",
        };
        format!("\n  {} {state}", account.id)
    };
    let names: String = accounts.iter().map(line).collect();
    Failure::failed(format!(
        "Nothing was erased, since not every account is logged out. Close the app, and run it again in a \
         moment.{names}"
    ))
}

pub(crate) fn not_erased_pending(count: usize) -> Failure {
    let (sessions, them) = match count {
        1 => ("1 session is".to_owned(), "it"),
        _ => (format!("{count} sessions are"), "them"),
    };
    let message = format!(
        "Nothing was erased: {sessions} not known to be dead at Userfront, and erasing takes away what can \
         still end {them}. Run it again when the server answers, or give --discard-pending."
    );
    Failure::new(Exit::Pending, message)
}

#[cfg(test)]
mod tests {
    use accounts::Timestamp;
    use accounts::model::destination::{Destination, Place};

    use super::*;

    #[test]
    fn an_access_token_that_is_still_accepted_is_mentioned() {
        let destination = Destination { place: Place::Here, open_in_browser: None };
        for session in [SessionOutcome::Revoked, SessionOutcome::AlreadyInvalid] {
            let outcome = LogOut {
                account_name: "Mira".to_owned(),
                session,
                alive_until: Timestamp(9),
                deletion: Deletion::Deleted,
                destination: destination.clone(),
                accepted_until: Some(Timestamp(9)),
                unwritten: None,
                is_back: false,
            };
            assert_eq!(
                lines(&outcome),
                "Logged out of Mira.\nThe session is over and cannot be renewed. Userfront still accepts its \
                 access token until that expires.\n"
            );
        }
    }
}
