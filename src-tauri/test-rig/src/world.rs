//! All that an end-to-end test needs, in one value: keyring, screen, sandbox, and the app's own folder.

use std::{path::PathBuf, time::Duration};

use crate::{
    App, Environment, KeyringDaemon, KeyringOptions, Presence, Programs, RigError, Sandbox, Screen,
    SecretServiceKind,
};

/// What a world is made of; see [`World::builder`].
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

    /// The bus brings a keyring daemon back that is gone, as desktops do.
    #[must_use]
    pub fn activate_keyring(mut self) -> Self {
        self.keyring.activate = true;
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
    ///
    /// # Errors
    /// When a program is missing or does not come up.
    pub fn start(self) -> Result<World, RigError> {
        let options = KeyringOptions { screen: Some(self.size), ..self.keyring };
        let keyring = KeyringDaemon::start(options)?;
        let mut environment = keyring.environment().clone();
        let arguments: Vec<_> = self.sandbox.iter().map(String::as_str).collect();
        let sandbox = Sandbox::start(&self.programs.sandbox, &arguments, &environment)?;
        let home = environment.folder().join("accounts-home");
        std::fs::create_dir(&home).map_err(RigError::file(&home))?;
        environment.set("USERFRONT_ACCOUNTS_HOME", &home);
        environment.set("USERFRONT_ACCOUNTS_SERVICE", SERVICE);
        environment.set("USERFRONT_API_URL", sandbox.api_base());
        environment.set("USERFRONT_TENANT", TENANT);
        for (name, value) in &self.variables {
            environment.set(name, value);
        }
        Ok(World { programs: self.programs, environment, home, sandbox, keyring })
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

    /// Opens the app. Several may be open at once, and a stopped one can be opened again.
    ///
    /// # Errors
    /// When no window answers.
    pub async fn open_app(&self) -> Result<App, RigError> {
        App::open(&self.programs, &[], &self.environment).await
    }

    /// What the app sees; change a copy of it and use [`App::open`] for an app that sees something else.
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
    pub fn accounts_home(&self) -> &std::path::Path {
        &self.home
    }

    /// The name under which the app's entries lie in the keyring.
    #[must_use]
    pub fn service(&self) -> &'static str {
        SERVICE
    }

    /// The X server.
    ///
    /// # Errors
    /// Never in a world made by [`World::builder`].
    pub fn screen(&self) -> Result<&Screen, RigError> {
        self.keyring.screen().ok_or_else(|| RigError::Unexpected("this world has no screen".to_owned()))
    }

    /// What lies in the keyring for the app, seen by `secret-tool`. Only while it is unlocked.
    ///
    /// # Errors
    /// When the keyring is locked or out of reach.
    pub fn entries(&self) -> Result<Vec<crate::WitnessedEntry>, RigError> {
        self.keyring.search(SERVICE)
    }

    /// A picture of the screen, once it has come to rest.
    ///
    /// # Errors
    /// When `import` fails.
    pub async fn picture(&self, path: &std::path::Path) -> Result<(), RigError> {
        // What is in the document is on the screen a few frames later.
        tokio::time::sleep(Duration::from_millis(400)).await;
        self.screen()?.capture(path)
    }
}
