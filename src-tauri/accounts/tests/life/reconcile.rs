//! After the registry was lost: whatever lies in the keyring is owed or named.

use accounts::registry::Registry;
use accounts::{Health, RefreshToken};
use credential_store::effects::Fault;

use crate::world::{SERVICE, World};

#[tokio::test(start_paused = true)]
async fn tokens_that_no_account_lists_are_owed_and_then_gone() {
    // The crash may come after any effect of the start that finds them.
    for k in 0..12 {
        let world = World::new();
        world.logged_in().await;
        world.disk.replace_registry(Registry::default());
        let process = world.process([(k, Fault::Crash)]);
        process.until_crash(process.accounts.restore()).await;
        world.quiet_start().await;
        world.assert_settled(&format!("lost registry, crash after effect {k}"));
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
        assert!(world.registry().lost.is_empty(), "nothing was lost: {:?}", world.registry().lost);
    }
}

#[tokio::test(start_paused = true)]
async fn so_are_those_of_a_pending_revocation() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.network.fail(false, accounts::ports::CallFailure::TimedOut);
    process.log_out(&id).await.unwrap();
    world.disk.replace_registry(Registry::default());
    world.network.fail(false, accounts::ports::CallFailure::TimedOut);
    world.start().await;
    assert_eq!(world.registry().pending.len(), 1);
    world.assert_invariant("found");
    world.quiet_start().await;
    world.assert_settled("ended");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_understood_is_a_remnant() {
    let world = World::new();
    world.process([]).accounts.restore().await.unwrap();
    world.disk.replace_registry(Registry::default());
    for name in ["note", "access.demo1234:no-uuid@test.x.example", "access.x", "revoke.demo1234:a@b.c"] {
        world.keyring.add(SERVICE, name, "no.token.atall");
    }
    // The first start names them, and tries to delete them at once.
    let process = world.process([]);
    process.accounts.restore().await.unwrap();
    world.assert_invariant("named");
    assert!(world.entries().is_empty());
    assert!(world.registry().reconciled);
}

#[tokio::test(start_paused = true)]
async fn it_is_done_once() {
    let world = World::new();
    world.start().await;
    world.keyring.add(SERVICE, "note", "somebody's");
    world.start().await;
    assert_eq!(world.entries(), ["note"], "the keyring is the user's own");
    assert_eq!(world.registry().known_entries().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_tokens_somebody_removed_says_so() {
    let world = World { tokens_removed: true, ..World::new() };
    let (_, id) = world.logged_in().await;
    let health = async |world: &World| {
        let overview = world.start().await.accounts.overview().await;
        Health::of(overview.registry.account(&id).unwrap(), overview.now)
    };
    assert_eq!(health(&world).await, Health::Ok);
    let names = [format!("access.{id}"), format!("refresh.{id}")];
    let kept = world.keyring.secrets(SERVICE, &names[1]).remove(0);
    for name in &names {
        world.keyring.remove(SERVICE, name);
    }
    assert_eq!(health(&world).await, Health::TokensMissing);
    world.keyring.add(SERVICE, &names[1], RefreshToken::from(kept).secret());
    assert_eq!(health(&world).await, Health::Ok, "and they may come back");
    let process = world.process([]);
    process.log_in(&world).await.unwrap();
    world.quiet_start().await;
    world.assert_settled("logged in again");
    assert_eq!(health(&world).await, Health::Ok);
}
