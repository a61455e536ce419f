//! The shell: a window, a bridge to it, and the composition root, which alone names the adapters.
//!
//! It starts the domain ([`accounts`]) with the keyring and the HTTP client, shows the domain's state as one
//! [`dto::Snapshot`], and passes the user's commands on ([`ipc`]). Decisions that the command line needs too
//! belong to the domain.
//!
//! Each module uses only those before it: `dto`, `error`, `system`, `state`, `views`, `actions`, `ipc`.

mod actions;
pub mod dto;
mod error;
pub mod ipc;
mod start;
mod state;
mod system;
mod views;

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
use tauri::{AppHandle, Context, Runtime};
use userfront_client::{ClientName, UserfrontClient};

use dto::Notice;
use start::{arrive, end};
use state::app_state::AppState;
use state::change_notifier::ChangeNotifier;
use system::link_argument::link_among;
use system::startup_checks::{self, Start};

/// Runs the app until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(text) = startup_checks::printed(std::env::args_os().skip(1)) {
        return match writeln!(std::io::stdout(), "{text}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = system::drawing::by_the_processor() {
        tell(&format_args!("the window is drawn by the graphics card: {error}"));
    }
    let environment = match Environment::read(|name| std::env::var_os(name)) {
        Ok(environment) => environment,
        Err(error) => {
            tell(&error);
            return ExitCode::from(2);
        }
    };
    let instance = instance(&environment);
    match startup_checks::start(&format!("{instance}.SingleInstance")) {
        Ok(Start::Window) => {}
        Ok(Start::HandedOver) => return ExitCode::SUCCESS,
        Err(why) => {
            tell(&why);
            return ExitCode::FAILURE;
        }
    }
    if let Err(error) = log_file::start(&environment.home, "userfront-accounts") {
        // Without a log the user can still log out.
        tell(&format_args!("no log is written: {error}"));
    }
    let keyring =
        FolderStore::new(environment.clone(), |service| Arc::new(Keyring::new(service, Limits::default())));
    let keyring = Arc::new(keyring);
    let app = tauri::Builder::default().plugin(one_instance(instance)).plugin(ipc::plugin()).setup(|app| {
        assemble(app.handle(), environment, keyring)?;
        if let Some(link) = link_among(std::env::args_os().skip(1)) {
            arrive(app.handle(), Some(link));
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

/// To standard error, which may be closed or full: `eprintln!` would panic.
fn tell(text: &dyn Display) {
    if let Err(error) = writeln!(std::io::stderr(), "userfront-accounts: {text}") {
        tracing::debug!(%error, "standard error takes nothing");
    }
}

/// One app per spelling of a data folder (two apps on one folder agree by its locks): a second start sends
/// its link to the first and brings its window to the front. On Linux this uses a name on the session bus,
/// which any program can call: the link is as untrusted as any other.
fn one_instance<R: Runtime>(instance: String) -> tauri::plugin::TauriPlugin<R> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(instance)
        .callback(|app, arguments, _| arrive(app, link_among(arguments)))
        .build()
}

/// The name of a data folder's app on the session bus; the plugin adds `.SingleInstance`.
fn instance(environment: &Environment) -> String {
    let mut hasher = DefaultHasher::new();
    environment.home.hash(&mut hasher);
    format!("desktop.userfront.accounts.i{:x}", hasher.finish())
}

#[expect(clippy::needless_pass_by_value, reason = "as Tauri calls it")]
fn on_event<R: Runtime>(app: &AppHandle<R>, event: tauri::RunEvent) {
    match event {
        tauri::RunEvent::Exit => end(app),
        // On macOS a link comes as an event, not as an argument.
        #[cfg(target_os = "macos")]
        tauri::RunEvent::Opened { urls } => urls.into_iter().for_each(|url| arrive(app, Some(url.into()))),
        _ => {}
    }
}

/// The configuration, the capabilities and the built `ui`.
#[must_use]
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The composition root: the domain on its adapters, the window on the domain. The keyring is a parameter, so
/// that the bridge's rules can be tested on a machine without one.
///
/// # Errors
/// When the window cannot be opened.
pub fn assemble<R: Runtime>(
    app: &AppHandle<R>,
    environment: Environment,
    keyring: Arc<dyn CredentialStore>,
) -> tauri::Result<()> {
    let notifier = Arc::new(ChangeNotifier::default());
    let userfront =
        Arc::new(UserfrontClient::new(ClientName::default(), userfront_client::Limits::default()));
    let ports = Ports {
        store: keyring,
        userfront: userfront.clone(),
        registry: Arc::new(FileRegistry::new(environment.home.clone()).sharing(runtime_folder())),
        activity: Arc::new(ActivityFile::new(environment.home.clone())),
        settings: Arc::new(SettingsFile::new(environment.home.clone())),
        clock: Arc::new(SystemClock),
        observer: notifier.clone(),
    };
    let causes: Vec<_> = environment.problems().map(Into::into).collect();
    let state = AppState::new(Accounts::new(ports, Program::App), userfront, environment, notifier);
    if !causes.is_empty() {
        state.change_screen(|screen| screen.notice = Some(Notice::Warning { causes }));
    }
    start::start(app, Arc::new(state))
}
