//! The objects of `watch`, one a line.

use accounts::{Health, Overview};
use serde_json::{Value, json};

use super::{account, health, keyring, keyring_status, pending as pending_row};
use crate::changes::{Change, active, logged_in, pending};

pub(crate) fn now(overview: &Overview) -> Value {
    json!({
        "event": "now",
        "at": overview.now,
        "accounts": logged_in(overview).map(|it| account(it, overview)).collect::<Vec<_>>(),
        "active": active(overview).map(|account| &account.id),
        "pending": pending(overview).map(pending_row).collect::<Vec<_>>(),
        "keyring": keyring(overview),
    })
}

pub(crate) fn change(change: &Change, overview: &Overview) -> Value {
    let mut value = match change {
        Change::LoggedIn(it) => json!({"event": "loggedIn", "account": account(it, overview)}),
        Change::LoggedOut(it) => json!({"event": "loggedOut", "account": it.id, "accountName": it.called()}),
        Change::Health(it) => {
            json!({"event": "health", "account": it.id, "health": health(Health::of(it, overview.now))})
        }
        Change::Active(it) => json!({"event": "active", "account": it.as_ref().map(|account| &account.id)}),
        Change::Queued(row) => json!({"event": "pendingQueued", "pending": pending_row(row)}),
        Change::Resolved(row) => json!({"event": "pendingResolved", "id": row.entry, "account": row.account}),
        Change::Keyring(status) => json!({"event": "keyring", "status": keyring_status(status)}),
    };
    value["at"] = json!(overview.now);
    value
}
