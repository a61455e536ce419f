//! The commands: parse, delegate, report.

use accounts::base::refresh_outcome::Refreshed;
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::registry::Phase;
use accounts::model::registry_error::{Action, RegistryError};
use accounts::ports::StoreStatus;
use accounts::storage::environment::Environment;
use accounts::{AccountId, Accounts, EntryName};
use serde_json::{Value, json};

use crate::arguments::{self, Command};
use crate::choice::{choose, none_active};
use crate::columns;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::foreign::{self, foreign};
use crate::log_in::log_in;
use crate::log_out::{chosen, log_out};
use crate::report::{self, Report};
use crate::tell::tell;

pub(crate) async fn run(
    accounts: &Accounts,
    environment: &Environment,
    command: Command,
    report: Report,
) -> Exit {
    // Who is meant is settled first: should that account be on its way out just now, the answer is what came
    // of that.
    let meant = match &command {
        Command::LogOut(log_out) if !log_out.all && !log_out.erase => {
            Some(chosen(accounts, &log_out.accounts).await)
        }
        _ => None,
    };
    if let Err(error) = accounts.resume().await {
        tracing::error!(%error, "what was cut off is not finished");
    }
    // Known to this run alone.
    for name in accounts.overview().await.rollback {
        tell!("userfront: {}", report::rollback(&name));
    }
    // Erasing leaves nothing behind: not even a look at what there was.
    let is_log_out = matches!(command, Command::LogOut(_));
    let done = match command {
        Command::List => list(accounts, report).await,
        Command::Status => status(accounts, report).await,
        Command::LogIn(arguments) => log_in(accounts, environment, arguments, report).await,
        Command::LogOut(arguments) => log_out(accounts, environment, arguments, meant, report).await,
        Command::Switch { account } => switch(accounts, &account, report).await,
        Command::Token { account } => token(accounts, account.as_deref(), report).await,
        Command::Refresh { account } => refresh(accounts, account.as_deref(), report).await,
        Command::Pending(pending) => self::pending(accounts, pending, report).await,
        Command::Foreign(arguments) => foreign(accounts, environment, arguments, report).await,
    };
    if !is_log_out && let Some(ahead) = accounts.overview().await.clock_ahead {
        tell!("userfront: {}", report::clock_warning(ahead));
    }
    done.unwrap_or_else(|failure| report.error(&failure))
}

async fn list(accounts: &Accounts, report: Report) -> Done {
    let overview = readable(accounts).await?;
    let all: Vec<Value> =
        report::shown(&overview).map(|account| report::account(account, &overview)).collect();
    let lines = columns::list(&overview);
    let mut lines = if lines.is_empty() { "Nobody is logged in.\n".to_owned() } else { lines };
    lines.push_str(&foreign::summary(&overview));
    let value = json!({
        "accounts": all,
        "foreign": foreign::values(&overview.foreign),
        "elsewhere": foreign::elsewhere(&overview.elsewhere),
    });
    report.answer(&value, &lines)?;
    Ok(Exit::Done)
}

async fn status(accounts: &Accounts, report: Report) -> Done {
    let overview = readable(accounts).await?;
    let registry = &overview.registry;
    let active = accounts::view::shown_account(&overview);
    let unfinished = registry.accounts.iter().filter(|it| it.phase != Phase::Active).count();
    let leftovers: Vec<_> = overview.leftover_entries().collect();
    let pending = registry.pending.iter().filter(|row| !row.is_dead).count();
    let line = |account| columns::line(account, &overview);
    let over = active.and_then(|account| report::why_over(account, &overview));
    let mut lines = match (active, &over) {
        (Some(account), None) => format!("Logged in as {}\n", line(account)),
        (Some(account), Some(why)) => format!("{}\n{why}\n", line(account)),
        (None, _) => format!("{}\n", none_active(registry)),
    };
    let keyring = report::keyring(&overview);
    lines.extend([format!(
        "Keyring: {} ({})\n",
        overview.store_name,
        keyring["status"].as_str().unwrap_or("?")
    )]);
    for (count, what) in [
        (unfinished, "waiting to be finished"),
        (pending, "pending at Userfront"),
        (leftovers.len(), "keyring entries that would not go"),
    ] {
        if count > 0 {
            lines.extend([format!("{count} {what}\n")]);
        }
    }
    lines.push_str(&foreign::summary(&overview));
    lines.extend(registry.mended.iter().map(report::mended_line));
    lines.extend(registry.lost.iter().map(report::lost_line));
    lines.extend(overview.registry_problem.iter().map(|problem| format!("{problem}\n")));
    let value = json!({
        "active": active.map(|account| report::account(account, &overview)),
        "accounts": report::shown(&overview).count(),
        "keyring": keyring,
        "unfinished": unfinished,
        "pending": pending,
        "remnants": leftovers,
        "foreign": foreign::values(&overview.foreign),
        "elsewhere": foreign::elsewhere(&overview.elsewhere),
        "lost": registry.lost.iter().map(report::lost).collect::<Vec<_>>(),
        "mended": registry.mended,
        "clockAhead": overview.clock_ahead,
        "problem": overview.registry_problem.as_ref().map(ToString::to_string),
    });
    report.answer(&value, &lines)?;
    Ok(if active.is_some() && over.is_none() { Exit::Done } else { Exit::NotLoggedIn })
}

