//! `KeePassXC` with its defaults: it allows each item for one connection, asks the user for each, and answers
//! every create and delete with a prompt.

use std::slice;
use std::time::{Duration, Instant};

use accounts::EntryName;
use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use async_trait::async_trait;
use credential_store::{Keyring, Limits};
use test_rig::{Inside, KeePassXc, KeyringControl, KeyringOptions, Presence, enter};
use tokio::sync::Mutex;

use crate::promises::{Daemon, IsSo, Outside, name, secret, text};
use crate::real::{Outcome, SERVICE, keyring};

fn options() -> KeyringOptions {
    KeyringOptions { presence: Presence::NoDaemon, screen: Some((1000, 700)), ..KeyringOptions::default() }
}

async fn open(inside: &Inside) -> Result<KeePassXc<'_>, Box<dyn std::error::Error>> {
    Ok(KeePassXc::start(inside.environment(), inside.screen().ok_or("no screen")?).await?)
}

pub(crate) struct Open<'a> {
    keepass: Mutex<KeePassXc<'a>>,
    control: &'a KeyringControl,
}

impl<'a> Open<'a> {
    pub(crate) fn new(keepass: KeePassXc<'a>, control: &'a KeyringControl) -> Self {
        Self { keepass: Mutex::new(keepass), control }
    }
}

