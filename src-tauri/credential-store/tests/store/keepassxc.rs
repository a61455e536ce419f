//! `KeePassXC` with its defaults: it allows an item to a connection, asks for each, and answers every create
//! and delete with a prompt.

use std::slice;

use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use test_rig::{Inside, KeePassXc, KeyringOptions, Presence, enter};

use crate::promises::{name, secret, text};
use crate::real::{Outcome, SERVICE, keyring};

fn options() -> KeyringOptions {
    KeyringOptions { presence: Presence::NoDaemon, screen: Some((1000, 700)), ..KeyringOptions::default() }
}

async fn open(inside: &Inside) -> Result<KeePassXc<'_>, Box<dyn std::error::Error>> {
    Ok(KeePassXc::start(inside.environment(), inside.screen().ok_or("no screen")?).await?)
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
    // Deleted is moved, with its secret: the README says so.
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
    // It answers a moment before it has written its file.
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

    // The user refuses, and is asked again all the same.
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
async fn a_twin_of_another_program_is_deleted_with_ours() -> Outcome {
    let test = "keepassxc::a_twin_of_another_program_is_deleted_with_ours";
    let Some(inside) = enter(test, options())? else { return Ok(()) };
    let keepass = open(&inside).await?;
    let keyring = keyring();
    let a = name("access.a");
    keyring.write(&a, &secret("ours")).await?;
    // It answers a create with a prompt, and secret-tool takes that for a failure: the entry is there all the
    // same.
    if let Err(error) = inside.plant(SERVICE, "access.a", &[("application", "another")], "theirs") {
        eprintln!("secret-tool: {error}");
    }
    while keyring.status().await != StoreStatus::NotAllowed {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(text(&keyring, &a).await, Err(StoreError::NotAllowed));
    let (status, answered) = tokio::join!(keyring.unlock(), keepass.allow());
    answered?;
    assert_eq!(status, StoreStatus::Ok);
    assert_eq!(text(&keyring, &a).await, Ok(Some("ours".to_owned())));
    assert_eq!(keyring.delete(&[a]).await, Ok(Deletion::Deleted));
    assert_eq!(keyring.entries().await, Ok(vec![]));
    Ok(())
}
