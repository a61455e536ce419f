//! What another list holds in the same keyring is spared.

use accounts::EntryName;
use accounts::model::log_out_outcome::Deletion;
use accounts::recovery::foreign::At;
use credential_store::effects::Fault;

use crate::fakes::LastGood;
use crate::foreign::{beside, names};
use crate::world::{SERVICE, World};

#[tokio::test(start_paused = true)]
async fn an_entry_left_over_by_a_log_out_is_not_deleted_once_another_list_uses_it() {
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
    assert_eq!(process.named().await, names(&id));
    world.assert_settled("it is the other list's");
}

#[tokio::test(start_paused = true)]
async fn a_late_write_is_taken_in_by_the_list_that_wrote_it_and_by_no_other() {
    let world = World { unsure: true, ..World::new() };
    let (_, id) = world.logged_in().await;
    let access = world.tokens_in(&format!("access.{id}")).remove(0);
    // A refresh hangs while it writes; the account leaves; then what was written lands.
    world.process([]).log_out(&id).await.unwrap();
    let mut registry = world.registry();
    registry.write_may_be_late(EntryName::access(&id));
    world.disk.replace_registry(registry);
    world.keyring.add(SERVICE, &format!("access.{id}"), access);
    world.quiet_start().await;
    world.assert_settled("its own");
    assert!(world.entries().is_empty() && world.registry().late_writes.is_empty());
    // The same name with another list's session.
    let (world, other) = world.and_another_list();
    other.logged_in().await;
    let before = other.holding();
    let mut registry = world.registry();
    registry.write_may_be_late(EntryName::access(&id));
    world.disk.replace_registry(registry);
    let process = world.quiet_start().await;
    assert_eq!((process.named().await, other.holding()), (names(&id), before));
}

#[tokio::test(start_paused = true)]
async fn only_what_is_this_lists_is_erased() {
    let (world, other, id) = beside().await;
    let elsewhere = World { tenant: crate::world::tenant("https://eu.example.com/v0/"), ..world.clone() };
    let (process, own) = elsewhere.logged_in().await;
    process.accounts.restore().await.unwrap();
    let before = other.holding();
    process.log_out(&own).await.unwrap();
    world.keyring.add(SERVICE, "note", "left by somebody");
    let erased = process.accounts.erase_entries().await.unwrap();
    assert_eq!(erased.deletion, Deletion::AlreadyAbsent);
    let foreign: Vec<_> = erased.foreign.iter().map(ToString::to_string).collect();
    let [access, refresh] = <[String; 2]>::try_from(names(&id)).unwrap();
    assert_eq!(foreign, [access, "note".to_owned(), refresh]);
    assert_eq!(other.holding(), before);
    let (process, own) = elsewhere.logged_in().await;
    let erased = process.accounts.erase_entries().await.unwrap();
    assert_eq!((erased.deletion, erased.foreign.len()), (Deletion::Deleted, 3));
    assert!(!world.entries().contains(&format!("access.{own}")));
}

#[tokio::test(start_paused = true)]
async fn a_damaged_list_ends_nothing_that_it_does_not_name_any_more() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.damage_registry(LastGood::Nothing);
    let process = world.quiet_start().await;
    assert_eq!((process.named().await, world.sessions_alive().len()), (names(&id), 1));
    world.assert_settled("named");
    let mended = world.registry().mended.unwrap();
    assert!(!mended.from_last_good && world.registry().reconciled);
    process.accounts.take_over(&EntryName::access(&id), &At::default()).await.unwrap();
    process.log_out(&id).await.unwrap();
    assert_eq!((world.sessions_alive().len(), world.entries().len()), (0, 0));
}
