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

use accounts::Accounts;
use accounts::storage::environment::Environment;

use crate::arguments::Command;
use crate::exit::Exit;
use crate::messages;
use crate::output::{Output, note};

pub(crate) async fn run(
    accounts: &Accounts,
    environment: &Environment,
    command: Command,
    output: Output,
) -> Exit {
    // Named before `resume`, which may finish a log-out of that very account: the answer is its result then.
    let named = match &command {
        Command::LogOut(log_out) if !log_out.all && !log_out.erase => {
            Some(log_out::named(accounts, &log_out.accounts).await)
        }
        _ => None,
    };
    if let Err(error) = accounts.resume().await {
        tracing::error!(%error, "interrupted work is not finished");
    }
    // This run alone knows of it.
    for name in accounts.overview().await.rollback {
        note(messages::status::rollback(&name));
    }
    // `--erase` leaves nothing behind, so nothing is read afterwards.
    let is_log_out = matches!(command, Command::LogOut(_));
    let done = match command {
        Command::List => list::list(accounts, output).await,
        Command::Status => status::status(accounts, output).await,
        Command::LogIn(arguments) => log_in::log_in(accounts, environment, arguments, output).await,
        Command::LogOut(arguments) => log_out::log_out(accounts, environment, arguments, named, output).await,
        Command::Switch { account } => switch::switch(accounts, &account, output).await,
        Command::Token { account } => token::token(accounts, account.as_deref(), output).await,
        Command::Refresh { account } => refresh::refresh(accounts, account.as_deref(), output).await,
        Command::Pending(arguments) => pending::pending(accounts, arguments, output).await,
        Command::Foreign(arguments) => foreign::foreign(accounts, environment, arguments, output).await,
    };
    if !is_log_out && let Some(ahead) = accounts.overview().await.clock_ahead {
        note(messages::status::clock_warning(ahead));
    }
    done.unwrap_or_else(|failure| output.error(&failure))
}
