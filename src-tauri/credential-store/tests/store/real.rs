//! The promises, kept by a real keyring of either kind; and what the twin has no part in: parts, names, dialogs.

use std::error::Error;
use std::slice;
use std::time::{Duration, Instant};

use accounts::ports::{CredentialStore, Deletion, StoreError, StoreStatus};
use credential_store::{Keyring, Limits};
use test_rig::{Inside, KeyringOptions, Presence, SecretServiceKind, enter};

use crate::kinds::{On, on_each_kind};
use crate::promises::{self, Outside, name, secret, text};

on_each_kind! {
    a_real_keyring_keeps_the_promises
    an_oversize_secret_is_split_and_comes_back_whole
    nothing_but_unlock_opens_a_dialog
    a_dialog_left_alone_holds_nothing_up
    without_a_display_unlocking_ends_locked
    a_replaced_secret_outlives_the_daemon
    what_is_locked_at_the_start_is_not_taken_for_absent
    what_is_deleted_by_others_while_it_is_listed_is_no_error
    what_is_replaced_by_others_is_there_all_the_while
}

pub(crate) const SERVICE: &str = "userfront.test";

pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// Whether a dialog is open: nothing else opens windows in the private world. (Some dialogs have no title, so every
/// window counts; the one that is always there is the screen's own.)
fn dialog_is_open(inside: &Inside) -> Result<bool, Box<dyn Error>> {
    let search = ["search", "--onlyvisible", "--name", ""];
    let windows = inside.environment().command("xdotool").args(search).output()?;
    let count = String::from_utf8(windows.stdout)?.lines().count();
    assert!(count > 0, "the search finds not even the screen");
    Ok(count > 1)
}

async fn dialog_opens(inside: &Inside) -> Outcome {
    let began = Instant::now();
    while !dialog_is_open(inside)? {
        assert!(began.elapsed() < Duration::from_secs(20), "no dialog");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // It takes the keyboard a moment later.
    tokio::time::sleep(Duration::from_millis(500)).await;
    Ok(())
}

pub(crate) fn keyring() -> Keyring {
    Keyring::new(SERVICE.to_owned(), Limits::default())
}

impl Outside for Inside {
    fn lock(&self) {
        (**self).lock().unwrap();
    }

    fn unlock(&self) {
        (**self).unlock().unwrap();
    }

    fn add_twin(&self, name: &str, secret: &str) {
        // The keyring dates its items to the second.
        std::thread::sleep(Duration::from_millis(1100));
        self.plant(SERVICE, name, &[("twin", "yes")], secret).unwrap();
    }

    fn items(&self) -> Vec<(String, String)> {
        let found = self.search(SERVICE).unwrap();
        let mut items: Vec<_> =
            found.into_iter().map(|entry| (entry.user().to_owned(), entry.secret)).collect();
        items.sort();
        items
    }
}

async fn a_real_keyring_keeps_the_promises(on: On) -> Outcome {
    let Some(inside) = on.enter(Presence::Unlocked)? else {
        return Ok(());
    };
    let keyring = keyring();
    assert_eq!(keyring.name(), "Secret Service", "not known yet");
    promises::all(&keyring, &inside).await;
    let name = match on.kind {
        SecretServiceKind::GnomeKeyring => "GNOME Keyring",
        SecretServiceKind::Oo7 => "oo7",
    };
    assert_eq!(keyring.name(), name);
    Ok(())
}

async fn an_oversize_secret_is_split_and_comes_back_whole(on: On) -> Outcome {
    let Some(inside) = on.enter(Presence::Unlocked)? else { return Ok(()) };
    let small = Keyring::new(SERVICE.to_owned(), Limits { item_bytes: 200, ..Limits::default() });
    let entry = name("access.a");
    for length in [200, 201, 1_000, 399, 10] {
        let token = "t".repeat(length);
        small.write(&entry, &secret(&token)).await?;
        assert_eq!(text(&small, &entry).await?, Some(token.clone()));
        assert_eq!(
            text(&keyring(), &entry).await?,
            Some(token),
            "the limit of the writer is not the reader's"
        );
        let parts = if length <= 200 { 1 } else { 1 + length.div_ceil(200) };
        let items = inside.items();
        assert_eq!(items.len(), parts, "{length}");
        assert!(items.iter().all(|(_, secret)| secret.len() <= 200));
        assert_eq!(small.entries().await?, slice::from_ref(&entry));
    }
    small.write(&entry, &secret(&"t".repeat(500))).await?;
    inside.add_twin("access.a#1", "t");
    assert_eq!(text(&small, &entry).await?, None, "torn");
    assert_eq!(small.delete(&[entry]).await?, Deletion::Deleted);
    assert_eq!(inside.items(), []);
    Ok(())
}

async fn nothing_but_unlock_opens_a_dialog(on: On) -> Outcome {
    let options = KeyringOptions { screen: Some((900, 600)), ..KeyringOptions::default() };
    let Some(inside) = on.enter(options)? else { return Ok(()) };
    let screen = inside.screen().ok_or("no screen")?;
    let keyring = keyring();
    let entry = name("access.a");
    keyring.write(&entry, &secret("s")).await?;
    inside.plant(SERVICE, "access.a", &[("twin", "yes")], "t")?;
    Outside::lock(&inside);

    let began = Instant::now();
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &entry).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&entry, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&name("new"), &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&entry)).await, Err(StoreError::Locked));
    let listed = match on.kind {
        // Still known by name to a daemon that was unlocked.
        SecretServiceKind::GnomeKeyring => Ok(vec![entry.clone()]),
        SecretServiceKind::Oo7 => Err(StoreError::Locked),
    };
    assert_eq!(keyring.entries().await, listed);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!dialog_is_open(&inside)?, "a dialog was opened");

    // Dismissed by the user.
    let dismissed = async {
        dialog_opens(&inside).await?;
        assert_eq!(keyring.status().await, StoreStatus::Locked, "at once, beside the dialog");
        screen.press("Escape")?;
        Outcome::Ok(())
    };
    let (status, pressed) = tokio::join!(keyring.unlock(), dismissed);
    pressed?;
    assert_eq!(status, StoreStatus::Locked);

    // Answered.
    let answered = async {
        dialog_opens(&inside).await?;
        screen.type_text(inside.password())?;
        screen.press("Return")?;
        Outcome::Ok(())
    };
    let (status, typed) = tokio::join!(keyring.unlock(), answered);
    typed?;
    assert_eq!(status, StoreStatus::Ok);
    assert_eq!(inside.items().len(), 2, "nothing was changed while it was locked");
    assert_eq!(keyring.delete(&[entry]).await?, Deletion::Deleted);
    Ok(())
}

