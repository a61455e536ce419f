//! `KeePassXC` with its defaults, as the keyring of a world that has none ([`Presence::NoDaemon`], and a
//! screen).
//!
//! It allows an entry to a connection, asks for each, and answers every create and delete with a prompt. Its
//! witness is its own command line, which reads the database's file.
//!
//! [`Presence::NoDaemon`]: crate::Presence::NoDaemon

mod database;
mod file;

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::time::sleep;

use crate::{Environment, RigError, Screen, bus, keyring::write_and_close, process::Group, secret_service};

const PASSWORD: &str = "password of the rig";
const LIMIT: Duration = Duration::from_mins(1);
const STEP: Duration = Duration::from_millis(50);

/// From a key to what it does.
const EFFECT: Duration = Duration::from_millis(300);

/// The titles of its dialogs: for an entry, for the database, before a delete, and any.
const ACCESS: &str = "Access Request";
const UNLOCK: &str = "Unlock Database";
const DELETE: &str = "^Delete entry";
const ANY: &str = "Access Request|Unlock Database|Delete";

/// A running `KeePassXC` with an open database. It ends with this value.
#[derive(Debug)]
pub struct KeePassXc<'a> {
    environment: &'a Environment,
    screen: &'a Screen,
    process: Group,
    another: Another,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    recycle_bin: bool,
    confirms_access: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { recycle_bin: true, confirms_access: true }
    }
}

/// A second database that it is started with.
#[derive(Clone, Copy, Debug)]
enum Another {
    None,
    Open,
    Locked,
}

impl<'a> KeePassXc<'a> {
    /// Makes the database, and opens it.
    pub async fn start(environment: &'a Environment, screen: &'a Screen) -> Result<Self, RigError> {
        Self::start_with(environment, screen, Settings::default(), Another::None).await
    }

    /// The same with a database that has no recycle bin: it asks before each delete.
    pub async fn start_without_recycle_bin(
        environment: &'a Environment,
        screen: &'a Screen,
    ) -> Result<Self, RigError> {
        let settings = Settings { recycle_bin: false, ..Settings::default() };
        Self::start_with(environment, screen, settings, Another::None).await
    }

    /// The same without *Confirm when passwords are retrieved by clients*: it asks before each delete, and
    /// for nothing else.
    pub async fn start_asking_only_before_deletes(
        environment: &'a Environment,
        screen: &'a Screen,
    ) -> Result<Self, RigError> {
        let settings = Settings { recycle_bin: false, confirms_access: false };
        Self::start_with(environment, screen, settings, Another::None).await
    }

    /// The same beside another database, which shares nothing: it is a tab before this one, open or locked.
    pub async fn start_beside_another(
        environment: &'a Environment,
        screen: &'a Screen,
        open: bool,
    ) -> Result<Self, RigError> {
        database::make_another(environment)?;
        let another = if open { Another::Open } else { Another::Locked };
        Self::start_with(environment, screen, Settings::default(), another).await
    }

    async fn start_with(
        environment: &'a Environment,
        screen: &'a Screen,
        settings: Settings,
        another: Another,
    ) -> Result<Self, RigError> {
        database::make(environment, settings)?;
        let process = run(environment, another)?;
        let it = Self { environment, screen, process, another };
        it.until_open().await?;
        Ok(it)
    }

    /// Kills it and starts it again: what connections were allowed is forgotten.
    pub async fn restart(&mut self) -> Result<(), RigError> {
        self.end()?;
        self.process = run(self.environment, self.another)?;
        self.until_open().await
    }

    /// Kills it.
    pub fn end(&mut self) -> Result<(), RigError> {
        self.process.end()
    }

    /// Locks the database with the window's own key.
    pub async fn lock(&self) -> Result<(), RigError> {
        self.until("the database to be locked", async || {
            self.screen.press("ctrl+l")?;
            sleep(EFFECT).await;
            secret_service::is_locked(&self.address())
        })
        .await
    }

    /// Types the password into the dialog that asks for it.
    pub async fn unlock(&self) -> Result<(), RigError> {
        self.until("the dialog to take the password", async || {
            if self.screen.has_window(UNLOCK)? {
                self.screen.press("ctrl+a")?;
                self.screen.type_text(PASSWORD)?;
                self.screen.press("Return")?;
                sleep(EFFECT).await;
            }
            Ok(!secret_service::is_locked(&self.address())?)
        })
        .await
    }

