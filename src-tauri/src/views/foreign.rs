//! The foreign entries: one row per account.

use accounts::base::foreign_entries::ForeignEntry;
use accounts::model::account::Listed;

use crate::dto::ForeignRow;
use crate::views::mode::mode;

/// Groups the entries of an account; an entry of another form gets its own row.
pub(crate) fn rows(found: &[ForeignEntry]) -> Vec<ForeignRow> {
    let mut rows: Vec<ForeignRow> = Vec::new();
    for (at, ForeignEntry { entry, account, is_left }) in found.iter().enumerate() {
        let same = |other: &&ForeignEntry| account.is_some() && other.account == *account;
        if let Some(first) = found[..at].iter().find(same) {
            let first = first.entry.to_string();
            for row in rows.iter_mut().filter(|row| row.entry == first) {
                row.entries.push(entry.to_string());
                // An earlier entry may have been left before this one appeared.
                row.is_left &= *is_left;
            }
            continue;
        }
        let of_no_account = ForeignRow {
            entry: entry.to_string(),
            entries: vec![entry.to_string()],
            tenant_id: None,
            user_uuid: None,
            mode: None,
            host: None,
            is_left: *is_left,
        };
        rows.push(match entry.meaning() {
            Some(Listed::OfAccount(id)) => ForeignRow {
                tenant_id: Some(id.tenant().to_string()),
                user_uuid: Some(id.user().to_string()),
                mode: Some(mode(id.mode())),
                host: Some(id.host().to_owned()),
                ..of_no_account
            },
            Some(Listed::OfSuperseded { tenant, mode: of, host }) => ForeignRow {
                tenant_id: Some(tenant.to_string()),
                mode: Some(mode(of)),
                host: Some(host),
                ..of_no_account
            },
            Some(Listed::OfRevocation { .. }) | None => of_no_account,
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use accounts::{AccountId, EntryName};

    use super::*;
    use crate::dto::Mode;

    const ID: &str = "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.127.0.0.1:8080";

    fn found(name: &str, is_left: bool) -> ForeignEntry {
        let account: Option<AccountId> = name.split_once('.').and_then(|(_, id)| id.parse().ok());
        ForeignEntry { entry: EntryName::listed(name), account, is_left }
    }

    #[test]
    fn both_foreign_entries_of_an_account_share_a_row_and_other_forms_do_not() {
        let (access, refresh) = (format!("access.{ID}"), format!("refresh.{ID}"));
        let other = format!("access.{}", ID.replace("demo", "nord"));
        let found = [
            found(&access, false),
            found(&other, true),
            found("odd", false),
            found("odder", true),
            found("superseded.demo1234:s1@test.127.0.0.1:8080", false),
            found(&refresh, false),
        ];
        let rows = rows(&found);
        assert_eq!(rows.len(), 5, "{rows:?}");
        let expected = ForeignRow {
            entry: access.clone(),
            entries: vec![access, refresh],
            tenant_id: Some("demo1234".to_owned()),
            user_uuid: Some("99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001".to_owned()),
            mode: Some(Mode::Test),
            host: Some("127.0.0.1:8080".to_owned()),
            is_left: false,
        };
        assert_eq!(rows[0], expected);
        assert!(rows[1].is_left && rows[1].tenant_id.as_deref() == Some("nord1234"));
        assert_eq!((&*rows[2].entry, &rows[2].tenant_id, rows[2].is_left), ("odd", &None, false));
        assert!(rows[3].is_left);
        assert_eq!((&rows[4].host, &rows[4].user_uuid), (&rows[0].host, &None), "an older session");
    }

    #[test]
    fn a_new_entry_of_a_left_foreign_account_asks_again() {
        let found = [found(&format!("access.{ID}"), true), found(&format!("refresh.{ID}"), false)];
        assert!(!rows(&found)[0].is_left);
    }
}
