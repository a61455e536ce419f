//! All that an end-to-end test needs, in one value: keyring, screen, sandbox, and the app's own folder.

use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;

use crate::{
    App, Browser, Environment, KeyringDaemon, KeyringOptions, Presence, Programs, RigError, Sandbox, Screen,
    SecretServiceKind, logind, process::succeed,
};

/// How long a second start of the app has to hand over what it was given.
const HAND_OVER: Duration = Duration::from_secs(20);

/// The parts of a world; see [`World::builder`].
#[derive(Debug)]
pub struct WorldBuilder {
    programs: Programs,
    keyring: KeyringOptions,
    size: (u16, u16),
    sandbox: Vec<String>,
    variables: Vec<(String, String)>,
}

impl WorldBuilder {
    /// The keyring at the start; an unlocked one when not said.
    #[must_use]
    pub fn keyring(mut self, presence: Presence) -> Self {
        self.keyring.presence = presence;
        self
    }

    /// The program that keeps the keyring; `gnome-keyring-daemon` when not said.
    #[must_use]
    pub fn secret_service(mut self, kind: SecretServiceKind) -> Self {
        self.keyring.kind = kind;
        self
    }

    /// The screen's size in pixels; 1000 × 760 when not said.
    #[must_use]
    pub fn screen(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self
    }

    /// Further arguments of the sandbox, such as `--access-seconds 1`.
    #[must_use]
    pub fn sandbox_arguments(mut self, arguments: &[&str]) -> Self {
        self.sandbox.extend(arguments.iter().map(ToString::to_string));
        self
    }

    /// A further variable, or another value for one, that the app sees.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts everything but the app.
    pub fn start(self) -> Result<World, RigError> {
        let options = KeyringOptions { screen: Some(self.size), ..self.keyring };
        let keyring = KeyringDaemon::start(options)?;
        let mut environment = keyring.environment().clone();
        let arguments: Vec<_> = self.sandbox.iter().map(String::as_str).collect();
        let sandbox = Sandbox::start(&self.programs.sandbox, &arguments, &environment)?;
        let home = environment.folder().join("data").join("accounts-home");
        std::fs::create_dir_all(&home).map_err(RigError::file(&home))?;
        let browser = Browser::install(&mut environment)?;
        // The app does not see the machine's own system bus; a test can play its signals.
        if let Some(bus) = environment.get("DBUS_SESSION_BUS_ADDRESS").map(ToOwned::to_owned) {
            environment.set("DBUS_SYSTEM_BUS_ADDRESS", bus);
        }
        environment.set("USERFRONT_ACCOUNTS_HOME", &home);
        environment.set("USERFRONT_ACCOUNTS_SERVICE", SERVICE);
        environment.set("USERFRONT_API_URL", sandbox.api_base());
        environment.set("USERFRONT_TENANT", TENANT);
        for (name, value) in &self.variables {
            environment.set(name, value);
        }
        Ok(World { programs: self.programs, environment, home, browser, sandbox, keyring })
    }
}

/// The keyring service of a world's app. Its keyring is private, so one name serves all.
const SERVICE: &str = "desktop.userfront.accounts.test";

/// The tenant on the login screen of a world's app.
const TENANT: &str = "demo1234";

/// A private world. Everything in it ends when it is dropped; drop every [`App`] first.
#[derive(Debug)]
pub struct World {
    // Dropped in this order: the keyring owns screen, bus and folders.
    programs: Programs,
    environment: Environment,
    home: PathBuf,
    /// The browser that the app opens.
    pub browser: Browser,
    /// The server.
    pub sandbox: Sandbox,
    /// The keyring.
    pub keyring: KeyringDaemon,
}

