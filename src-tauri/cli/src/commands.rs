//! The commands, one a file. Each calls the domain and prints the answer.

mod erase;
mod foreign;
mod list;
mod log_in;
mod log_out;
mod log_out_results;
mod pending;
mod refresh;
mod status;
mod switch;
mod token;
mod watch;

use std::ops::ControlFlow;

use accounts::storage::environment::Environment;
use accounts::{AccountId, Accounts};

use crate::account_argument::choose;
use crate::arguments::Command;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages;
use crate::output::{Output, note};

/// `Break` where nothing is to be done afterwards.
pub(crate) async fn run(
    accounts: &Accounts,
    environment: &Environment,
    command: Command,
    output: Output,
) -> ControlFlow<Exit, Exit> {
    // Named before `resume`, which may finish a log-out of that very account: the answer is its result then.
    let named = match &command {
        Command::LogOut(log_out) if !log_out.all && !log_out.erase => {
            Some(log_out::named(accounts, log_out).await)
        }
        _ => None,
    };
    // "No account was logged out" holds for the whole run then.
    if let (Command::LogOut(log_out), Some(Err(unclear))) = (&command, &named)
        && log_out.names_some()
    {
        return ControlFlow::Break(output.error(unclear));
    }
    if is_to_delete(&command) {
        accounts.allow_keyring_questions();
    }
    let only_looks = command.only_looks();
    if !only_looks {
        finish_interrupted(accounts, about(accounts, &command, named.as_ref()).await).await;
    }
    // `--erase` leaves nothing behind, so nothing is read afterwards.
    let is_log_out = matches!(command, Command::LogOut(_));
    let done = match command {
        Command::List(arguments) => list::list(accounts, arguments, output).await,
        Command::Status => status::status(accounts, output).await,
        Command::LogIn(arguments) => log_in::log_in(accounts, environment, arguments, output).await,
        Command::LogOut(arguments) => log_out::log_out(accounts, environment, arguments, named, output).await,
        Command::Switch { account } => switch::switch(accounts, account.as_deref(), output).await,
        Command::Token { account } => token::token(accounts, account.as_deref(), output).await,
        Command::Refresh { account } => refresh::refresh(accounts, account.as_deref(), output).await,
        Command::Watch => watch::watch(accounts, environment, output).await,
        // Printed before there are accounts.
        Command::Completions { .. } | Command::Man { .. } => Ok(Exit::Done),
        Command::Pending(arguments) => pending::pending(accounts, arguments, output).await,
        Command::Foreign(arguments) => foreign::foreign(accounts, environment, arguments, output).await,
    };
    if !is_log_out && let Some(ahead) = accounts.overview().await.clock_ahead {
        note(messages::status::clock_warning(ahead));
    }
    let exit = done.unwrap_or_else(|failure| output.error(&failure));
    if only_looks { ControlFlow::Break(exit) } else { ControlFlow::Continue(exit) }
}

/// What a command is about.
enum About {
    Everything,
    /// `None`: an account that may be new.
    Account(Option<AccountId>),
}

async fn about(
    accounts: &Accounts,
    command: &Command,
    named: Option<&Result<Vec<AccountId>, Failure>>,
) -> About {
    match command {
        Command::LogOut(_) => match named {
            Some(Ok(named)) if named.len() == 1 => About::Account(named.first().cloned()),
            _ => About::Everything,
        },
        Command::LogIn(_) => About::Account(None),
        Command::Token { account } | Command::Refresh { account } | Command::Switch { account } => {
            let registry = accounts.overview().await.registry;
            choose(&registry, account.as_deref()).map_or(About::Everything, |id| About::Account(Some(id)))
        }
        _ => About::Everything,
    }
}

async fn finish_interrupted(accounts: &Accounts, about: About) {
    let done = match about {
        About::Everything => accounts.resume().await,
        About::Account(id) => accounts.resume_for(id.as_ref()).await,
    };
    if let Err(error) = done {
        tracing::error!(%error, "interrupted work is not finished");
    }
    // This run alone knows of it.
    for name in accounts.overview().await.rollback {
        note(messages::status::rollback(&name));
    }
}

/// Whether the user has asked for something that deletes entries. A command that only looks opens no dialog.
fn is_to_delete(command: &Command) -> bool {
    match command {
        Command::LogIn(_) | Command::LogOut(_) => true,
        Command::Pending(pending) => pending.retry || pending.discard.is_some(),
        Command::Foreign(foreign) => foreign.choice.take_over.is_some() || foreign.choice.log_out.is_some(),
        Command::List(_)
        | Command::Status
        | Command::Switch { .. }
        | Command::Token { .. }
        | Command::Refresh { .. }
        | Command::Watch
        | Command::Completions { .. }
        | Command::Man { .. } => false,
    }
}