async fn a_dialog_left_alone_holds_nothing_up(on: On) -> Outcome {
    let options =
        KeyringOptions { presence: Presence::Locked, screen: Some((900, 600)), ..KeyringOptions::default() };
    let Some(inside) = on.enter(options)? else { return Ok(()) };
    let screen = inside.screen().ok_or("no screen")?;
    let limit = Duration::from_secs(6);
    let keyring = Keyring::new(SERVICE.to_owned(), Limits { unlock: limit, ..Limits::default() });
    let daemon = inside.daemon_pid()?;
    let began = Instant::now();
    let (status, seen) = tokio::join!(keyring.unlock(), dialog_opens(&inside));
    seen?;
    assert_eq!(status, StoreStatus::Locked);
    assert!(began.elapsed() >= limit && began.elapsed() < limit * 2, "{:?}", began.elapsed());
    assert_eq!(keyring.status().await, StoreStatus::Locked, "not hung");
    assert_eq!(inside.daemon_pid()?, daemon, "it has not crashed");

    screen.type_text(inside.password())?;
    screen.press("Return")?;
    while keyring.status().await != StoreStatus::Ok {
        assert!(began.elapsed() < Duration::from_secs(30), "the late answer does not count");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn without_a_display_unlocking_ends_locked(on: On) -> Outcome {
    let Some(_inside) = on.enter(Presence::Locked)? else {
        return Ok(());
    };
    let keyring = keyring();
    let began = Instant::now();
    assert_eq!(keyring.unlock().await, StoreStatus::Locked);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    Ok(())
}

async fn a_replaced_secret_outlives_the_daemon(on: On) -> Outcome {
    let Some(inside) = on.enter(Presence::Unlocked)? else { return Ok(()) };
    let keyring = keyring();
    let entry = name("access.a");
    keyring.write(&entry, &secret("first")).await?;
    keyring.write(&entry, &secret("second")).await?;
    inside.restart_unlocked()?;
    assert_eq!(inside.items(), [("access.a".to_owned(), "second".to_owned())]);
    inside.add_twin("access.a", "twin");
    keyring.write(&entry, &secret("third")).await?;
    inside.restart_unlocked()?;
    assert_eq!(inside.items(), [("access.a".to_owned(), "third".to_owned())]);
    assert_eq!(keyring.delete(&[entry]).await?, Deletion::Deleted);
    inside.restart_unlocked()?;
    assert_eq!(inside.items(), []);
    Ok(())
}

async fn what_is_locked_at_the_start_is_not_taken_for_absent(on: On) -> Outcome {
    let Some(inside) = on.enter(Presence::Unlocked)? else { return Ok(()) };
    let entry = name("access.a");
    keyring().write(&entry, &secret("s")).await?;
    inside.restart_locked()?;
    let keyring = keyring();
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &entry).await, Err(StoreError::Locked));
    assert_eq!(keyring.entries().await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&entry, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&entry)).await, Err(StoreError::Locked));
    assert!(inside.is_locked()?);
    Outside::unlock(&inside);
    assert_eq!(text(&keyring, &entry).await?, Some("s".to_owned()));
    assert_eq!(keyring.delete(&[entry]).await?, Deletion::Deleted);
    Ok(())
}

