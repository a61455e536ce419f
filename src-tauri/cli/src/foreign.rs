//! `foreign`: sign-ins in the keyring that are not in this list of accounts. Listing reads no secret; each
//! choice is made by name.

use std::collections::BTreeSet;

use accounts::base::foreign_entries::ForeignEntry;
use accounts::model::account::Listed;
use accounts::ports::{EntryElsewhere, StoreStatus};
use accounts::recovery::foreign::At;
use accounts::storage::environment::Environment;
use accounts::{AccountId, Accounts, EntryName, Overview};
use serde_json::{Value, json};

use crate::arguments;
use crate::commands::readable;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::log_out::{LoggedOut, Told, verified};
use crate::report::{self, Report};

pub(crate) async fn foreign(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::Foreign,
    report: Report,
) -> Done {
    let arguments::ForeignChoice { take_over, log_out, leave, undo_leave } = arguments.choice;
    let api = arguments.api_url.map(|url| url.parse()).transpose()?;
    let domain = arguments.domain.map(|domain| domain.parse()).transpose()?;
    let given = At { api, domain };
    let at = |entry: &EntryName| given.clone().or_at(entry, environment.api.as_ref().ok());
    if let Some(entry) = take_over.map(EntryName::listed) {
        let id = accounts.take_over(&entry, &at(&entry)).await?;
        return taken_over(accounts, &id, report).await;
    }
    if let Some(entry) = log_out.map(EntryName::listed) {
        let outcome = accounts.log_out_foreign(&entry, &at(&entry)).await?;
        let told = Told::of(verified(accounts, vec![LoggedOut::of(&entry, Ok(outcome))]).await);
        report.say(&json!({"loggedOut": told.values}), &told.lines);
        return Ok(told.exit);
    }
    if let Some(entry) = leave.map(EntryName::listed) {
        accounts.leave_foreign(&entry).await?;
        let line = format!("Left as it is. To list it again: userfront foreign --undo-leave {entry}");
        report.say(&json!({"left": entry}), &line);
        return Ok(Exit::Done);
    }
    if let Some(entry) = undo_leave.map(EntryName::listed) {
        accounts.undo_leave(&entry).await?;
        report.say(&json!({"listed": entry}), "Listed again.");
        return Ok(Exit::Done);
    }
    list(accounts, report).await
}

async fn list(accounts: &Accounts, report: Report) -> Done {
    let overview = readable(accounts).await?;
    let (left, listed): (Vec<_>, Vec<_>) = overview.foreign.iter().partition(|foreign| foreign.is_left);
    let mut lines: String = listed.iter().map(|foreign| line(foreign)).collect();
    if overview.store != StoreStatus::Ok {
        lines.push_str("The keyring is not unlocked, or out of reach: there may be more in it.\n");
    } else if overview.foreign.is_empty() {
        lines.push_str("Every entry in the keyring belongs to this list of accounts.\n");
    }
    if !listed.is_empty() {
        lines.push_str(
            "These are not in this list of accounts. Another data folder or an earlier list may use them. \
             Choose with --take-over, --log-out or --leave ENTRY.\n",
        );
    }
    if !left.is_empty() {
        lines.push_str("Left as they are (--undo-leave ENTRY lists them again):\n");
        lines.extend(left.iter().map(|foreign| line(foreign)));
    }
    let left: Vec<_> = left.into_iter().map(value).collect();
    report.answer(&json!({"foreign": values(&overview.foreign), "left": left}), &lines)?;
    Ok(Exit::Done)
}

async fn taken_over(accounts: &Accounts, id: &AccountId, report: Report) -> Done {
    if let Err(error) = accounts.renew_profile(id).await {
        tracing::warn!(account = %id, %error, "the profile was not kept");
    }
    let overview = readable(accounts).await?;
    let account = overview.registry.account(id);
    let name = account.map_or_else(|| id.to_string(), accounts::model::registry::Account::called);
    let value = json!({"account": account.map(|account| report::account(account, &overview))});
    report.say(&value, &format!("{name} is an account of this list now."));
    Ok(Exit::Done)
}

/// Those that the user has not left.
pub(crate) fn values(foreign: &[ForeignEntry]) -> Vec<Value> {
    foreign.iter().filter(|foreign| !foreign.is_left).map(value).collect()
}

fn value(foreign: &ForeignEntry) -> Value {
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

fn line(foreign: &ForeignEntry) -> String {
    let entry = accounts::model::text::clean(foreign.entry.as_str());
    match foreign.entry.meaning() {
        Some(Listed::OfAccount(id)) => format!(
            "User {} of tenant {} at {} ({} mode)\n  {entry}\n",
            id.user(),
            id.tenant(),
            id.host(),
            id.mode()
        ),
        Some(Listed::OfSuperseded { tenant, mode, host }) => {
            format!("An older session at tenant {tenant} at {host} ({mode} mode)\n  {entry}\n")
        }
        Some(Listed::OfRevocation { .. }) | None => {
            format!("An entry that does not say whose it is\n  {entry}\n")
        }
    }
}

/// For `list` and `status`; nothing while there is none.
pub(crate) fn summary(overview: &Overview) -> String {
    let count = overview.foreign.iter().filter(|foreign| !foreign.is_left).count();
    let entries = match count {
        0 => String::new(),
        1 => "1 keyring entry is not in this list of accounts: `userfront foreign` lists it\n".to_owned(),
        _ => format!(
            "{count} keyring entries are not in this list of accounts: `userfront foreign` lists them\n"
        ),
    };
    entries + &elsewhere_lines(&overview.elsewhere)
}

/// What lies under the services that this data folder had before.
pub(crate) fn elsewhere(entries: &[EntryElsewhere]) -> Vec<Value> {
    entries.iter().map(|it| json!({"service": it.service, "entry": it.entry})).collect()
}

/// The same in words.
pub(crate) fn elsewhere_lines(entries: &[EntryElsewhere]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let line = |it: &EntryElsewhere| {
        format!("  {} of {}\n", accounts::model::text::clean(it.entry.as_str()), it.service)
    };
    let lines: String = entries.iter().map(line).collect();
    format!(
        "These keyring entries lie under a service that this data folder used before. Their sessions may be alive:\n\
         {lines}To log out of them, set USERFRONT_ACCOUNTS_SERVICE to that service and USERFRONT_ACCOUNTS_HOME to an \
         empty folder, then run `userfront foreign`.\n"
    )
}

/// Logs out of every account and every older session among them. What came of each; one that cannot be ended
/// does not keep the others.
pub(crate) async fn log_out_of_all(
    accounts: &Accounts,
    environment: &Environment,
) -> Result<Vec<LoggedOut>, Failure> {
    // Both entries of an account go together.
    let as_chosen = |foreign: ForeignEntry| match foreign.entry.meaning() {
        Some(Listed::OfAccount(id)) => Some(EntryName::access(&id)),
        Some(Listed::OfSuperseded { .. }) => Some(foreign.entry),
        Some(Listed::OfRevocation { .. }) | None => None,
    };
    let foreign = readable(accounts).await?.foreign;
    let entries: BTreeSet<_> = foreign.into_iter().filter_map(as_chosen).collect();
    let mut outcomes = Vec::new();
    for entry in entries {
        let at = At::default().or_at(&entry, environment.api.as_ref().ok());
        let outcome = accounts.log_out_foreign(&entry, &at).await.map_err(Failure::from);
        outcomes.push(LoggedOut::of(&entry, outcome));
    }
    Ok(outcomes)
}
