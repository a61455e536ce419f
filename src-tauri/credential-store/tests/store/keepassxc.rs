//! `KeePassXC` with its defaults: it allows an item to a connection, asks for each, and answers every create and delete with
//! a prompt.

use std::fs;
use std::io::Write;
use std::process::{Child, Stdio};
use std::slice;
use std::time::{Duration, Instant};

use accounts::ports::{CredentialStore, Deletion, StoreError, StoreStatus};
use credential_store::Keyring;
use test_rig::{Inside, KeyringOptions, Presence, Screen, enter};

use crate::promises::{name, secret, text};
use crate::real::{Outcome, SERVICE, keyring};

const PASSWORD: &str = "password of the rig";
const LIMIT: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(50);

/// `KeePassXC` on the private bus and screen, with a database whose root group is shared.
struct KeePassXc<'a> {
    inside: &'a Inside,
    screen: &'a Screen,
    process: Child,
}

impl<'a> KeePassXc<'a> {
    async fn start(inside: &'a Inside) -> Result<Self, Box<dyn std::error::Error>> {
        let screen = inside.screen().ok_or("no screen")?;
        let home = inside.environment().folder().join("home");
        let settings = home.join(".config/keepassxc");
        fs::create_dir_all(&settings)?;
        // Only what a first start would ask for; the Secret Service's own settings are the defaults.
        let text = "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n[GUI]\nCheckForUpdates=false\n\
                    [FdoSecrets]\nEnabled=true\n";
        fs::write(settings.join("keepassxc.ini"), text)?;
        make_database(inside)?;
        let process = run(inside)?;
        let started = Self { inside, screen, process };
        started.until("it is open", async || Ok(keyring().status().await == StoreStatus::Ok)).await?;
        Ok(started)
    }

    async fn restart(&mut self) -> Outcome {
        self.process.kill()?;
        self.process.wait()?;
        self.process = run(self.inside)?;
        // Another connection each time: ours is not allowed to use what it made before.
        self.until("it is open again", async || {
            Ok(matches!(keyring().status().await, StoreStatus::Ok | StoreStatus::NotAllowed))
        })
        .await
    }

    /// Locks the database with the window's own key.
    async fn lock(&self, keyring: &Keyring) -> Outcome {
        self.until("it is locked", async || {
            self.screen.press("ctrl+l")?;
            tokio::time::sleep(STEP * 4).await;
            Ok(keyring.status().await == StoreStatus::Locked)
        })
        .await
    }

    /// Clicks on the dialog's default, *Allow selected*, or *Escape*, until it is gone.
    async fn answer(&self, key: &str) -> Outcome {
        let title = "Access Request";
        self.until("it asks", async || Ok(self.screen.has_window(title)?)).await?;
        self.until("the dialog is gone", async || {
            self.screen.press(key)?;
            tokio::time::sleep(STEP * 4).await;
            Ok(!self.screen.has_window(title)?)
        })
        .await
    }

    fn asks(&self) -> Result<bool, Box<dyn std::error::Error>> {
        Ok(self.screen.has_window("Access Request|Unlock Database|Delete")?)
    }

    /// The names in the database's file, in the root group and in the recycle bin, as its own command line reads them.
    fn kept(&self) -> Result<(Vec<String>, Vec<String>), Box<dyn std::error::Error>> {
        let database = database(self.inside);
        let list = |group: &str| -> Result<Vec<String>, Box<dyn std::error::Error>> {
            let mut child = self
                .inside
                .environment()
                .command("keepassxc-cli")
                .args(["ls", "-q"])
                .arg(&database)
                .arg(group)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?;
            child.stdin.take().ok_or("no input")?.write_all(PASSWORD.as_bytes())?;
            let output = child.wait_with_output()?;
            let text = String::from_utf8(output.stdout)?;
            let ours = text.lines().filter_map(|line| line.strip_prefix("Userfront Accounts: "));
            Ok(ours.map(str::to_owned).collect())
        };
        Ok((list("/")?, list("/Recycle Bin")?))
    }

