//! What is printed: lines for people, or JSON (`README.md` of this folder has the shapes). Times are seconds
//! since 1970 in JSON; no shape has a token but that of `token`.

use accounts::base::refresh_outcome::RefreshFailure;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::log_out_outcome::{LogOut, Revocation};
use accounts::model::registry::{Account, LostSession, Mended, PendingRevocation, Phase};
use accounts::ports::StoreStatus;
use accounts::{Health, Overview};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::tell::{self, tell};
use crate::words;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) json: bool,
}

impl Report {
    /// What was asked for: `value` as JSON, or else the lines.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn answer(self, value: &Value, lines: &str) -> Result<(), Failure> {
        if self.json {
            tell::answer(&value.to_string())
        } else if lines.is_empty() {
            Ok(())
        } else {
            tell::answer(lines.trim_end())
        }
    }

    /// What was done. That nobody could be told does not undo it.
    pub(crate) fn say(self, value: &Value, lines: &str) {
        if let Err(unsaid) = self.answer(value, lines) {
            tell!("userfront: {}", unsaid.message);
        }
    }

    /// What went wrong, in a sentence on standard error; in JSON also an object on standard output.
    pub(crate) fn error(self, failure: &Failure) -> Exit {
        if self.json
            && let Err(unsaid) = self.answer(&json!({"error": error(failure)}), "")
        {
            // Of a failure to write, once is enough.
            if unsaid.message != failure.message {
                tell!("userfront: {}", unsaid.message);
            }
        }
        tell!("userfront: {}", failure.message);
        failure.exit
    }
}

/// For JSON.
pub(crate) fn error(failure: &Failure) -> Value {
    let code = match failure.exit {
        Exit::Done | Exit::Failed => "failed",
        Exit::Usage => "usage",
        Exit::NotLoggedIn => "notLoggedIn",
        Exit::Keyring => "keyring",
        Exit::Pending => "pending",
    };
    json!({"code": code, "message": failure.message})
}

pub(crate) fn account(account: &Account, overview: &Overview) -> Value {
    let profile = &account.profile;
    json!({
        "id": account.id,
        "name": account.name(),
        "email": profile.email,
        "username": profile.username,
        "tenantId": account.tenant.id,
        "tenantName": profile.tenant_name,
        "apiHost": account.tenant.api.host(),
        "mode": account.id.mode().to_string(),
        "health": health(Health::of(account, overview.now)),
        "active": overview.registry.active.as_ref() == Some(&account.id),
        "loggedInAt": account.logged_in_at,
        "accessExpiresAt": account.access_expires_at,
        "sessionEndsAt": account.session_ends_at,
    })
}

fn health(health: Health) -> &'static str {
    match health {
        Health::Ok => "ok",
        Health::Expired => "expired",
        Health::SignedOutByServer => "signedOutByServer",
        Health::TokensMissing => "tokensMissing",
        Health::Ended => "ended",
        Health::LoggingIn => "arriving",
        Health::LoggingOut => "leaving",
    }
}

/// Why nothing can be done with an account until the user logs in again.
pub(crate) fn why_over(account: &Account, overview: &Overview) -> Option<RefreshFailure> {
    match Health::of(account, overview.now) {
        Health::SignedOutByServer => Some(RefreshFailure::SessionOver),
        Health::TokensMissing => Some(RefreshFailure::TokensMissing),
        Health::Ended => Some(RefreshFailure::Ended),
        Health::Ok | Health::Expired | Health::LoggingIn | Health::LoggingOut => None,
    }
}

pub(crate) fn shown(overview: &Overview) -> impl Iterator<Item = &Account> {
    overview.registry.accounts.iter().filter(|account| account.phase != Phase::Abandoned)
}

