//! The shell: a window, a bridge to it, and the one place that names the adapters.
//!
//! It starts the domain ([`accounts`]) on the keyring and the HTTP client, shows what the domain says as one
//! [`snapshot`], and passes on what the user wants ([`ipc`]). It decides nothing that the command line would have to
//! decide too.

mod browser;
mod export;
pub mod ipc;
mod shell;
mod snapshot;
mod watch;
mod window;

use std::process::ExitCode;
use std::sync::Arc;

use accounts::Accounts;
use accounts::activity::{ActivityFile, Program};
use accounts::clock::SystemClock;
use accounts::environment::Environment;
use accounts::ports::{CredentialStore, Ports};
use accounts::registry::file::FileRegistry;
use accounts::settings::SettingsFile;
use credential_store::{Keyring, Limits};
use tauri::{AppHandle, Context, Manager, Runtime};
use userfront_client::{ClientName, UserfrontClient};

use shell::{Bell, Shell};

/// Runs the app until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    let environment = match Environment::read(|name| std::env::var_os(name)) {
        Ok(environment) => environment,
        Err(error) => {
            eprintln!("userfront-accounts: {error}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = log_file::start(&environment.home, "userfront-accounts") {
        // Not a reason to keep anybody from logging out.
        eprintln!("userfront-accounts: no log is written: {error}");
    }
    let keyring = Arc::new(Keyring::new(environment.service.clone(), Limits::default()));
    let app = tauri::Builder::default().plugin(ipc::plugin()).setup(|app| {
        assemble(app.handle(), environment, keyring)?;
        Ok(())
    });
    match app.run(context()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("userfront-accounts: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The configuration, the capabilities and the built `ui`.
#[must_use]
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The composition root: the domain on its adapters, the window on the domain. The keyring comes from outside, so that
/// the rules of the bridge can be tested on a machine without one.
///
/// # Errors
/// When the window cannot be opened.
pub fn assemble<R: Runtime>(
    app: &AppHandle<R>,
    environment: Environment,
    keyring: Arc<dyn CredentialStore>,
) -> tauri::Result<()> {
    let bell = Arc::new(Bell::default());
    let userfront =
        Arc::new(UserfrontClient::new(ClientName::default(), userfront_client::Limits::default()));
    let ports = Ports {
        store: keyring,
        userfront: userfront.clone(),
        registry: Arc::new(FileRegistry::new(environment.home.clone())),
        activity: Arc::new(ActivityFile::new(environment.home.clone())),
        settings: Arc::new(SettingsFile::new(environment.home.clone())),
        clock: Arc::new(SystemClock),
        observer: bell.clone(),
    };
    app.manage(Shell::new(Accounts::new(ports, Program::App), userfront, environment, bell));
    window::open(app)?;
    shell::wake(app);
    Ok(())
}
