//! Only unlocking opens a dialog. On real keyrings of both kinds.

use std::slice;
use std::time::{Duration, Instant};

use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use credential_store::{Keyring, Limits};
use test_rig::{Inside, KeyringOptions, Presence, Screen, SecretServiceKind, enter};

use crate::kinds::{On, on_each_kind};
use crate::promises::{Outside, name, secret, text};
use crate::real::{Outcome, SERVICE, keyring, keyring_within};

on_each_kind! {
    nothing_but_unlock_opens_a_dialog
    a_dialog_left_alone_holds_nothing_up
    without_a_display_unlocking_ends_locked
}

/// The screen alone counts as one: nothing else opens windows in the test's private world.
const NO_WINDOW: usize = 1;

async fn answered(screen: &Screen, inside: &Inside, keyring: &Keyring) -> Outcome {
    let is_done = async || Ok(keyring.status().await == StoreStatus::Ok);
    Ok(screen.answer_dialog(NO_WINDOW, inside.password(), is_done).await?)
}

async fn nothing_but_unlock_opens_a_dialog(on: On) -> Outcome {
    let options = KeyringOptions { screen: Some((900, 600)), ..KeyringOptions::default() };
    let Some(inside) = on.enter(options)? else { return Ok(()) };
    let screen = inside.screen().ok_or("no screen")?;
    let keyring = keyring();
    let entry = name("access.a");
    keyring.write(&entry, &secret("s")).await?;
    inside.plant(SERVICE, "access.a", &[("duplicate", "yes")], "t")?;
    Outside::lock(&inside).await;

    let began = Instant::now();
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &entry).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&entry, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&name("new"), &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&entry)).await, Err(StoreError::Locked));
    let listed = match on.kind {
        // A daemon that was unlocked before still knows its name.
        SecretServiceKind::GnomeKeyring => Ok(vec![entry.clone()]),
        SecretServiceKind::Oo7 => Err(StoreError::Locked),
    };
    assert_eq!(keyring.entries().await, listed);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(screen.count_windows().await?, NO_WINDOW, "a dialog was opened");

    let dismissed = async {
        screen.wait_for_dialog(NO_WINDOW).await?;
        assert_eq!(keyring.status().await, StoreStatus::Locked, "at once, beside the dialog");
        Outcome::Ok(screen.dismiss_dialog(NO_WINDOW).await?)
    };
    let (status, pressed) = tokio::join!(keyring.unlock(), dismissed);
    pressed?;
    assert_eq!(status, StoreStatus::Locked);

    let (status, typed) = tokio::join!(keyring.unlock(), answered(screen, &inside, &keyring));
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
    let keyring = keyring_within(Limits { unlock: limit, ..Limits::default() });
    let daemon = inside.daemon_pid()?;
    let began = Instant::now();
    let unlocking = async { (keyring.unlock().await, began.elapsed()) };
    let ((status, took), seen) = tokio::join!(unlocking, screen.wait_for_dialog(NO_WINDOW));
    seen?;
    assert_eq!(status, StoreStatus::Locked);
    assert!(took >= limit && took < limit * 2, "{took:?}");
    assert_eq!(keyring.status().await, StoreStatus::Locked, "not hung");
    assert_eq!(inside.daemon_pid()?, daemon, "it has not crashed");

    answered(screen, &inside, &keyring).await
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

// Only on GNOME Keyring: oo7 shows nothing of a locked collection, so the entry cannot be found.
#[tokio::test]
async fn an_entry_in_another_collection_is_unlocked_with_it() -> Outcome {
    let options = KeyringOptions { screen: Some((900, 600)), ..KeyringOptions::default() };
    let Some(inside) = enter("dialogs::an_entry_in_another_collection_is_unlocked_with_it", options)? else {
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
    let (status, typed) = tokio::join!(keyring.unlock(), answered(screen, &inside, &keyring));
    typed?;
    assert_eq!(status, StoreStatus::Ok);
    assert_eq!(text(&keyring, &entry).await?, Some("s".to_owned()));
    keyring.write(&entry, &secret("t")).await?;
    assert_eq!(inside.items(), [("access.a".to_owned(), "t".to_owned())], "one is left");
    assert_eq!(keyring.delete(&[entry]).await?, Deletion::Deleted);
    assert_eq!(inside.items(), []);
    Ok(())
}

// Only on GNOME Keyring: oo7 always has a default collection.
#[tokio::test]
async fn without_a_collection_unlocking_makes_one() -> Outcome {
    let options = KeyringOptions {
        presence: Presence::NoDaemon,
        screen: Some((900, 600)),
        ..KeyringOptions::default()
    };
    let Some(inside) = enter("dialogs::without_a_collection_unlocking_makes_one", options)? else {
        return Ok(());
    };
    let screen = inside.screen().ok_or("no screen")?;
    // A daemon that was never unlocked cannot be locked. It ends with the test's private world.
    let mut daemon = inside.environment().command("gnome-keyring-daemon");
    let mut daemon = daemon.args(["--foreground", "--components=secrets"]).spawn()?;
    let came_up = Instant::now();
    while inside.daemon_pid()?.is_none() {
        assert!(came_up.elapsed() < Duration::from_secs(15), "no daemon");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let keyring = keyring();
    let entry = name("access.a");
    assert_eq!(keyring.status().await, StoreStatus::NoKeyring);
    assert_eq!(text(&keyring, &entry).await, Err(StoreError::NoKeyring));
    assert_eq!(keyring.write(&entry, &secret("s")).await, Err(StoreError::NoKeyring));
    assert_eq!(keyring.delete(slice::from_ref(&entry)).await, Err(StoreError::NoKeyring));
    assert_eq!(keyring.entries().await, Err(StoreError::NoKeyring));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(screen.count_windows().await?, NO_WINDOW, "a dialog was opened");

    let answered = async {
        screen.wait_for_dialog(NO_WINDOW).await?;
        // Two fields must agree, and text that is typed too early cannot be typed again.
        tokio::time::sleep(Duration::from_secs(1)).await;
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
