//! The rows of the tray's menu and their words. The window may be hidden then, so they are not the page's.

use accounts::model::registry::{Account, Phase, Registry};
use accounts::{AccountId, Health, Overview};

use crate::state::tray_action::TrayAction;
use crate::system::tray::Row;
use crate::views::order::{TenantNames, in_order};

/// Other accounts that the menu lists; more of them are in the window.
const LISTED: usize = 9;

pub(crate) fn menu(overview: &Overview) -> Vec<Row<TrayAction>> {
    let registry = &overview.registry;
    let active = accounts::overview::shown_account(overview);
    let names = TenantNames::of(registry);
    let mut rows = Vec::new();
    if let Some(account) = active {
        rows.push(Row::Item(format!("{} · {}", account.called(), tenant(account, &names)), None));
        rows.push(Row::Item(health(Health::of(account, overview.now)).to_owned(), None));
        let log_out = TrayAction::LogOut(account.id.clone());
        rows.push(Row::Item(format!("Log out of {}", account.called()), Some(log_out)));
        rows.push(Row::Line);
    }
    let is_other = |account: &&Account| {
        account.phase == Phase::Active && active.is_none_or(|active| active.id != account.id)
    };
    let others: Vec<_> = in_order(registry).into_iter().filter(is_other).collect();
    if !others.is_empty() {
        rows.push(Row::Item("Switch to".to_owned(), None));
        rows.extend(others.iter().take(LISTED).map(|account| {
            let words = format!("{} · {}", account.called(), tenant(account, &names));
            Row::Item(words, Some(TrayAction::Switch(account.id.clone())))
        }));
        if others.len() > LISTED {
            rows.push(Row::Item("More…".to_owned(), Some(TrayAction::ShowAccounts)));
        }
        rows.push(Row::Line);
    }
    let pending = registry.pending.iter().filter(|row| !row.is_dead).count();
    if pending > 0 {
        let sessions = if pending == 1 { "1 session".to_owned() } else { format!("{pending} sessions") };
        rows.push(Row::Item(
            format!("{sessions} still to be ended: try now"),
            Some(TrayAction::RetryPending),
        ));
        rows.push(Row::Line);
    }
    if registry.accounts.iter().filter(|account| account.phase == Phase::Active).count() > 1 {
        rows.push(Row::Item("Log out of all…".to_owned(), Some(TrayAction::LogOutOfAll)));
    }
    rows.push(Row::Item("Open Userfront Accounts".to_owned(), Some(TrayAction::Open)));
    rows.push(Row::Item("Quit".to_owned(), Some(TrayAction::Quit)));
    rows
}

/// The accounts that are logged in, with title and text; `None` if there are none.
pub(crate) fn log_out_question(
    registry: &Registry,
    names_none: bool,
) -> Option<(Vec<AccountId>, String, String)> {
    let is_in = |account: &&Account| account.phase == Phase::Active;
    let accounts: Vec<_> = in_order(registry).into_iter().filter(is_in).collect();
    let title = match accounts.len() {
        0 => return None,
        1 => "Log out of 1 account?".to_owned(),
        count => format!("Log out of all {count} accounts?"),
    };
    let listed = if names_none { 0 } else { LISTED };
    let mut lines: Vec<_> = accounts.iter().take(listed).map(|account| account.called()).collect();
    if listed > 0 && accounts.len() > listed {
        lines.push(format!("and {} more", accounts.len() - listed));
    }
    Some((accounts.iter().map(|account| account.id.clone()).collect(), title, lines.join("\n")))
}

fn tenant<'a>(account: &'a Account, names: &TenantNames<'a>) -> &'a str {
    names.of_account(account).unwrap_or(account.tenant.id.as_str())
}

fn health(health: Health) -> &'static str {
    match health {
        Health::Ok => "Logged in · valid",
        Health::Expired => "Logged in · token expired",
        Health::SignedOutByServer => "Session ended by Userfront",
        Health::TokensMissing => "Sign-in missing",
        Health::Ended => "Session expired",
        Health::LoggingIn => "Logging in",
        Health::LoggingOut => "Logging out",
    }
}
