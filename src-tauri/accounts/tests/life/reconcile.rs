//! After the registry was lost: whatever lies in the keyring is owed or named.

use std::time::Duration;

use accounts::ports::CallFailure;
use accounts::registry::{LastTenant, Registry, RegistryError};
use accounts::{AccountId, Health, RefreshToken, Tenant};
use credential_store::effects::Fault;
use tokio::time::sleep;

use crate::world::{SERVICE, World};

const DOWN: CallFailure = CallFailure::ServerFault { status: 503, retry_after: None };

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

#[tokio::test(start_paused = true)]
async fn a_keyring_that_lies_about_what_was_found_leaves_nothing_unsaid() {
    for k in 1..12 {
        let world = World::new();
        world.logged_in().await;
        world.disk.replace_registry(Registry::default());
        world.network.fail(false, DOWN);
        let restored = world.process([(k, Fault::Lie)]).accounts.restore().await;
        let what = format!("a lie at effect {k}");
        // A disk does not lie: it refuses.
        assert!(matches!(restored, Ok(()) | Err(RegistryError::Io { .. })), "{what}: {restored:?}");
        if world.registry().reconciled {
            world.assert_invariant(&what);
        }
        world.quiet_start().await;
        world.assert_settled(&what);
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_listed_and_reads_as_nothing_is_a_remnant() {
    let world = World::new();
    world.keyring.add_leftover(SERVICE, "access.demo1234:user@test.api.userfront.com");
    // 1 its name, 2 reconciled, 3 its deletion
    world.process([(3, Fault::Lie)]).accounts.restore().await.unwrap();
    world.assert_invariant("named");
    assert_eq!(world.registry().remnants.len(), 1);
    world.quiet_start().await;
    world.assert_settled("gone");
}

#[tokio::test(start_paused = true)]
async fn a_bundle_is_understood_by_the_first_of_its_tokens_that_can_be_read() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    let good = world.tokens_in(&format!("access.{id}")).remove(0);
    world.entries().iter().for_each(|name| world.keyring.remove(SERVICE, name));
    let name = "revoke.demo1234:some-session@test.api.userfront.com";
    world.keyring.add(SERVICE, name, format!("no.token.atall\n{good}"));
    world.disk.replace_registry(Registry::default());
    world.network.fail(false, DOWN);
    world.start().await;
    world.assert_invariant("owed");
    assert_eq!(world.entries(), [name]);
    world.quiet_start().await;
    world.assert_settled("ended");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_log_in_does_not_wait_for_the_next_start_to_account_for_what_was_lost() {
    let world = World::new();
    let (process, _) = world.logged_in().await;
    let elsewhere = World { tenant: crate::world::tenant("https://eu.example.com/v0/"), ..world.clone() };
    process.log_in(&elsewhere).await.unwrap();
    // Damaged while the app runs, and nothing of it could be mended.
    world.disk.replace_registry(Registry::default());
    process.log_in(&world).await.unwrap();
    assert!(world.registry().reconciled);
    assert_eq!(world.registry().pending.len(), 2);
    world.assert_invariant("logged in");
    world.quiet_start().await;
    world.assert_settled("the older ones are ended");
    assert_eq!(world.sessions_alive().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_log_in_is_kept_from_nobody_by_an_entry_that_the_keyring_does_not_give_out() {
    let world = World::new();
    world.logged_in().await;
    world.disk.replace_registry(Registry::default());
    // 1: the row of what is found. It is tried again at the next start.
    let process = world.process([(2, Fault::Fail)]);
    process.log_in(&world).await.unwrap();
    world.quiet_start().await;
    world.assert_settled("logged in all the same");
    assert_eq!(world.sessions_alive().len(), 1);
}

/// The app starts, and while it waits for its nth reading of the account list the command line logs in. Whether there
/// were so many.
async fn log_in_during_a_start(world: &World, nth: usize, before: bool) -> bool {
    let mut pause = world.disk.pause_next_read(before);
    let app = world.process([]);
    let starting = tokio::spawn(async move { app.accounts.restore().await });
    for _ in 1..nth {
        tokio::select! {
            biased;
            () = pause.reached.notified() => {}
            () = sleep(Duration::from_mins(5)) => return false,
        }
        let reached = std::mem::replace(&mut pause, world.disk.pause_next_read(before));
        reached.go_on.notify_one();
    }
    tokio::select! {
        biased;
        () = pause.reached.notified() => {}
        () = sleep(Duration::from_mins(5)) => return false,
    }
    let other = World { tokens_removed: false, ..world.clone() };
    let logging_in = tokio::spawn(async move { other.process([]).log_in(&other).await });
    // It may have to wait for a lock.
    sleep(Duration::from_secs(1)).await;
    pause.go_on.notify_one();
    logging_in.await.unwrap().unwrap();
    starting.await.unwrap().unwrap();
    true
}

fn assert_logged_in(world: &World, what: &str) {
    world.assert_invariant(what);
    let registry = world.registry();
    let account = &registry.accounts[0];
    assert!(!account.tokens_missing, "{what}");
    let token = accounts::SessionToken::Access(accounts::AccessToken::new(
        world.tokens_in(&format!("access.{}", account.id)).first().unwrap(),
    ));
    assert_eq!(accounts::claims::session_of(&token).as_ref(), Some(&account.session), "{what}");
    assert!(world.sessions_alive().contains(account.session.as_str()), "{what}");
}

#[tokio::test(start_paused = true)]
async fn a_log_in_at_any_moment_of_a_start_loses_none_of_its_tokens() {
    enum Before {
        Nothing,
        LostRegistry,
        Remnants,
    }
    for before in [Before::Nothing, Before::LostRegistry, Before::Remnants] {
        for reads_what_was in [true, false] {
            let mut reads = 0;
            for nth in 1.. {
                let world = World::new();
                match before {
                    Before::Nothing => {}
                    Before::LostRegistry => {
                        world.logged_in().await;
                        world.disk.replace_registry(Registry::default());
                    }
                    Before::Remnants => {
                        let (_, id) = world.logged_in().await;
                        // 1 tombstone, 2 server, 3 registry (dead), 4 access entry
                        world.process([(4, Fault::Lie)]).log_out(&id).await.unwrap();
                        assert_eq!(world.registry().remnants.len(), 1);
                    }
                }
                if !log_in_during_a_start(&world, nth, reads_what_was).await {
                    break;
                }
                reads += 1;
                let what = format!("logged in during reading {nth}");
                assert_logged_in(&world, &what);
                world.quiet_start().await;
                world.assert_settled(&what);
                assert_eq!(world.sessions_alive().len(), 1, "{what}");
            }
            assert!(reads >= 5, "{reads}");
        }
    }
}

/// What is found after the registry was lost is owed at this tenant.
async fn tenant_of_what_is_found(world: &World, kept: Registry) -> Tenant {
    world.disk.replace_registry(Registry { reconciled: false, ..kept });
    world.network.fail(false, DOWN);
    world.start().await;
    world.registry().pending[0].tenant.clone()
}

#[tokio::test(start_paused = true)]
async fn what_is_found_is_ended_where_and_on_behalf_of_whom_the_tenant_was_known() {
    let world = World::live();
    let tenant = Tenant {
        domain: Some("app.example.com".parse().unwrap()),
        ..crate::world::tenant("https://api.userfront.com/own/v1/")
    };
    let at = World { tenant: tenant.clone(), ..world.clone() };
    at.logged_in().await;
    let last_tenant = LastTenant { ways_in: None, ..world.registry().last_tenant.unwrap() };
    let kept = Registry { last_tenant: Some(last_tenant.clone()), ..Registry::default() };
    assert_eq!(tenant_of_what_is_found(&world, kept).await, tenant, "of the login screen");
    // A site that is known to be one of test mode makes no live session known.
    let test: accounts::ports::TenantMode =
        serde_json::from_str(r#"{"mode":"test","firstFactors":[]}"#).unwrap();
    let world = World::live();
    World { tenant: tenant.clone(), ..world.clone() }.logged_in().await;
    let last_tenant = LastTenant { ways_in: Some(test), ..last_tenant };
    let kept = Registry { last_tenant: Some(last_tenant), ..Registry::default() };
    assert_eq!(tenant_of_what_is_found(&world, kept).await, Tenant { domain: None, ..tenant });
    let world = World::live();
    world.logged_in().await;
    assert_eq!(tenant_of_what_is_found(&world, Registry::default()).await, world.tenant, "a guess");
}

#[tokio::test(start_paused = true)]
async fn a_live_session_that_is_asked_about_without_a_domain_is_not_taken_for_dead() {
    let world = World::live();
    let (_, id): (_, AccountId) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    world.disk.replace_registry(Registry::default());
    // As it is for a server to which the session is not known.
    assert!(world.server.kill_session(session.as_str()));
    world.start().await;
    let row = world.registry().pending[0].clone();
    assert_eq!((row.session, row.tries), (session, 1));
    assert!(row.reason.contains("domain"), "{}", row.reason);
    world.assert_invariant("not confirmed");
    world.clock.advance(row.over_for_certain_at.0 - world.clock.now());
    world.quiet_start().await;
    world.assert_settled("over for certain");
}
