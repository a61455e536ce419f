//! Accounts as lines that can be told apart.

use accounts::Health;
use accounts::model::account::Profile;
use accounts::model::registry::Account;
use accounts::{Overview, Tenant, Timestamp};

use unicode_width::UnicodeWidthStr as _;

use crate::report::shown;

/// Rows with their columns one below the other, as a terminal shows them.
fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |nth: usize| rows.iter().map(|row| row[nth].width()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let padded = |(cell, width): (&String, usize)| cell.clone() + &" ".repeat(width - cell.width());
    let line = |row: &[String; N]| {
        let cells: Vec<_> = row.iter().zip(widths).map(padded).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// All accounts: name, e-mail, tenant, mode, health. `*` marks the active one.
pub(crate) fn list(overview: &Overview) -> String {
    let row = |account: &Account| {
        let mut cells = cells(account, overview.now);
        let is_active = overview.registry.active.as_ref() == Some(&account.id);
        cells[0].insert_str(0, if is_active { "* " } else { "  " });
        cells
    };
    let rows: Vec<_> = shown(overview).map(row).collect();
    let name_and_place = |row: &[String; 5]| [&row[0][2..], &row[1], &row[2], &row[3]].map(str::to_owned);
    let by_id = |(account, mut row): (&Account, [String; 5])| {
        if rows.iter().filter(|other| name_and_place(other) == name_and_place(&row)).count() > 1 {
            row[1] = account.id.to_string();
        }
        row
    };
    let rows: Vec<_> = shown(overview).zip(rows.clone()).map(by_id).collect();
    aligned(&rows)
}

/// One of them.
pub(crate) fn line(account: &Account, overview: &Overview) -> String {
    cells(account, overview.now).join("  ")
}

fn cells(account: &Account, now: Timestamp) -> [String; 5] {
    [
        account.name().to_owned(),
        called(account),
        place(account),
        account.id.mode().to_string(),
        health(Health::of(account, now)).to_owned(),
    ]
}

/// Accounts that may be meant: name, e-mail, tenant, host, mode, ID.
pub(crate) fn candidates<'a>(accounts: impl Iterator<Item = &'a Account>) -> String {
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
    aligned(&accounts.map(row).collect::<Vec<_>>()).trim_end().to_owned()
}

/// By what a command can be told which account is meant.
fn called(account: &Account) -> String {
    let Profile { email, username, .. } = &account.profile;
    email.clone().or_else(|| username.clone()).unwrap_or_else(|| account.id.to_string())
}

/// Any API but Userfront's own is named.
fn place(account: &Account) -> String {
    let Tenant { id, api, .. } = &account.tenant;
    if api.is_userfront() { id.to_string() } else { format!("{id} at {}", api.host()) }
}

fn health(health: Health) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        let rows = [row(["Väinö", "a@b.c", "ok"]), row(["名倉 🌻", "long@example.com", ""])];
        assert_eq!(aligned(&rows), "Väinö    a@b.c             ok\n名倉 🌻  long@example.com\n");
        assert_eq!(aligned::<3>(&[]), "");
    }
}
