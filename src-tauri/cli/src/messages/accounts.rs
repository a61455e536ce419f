//! Accounts as lines that can be told apart.

use std::collections::{HashMap, HashSet};

use accounts::model::account::Profile;
use accounts::model::registry::Account;
use accounts::{Health, Overview, Tenant, Timestamp};
use anstyle::{AnsiColor, Style};

use super::foreign;
use super::table::{Layout, aligned};
use crate::account_argument::NoChoice;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::overview;
use crate::terminal::Display;

const NOT_LOGGED_IN: &str = "Nobody is logged in.";

/// Accounts in columns.
const LAYOUT: Layout<'_> = Layout {
    choices: &[
        &[NAME, EMAIL, TENANT, MODE, HEALTH],
        &[NAME, EMAIL, MODE, HEALTH],
        &[NAME, TENANT, MODE, HEALTH],
        &[NAME, MODE, HEALTH],
        &[NAME, EMAIL, HEALTH],
        &[NAME, TENANT, HEALTH],
        &[NAME, HEALTH],
    ],
    shortened: &[NAME, EMAIL, TENANT],
};
/// With the ID in the place of the e-mail address: a part of it tells nothing, so it may not fit.
const BY_ID: Layout<'_> = Layout { choices: &[&[NAME, EMAIL, HEALTH]], shortened: &[] };
const NAME: usize = 0;
const EMAIL: usize = 1;
const TENANT: usize = 2;
const MODE: usize = 3;
const HEALTH: usize = 4;

/// The accounts, the foreign entries, and whether there may be more. On a terminal the table fits its width.
pub(crate) fn list(overview: &Overview, shown: &[&Account], display: Display) -> String {
    let table = match (shown, display.is_terminal) {
        ([], _) if overview::shown(overview).next().is_none() => format!("{NOT_LOGGED_IN}\n"),
        ([], _) => "No account matches.\n".to_owned(),
        (_, false) => aligned(&rows(overview, shown)),
        (_, true) => on_terminal(overview, shown, display),
    };
    table + foreign::unseen(overview) + &foreign::summary(overview)
}

/// Name, e-mail, tenant, mode, health. `*` marks the active one.
fn rows(overview: &Overview, shown: &[&Account]) -> Vec<[String; 5]> {
    let row = |account: &Account| {
        let mut cells = cells(account, overview.now);
        let is_active = overview.registry.active.as_ref() == Some(&account.id);
        cells[NAME].insert_str(0, if is_active { "* " } else { "  " });
        cells
    };
    let name_and_place =
        |row: &[String; 5]| [&row[NAME][2..], &row[EMAIL], &row[TENANT], &row[MODE]].map(str::to_owned);
    let mut alike = HashMap::new();
    for account in overview::shown(overview) {
        *alike.entry(name_and_place(&row(account))).or_insert(0) += 1;
    }
    let told_apart = |account: &&Account| {
        let mut row = row(account);
        if alike.get(&name_and_place(&row)).is_some_and(|count| *count > 1) {
            row[EMAIL] = account.id.to_string();
        }
        row
    };
    shown.iter().map(told_apart).collect()
}

/// A line for each, to pick from.
pub(crate) fn to_pick(overview: &Overview, shown: &[&Account], width: Option<usize>) -> Vec<String> {
    let lines = fit(rows(overview, shown), shown, width);
    lines.iter().map(|cells| cells.concat()).collect()
}

/// No two accounts look the same. The rows end with those of `shown`; a heading may come before.
fn fit(mut rows: Vec<[String; 5]>, shown: &[&Account], width: Option<usize>) -> Vec<Vec<String>> {
    let width = width.unwrap_or(usize::MAX);
    let told_apart = |lines: &[Vec<String>]| {
        let but_health = |cells: &Vec<String>| {
            cells[..cells.len().saturating_sub(1)].concat().trim_start_matches(['*', ' ']).to_owned()
        };
        lines.iter().map(but_health).collect::<HashSet<_>>().len() == lines.len()
    };
    let lines = LAYOUT.fit(&rows, width, told_apart);
    if told_apart(&lines) {
        return lines;
    }
    let headings = rows.len() - shown.len();
    let (headings, accounts) = rows.split_at_mut(headings);
    for row in headings {
        "ID".clone_into(&mut row[EMAIL]);
    }
    for (row, account) in accounts.iter_mut().zip(shown) {
        row[EMAIL] = account.id.to_string();
    }
    BY_ID.fit(&rows, width, |_| true)
}

