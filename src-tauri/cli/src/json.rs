//! The JSON shapes (`README.md` of this folder lists them). Times are seconds since 1970. The answer to
//! `token` alone holds a token.

pub(crate) mod watch;

use std::path::PathBuf;

use accounts::base::foreign_entries::ForeignEntry;
use accounts::model::account::Listed;
use accounts::model::activity::Line;
use accounts::model::destination::BrowserPage;
use accounts::model::log_out_outcome::{Deletion, LogOut};
use accounts::model::registry::{Account, LostSession, PendingRevocation};
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{EntryElsewhere, StoreStatus};
use accounts::{AccountId, Health, Overview};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::{causes, reason};

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

/// The answer to a log-in.
pub(crate) fn logged_in(id: &AccountId, overview: &Overview) -> Value {
    json!({"account": overview.registry.account(id).map(|account| self::account(account, overview))})
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

pub(crate) fn keyring(overview: &Overview) -> Value {
    json!({"name": overview.store_name, "status": keyring_status(&overview.store)})
}

pub(crate) fn keyring_status(status: &StoreStatus) -> &'static str {
    match status {
        StoreStatus::Ok => "ok",
        StoreStatus::Locked => "locked",
        StoreStatus::NotAllowed => "notAllowed",
        StoreStatus::NoKeyring => "noKeyring",
        StoreStatus::Unavailable(_) => "unavailable",
        StoreStatus::Hung => "hung",
    }
}

pub(crate) fn pending(row: &PendingRevocation) -> Value {
    json!({
        "id": row.entry,
        "account": row.account,
        "accountName": row.account_name,
        "tenantId": row.tenant.id,
        "since": row.since,
        "reason": reason::words(&row.reason),
        "tries": row.tries,
        "nextTry": row.next_try,
        "sessionEndsAt": row.session_ends_at,
        "stillAnswersUntil": row.still_answers_until,
    })
}

pub(crate) fn lost(lost: &LostSession) -> Value {
    json!({
        "account": lost.account,
        "accountName": lost.account_name,
        "session": lost.session,
        "aliveUntil": lost.alive_until,
    })
}

pub(crate) fn unanswered(lines: &[Line]) -> Value {
    let of =
        |line: &Line| json!({"at": line.at, "tenantId": line.tenant(), "accountName": line.account_name});
    lines.iter().map(of).collect()
}

pub(crate) fn log_out(outcome: &LogOut) -> Value {
    let revocation = match outcome.session {
        SessionOutcome::Revoked => "revoked",
        SessionOutcome::AlreadyInvalid | SessionOutcome::Over | SessionOutcome::Expired => "alreadyInvalid",
        SessionOutcome::Pending => "pending",
        SessionOutcome::Lost => "impossible",
    };
    let (deletion, still_present) = match &outcome.deletion {
        Deletion::Deleted => ("deleted", &[][..]),
        Deletion::AlreadyAbsent => ("alreadyAbsent", &[][..]),
        Deletion::StillPresent(entries) => ("stillPresent", entries.as_slice()),
    };
    json!({
        "accountName": outcome.account_name,
        "revocation": revocation,
        "aliveUntil": (!outcome.session.is_over()).then_some(outcome.alive_until),
        "acceptedUntil": outcome.accepted_until,
        "deletion": deletion,
        "stillPresent": still_present,
        "unwritten": outcome.unwritten.as_ref().map(causes::list),
        "openInBrowser": outcome.destination.open_in_browser.as_ref().map(BrowserPage::url),
    })
}

/// Those that the user has not left.
pub(crate) fn foreign(foreign: &[ForeignEntry]) -> Vec<Value> {
    foreign.iter().filter(|foreign| !foreign.is_left).map(foreign_entry).collect()
}

pub(crate) fn foreign_entry(foreign: &ForeignEntry) -> Value {
    let (user, place) = match foreign.entry.meaning() {
        Some(Listed::OfAccount(id)) => {
            (Some(id.user().clone()), Some((id.tenant().clone(), id.mode(), id.host().to_owned())))
        }
        Some(Listed::OfSuperseded { tenant, mode, host }) => (None, Some((tenant, mode, host))),
        Some(Listed::OfRevocation { .. }) | None => (None, None),
    };
    let (tenant, mode, host) = place.map_or((None, None, None), |(t, m, h)| (Some(t), Some(m), Some(h)));
    json!({
        "entry": foreign.entry,
        "tenantId": tenant,
        "userUuid": user,
        "mode": mode.map(|mode| mode.to_string()),
        "host": host,
    })
}

/// The entries under services that this data folder used before.
pub(crate) fn elsewhere(entries: &[EntryElsewhere]) -> Vec<Value> {
    entries.iter().map(|it| json!({"service": it.service, "entry": it.entry})).collect()
}

pub(crate) fn paths(paths: &[PathBuf]) -> Value {
    paths.iter().map(|path| path.display().to_string()).collect()
}
