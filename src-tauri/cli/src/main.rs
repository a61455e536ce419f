//! `userfront`: the accounts of this machine without a window. The same domain as the app's, beside which it
//! may run.
//!
//! ```text
//! arguments ─► accounts to log out of ─► `resume`: finish interrupted work ─► the command ─► its output
//!           ─► pending revocations, for 1.5 s ─► exit code
//! ```
//!
//! Output is for people, or JSON with `--json` ([`json`]); errors are sentences on standard error. All
//! sentences are in [`messages`], the exit codes in [`exit`]. `token` alone prints a token. `log-in` alone
//! asks anything.
//!
//! Non-goals: signing up, a forgotten password, links that come by themselves: the app has them. And waiting:
//! a locked keyring opens no dialog, and a server that does not answer leaves a pending revocation, which the
//! app or the next run retries.

#![deny(clippy::print_stdout, clippy::print_stderr, reason = "they panic when the reader has gone: `output`")]

mod account_argument;
mod arguments;
mod auth_methods;
mod changes;
mod commands;
mod completion;
mod exit;
mod failure;
mod filter;
mod interrupt;
mod json;
mod manual;
mod messages;
mod output;
mod overview;
mod terminal;
mod usage;

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::activity::Program;
use accounts::ports::{CredentialStore, Observer, Ports};
use accounts::storage::activity_file::ActivityFile;
use accounts::storage::environment::Environment;
use accounts::storage::folders::runtime_folder;
use accounts::storage::registry_file::FileRegistry;
use accounts::storage::service_name::FolderStore;
use accounts::storage::settings_file::SettingsFile;
use accounts::storage::system_clock::SystemClock;
use clap::{CommandFactory as _, Parser};
use credential_store::{Keyring, Limits};
use userfront_client::{ClientName, UserfrontClient};

use arguments::{Arguments, Command};
use exit::Exit;
use failure::Failure;
use interrupt::Interrupt;
use output::{Output, note};

/// How long pending revocations are retried after the output.
const AFTERWARDS: Duration = Duration::from_millis(1_500);

fn main() -> ExitCode {
    if completion::answer(Arguments::command) {
        return Exit::Done.into();
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::print(&error).into(),
    };
    let output = Output { json: arguments.json };
    if let Some(text) = text_of(&arguments.command) {
        let printed = text.and_then(|text| output::print(text.trim_end()));
        return printed.map_or_else(|failure| output.error(&failure), |()| Exit::Done).into();
    }
    let environment = match Environment::read(|name| std::env::var_os(name)) {
        Ok(environment) => environment,
        Err(error) => return output.error(&error.into()).into(),
    };
    if let Err(error) = log_file::start(&environment.home, "userfront-cli") {
        // Logging out works without a log.
        note(messages::no_log(error.as_ref()));
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output.error(&messages::no_runtime(&error)).into(),
    };
    let exit = runtime.block_on(run(arguments, output, &environment));
    // A hung keyring must not delay the exit.
    runtime.shutdown_background();
    terminal::restore();
    exit.into()
}

/// The text of a command that only prints one: it needs no accounts.
fn text_of(command: &Command) -> Option<Result<String, Failure>> {
    match command {
        Command::Completions { shell } => Some(completion::script(*shell)),
        Command::Man { command } => Some(manual::page(command.as_deref())),
        _ => None,
    }
}

async fn run(arguments: Arguments, output: Output, environment: &Environment) -> Exit {
    let accounts = assemble(environment);
    let interrupt = Interrupt::watch(&accounts);
    let exit = match commands::run(&accounts, environment, arguments.command, output).await {
        ControlFlow::Continue(exit) => exit,
        ControlFlow::Break(exit) => return exit,
    };
    if accounts.is_interrupted() {
        interrupt.end_run().await;
        return exit;
    }
    if tokio::time::timeout(AFTERWARDS, afterwards(&accounts)).await.is_err() {
        tracing::info!("pending revocations are left to the app, or to the next run");
    }
    exit
}

/// Every run is an occasion to retry pending revocations.
async fn afterwards(accounts: &Accounts) {
    if let Err(error) = accounts.retry_pending(Occasion::Opportunity).await {
        tracing::warn!(%error, "pending revocations could not be retried");
    }
    accounts.in_peace().await;
}

/// Each command reads the state itself.
struct NoObserver;

impl Observer for NoObserver {
    fn changed(&self) {}
}

/// The domain on its adapters.
fn assemble(environment: &Environment) -> Accounts {
    let keyring =
        |service| -> Arc<dyn CredentialStore> { Arc::new(Keyring::new(service, Limits::default())) };
    let limits = userfront_client::Limits::default();
    let ports = Ports {
        store: Arc::new(FolderStore::new(environment.clone(), keyring)),
        userfront: Arc::new(UserfrontClient::new(ClientName::default(), limits)),
        registry: Arc::new(FileRegistry::new(environment.home.clone()).sharing(runtime_folder())),
        activity: Arc::new(ActivityFile::new(environment.home.clone())),
        settings: Arc::new(SettingsFile::new(environment.home.clone())),
        clock: Arc::new(SystemClock),
        observer: Arc::new(NoObserver),
    };
    Accounts::new(ports, Program::Cli)
}
