//! `log-out`: of one account, of several, of a tenant's or of all, and what `--erase` does afterwards.

use std::collections::HashMap;

use accounts::model::destination::Redirect;
use accounts::model::log_out_outcome::Deletion;
use accounts::storage::environment::Environment;
use accounts::{AccountId, Accounts};
use serde_json::json;

use super::erase::erase_all;
use super::foreign;
use super::log_out_results::{LoggedOut, Results, verified};
use crate::account_argument::{NoChoice, choose, choose_all, of_tenant};
use crate::arguments;
use crate::failure::{Done, Failure};
use crate::output::{Output, note};
use crate::{json, messages, overview};

/// `named` are the accounts to log out of; `None`: all of them.
pub(super) async fn log_out(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::LogOut,
    named: Option<Result<Vec<AccountId>, Failure>>,
    output: Output,
) -> Done {
    let mut outcomes: Vec<LoggedOut> = match named {
        None => {
            let all = accounts.log_out_all().await?.into_iter();
            all.map(|(account, done)| LoggedOut::of_account(account.id, done)).collect()
        }
        Some(named) => log_out_of(accounts, named?).await?,
    };
    if arguments.erase && arguments.foreign {
        outcomes.extend(foreign::log_out_of_all(accounts, environment).await?);
    }
    if outcomes.is_empty() && !arguments.erase {
        return Err(NoChoice::NotLoggedIn.into());
    }
    let outcomes = verified(accounts, outcomes).await;
    let is_deleted =
        |it: &LoggedOut| it.outcome.as_ref().is_ok_and(|outcome| outcome.deletion == Deletion::Deleted);
    let deleted = outcomes.iter().any(is_deleted);
    let Results { mut exit, without_pending, values, mut lines } = Results::of(outcomes);
    let overview = accounts.overview().await;
    let kept = deleted && overview.store_keeps_deleted();
    if kept {
        lines.push_str(&messages::log_out::kept_in_recycle_bin(&overview));
    }
    let mut value = json!({"loggedOut": values, "keptInRecycleBin": kept});
    if arguments.erase {
        // A refusal does not undo the log-outs.
        match erase_all(accounts, environment, arguments.discard_pending).await {
            // Pending revocations are discarded, as the user asked.
            Ok(erased) => exit = without_pending.and(erased.report(&mut value, &mut lines)),
            Err(failure) => {
                exit = exit.and(failure.exit);
                value["error"] = json::error(&failure);
                note(&failure.message);
            }
        }
    }
    output.done(&value, &lines);
    Ok(exit)
}

/// Together; the outcomes are in the order of `ids`.
async fn log_out_of(accounts: &Accounts, ids: Vec<AccountId>) -> Result<Vec<LoggedOut>, Failure> {
    let done = accounts.log_out_several(|account| ids.contains(&account.id)).await?;
    let mut done: HashMap<_, _> = done.into_iter().map(|(account, done)| (account.id, done)).collect();
    let mut outcomes = Vec::new();
    for id in ids {
        let done = match done.remove(&id) {
            Some(done) => done,
            // No longer listed, such as one whose log-out was finished by this very run.
            None => accounts.log_out(&id, &Redirect::Follow).await,
        };
        outcomes.push(LoggedOut::of_account(id, done));
    }
    Ok(outcomes)
}

/// The accounts of these names or of this tenant; without either, the active one.
pub(super) async fn named(
    accounts: &Accounts,
    arguments: &arguments::LogOut,
) -> Result<Vec<AccountId>, Failure> {
    let registry = overview::read(accounts).await?.registry;
    Ok(match &arguments.tenant {
        Some(tenant) => of_tenant(&registry, tenant)?,
        None if arguments.accounts.is_empty() => vec![choose(&registry, None)?],
        None => choose_all(&registry, &arguments.accounts).map_err(|unclear| {
            let failure = Failure::from(unclear);
            if arguments.accounts.len() > 1 { failure.after(messages::log_out::NONE) } else { failure }
        })?,
    })
}
