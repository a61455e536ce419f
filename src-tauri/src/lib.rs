//! The shell: a window, a bridge to it, and the one place that names the adapters.
//!
//! It starts the domain ([`accounts`]) on the keyring and the HTTP client, shows what the domain says as one
//! [`snapshot`], and passes on what the user wants ([`ipc`]). It decides nothing that the command line would
//! have to decide too.

mod desktop;
mod export;
mod here;
pub mod ipc;
mod links;
mod log_in;
mod new_address;
mod profile;
mod retry;
mod screen;
mod shell;
mod single_sign_on;
#[cfg(target_os = "linux")]
mod sleep;
mod snapshot;
mod steps;
mod watch;
mod web_process;
mod window;

use std::fmt::Display;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use accounts::Accounts;
use accounts::model::activity::Program;
use accounts::ports::{CredentialStore, Ports};
use accounts::storage::activity_file::ActivityFile;
use accounts::storage::environment::Environment;
use accounts::storage::folders::runtime_folder;
use accounts::storage::registry_file::FileRegistry;
use accounts::storage::service_name::FolderStore;
use accounts::storage::settings_file::SettingsFile;
use accounts::storage::system_clock::SystemClock;
use credential_store::{Keyring, Limits};
use tauri::{AppHandle, Context, Manager, Runtime};
use userfront_client::{ClientName, UserfrontClient};

use ipc::dto::Notice;
use shell::{Bell, Shell};

/// Runs the app until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(text) = desktop::printed(std::env::args_os().skip(1)) {
        return match writeln!(std::io::stdout(), "{text}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let environment = match Environment::read(|name| std::env::var_os(name)) {
        Ok(environment) => environment,
        Err(error) => {
            tell(&error);
            return ExitCode::from(2);
        }
    };
    let instance = instance(&environment);
    if let Err(why) = desktop::can_open_a_window(&format!("{instance}.SingleInstance")) {
        tell(&why);
        return ExitCode::FAILURE;
    }
    if let Err(error) = log_file::start(&environment.home, "userfront-accounts") {
        // Not a reason to keep anybody from logging out.
        tell(&format_args!("no log is written: {error}"));
    }
    let keyring =
        FolderStore::new(environment.clone(), |service| Arc::new(Keyring::new(service, Limits::default())));
    let keyring = Arc::new(keyring);
    let app = tauri::Builder::default().plugin(one_instance(instance)).plugin(ipc::plugin()).setup(|app| {
        assemble(app.handle(), environment, keyring)?;
        if let Some(link) = links::among(std::env::args_os().skip(1)) {
            links::arrive(app.handle(), link);
        }
        Ok(())
    });
    match app.build(context()) {
        Ok(app) => {
            app.run(on_event);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tell(&format_args!("the window cannot be opened: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// On standard error, which may be closed or full: `eprintln!` would panic.
fn tell(what: &dyn Display) {
    if let Err(error) = writeln!(std::io::stderr(), "userfront-accounts: {what}") {
        tracing::debug!(%error, "standard error takes nothing");
    }
}

/// One app for one spelling of a data folder (two windows on one folder agree by its locks): who starts it
/// once more comes to the window of the first, with the link that was to be opened. On Linux that is a name
/// on the session bus, which any program can call: what arrives is as untrusted as any link.
fn one_instance<R: Runtime>(instance: String) -> tauri::plugin::TauriPlugin<R> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(instance)
        .callback(|app, arguments, _| match links::among(arguments) {
            Some(link) => links::arrive(app, link),
            None => window::to_front(app),
        })
        .build()
}

/// The name by which the app of a data folder is known to others of it; the plugin adds `.SingleInstance`.
fn instance(environment: &Environment) -> String {
    let mut hasher = DefaultHasher::new();
    environment.home.hash(&mut hasher);
    format!("desktop.userfront.accounts.i{:x}", hasher.finish())
}

/// On macOS a link comes as an event, not as an argument.
fn on_event<R: Runtime>(app: &AppHandle<R>, event: tauri::RunEvent) {
    #[cfg(target_os = "macos")]
    if let tauri::RunEvent::Opened { urls } = event {
        for url in urls {
            links::arrive(app, url.into());
        }
    }
    #[cfg(not(target_os = "macos"))]
    drop((app, event));
}

/// The configuration, the capabilities and the built `ui`.
#[must_use]
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The composition root: the domain on its adapters, the window on the domain. The keyring comes from
/// outside, so that the rules of the bridge can be tested on a machine without one.
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
        registry: Arc::new(FileRegistry::new(environment.home.clone()).sharing(runtime_folder())),
        activity: Arc::new(ActivityFile::new(environment.home.clone())),
        settings: Arc::new(SettingsFile::new(environment.home.clone())),
        clock: Arc::new(SystemClock),
        observer: bell.clone(),
    };
    let causes: Vec<_> = environment.problems().map(Into::into).collect();
    let shell = Shell::new(Accounts::new(ports, Program::App), userfront, environment, bell);
    if !causes.is_empty() {
        shell.change_screen(window::MAIN, |screen| screen.notice = Some(Notice::Warning { causes }));
    }
    app.manage(shell);
    window::open(app)?;
    shell::wake(app);
    Ok(())
}