async fn what_is_deleted_by_others_while_it_is_listed_is_no_error(on: On) -> Outcome {
    let Some(_inside) = on.enter(Presence::Unlocked)? else { return Ok(()) };
    let (keyring, other) = (keyring(), keyring());
    let stays = name("access.a");
    keyring.write(&stays, &secret("s")).await?;
    let others = async {
        for _ in 0..100 {
            other.write(&name("comes.and.goes"), &secret("s")).await?;
            other.delete(&[name("comes.and.goes")]).await?;
        }
        Outcome::Ok(())
    };
    let listed = async {
        let mut seen = 0;
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(3) {
            let entries = keyring.entries().await?;
            assert!(entries.contains(&stays));
            seen += entries.len() - 1;
        }
        assert!(seen > 0, "it was there at times");
        Outcome::Ok(())
    };
    let (others, listed) = tokio::join!(others, listed);
    others?;
    listed
}

async fn what_is_replaced_by_others_is_there_all_the_while(on: On) -> Outcome {
    let Some(_inside) = on.enter(Presence::Unlocked)? else { return Ok(()) };
    let (keyring, other) = (keyring(), keyring());
    let entry = name("access.a");
    keyring.write(&entry, &secret("0")).await?;
    let replaced = async {
        for count in 1..200 {
            other.write(&entry, &secret(&count.to_string())).await?;
        }
        Outcome::Ok(())
    };
    let read = async {
        let (mut bad, mut reads) = (Vec::new(), 0);
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(4) {
            let read = text(&keyring, &entry).await;
            reads += 1;
            if !matches!(&read, Ok(Some(_))) {
                bad.push(read);
            }
        }
        assert!(bad.is_empty(), "{} of {reads}: {:?}", bad.len(), &bad[..bad.len().min(5)]);
        Outcome::Ok(())
    };
    let (replaced, read) = tokio::join!(replaced, read);
    replaced?;
    read
}

// Only of GNOME Keyring: oo7 shows nothing of a locked collection, so that nobody can know of an entry in there.
#[tokio::test]
async fn an_entry_in_another_collection_is_unlocked_with_it() -> Outcome {
    let options = KeyringOptions { screen: Some((900, 600)), ..KeyringOptions::default() };
    let Some(inside) = enter("real::an_entry_in_another_collection_is_unlocked_with_it", options)? else {
        return Ok(());
    };
    let screen = inside.screen().ok_or("no screen")?;
    let keyring = keyring();
    let entry = name("access.a");
    inside.plant_in_a_locked_collection("elsewhere", SERVICE, "access.a", "s")?;
    assert!(!inside.is_locked()?, "the default collection");
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &entry).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&entry)).await, Err(StoreError::Locked));
    let answered = async {
        dialog_opens(&inside).await?;
        screen.type_text(inside.password())?;
        screen.press("Return")?;
        Outcome::Ok(())
    };
    let (status, typed) = tokio::join!(keyring.unlock(), answered);
    typed?;
    assert_eq!(status, StoreStatus::Ok);
    assert_eq!(text(&keyring, &entry).await?, Some("s".to_owned()));
    keyring.write(&entry, &secret("t")).await?;
    assert_eq!(inside.items(), [("access.a".to_owned(), "t".to_owned())], "one is left");
    assert_eq!(keyring.delete(&[entry]).await?, Deletion::Deleted);
    assert_eq!(inside.items(), []);
    Ok(())
}

// Only of GNOME Keyring: oo7 always has a default collection.
#[tokio::test]
async fn without_a_collection_unlocking_makes_one() -> Outcome {
    let options = KeyringOptions {
        presence: Presence::NoDaemon,
        screen: Some((900, 600)),
        ..KeyringOptions::default()
    };
    let Some(inside) = enter("real::without_a_collection_unlocking_makes_one", options)? else {
        return Ok(());
    };
    let screen = inside.screen().ok_or("no screen")?;
    // A daemon that has never been unlocked has nothing to lock. It ends with the private world.
    let mut daemon = inside.environment().command("gnome-keyring-daemon");
    let mut daemon = daemon.args(["--foreground", "--components=secrets"]).spawn()?;
    let came_up = Instant::now();
    while inside.daemon_pid()?.is_none() {
        assert!(came_up.elapsed() < Duration::from_secs(15), "no daemon");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let keyring = keyring();
    let entry = name("access.a");
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &entry).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&entry, &secret("s")).await, Err(StoreError::Locked));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!dialog_is_open(&inside)?, "a dialog was opened");

    let answered = async {
        dialog_opens(&inside).await?;
        screen.type_text(inside.password())?;
        screen.press("Tab")?;
        screen.type_text(inside.password())?;
        screen.press("Return")?;
        Outcome::Ok(())
    };
    let (status, typed) = tokio::join!(keyring.unlock(), answered);
    typed?;
    assert_eq!(status, StoreStatus::Ok);
    keyring.write(&entry, &secret("s")).await?;
    assert_eq!(inside.items(), [("access.a".to_owned(), "s".to_owned())]);
    daemon.kill()?;
    daemon.wait()?;
    Ok(())
}
