//! Two lists share one keyring. Neither changes the entries of the other.

use accounts::EntryName;
use accounts::model::log_out_outcome::Deletion;
use accounts::recovery::foreign::At;
use credential_store::effects::Fault;

use crate::fakes::LastGood;
use crate::foreign::{account_in_other_list, entry_names};
use crate::world::{SERVICE, World};

#[tokio::test(start_paused = true)]
async fn start_keeps_a_leftover_entry_that_another_list_uses() {
    let (world, other) = World::new().and_another_list();
    let (_, id) = world.logged_in().await;
    // 1 tombstone, 2 server, 3 registry (dead), 4 and 5 the entries
    world.process([(4, Fault::Lie), (5, Fault::Lie)]).log_out(&id).await.unwrap();
    assert_eq!(world.registry().leftovers.len(), 2);
    let process = other.process([]);
    process.accounts.may_replace_foreign(None);
    process.log_in(&other).await.unwrap();
    let before = other.holding();
    assert_eq!(before.1.len(), 1);
    let process = world.quiet_start().await;
    assert_eq!(other.holding(), before);
    assert_eq!(process.named().await, entry_names(&id));
    world.assert_settled("it is the other list's");
}

#[tokio::test(start_paused = true)]
async fn start_cleans_up_late_writes_of_its_own_list_only() {
    let world = World { unsure: true, ..World::new() };
    let (_, id) = world.logged_in().await;
    let access = world.tokens_in(&format!("access.{id}")).remove(0);
    // A refresh hangs while it writes, the account is logged out, and then the write takes effect.
    world.process([]).log_out(&id).await.unwrap();
    let mut registry = world.registry();
    registry.write_may_be_late(EntryName::access(&id));
    world.disk.replace_registry(registry);
    world.keyring.add(SERVICE, &format!("access.{id}"), access);
    world.quiet_start().await;
    world.assert_settled("its own");
    assert!(world.entries().is_empty() && world.registry().late_writes.is_empty());
    // The same entry name, but the token is of another list's session.
    let (world, other) = world.and_another_list();
    other.logged_in().await;
    let before = other.holding();
    let mut registry = world.registry();
    registry.write_may_be_late(EntryName::access(&id));
    world.disk.replace_registry(registry);
    let process = world.quiet_start().await;
    assert_eq!((process.named().await, other.holding()), (entry_names(&id), before));
}

#[tokio::test(start_paused = true)]
async fn erase_deletes_only_entries_of_this_list() {
    let (world, other, id) = account_in_other_list().await;
    let elsewhere = World { tenant: crate::world::tenant("https://eu.example.com/v0/"), ..world.clone() };
    let (process, own) = elsewhere.logged_in().await;
    process.accounts.restore().await.unwrap();
    let before = other.holding();
    process.log_out(&own).await.unwrap();
    world.keyring.add(SERVICE, "note", "left by somebody");
    let erased = process.accounts.erase_entries().await.unwrap();
    assert_eq!(erased.deletion, Deletion::AlreadyAbsent);
    let foreign: Vec<_> = erased.foreign.iter().map(ToString::to_string).collect();
    let [access, refresh] = <[String; 2]>::try_from(entry_names(&id)).unwrap();
    assert_eq!(foreign, [access, "note".to_owned(), refresh]);
    assert_eq!(other.holding(), before);
    let (process, own) = elsewhere.logged_in().await;
    let erased = process.accounts.erase_entries().await.unwrap();
    assert_eq!((erased.deletion, erased.foreign.len()), (Deletion::Deleted, 3));
    assert!(!world.entries().contains(&format!("access.{own}")));
}

#[tokio::test(start_paused = true)]
async fn start_after_damage_ends_no_session_that_the_list_lost() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.damage_registry(LastGood::Nothing);
    let process = world.quiet_start().await;
    assert_eq!((process.named().await, world.sessions_alive().len()), (entry_names(&id), 1));
    world.assert_settled("named");
    let mended = world.registry().mended.unwrap();
    assert!(!mended.from_last_good && world.registry().reconciled);
    process.accounts.take_over(&EntryName::access(&id), &At::default()).await.unwrap();
    process.log_out(&id).await.unwrap();
    assert_eq!((world.sessions_alive().len(), world.entries().len()), (0, 0));
}