async fn switch(accounts: &Accounts, name: &str, report: Report) -> Done {
    let overview = readable(accounts).await?;
    let id = choose(&overview.registry, Some(name))?;
    if !accounts.switch(&id).await? {
        let message =
            format!("Nothing was switched: {id} is not logged in now. `userfront list` shows how it is.");
        return Err(Failure::new(Exit::NotLoggedIn, message));
    }
    report.say(&json!({"active": id}), &format!("{id} is the active account now."));
    let over = overview.registry.account(&id).and_then(|account| report::why_over(account, &overview));
    if let Some(why) = over {
        tell!("userfront: {why}");
    }
    Ok(Exit::Done)
}

async fn token(accounts: &Accounts, name: Option<&str>, report: Report) -> Done {
    let id = choose(&readable(accounts).await?.registry, name)?;
    let token = accounts.access_token(&id).await?;
    report.answer(&json!({"account": id, "accessToken": token.secret()}), token.secret())?;
    Ok(Exit::Done)
}

async fn refresh(accounts: &Accounts, name: Option<&str>, report: Report) -> Done {
    let id = choose(&readable(accounts).await?.registry, name)?;
    let (exit, result, line) = match accounts.refresh(&id).await? {
        Refreshed::Stored => (Exit::Done, "stored", "New tokens are in the keyring."),
        Refreshed::SignedOutByServer => {
            (Exit::NotLoggedIn, "signedOutByServer", "Your session has ended. Log in again.")
        }
        Refreshed::NoRefreshToken => {
            (Exit::Failed, "noRefreshToken", "There is no refresh token. Log in again.")
        }
        Refreshed::TooLate if is_logged_in(accounts, &id).await? => {
            let line = "The account was logged in again meanwhile, and has the tokens of that log-in.";
            (Exit::Done, "loggedInAgain", line)
        }
        Refreshed::TooLate => (Exit::NotLoggedIn, "tooLate", "The account was logged out meanwhile."),
    };
    report.say(&json!({"account": id, "refreshed": result}), line);
    Ok(exit)
}

async fn is_logged_in(accounts: &Accounts, id: &AccountId) -> Result<bool, Failure> {
    let registry = readable(accounts).await?.registry;
    Ok(registry.account(id).is_some_and(|account| account.phase == Phase::Active))
}

async fn pending(accounts: &Accounts, arguments: arguments::Pending, report: Report) -> Done {
    if let Some(id) = arguments.discard {
        let deletion = accounts.discard_revocation(&EntryName::listed(id.clone())).await?;
        let words = "Discarded. Its session may stay alive at Userfront until it expires.\n";
        let left = report::still_present(&deletion);
        let value = json!({"discarded": id, "stillPresent": deletion.remaining()});
        report.say(&value, &[words, &left].concat());
        return Ok(report::exit_of_deletion(&deletion));
    }
    if arguments.retry {
        accounts.retry_pending(Occasion::Asked).await?;
    }
    let overview = readable(accounts).await?;
    let rows: Vec<_> = overview.registry.pending.iter().filter(|row| !row.is_dead).collect();
    let lines: String = rows.iter().map(|row| report::pending_line(row)).collect();
    let values: Vec<Value> = rows.iter().map(|row| report::pending(row)).collect();
    report
        .answer(&json!({"pending": values}), if rows.is_empty() { "Nothing is pending." } else { &lines })?;
    let keyring = matches!(overview.store, StoreStatus::Ok);
    Ok(match (arguments.retry && !rows.is_empty(), keyring) {
        (false, _) => Exit::Done,
        (true, true) => Exit::Pending,
        (true, false) => Exit::Keyring,
    })
}

/// What there is, unless the registry cannot be read.
pub(crate) async fn readable(accounts: &Accounts) -> Result<accounts::Overview, Failure> {
    let overview = accounts.overview().await;
    match &overview.registry_problem {
        Some(error @ (RegistryError::Io { action: Action::Read, .. } | RegistryError::TooNew { .. })) => {
            Err(error.clone().into())
        }
        _ => Ok(overview),
    }
}