    /// Types the password into the dialog that asks for another database's.
    pub async fn unlock_another(&self) -> Result<(), RigError> {
        self.until("the dialog for another database", async || self.screen.has_window(UNLOCK)).await?;
        self.until("the dialog to take the password", async || {
            self.screen.press("ctrl+a")?;
            self.screen.type_text(PASSWORD)?;
            self.screen.press("Return")?;
            sleep(EFFECT).await;
            Ok(!self.screen.has_window(UNLOCK)?)
        })
        .await
    }

    /// Types the password into its window, which is the only one. No dialog asks for it.
    pub async fn open(&self) -> Result<(), RigError> {
        self.until("the window to take the password", async || {
            self.screen.press("ctrl+a")?;
            self.screen.type_text(PASSWORD)?;
            self.screen.press("Return")?;
            sleep(EFFECT).await;
            Ok(!secret_service::is_locked(&self.address())?)
        })
        .await
    }

    /// Allows the entries that it asks about.
    pub async fn allow(&self) -> Result<(), RigError> {
        self.answer("Return").await
    }

    /// Dismisses the dialog that asks about entries.
    pub async fn dismiss(&self) -> Result<(), RigError> {
        self.answer("Escape").await
    }

    async fn answer(&self, key: &str) -> Result<(), RigError> {
        self.until("KeePassXC to ask", async || self.screen.has_window(ACCESS)).await?;
        self.until("its dialog to go", async || {
            self.screen.press(key)?;
            sleep(EFFECT).await;
            Ok(!self.screen.has_window(ACCESS)?)
        })
        .await
    }

    /// How many questions are open whether to delete an entry.
    pub fn questions(&self) -> Result<usize, RigError> {
        Ok(self.screen.windows(DELETE)?.len())
    }

    /// Answers the question whether to delete an entry: with yes, or with *Cancel*.
    pub async fn answer_question(&self, yes: bool) -> Result<(), RigError> {
        self.until("KeePassXC to ask", async || Ok(self.questions()? > 0)).await?;
        self.until("its question to go", async || {
            // By the mouse: which of its buttons the keyboard is at differs.
            if let Some(question) = self.screen.windows(DELETE)?.first() {
                self.screen.click_in(question, if yes { 65 } else { 87 }, 72)?;
            }
            sleep(EFFECT).await;
            Ok(self.questions()? == 0)
        })
        .await
    }

    /// Whether one of its dialogs is open.
    pub fn asks(&self) -> Result<bool, RigError> {
        self.screen.has_window(ANY)
    }

    fn address(&self) -> String {
        bus::address(self.environment.folder())
    }

    async fn until_open(&self) -> Result<(), RigError> {
        self.until("the database to be open", async || {
            // No daemon yet, or none of its collections.
            Ok(secret_service::is_locked(&self.address()).is_ok_and(|locked| !locked))
        })
        .await
    }

    async fn until(
        &self,
        what: &str,
        is_so: impl AsyncFn() -> Result<bool, RigError>,
    ) -> Result<(), RigError> {
        let began = Instant::now();
        while !is_so().await? {
            if began.elapsed() > LIMIT {
                return Err(RigError::Late { what: what.to_owned(), limit: LIMIT });
            }
            sleep(STEP).await;
        }
        Ok(())
    }
}

fn run(environment: &Environment, another: Another) -> Result<Group, RigError> {
    let home = environment.folder().join("home");
    let mut command = environment.command("keepassxc");
    // Else it hands its file over to one that runs in another world.
    command.env("TMPDIR", environment.folder().join("run"));
    command.arg("--pw-stdin");
    // A line for each; a wrong password leaves the tab locked.
    let passwords = match another {
        Another::None => PASSWORD.to_owned(),
        Another::Open => format!("{PASSWORD}\n{PASSWORD}\n"),
        Another::Locked => format!("not this\n{PASSWORD}\n"),
    };
    if !matches!(another, Another::None) {
        command.arg(home.join("another.kdbx"));
    }
    let command = command.arg(home.join("passwords.kdbx"));
    let mut process =
        Group::start(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()))?;
    write_and_close(&mut process, &passwords)?;
    Ok(process)
}