    async fn until(
        &self,
        what: &str,
        is_so: impl AsyncFn() -> Result<bool, Box<dyn std::error::Error>>,
    ) -> Outcome {
        let began = Instant::now();
        while !is_so().await? {
            if began.elapsed() > LIMIT {
                let picture = std::env::temp_dir().join("keepassxc.png");
                self.screen.capture(&picture)?;
                return Err(format!("not in time: {what}; {}", picture.display()).into());
            }
            tokio::time::sleep(STEP).await;
        }
        Ok(())
    }
}

impl Drop for KeePassXc<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.process.kill().and_then(|()| self.process.wait()) {
            eprintln!("KeePassXC was not ended: {error}");
        }
    }
}

fn database(inside: &Inside) -> std::path::PathBuf {
    inside.environment().folder().join("home/passwords.kdbx")
}

/// Sharing a group with the Secret Service has no switch on the command line: it lies in the database.
fn make_database(inside: &Inside) -> Outcome {
    let database = database(inside);
    let xml = database.with_extension("xml");
    let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile><Meta><DatabaseName>Private</DatabaseName><RecycleBinEnabled>True</RecycleBinEnabled><CustomData><Item>
<Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{00010203-0405-0607-0809-0a0b0c0d0e0f}</Value></Item></CustomData></Meta>
<Root><Group><UUID>AAECAwQFBgcICQoLDA0ODw==</UUID><Name>Root</Name></Group></Root></KeePassFile>"#;
    fs::write(&xml, text)?;
    let mut import = inside.environment().command("keepassxc-cli");
    let import = import.arg("import").arg(&xml).arg(&database).arg("-p");
    let mut child = import.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(format!("{PASSWORD}\n{PASSWORD}\n").as_bytes())?;
    if child.wait()?.success() { Ok(()) } else { Err("the database was not made".into()) }
}

fn run(inside: &Inside) -> Result<Child, Box<dyn std::error::Error>> {
    let mut command = inside.environment().command("keepassxc");
    // Else it hands its file over to one that runs in another world.
    command.env("TMPDIR", inside.environment().folder().join("run"));
    let command = command.arg("--pw-stdin").arg(database(inside));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(PASSWORD.as_bytes())?;
    Ok(child)
}

fn options() -> KeyringOptions {
    KeyringOptions { presence: Presence::NoDaemon, screen: Some((1000, 700)), ..KeyringOptions::default() }
}

#[tokio::test]
async fn what_a_connection_makes_it_may_use_without_being_asked() -> Outcome {
    let test = "keepassxc::what_a_connection_makes_it_may_use_without_being_asked";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let keepass = KeePassXc::start(&inside).await?;
    let keyring = keyring();
    let (a, b) = (name("access.a"), name("access.b"));
    assert_eq!(keyring.status().await, StoreStatus::Ok);
    assert_eq!(keyring.name(), "KeePassXC");
    assert_eq!(keyring.entries().await, Ok(vec![]));
    assert_eq!(text(&keyring, &a).await, Ok(None));
    let token = format!("eyJ{}", "x".repeat(6_000));
    keyring.write(&a, &secret(&token)).await?;
    keyring.write(&b, &secret("b")).await?;
    assert_eq!(text(&keyring, &a).await, Ok(Some(token)));
    keyring.write(&a, &secret("replaced")).await?;
    assert_eq!(text(&keyring, &a).await, Ok(Some("replaced".to_owned())));
    assert_eq!(keyring.entries().await, Ok(vec![a.clone(), b.clone()]));
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, Ok(Deletion::Deleted));
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, Ok(Deletion::AlreadyAbsent));
    assert_eq!(keyring.entries().await, Ok(vec![b]));
    assert!(!keepass.asks()?, "nobody was asked");
    // Deleted is moved, with its secret: the README says so.
    keepass
        .until("the file is written", async || {
            Ok(keepass.kept()? == (vec!["access.b".to_owned()], vec!["access.a".to_owned()]))
        })
        .await
}

