//! `log-out --erase`, after the log-outs: removes every keyring entry of this list and every file.
//!
//! Erasing takes the tokens with it that could still end a session. So nothing is erased while the registry
//! lists an account, also one that another program is logging in or out just now, and unless every session is
//! known to be dead or discarded by `--discard-pending`.

use std::path::PathBuf;

use accounts::log_out::pending_revocations::Occasion;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::registry::Registry;
use accounts::ports::EntryElsewhere;
use accounts::recovery::erase::{self, ErasedFiles, LeftFile};
use accounts::storage::environment::Environment;
use accounts::storage::folders::autostart_entry;
use accounts::{Accounts, EntryName};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::json;
use crate::messages::foreign::elsewhere as foreign_entries;
use crate::messages::log_out as messages;
use crate::output::note;

pub(super) struct Erased {
    files: ErasedFiles,
    foreign: Vec<EntryName>,
    elsewhere: Vec<EntryElsewhere>,
}

pub(super) async fn erase_all(
    accounts: &Accounts,
    environment: &Environment,
    discard_pending: bool,
) -> Result<Erased, Failure> {
    // A late answer may end a pending session, and so may one more try.
    accounts.retry_pending(Occasion::Asked).await?;
    accounts.in_peace().await;
    let overview = accounts.overview().await;
    if let Some(problem) = overview.registry_problem {
        // Then the keyring alone may say that a session was ended.
        return Err(messages::not_erased_unreadable(&problem));
    }
    if let Some(refusal) = why_not_erase(&overview.registry, discard_pending) {
        return Err(refusal);
    }
    let entries = accounts.erase_entries().await?;
    if let Deletion::StillPresent(_) = entries.deletion {
        return Err(messages::not_erased_still_present(&entries.deletion));
    }
    let mut files = erase::erase_files(&environment.home);
    if let Some(entry) = autostart_entry() {
        let named = std::env::var_os("USERFRONT_ACCOUNTS_HOME").map(PathBuf::from);
        files.erase_autostart(&entry, named.as_deref());
    }
    Ok(Erased { files, foreign: entries.foreign, elsewhere: entries.elsewhere })
}

impl Erased {
    /// Adds to the JSON and the lines; failures are printed at once.
    pub(super) fn report(&self, value: &mut Value, lines: &mut String) -> Exit {
        let Self { files, foreign, elsewhere } = self;
        let left = |left: &LeftFile| json!({"path": left.path.display().to_string(), "reason": left.reason});
        let saved = erase::saved_elsewhere();
        value["erased"] = json::paths(&files.removed);
        value["notErased"] = files.left.iter().map(left).collect();
        value["saved"] = json::paths(&saved);
        value["foreign"] = json!(foreign);
        value["elsewhere"] = json::elsewhere(elsewhere).into();
        lines.push_str(&messages::erased(files.removed.len()));
        lines.extend(saved.iter().map(|path| messages::saved_file(path)));
        for left in &files.left {
            note(messages::not_removed(left));
        }
        lines.push_str(&messages::foreign_left(foreign));
        lines.push_str(&foreign_entries(elsewhere));
        let is_clean = foreign.is_empty() && elsewhere.is_empty();
        let exit = if files.left.is_empty() { Exit::Done } else { Exit::Failed };
        exit.and(if is_clean { Exit::Done } else { Exit::Keyring })
    }
}

/// Refuses while an account is not logged out, since its session could no longer be ended then; and while a
/// session is pending, unless the user discards it.
fn why_not_erase(registry: &Registry, discard_pending: bool) -> Option<Failure> {
    if !registry.accounts.is_empty() {
        return Some(messages::not_erased_accounts(&registry.accounts));
    }
    let queued = registry.pending.iter().filter(|row| !row.is_dead && !row.of_another_list).count();
    (queued > 0 && !discard_pending).then(|| messages::not_erased_pending(queued))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_pending(is_dead: &[bool]) -> Registry {
        let row = |is_dead: &bool| {
            json!({
                "entry": "revoke.demo1234:s1@test.api.userfront.com",
                "tenant": {"id": "demo1234", "api": "https://api.userfront.com/v0/", "domain": null},
                "account": "demo1234:5fa85f64-5717-4562-b3fc-2c963f66afa6@test.api.userfront.com",
                "session": "s1",
                "accountName": "Mira",
                "since": 0,
                "sessionEndsAt": 0,
                "reason": "",
                "isDead": is_dead,
            })
        };
        let rows: Vec<_> = is_dead.iter().map(row).collect();
        serde_json::from_value(json!({"version": 1, "pending": rows})).unwrap()
    }

    #[test]
    fn a_dead_session_does_not_prevent_erasing() {
        assert!(why_not_erase(&with_pending(&[]), false).is_none());
        assert!(why_not_erase(&with_pending(&[true]), false).is_none());
        let refused = why_not_erase(&with_pending(&[true, false]), false).unwrap();
        assert!(refused.message.contains(" 1 session is not known to be dead"), "{}", refused.message);
        assert!(why_not_erase(&with_pending(&[true, false]), true).is_none());
    }
}