/// With headings, and in colour where there is any.
fn on_terminal(overview: &Overview, shown: &[&Account], display: Display) -> String {
    let headings = ["  Name", "E-mail", "Tenant", "Mode", "Health"].map(str::to_owned);
    let mut rows = rows(overview, shown);
    rows.insert(0, headings);
    let mut lines = fit(rows, shown, display.width).into_iter();
    let styled = |style: Style, text: &str| {
        if display.has_colours { format!("{style}{text}{style:#}") } else { text.to_owned() }
    };
    let headings = lines.next().unwrap_or_default().concat();
    let mut text = format!("{}\n", styled(Style::new().bold(), &headings));
    for (account, mut cells) in shown.iter().zip(lines) {
        let colour = colour(Health::of(account, overview.now)).on_default();
        if let Some(health) = cells.last_mut() {
            *health = styled(colour, health);
        }
        text.extend([cells.concat(), "\n".to_owned()]);
    }
    text
}

fn colour(health: Health) -> AnsiColor {
    match health {
        Health::Ok => AnsiColor::Green,
        Health::Expired | Health::LoggingIn | Health::LoggingOut => AnsiColor::Yellow,
        Health::SignedOutByServer | Health::TokensMissing | Health::Ended => AnsiColor::Red,
    }
}

pub(crate) fn line(account: &Account, overview: &Overview) -> String {
    cells(account, overview.now).join("  ")
}

/// Without the name that means it in a command.
pub(crate) fn details(account: &Account) -> String {
    format!("{}, {}, {}", account.name(), tenant(&account.tenant), account.id.mode())
}

fn cells(account: &Account, now: Timestamp) -> [String; 5] {
    [
        account.name().to_owned(),
        called(account),
        tenant(&account.tenant),
        account.id.mode().to_string(),
        health(Health::of(account, now)).to_owned(),
    ]
}

/// Accounts to choose from: name, e-mail, tenant, host, mode, ID.
fn candidates(accounts: &[Account]) -> String {
    let row = |account: &Account| {
        [
            format!("  {}", account.name()),
            called(account),
            account.id.tenant().to_string(),
            account.id.host().to_owned(),
            account.id.mode().to_string(),
            account.id.to_string(),
        ]
    };
    aligned(&accounts.iter().map(row).collect::<Vec<_>>()).trim_end().to_owned()
}

/// What means the account in a command: its e-mail address, its user name, or else its ID.
fn called(account: &Account) -> String {
    let Profile { email, username, .. } = &account.profile;
    email.clone().or_else(|| username.clone()).unwrap_or_else(|| account.id.to_string())
}

/// The tenant, with the host of any API but Userfront's own.
pub(crate) fn tenant(Tenant { id, api, .. }: &Tenant) -> String {
    if api.is_userfront() { id.to_string() } else { format!("{id} at {}", api.host()) }
}

pub(crate) fn health(health: Health) -> &'static str {
    match health {
        Health::Ok => "ok",
        Health::Expired => "access token expired",
        Health::SignedOutByServer => "session ended",
        Health::TokensMissing => "sign-in missing from the keyring",
        Health::Ended => "session expired",
        Health::LoggingIn => "log-in not finished",
        Health::LoggingOut => "log-out not finished",
    }
}

impl From<NoChoice> for Failure {
    fn from(no: NoChoice) -> Self {
        let exit = match no {
            NoChoice::NotLoggedIn
            | NoChoice::NoneActive(_)
            | NoChoice::Unknown(_)
            | NoChoice::NoneOfTenant(_) => Exit::NotLoggedIn,
            NoChoice::Ambiguous(..) | NoChoice::SeveralApis(..) => Exit::Usage,
        };
        Self::new(exit, no_choice(&no))
    }
}

/// Of several names: a sentence for each that is unclear.
impl From<Vec<NoChoice>> for Failure {
    fn from(unclear: Vec<NoChoice>) -> Self {
        let each: Vec<_> = unclear.into_iter().map(Self::from).collect();
        let exit = each.iter().fold(Exit::Done, |exit, failure| exit.and(failure.exit));
        let sentences: Vec<_> = each.into_iter().map(|failure| failure.message).collect();
        Self::new(exit, sentences.join("\n"))
    }
}

pub(crate) fn no_choice(no: &NoChoice) -> String {
    match no {
        NoChoice::NotLoggedIn => NOT_LOGGED_IN.to_owned(),
        NoChoice::NoneActive(others) => format!(
            "No account is active. `userfront switch` makes one active. Logged in are:\n{}",
            candidates(others)
        ),
        NoChoice::Unknown(name) => {
            format!("There is no account {name} here. `userfront list` shows those there are.")
        }
        NoChoice::NoneOfTenant(tenant) => {
            format!(
                "No account of the tenant {tenant} is logged in here. `userfront list` shows those there are."
            )
        }
        NoChoice::Ambiguous(name, found) => {
            format!("{name} may be any of these; give the ID, in the last column:\n{}", candidates(found))
        }
        NoChoice::SeveralApis(tenant, found) => format!(
            "There is a tenant {tenant} at each of several APIs; give the IDs of accounts, in the last \
             column:\n{}",
            candidates(found)
        ),
    }
}