#[tokio::test]
async fn another_connections_entries_are_used_once_the_user_allows_it() -> Outcome {
    let test = "keepassxc::another_connections_entries_are_used_once_the_user_allows_it";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let mut keepass = KeePassXc::start(&inside).await?;
    let (a, b) = (name("access.a"), name("access.b"));
    keyring().write(&a, &secret("a")).await?;
    // It answers a moment before it has written its file.
    keepass.until("the file is written", async || Ok(keepass.kept()?.0 == ["access.a"])).await?;
    keepass.restart().await?;

    let keyring = keyring();
    assert_eq!(keyring.status().await, StoreStatus::NotAllowed, "an open database is not called locked");
    assert_eq!(keyring.entries().await, Ok(vec![a.clone()]));
    assert_eq!(text(&keyring, &a).await, Err(StoreError::NotAllowed));
    assert_eq!(keyring.write(&a, &secret("t")).await, Err(StoreError::NotAllowed));
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, Err(StoreError::NotAllowed));
    keyring.write(&b, &secret("b")).await?;
    assert_eq!(text(&keyring, &b).await, Ok(Some("b".to_owned())), "another account can log in");
    assert!(!keepass.asks()?, "nobody was asked");

    // The user refuses, and is asked again all the same.
    let (status, answered) = tokio::join!(keyring.unlock(), keepass.answer("Escape"));
    answered?;
    assert_eq!(status, StoreStatus::NotAllowed);
    let (status, answered) = tokio::join!(keyring.unlock(), keepass.answer("Return"));
    answered?;
    assert_eq!(status, StoreStatus::Ok);
    for _ in 0..2 {
        assert_eq!(text(&keyring, &a).await, Ok(Some("a".to_owned())));
    }
    assert_eq!(keyring.delete(&[a, b]).await, Ok(Deletion::Deleted));
    assert_eq!(keyring.entries().await, Ok(vec![]));
    Ok(())
}

#[tokio::test]
async fn a_locked_database_is_not_touched_and_unlocks_with_its_own_dialog() -> Outcome {
    let test = "keepassxc::a_locked_database_is_not_touched_and_unlocks_with_its_own_dialog";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let mut keepass = KeePassXc::start(&inside).await?;
    let keyring = keyring();
    let a = name("access.a");
    keyring.write(&a, &secret("a")).await?;
    keepass.lock(&keyring).await?;
    assert_eq!(text(&keyring, &a).await, Err(StoreError::Locked));
    assert_eq!(text(&keyring, &name("absent")).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&a, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, Err(StoreError::Locked));
    assert_eq!(keyring.entries().await, Err(StoreError::Locked));
    assert!(!keepass.asks()?, "nobody was asked");

    let typed = keepass.until("it takes the password", async || {
        if keepass.screen.has_window("Unlock Database")? {
            keepass.screen.press("ctrl+a")?;
            keepass.screen.type_text(PASSWORD)?;
            keepass.screen.press("Return")?;
            tokio::time::sleep(STEP * 10).await;
        }
        Ok(keyring.status().await == StoreStatus::Ok)
    });
    let (status, typed) = tokio::join!(keyring.unlock(), typed);
    typed?;
    assert_eq!(status, StoreStatus::Ok);
    assert_eq!(text(&keyring, &a).await, Ok(Some("a".to_owned())));

    keepass.process.kill()?;
    keepass.process.wait()?;
    assert!(matches!(keyring.status().await, StoreStatus::Unavailable(_)));
    assert!(matches!(text(&keyring, &a).await, Err(StoreError::Unavailable(_))));
    Ok(())
}

#[tokio::test]
async fn a_twin_of_another_program_is_deleted_with_ours() -> Outcome {
    let test = "keepassxc::a_twin_of_another_program_is_deleted_with_ours";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let keepass = KeePassXc::start(&inside).await?;
    let keyring = keyring();
    let a = name("access.a");
    keyring.write(&a, &secret("ours")).await?;
    // It answers a create with a prompt, and secret-tool takes that for a failure: the entry is there all the same.
    if let Err(error) = inside.plant(SERVICE, "access.a", &[("application", "another")], "theirs") {
        eprintln!("secret-tool: {error}");
    }
    keepass.until("there are two", async || Ok(keyring.status().await == StoreStatus::NotAllowed)).await?;
    assert_eq!(text(&keyring, &a).await, Err(StoreError::NotAllowed));
    let (status, answered) = tokio::join!(keyring.unlock(), keepass.answer("Return"));
    answered?;
    assert_eq!(status, StoreStatus::Ok);
    assert_eq!(text(&keyring, &a).await, Ok(Some("ours".to_owned())));
    assert_eq!(keyring.delete(&[a]).await, Ok(Deletion::Deleted));
    assert_eq!(keyring.entries().await, Ok(vec![]));
    Ok(())
}
