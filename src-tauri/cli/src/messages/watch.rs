//! The lines of `watch`.

use std::path::Path;

use accounts::Overview;
use accounts::model::registry::{Account, PendingRevocation};

use super::{accounts as account_lines, reason};
use crate::changes::{Change, logged_in, pending};
use crate::failure::Failure;
use crate::json;
use crate::terminal::Display;

/// The accounts, the keyring, and what is pending.
pub(crate) fn now(overview: &Overview) -> String {
    let shown: Vec<_> = logged_in(overview).collect();
    let mut lines = account_lines::list(overview, &shown, Display::default());
    lines.push_str(&keyring(overview));
    lines.extend(pending(overview).map(queued));
    lines
}

pub(crate) fn change(change: &Change, overview: &Overview) -> String {
    match change {
        Change::LoggedIn(account) => format!("Logged in: {}", account_lines::line(account, overview)),
        Change::LoggedOut(account) => format!("Logged out: {}", name_and_place(account)),
        Change::Health(account) => format!("Changed: {}", account_lines::line(account, overview)),
        Change::Active(Some(account)) => format!("Active: {}", name_and_place(account)),
        Change::Active(None) => "No account is active.".to_owned(),
        Change::Queued(row) => queued(row),
        Change::Resolved(row) => format!("Not pending any more: {} ({})", row.account_name, row.tenant.id),
        Change::Keyring(_) => keyring(overview),
    }
}

fn name_and_place(account: &Account) -> String {
    format!("{}  {}  {}", account.called(), account_lines::tenant(&account.tenant), account.id.mode())
}

fn queued(row: &PendingRevocation) -> String {
    format!(
        "Pending at Userfront: {} ({}): {}\n",
        row.account_name,
        row.tenant.id,
        reason::words(&row.reason)
    )
}

fn keyring(overview: &Overview) -> String {
    format!("Keyring: {} ({})\n", overview.store_name, json::keyring_status(&overview.store))
}

pub(crate) fn not_watched(error: &dyn std::error::Error) -> Failure {
    Failure::failed(format!("Changes cannot be watched here: {error}."))
}

pub(crate) fn folder_is_gone(home: &Path) -> Failure {
    Failure::failed(format!(
        "The data folder is gone, or another is in its place: {}. Nothing is watched any more.",
        home.display()
    ))
}
