//! `foreign`: lists the keyring entries that are not in this list of accounts, without reading a secret, and
//! does with one of them as the user chooses.

use std::collections::BTreeSet;

use accounts::base::foreign_entries::ForeignEntry;
use accounts::model::account::Listed;
use accounts::recovery::foreign::At;
use accounts::storage::environment::Environment;
use accounts::{AccountId, Accounts, EntryName};
use serde_json::{Value, json};

use super::log_out_results::{LoggedOut, Results, verified};
use crate::arguments;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::output::Output;
use crate::{json, messages, overview};

pub(super) async fn foreign(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::Foreign,
    output: Output,
) -> Done {
    let arguments::ForeignChoice { take_over, log_out, leave, undo_leave } = arguments.choice;
    let api = arguments.api_url.map(|url| url.parse()).transpose()?;
    let domain = arguments.domain.map(|domain| domain.parse()).transpose()?;
    let given = At { api, domain };
    let at = |entry: &EntryName| given.clone().or_at(entry, environment.api.as_ref().ok());
    if let Some(entry) = take_over.map(EntryName::listed) {
        let id = accounts.take_over(&entry, &at(&entry)).await?;
        return taken_over(accounts, &id, output).await;
    }
    if let Some(entry) = log_out.map(EntryName::listed) {
        let outcome = accounts.log_out_foreign(&entry, &at(&entry)).await?;
        let results = Results::of(verified(accounts, vec![LoggedOut::of_foreign(&entry, Ok(outcome))]).await);
        output.done(&json!({"loggedOut": results.values}), &results.lines);
        return Ok(results.exit);
    }
    if let Some(entry) = leave.map(EntryName::listed) {
        accounts.leave_foreign(&entry).await?;
        output.done(&json!({"left": entry}), &messages::foreign::left(&entry));
        return Ok(Exit::Done);
    }
    if let Some(entry) = undo_leave.map(EntryName::listed) {
        accounts.undo_leave(&entry).await?;
        output.done(&json!({"listed": entry}), messages::foreign::LISTED_AGAIN);
        return Ok(Exit::Done);
    }
    list(accounts, output).await
}

async fn list(accounts: &Accounts, output: Output) -> Done {
    let overview = overview::read(accounts).await?;
    let left = overview.foreign.iter().filter(|foreign| foreign.is_left);
    let left: Vec<Value> = left.map(json::foreign_entry).collect();
    let value = json!({"foreign": json::foreign(&overview.foreign), "left": left});
    output.answer(&value, &messages::foreign::lines(&overview))?;
    Ok(Exit::Done)
}

async fn taken_over(accounts: &Accounts, id: &AccountId, output: Output) -> Done {
    if let Err(error) = accounts.renew_profile(id).await {
        tracing::warn!(account = %id, %error, "the profile was not kept");
    }
    let overview = overview::read(accounts).await?;
    let line = messages::foreign::taken_over(&overview::name(&overview, id));
    output.done(&json::logged_in(id, &overview), &line);
    Ok(Exit::Done)
}

/// Logs out of every foreign account and every older session among the entries. A failure does not stop the
/// others.
pub(super) async fn log_out_of_all(
    accounts: &Accounts,
    environment: &Environment,
) -> Result<Vec<LoggedOut>, Failure> {
    // Both entries of an account go together.
    let as_chosen = |foreign: ForeignEntry| match foreign.entry.meaning() {
        Some(Listed::OfAccount(id)) => Some(EntryName::access(&id)),
        Some(Listed::OfSuperseded { .. }) => Some(foreign.entry),
        Some(Listed::OfRevocation { .. }) | None => None,
    };
    let foreign = overview::read(accounts).await?.foreign;
    let entries: BTreeSet<_> = foreign.into_iter().filter_map(as_chosen).collect();
    let mut outcomes = Vec::new();
    for entry in entries {
        let at = At::default().or_at(&entry, environment.api.as_ref().ok());
        let outcome = accounts.log_out_foreign(&entry, &at).await.map_err(Failure::from);
        outcomes.push(LoggedOut::of_foreign(&entry, outcome));
    }
    Ok(outcomes)
}
