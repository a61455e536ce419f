//! `userfront`: the accounts of this machine without a window. The same domain as the app's, beside which it
//! may run.
//!
//! ```text
//! arguments ─► who is meant ─► a start: finish what was cut off here ─► the command ─► its output
//!           ─► what is owed, for 1.5 s ─► exit code
//! ```
//!
//! Output is for people, or JSON with `--json`; errors are sentences on standard error. The exit codes are in
//! [`exit`]. A token leaves by `token` and by nothing else. Only `log-in` asks anything ([`asking`]).
//!
//! Non-goals: signing up, a forgotten password, links that come by themselves: the app has them. And waiting
//! for anybody but who logs in: a locked keyring opens no dialog, and a server that does not answer leaves a
//! pending revocation, which the app or the next run goes on with.

#![deny(clippy::print_stdout, clippy::print_stderr, reason = "they panic where nobody reads: `tell.rs`")]

mod arguments;
mod asking;
mod choice;
mod columns;
mod commands;
mod exit;
mod failure;
mod first_factor;
mod foreign;
mod interrupt;
mod log_in;
mod log_out;
mod report;
mod second_factor;
mod single_sign_on;
mod tell;
#[cfg_attr(not(unix), path = "terminal/elsewhere.rs")]
mod terminal;
mod usage;
mod ways;
mod words;

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
use clap::Parser;
use credential_store::{Keyring, Limits};
use userfront_client::{ClientName, UserfrontClient};

use arguments::Arguments;
use exit::Exit;
use failure::Failure;
use interrupt::Interrupt;
use report::Report;
use tell::tell;

/// How long a run goes on after its output.
const AFTERWARDS: Duration = Duration::from_millis(1_500);

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::told(&error).into(),
    };
    let report = Report { json: arguments.json };
    let environment = match Environment::read(|name| std::env::var_os(name)) {
        Ok(environment) => environment,
        Err(error) => return report.error(&error.into()).into(),
    };
    if let Err(error) = log_file::start(&environment.home, "userfront-cli") {
        // Not a reason to keep anybody from logging out.
        tell!("userfront: no log is written: {error}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report.error(&Failure::new(Exit::Failed, error.to_string())).into(),
    };
    let exit = runtime.block_on(run(arguments, report, &environment));
    // A keyring that hangs must not hold the exit up.
    runtime.shutdown_background();
    terminal::restore();
    exit.into()
}

async fn run(arguments: Arguments, report: Report, environment: &Environment) -> Exit {
    let accounts = assemble(environment);
    let interrupt = Interrupt::heeded(&accounts);
    let exit = commands::run(&accounts, environment, arguments.command, report).await;
    if accounts.is_interrupted() {
        interrupt.ends_the_run().await;
        return exit;
    }
    if tokio::time::timeout(AFTERWARDS, afterwards(&accounts)).await.is_err() {
        tracing::info!("what is owed is left to the app, or to the next run");
    }
    exit
}

/// Every run is an occasion to pay what is owed.
async fn afterwards(accounts: &Accounts) {
    if let Err(error) = accounts.retry_pending(Occasion::Opportunity).await {
        tracing::warn!(%error, "what is owed could not be tried");
    }
    accounts.in_peace().await;
}

/// Nobody watches: each command looks for itself.
struct Nobody;

impl Observer for Nobody {
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
        observer: Arc::new(Nobody),
    };
    Accounts::new(ports, Program::Cli)
}