#[async_trait(?Send)]
impl Outside for Open<'_> {
    async fn lock(&self) {
        self.keepass.lock().await.lock().await.unwrap();
    }

    async fn unlock(&self) {
        self.keepass.lock().await.open().await.unwrap();
    }

    async fn add_duplicate(&self, _name: &str, _secret: &str) {
        unreachable!("it is named in `CANNOT_HOLD`");
    }

    fn items(&self) -> Vec<(String, String)> {
        let mut items = KeePassXc::secrets(self.control.environment()).unwrap();
        items.sort();
        items
    }

    /// It answers a moment before it has written its file.
    async fn items_once(&self, is_so: IsSo<'_>) -> Vec<(String, String)> {
        let began = Instant::now();
        loop {
            let items = self.items();
            if is_so(&items) || began.elapsed() > Duration::from_secs(30) {
                return items;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[async_trait(?Send)]
impl Daemon for Open<'_> {
    fn name(&self) -> &'static str {
        "KeePassXC"
    }

    async fn plant(&self, _name: &str, _secret: &str) {
        unreachable!("it is named in `CANNOT_HOLD`");
    }

    async fn restart_unlocked(&self) {
        self.keepass.lock().await.restart().await.unwrap();
    }

    async fn restart_locked(&self) {
        unreachable!("it is named in `CANNOT_HOLD`");
    }

    fn kill(&self) {
        self.control.kill().unwrap();
    }

    fn stop(&self) {
        self.control.stop().unwrap();
    }

    fn cont(&self) {
        self.control.cont().unwrap();
    }
}

#[tokio::test]
async fn what_a_connection_makes_it_may_use_without_being_asked() -> Outcome {
    let test = "keepassxc::what_a_connection_makes_it_may_use_without_being_asked";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let keepass = open(&inside).await?;
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
    // A deleted item is moved, with its secret: the README says so.
    keepass.until_kept(&["access.b"]).await?;
    assert_eq!(keepass.kept("/Recycle Bin")?, ["access.a"]);
    Ok(())
}

#[tokio::test]
async fn another_connections_entries_are_used_once_the_user_allows_it() -> Outcome {
    let test = "keepassxc::another_connections_entries_are_used_once_the_user_allows_it";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let mut keepass = open(&inside).await?;
    let (a, b) = (name("access.a"), name("access.b"));
    keyring().write(&a, &secret("a")).await?;
    keepass.until_kept(&["access.a"]).await?;
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

    let (status, answered) = tokio::join!(keyring.unlock(), keepass.dismiss());
    answered?;
    assert_eq!(status, StoreStatus::NotAllowed);
    let (status, answered) = tokio::join!(keyring.unlock(), keepass.allow());
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
    let mut keepass = open(&inside).await?;
    let keyring = keyring();
    let a = name("access.a");
    keyring.write(&a, &secret("a")).await?;
    keepass.lock().await?;
    assert_eq!(text(&keyring, &a).await, Err(StoreError::Locked));
    assert_eq!(text(&keyring, &name("absent")).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&a, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, Err(StoreError::Locked));
    assert_eq!(keyring.entries().await, Err(StoreError::Locked));
    assert!(!keepass.asks()?, "nobody was asked");

    let (status, typed) = tokio::join!(keyring.unlock(), keepass.unlock());
    typed?;
    assert_eq!(status, StoreStatus::Ok);
    assert_eq!(text(&keyring, &a).await, Ok(Some("a".to_owned())));

    keepass.end()?;
    assert!(matches!(keyring.status().await, StoreStatus::Unavailable(_)));
    assert!(matches!(text(&keyring, &a).await, Err(StoreError::Unavailable(_))));
    Ok(())
}

#[tokio::test]
async fn a_duplicate_of_another_program_is_deleted_with_ours() -> Outcome {
    let test = "keepassxc::a_duplicate_of_another_program_is_deleted_with_ours";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let keepass = open(&inside).await?;
    let keyring = keyring();
    let a = name("access.a");
    keyring.write(&a, &secret("ours")).await?;
    // Theirs is the newer one: it dates its entries to the second.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    // It answers a create with a prompt. secret-tool reports that as a failure, but the entry is there.
    if let Err(error) = (*inside).plant(SERVICE, "access.a", &[("application", "another")], "theirs") {
        eprintln!("secret-tool: {error}");
    }
    while keyring.status().await != StoreStatus::NotAllowed {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(text(&keyring, &a).await, Err(StoreError::NotAllowed));
    let (status, answered) = tokio::join!(keyring.unlock(), keepass.allow());
    answered?;
    assert_eq!(status, StoreStatus::Ok);
    assert_eq!(text(&keyring, &a).await, Ok(Some("ours".to_owned())), "a stranger's newer one is not ours");
    assert_eq!(keyring.delete(&[a]).await, Ok(Deletion::Deleted));
    assert_eq!(keyring.entries().await, Ok(vec![]));
    Ok(())
}

#[tokio::test]
async fn without_a_recycle_bin_it_asks_before_each_delete() -> Outcome {
    let test = "keepassxc::without_a_recycle_bin_it_asks_before_each_delete";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let screen = inside.screen().ok_or("no screen")?;
    let keepass = KeePassXc::start_without_recycle_bin(inside.environment(), screen).await?;
    let keyring = keyring();
    let (a, b) = (name("access.a"), name("access.b"));
    keyring.write(&a, &secret("a")).await?;
    keyring.write(&b, &secret("b")).await?;
    let both = [a.clone(), b.clone()];
    let still = |entries: &[EntryName]| Ok(Deletion::StillPresent(entries.to_vec()));
    let began = Instant::now();
    assert_eq!(keyring.delete(&both).await, still(&both), "nobody has answered");
    assert_eq!(keyring.delete(&both).await, still(&both), "nor now");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(keepass.questions()?, 1, "of two it would take the answer to one");
    assert_eq!(keyring.status().await, StoreStatus::Ok, "it answers all the while");
    assert_eq!(text(&keyring, &a).await, Ok(Some("a".to_owned())));

    keepass.answer_question(false).await?;
    assert_eq!(keyring.delete(&both).await, still(&both), "asked anew");
    keepass.answer_question(true).await?;
    keepass.until_kept(&["access.b"]).await?;
    assert_eq!(keyring.delete(&both).await, still(slice::from_ref(&b)));
    keepass.answer_question(true).await?;
    keepass.until_kept(&[]).await?;
    assert_eq!(keyring.delete(&both).await, Ok(Deletion::AlreadyAbsent));
    assert_eq!(keepass.questions()?, 0);

    // The answer may come after this program has ended.
    keyring.write(&a, &secret("a")).await?;
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, still(slice::from_ref(&a)));
    drop(keyring);
    keepass.answer_question(true).await?;
    keepass.until_kept(&[]).await?;
    assert_eq!(crate::real::keyring().delete(&[a]).await, Ok(Deletion::AlreadyAbsent));
    Ok(())
}

#[tokio::test]
async fn a_delete_asks_nothing_before_questions_are_allowed() -> Outcome {
    let test = "keepassxc::a_delete_asks_nothing_before_questions_are_allowed";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let screen = inside.screen().ok_or("no screen")?;
    let keepass = KeePassXc::start_asking_only_before_deletes(inside.environment(), screen).await?;
    let (a, b) = (name("access.a"), name("access.b"));
    keyring().write(&a, &secret("a")).await?;
    keepass.until_kept(&["access.a"]).await?;

    let start = Keyring::new(SERVICE.to_owned(), Limits::default());
    assert_eq!(start.status().await, StoreStatus::Ok);
    let both = [a.clone(), b.clone()];
    assert_eq!(start.delete(&both).await, Ok(Deletion::StillPresent(vec![a.clone()])));
    assert_eq!(start.delete(slice::from_ref(&b)).await, Ok(Deletion::AlreadyAbsent), "names suffice");
    assert_eq!(text(&start, &a).await, Ok(Some("a".to_owned())));
    assert!(!keepass.asks()?, "nobody was asked");

    start.allow_questions();
    assert_eq!(start.delete(slice::from_ref(&a)).await, Ok(Deletion::StillPresent(vec![a.clone()])));
    keepass.answer_question(true).await?;
    keepass.until_kept(&[]).await?;
    assert_eq!(start.delete(&[a]).await, Ok(Deletion::AlreadyAbsent));
    Ok(())
}

#[tokio::test]
async fn another_open_database_changes_nothing() -> Outcome {
    let Some(inside) = enter("keepassxc::another_open_database_changes_nothing", options())? else {
        return Ok(());
    };
    let screen = inside.screen().ok_or("no screen")?;
    let keepass = KeePassXc::start_beside_another(inside.environment(), screen, true).await?;
    let keyring = keyring();
    let a = name("access.a");
    assert_eq!(keyring.status().await, StoreStatus::Ok);
    keyring.write(&a, &secret("a")).await?;
    keepass.until_kept(&["access.a"]).await?;
    screen.press("ctrl+Tab")?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(keyring.status().await, StoreStatus::Ok, "whichever is in front");
    assert_eq!(text(&keyring, &a).await, Ok(Some("a".to_owned())));
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, Ok(Deletion::Deleted));
    keepass.until_kept(&[]).await?;
    Ok(())
}

#[tokio::test]
async fn another_locked_database_could_hide_an_entry() -> Outcome {
    let Some(inside) = enter("keepassxc::another_locked_database_could_hide_an_entry", options())? else {
        return Ok(());
    };
    let screen = inside.screen().ok_or("no screen")?;
    let keepass = KeePassXc::start_beside_another(inside.environment(), screen, false).await?;
    let keyring = keyring();
    let a = name("access.a");
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &a).await, Err(StoreError::Locked));
    assert_eq!(keyring.entries().await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&a, &secret("a")).await, Err(StoreError::Locked));
    assert!(!keepass.asks()?, "nobody was asked");
    let began = Instant::now();
    let (status, typed) = tokio::join!(keyring.unlock(), keepass.unlock_another());
    typed?;
    // It never ends its prompt, and has no default collection while the tab in front shares nothing.
    assert_eq!(status, StoreStatus::Ok);
    assert!(began.elapsed() < Limits::default().unlock, "{:?}", began.elapsed());
    keyring.write(&a, &secret("a")).await?;
    assert_eq!(text(&keyring, &a).await, Ok(Some("a".to_owned())));
    keepass.until_kept(&["access.a"]).await?;
    Ok(())
}