pub(crate) fn keyring(overview: &Overview) -> Value {
    let status = match &overview.store {
        StoreStatus::Ok => "ok",
        StoreStatus::Locked => "locked",
        StoreStatus::NotAllowed => "notAllowed",
        StoreStatus::NoKeyring => "noKeyring",
        StoreStatus::Unavailable(_) => "unavailable",
        StoreStatus::Hung => "hung",
    };
    json!({"name": overview.store_name, "status": status})
}

/// That this machine's clock was not the server's: by how many seconds it was ahead, or behind.
pub(crate) fn clock_warning(ahead: i64) -> String {
    let by = match ahead.unsigned_abs() {
        seconds @ ..7_200 => format!("{} minutes", seconds / 60),
        seconds @ ..172_800 => format!("{} hours", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    };
    let side = if ahead > 0 { "ahead of" } else { "behind" };
    format!(
        "when this computer last got tokens, its clock was {by} {side} Userfront's. If that is still so, have \
         it set by itself."
    )
}

pub(crate) fn pending(row: &PendingRevocation) -> Value {
    json!({
        "id": row.entry,
        "account": row.account,
        "accountName": row.account_name,
        "tenantId": row.tenant.id,
        "since": row.since,
        "reason": words::reason(&row.reason),
        "tries": row.tries,
        "nextTry": row.next_try,
        "sessionEndsAt": row.session_ends_at,
        "stillAnswersUntil": row.still_answers_until,
    })
}

pub(crate) fn pending_line(row: &PendingRevocation) -> String {
    format!("{} ({}): {}\n  {}\n", row.account_name, row.tenant.id, words::reason(&row.reason), row.entry)
}

pub(crate) fn lost(lost: &LostSession) -> Value {
    json!({
        "account": lost.account,
        "accountName": lost.account_name,
        "session": lost.session,
        "aliveUntil": lost.alive_until,
    })
}

pub(crate) fn lost_line(lost: &LostSession) -> String {
    format!(
        "A session of {} ({}) may be alive at Userfront until it expires by itself: its token is not in the keyring, so \
         nothing here can end it\n",
        lost.account_name, lost.account
    )
}

pub(crate) fn mended_line(mended: &Mended) -> String {
    let now = if mended.from_last_good { "its last good copy took its place" } else { "it is empty now" };
    let kept = mended.kept_as.as_ref().map(|name| format!("; the damaged one is kept as {name}"));
    format!("The account list was damaged or missing: {now}{}\n", kept.unwrap_or_default())
}

/// That a log-in which was cut off is undone, by this run.
pub(crate) fn rollback(account_name: &str) -> String {
    format!(
        "the log-in of {account_name} was cut off, and is undone. Its session is over, or being ended (`userfront pending` \
         lists it then). Log in again when you like."
    )
}

pub(crate) fn log_out(outcome: &LogOut) -> Value {
    let (revocation, alive_until) = match outcome.revocation {
        Revocation::Revoked => ("revoked", None),
        Revocation::AlreadyInvalid => ("alreadyInvalid", None),
        Revocation::Pending { alive_until } => ("pending", Some(alive_until)),
        Revocation::Impossible { alive_until } => ("impossible", Some(alive_until)),
    };
    let (deletion, still_present) = match &outcome.deletion {
        Deletion::Deleted => ("deleted", &[][..]),
        Deletion::AlreadyAbsent => ("alreadyAbsent", &[][..]),
        Deletion::StillPresent(entries) => ("stillPresent", entries.as_slice()),
    };
    json!({
        "accountName": outcome.account_name,
        "revocation": revocation,
        "aliveUntil": alive_until,
        "acceptedUntil": outcome.accepted_until,
        "deletion": deletion,
        "stillPresent": still_present,
        "unwritten": outcome.unwritten.as_ref().map(ToString::to_string),
        "openInBrowser": outcome.destination.open_in_browser.as_ref().map(accounts::model::destination::BrowserPage::url),
    })
}

pub(crate) fn log_out_lines(outcome: &LogOut) -> String {
    let name = &outcome.account_name;
    if let (true, Some(error)) = (outcome.is_back, &outcome.unwritten) {
        return format!(
            "Not logged out of {name}. Userfront says that the session is over, and still accepts its tokens: they are in the \
             keyring again. {error}. Free some disk space or check the data folder, then log out again.\n"
        );
    }
    let mut lines = match outcome.revocation {
        Revocation::AlreadyInvalid if outcome.accepted_until.is_none() => {
            format!("Logged out of {name}. Userfront no longer accepts this session's tokens.\n")
        }
        Revocation::Revoked | Revocation::AlreadyInvalid => format!("Logged out of {name}.\n"),
        Revocation::Pending { .. } => format!(
            "Logged out of {name} on this computer. Userfront has not confirmed that the session is over: it is pending, and \
             tried again by the app and by every run of this command.\n"
        ),
        Revocation::Impossible { .. } => format!(
            "Logged out of {name} on this computer. There was no token to end the session with: it may stay alive at \
             Userfront until it expires by itself.\n"
        ),
    };
    if outcome.accepted_until.is_some() {
        lines.push_str(
            "The session is over and cannot be renewed. Userfront still accepts its access token until that expires.\n",
        );
    }
    lines.push_str(&still_present(&outcome.deletion));
    if let Some(error) = &outcome.unwritten {
        lines.extend([format!(
            "The account list still has it. {error}. Free some disk space or check the data folder; any run then removes it.\n"
        )]);
    }
    lines
}

/// The entries that the keyring did not delete; nothing, if it did.
pub(crate) fn still_present(deletion: &Deletion) -> String {
    let Deletion::StillPresent(entries) = deletion else { return String::new() };
    let names: Vec<_> = entries.iter().map(|entry| format!("  {entry}\n")).collect();
    format!("The keyring did not delete:\n{}", names.concat())
}

pub(crate) fn exit_of_deletion(deletion: &Deletion) -> Exit {
    match deletion {
        Deletion::StillPresent(_) => Exit::Keyring,
        Deletion::Deleted | Deletion::AlreadyAbsent => Exit::Done,
    }
}

pub(crate) fn exit_of(outcome: &LogOut) -> Exit {
    let keyring = exit_of_deletion(&outcome.deletion);
    let list = if outcome.unwritten.is_some() { Exit::Failed } else { Exit::Done };
    keyring.and(list).and(match outcome.revocation {
        Revocation::Revoked | Revocation::AlreadyInvalid => Exit::Done,
        Revocation::Pending { .. } => Exit::Pending,
        Revocation::Impossible { .. } => Exit::Failed,
    })
}

#[cfg(test)]
mod tests {
    use accounts::Timestamp;
    use accounts::model::destination::{Destination, Place};

    use super::*;

    #[test]
    fn a_clock_that_is_wrong_is_told_in_words() {
        for (ahead, words) in [
            (150, "2 minutes ahead of"),
            (-3_600, "60 minutes behind"),
            (7_200, "2 hours ahead of"),
            (-86_400 * 400, "400 days behind"),
            (i64::MIN, "106751991167300 days behind"),
        ] {
            assert!(clock_warning(ahead).contains(words), "{}", clock_warning(ahead));
        }
    }

    #[test]
    fn a_session_whose_access_token_is_still_accepted_is_not_said_to_have_no_token_that_is() {
        let destination = Destination { place: Place::Here, open_in_browser: None };
        for revocation in [Revocation::Revoked, Revocation::AlreadyInvalid] {
            let outcome = LogOut {
                account_name: "Mira".to_owned(),
                revocation,
                deletion: Deletion::Deleted,
                destination: destination.clone(),
                accepted_until: Some(Timestamp(9)),
                unwritten: None,
                is_back: false,
            };
            assert_eq!(
                log_out_lines(&outcome),
                "Logged out of Mira.\nThe session is over and cannot be renewed. Userfront still accepts its access \
                 token until that expires.\n"
            );
        }
    }
}
