//! A Secret Service that knows only `plain` sessions.

use std::slice;
use std::sync::atomic::Ordering;

use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use test_rig::{Presence, enter};

use crate::promises::{Daemon, Outside, name, secret, text};
use crate::real::{Outcome, keyring};
use crate::stand_in::{NAME, StandIn};

#[tokio::test]
async fn a_keyring_that_encrypts_nothing_on_the_bus_is_used_all_the_same() -> Outcome {
    let test = "plain::a_keyring_that_encrypts_nothing_on_the_bus_is_used_all_the_same";
    let Some(_inside) = enter(test, Presence::NoDaemon)? else { return Ok(()) };
    let stand_in = StandIn::default();
    stand_in.restart_unlocked().await;
    let shared = &stand_in.shared;
    let keyring = keyring();
    let (a, b) = (name("access.a"), name("access.b"));
    assert_eq!(keyring.status().await, StoreStatus::Ok);
    assert_eq!(text(&keyring, &a).await, Ok(None));
    keyring.write(&a, &secret("first")).await?;
    keyring.write(&a, &secret("second")).await?;
    keyring.write(&b, &secret("other")).await?;
    assert_eq!(text(&keyring, &a).await, Ok(Some("second".to_owned())));
    assert_eq!(keyring.entries().await, Ok(vec![a.clone(), b.clone()]));

    shared.locked.store(true, Ordering::SeqCst);
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &a).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&a, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, Err(StoreError::Locked));
    assert_eq!(keyring.entries().await, Err(StoreError::Locked));
    assert_eq!(keyring.unlock().await, StoreStatus::Ok, "by the session that the rest uses");

    // A call that waits for the user may still take effect, so it is not refused.
    shared.asks.store(true, Ordering::SeqCst);
    assert_eq!(keyring.write(&name("late"), &secret("s")).await, Err(StoreError::Hung));
    let still = Ok(Deletion::StillPresent(vec![b.clone()]));
    assert_eq!(keyring.delete(slice::from_ref(&b)).await, still);
    shared.asks.store(false, Ordering::SeqCst);
    stand_in.restart_unlocked().await;
    assert_eq!(keyring.status().await, StoreStatus::Ok);

    // The item may lie in a collection that shows nothing while it is locked.
    shared.other_is_locked.store(true, Ordering::SeqCst);
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &name("absent")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(&[name("absent")]).await, Err(StoreError::Locked));
    assert_eq!(keyring.unlock().await, StoreStatus::Ok, "that one, too");

    assert_eq!(text(&keyring, &a).await, Ok(Some("second".to_owned())));
    assert_eq!(keyring.delete(&[a, b.clone()]).await, Ok(Deletion::Deleted));
    assert_eq!(keyring.delete(&[b]).await, Ok(Deletion::AlreadyAbsent));
    assert_eq!(keyring.entries().await, Ok(vec![]));
    assert!(shared.items.lock().unwrap().is_empty());
    Ok(())
}

/// Without a look after the call, one in a few dozen went wrong.
const TAKEOVERS: usize = 200;

#[tokio::test]
async fn calls_go_to_the_keyring_that_takes_the_name_while_the_other_lives() -> Outcome {
    let test = "plain::calls_go_to_the_keyring_that_takes_the_name_while_the_other_lives";
    let Some(_inside) = enter(test, Presence::NoDaemon)? else { return Ok(()) };
    let (first, second) = (StandIn::default(), StandIn::default());
    first.restart_unlocked().await;
    let (keyring, a) = (keyring(), name("access.a"));
    keyring.write(&a, &secret("first")).await?;
    second.restart_unlocked().await;
    assert_eq!(text(&keyring, &a).await, Ok(None));
    // In both, the item has the same path.
    keyring.write(&a, &secret("second")).await?;
    assert_eq!(second.items(), [("access.a".to_owned(), "second".to_owned())]);
    assert_eq!(keyring.delete(&[a]).await, Ok(Deletion::Deleted));
    assert!(second.items().is_empty());
    assert_eq!(first.items(), [("access.a".to_owned(), "first".to_owned())], "left alone");
    // The bus may tell of the change while the call is on its way to the one before.
    for _ in 0..TAKEOVERS {
        first.restart_unlocked().await;
        assert_eq!(text(&keyring, &name("access.a")).await, Ok(Some("first".to_owned())));
        second.restart_unlocked().await;
        assert_eq!(text(&keyring, &name("access.a")).await, Ok(None));
    }
    Ok(())
}

#[tokio::test]
async fn a_call_that_finds_its_keyring_gone_goes_to_the_next_one() -> Outcome {
    let test = "plain::a_call_that_finds_its_keyring_gone_goes_to_the_next_one";
    let Some(_inside) = enter(test, Presence::NoDaemon)? else { return Ok(()) };
    let mut now = StandIn::default();
    now.restart_unlocked().await;
    let (keyring, a) = (keyring(), name("access.a"));
    let bus = zbus::Connection::session().await?;
    let bus = zbus::fdo::DBusProxy::new(&bus).await?;
    // Often the store hears only from the answer to its call that the keyring has gone.
    for round in 0..400 {
        let next = StandIn::default();
        next.wait_for_the_name().await;
        next.add_duplicate("access.a", &round.to_string()).await;
        let owner = bus.get_name_owner(NAME.try_into()?).await?;
        now.kill();
        while bus.get_name_owner(NAME.try_into()?).await? == owner {}
        assert_eq!(text(&keyring, &a).await, Ok(Some(round.to_string())));
        now = next;
    }
    Ok(())
}