impl World {
    /// A world in which `programs` run.
    #[must_use]
    pub fn builder(programs: Programs) -> WorldBuilder {
        WorldBuilder {
            programs,
            keyring: KeyringOptions::default(),
            size: (1000, 760),
            sandbox: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// Opens the app. A stopped one can be opened again.
    pub async fn open_app(&self) -> Result<App, RigError> {
        App::open(&self.programs, &[], &self.environment).await
    }

    /// Opens the app once more on the same data. The app allows one for a data folder, and knows the folder
    /// by its path: so this one comes there by another path, as happens with a folder that is mounted twice.
    pub async fn open_second_app(&self) -> Result<App, RigError> {
        let other_path = self.home.with_extension("again");
        if !other_path.exists() {
            symlink(&self.home, &other_path).map_err(RigError::file(&other_path))?;
        }
        let mut environment = self.environment.clone();
        environment.set("USERFRONT_ACCOUNTS_HOME", &other_path);
        App::open(&self.programs, &[], &environment).await
    }

    /// Starts the app with `link` as its argument, as a desktop does with links of the app's scheme; the one
    /// that is open takes it over.
    pub fn follow(&self, link: &str) -> Result<(), RigError> {
        let mut app = self.environment.command(&self.programs.app);
        // Its output is read when it fails, and does not repeat its argument.
        succeed(app.arg(link), HAND_OVER).map(drop)
    }

    /// Sends logind's signal that the machine has woken up from sleep.
    pub fn wake(&self) -> Result<(), RigError> {
        let bus = self.environment.get("DBUS_SYSTEM_BUS_ADDRESS").unwrap_or_default();
        logind::tell_of_waking(&bus.to_string_lossy())
    }

    /// The app's environment; change a copy and use [`App::open`] for an app in another one.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The programs of this world.
    #[must_use]
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// `USERFRONT_ACCOUNTS_HOME` of the app.
    #[must_use]
    pub fn accounts_home(&self) -> &Path {
        &self.home
    }

    /// The name under which the app's entries lie in the keyring.
    #[must_use]
    pub fn service(&self) -> &'static str {
        SERVICE
    }

    /// Adds accounts like the first one, to the list and to the keyring, as if they had logged in before;
    /// only their sessions are not known to the server. Each name is there twice. The app must not run.
    pub fn add_others(&self, count: usize) -> Result<(), RigError> {
        let path = self.home.join("accounts.json");
        let read = std::fs::read(&path).map_err(RigError::file(&path))?;
        let unlike = || RigError::Unexpected("the list is not as it was when this was written".to_owned());
        let mut list: Value = serde_json::from_slice(&read).map_err(|_| unlike())?;
        let first = list["accounts"][0].clone();
        let text = |field: &str| first[field].as_str().map(str::to_owned).ok_or_else(unlike);
        let (id, session) = (text("id")?, text("session")?);
        let user = id.split([':', '@']).nth(1).ok_or_else(unlike)?;
        for nth in 0..count {
            let other = |uuid: &str| format!("{nth:08x}{}", &uuid[8..]);
            let row = first.to_string().replace(user, &other(user)).replace(&session, &other(&session));
            let mut row: Value = serde_json::from_str(&row).map_err(|_| unlike())?;
            row["profile"]["name"] = format!("User {}", nth / 2).into();
            for kind in ["access", "refresh"] {
                let name = format!("{kind}.{}", id.replace(user, &other(user)));
                self.keyring.add_duplicate(SERVICE, &name, "of another account")?;
            }
            list["accounts"].as_array_mut().ok_or_else(unlike)?.push(row);
        }
        for path in [path.with_file_name("accounts.last-good.json"), path] {
            std::fs::write(&path, list.to_string()).map_err(RigError::file(&path))?;
        }
        Ok(())
    }

    /// The X server.
    pub fn screen(&self) -> Result<&Screen, RigError> {
        self.keyring.screen().ok_or_else(|| RigError::Unexpected("this world has no screen".to_owned()))
    }

    /// The app's keyring entries, seen by `secret-tool`. Only while it is unlocked.
    pub fn entries(&self) -> Result<Vec<crate::WitnessedEntry>, RigError> {
        self.keyring.search(SERVICE)
    }

    /// A picture of the screen, once it has come to rest.
    pub async fn picture(&self, path: &Path) -> Result<(), RigError> {
        // The screen follows the document a few frames later.
        tokio::time::sleep(Duration::from_millis(400)).await;
        self.screen()?.capture(path)
    }
}
