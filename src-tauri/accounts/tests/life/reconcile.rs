//! The list of accounts is compared with the names in the keyring: missing tokens, sessions that were logged
//! out before, and foreign entries after the list was lost.

use accounts::model::reason::Reason;
use std::time::Duration;

use accounts::model::registry::{LastTenant, Registry};
use accounts::model::registry_error::RegistryError;
use accounts::ports::CallFailure;
use accounts::{Health, RefreshToken, Tenant};
use credential_store::effects::Fault;
use tokio::time::sleep;

use crate::fakes::LastGood;
use crate::world::{SERVICE, World};

const DOWN: CallFailure = CallFailure::ServerFault { status: 503, retry_after: None };

#[tokio::test(start_paused = true)]
async fn unlisted_tokens_are_shown_and_left_unchanged() {
    // The crash may come after any effect of the start that finds them.
    for k in 0..6 {
        let world = World::new();
        world.logged_in().await;
        let before = (world.entries(), world.sessions_alive());
        world.lose_registry();
        let process = world.process([(k, Fault::Crash)]);
        process.until_crash(process.accounts.restore()).await;
        let process = world.quiet_start().await;
        world.assert_settled(&format!("lost registry, crash after effect {k}"));
        assert_eq!((world.entries(), world.sessions_alive()), before);
        assert_eq!(process.named().await, before.0);
        assert_eq!(world.revocations(), 0);
        assert!(world.registry().pending.is_empty() && world.registry().lost.is_empty());
    }
}

/// A session that was logged out while the server was away: its `revoke.` entry is in the keyring. The
/// network is healed.
async fn logged_out_offline(world: &World) -> String {
    let (process, id) = world.logged_in().await;
    let entry = world.registry().account(&id).unwrap().revoke_entry.to_string();
    world.network.fail_log_outs(DOWN);
    process.log_out(&id).await.unwrap();
    process.effects.die();
    world.network.heal();
    entry
}

#[tokio::test(start_paused = true)]
async fn a_logged_out_session_is_pending_again_in_a_new_or_mended_list() {
    // A mended list deletes the entry of a dead session; to a new one it may be another list's.
    for is_mended in [false, true] {
        for k in 0..6 {
            let what = format!("mended: {is_mended}, crash after effect {k}");
            let world = World::new();
            let entry = logged_out_offline(&world).await;
            if is_mended {
                world.damage_registry(LastGood::Nothing);
            } else {
                world.lose_registry();
            }
            world.network.fail_log_outs(DOWN);
            let process = world.process([(k, Fault::Crash)]);
            process.until_crash(process.accounts.restore()).await;
            process.effects.die();
            let process = world.start().await;
            assert_eq!(world.registry().pending.len(), 1, "{what}");
            assert_eq!(process.named().await, Vec::<String>::new(), "{what}: it is a row");
            world.assert_invariant(&what);
            let process = world.quiet_start().await;
            world.assert_settled(&what);
            assert!(world.sessions_alive().is_empty(), "{what}");
            let left = if is_mended { vec![] } else { vec![entry.clone()] };
            assert_eq!(world.entries(), left, "{what}");
            assert_eq!(process.named().await, Vec::<String>::new(), "{what}: nothing is to be done");
            let asked = world.revocations();
            world.quiet_start().await;
            assert_eq!(world.revocations(), asked, "{what}: once");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn unintelligible_entries_are_shown_and_left_unchanged() {
    let world = World::new();
    let names = ["access.demo1234:no-uuid@test.x.example", "access.x", "note", "revoke.demo1234:a@b.c"];
    for name in names {
        world.keyring.add(SERVICE, name, "no.token.atall");
    }
    world.lose_registry();
    for _ in 0..2 {
        let process = world.start().await;
        world.assert_invariant("named");
        assert_eq!(world.entries(), names);
        assert_eq!(process.named().await, names);
        assert!(world.registry().reconciled && world.registry().leftovers.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_start_shows_an_entry_that_appeared_later() {
    let world = World::new();
    let process = world.start().await;
    world.keyring.add(SERVICE, "note", "somebody's");
    world.lose_registry();
    assert_eq!(process.named().await, Vec::<String>::new());
    assert_eq!(world.start().await.named().await, ["note"]);
    assert_eq!(world.registry().known_entries().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_tokens_were_removed_shows_tokens_missing() {
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
async fn a_lying_keyring_at_reconciliation_loses_no_session() {
    for k in 1..8 {
        let world = World::new();
        logged_out_offline(&world).await;
        world.damage_registry(LastGood::Nothing);
        world.network.fail_log_outs(DOWN);
        let restored = world.process([(k, Fault::Lie)]).accounts.restore().await;
        let what = format!("a lie at effect {k}");
        // A disk does not lie: it refuses.
        assert!(matches!(restored, Ok(()) | Err(RegistryError::Io { .. })), "{what}: {restored:?}");
        world.assert_invariant(&what);
        world.quiet_start().await;
        world.assert_settled(&what);
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_entry_listed_without_a_value_is_shown() {
    let world = World::new();
    let name = "access.demo1234:user@test.api.userfront.com";
    world.keyring.add_leftover(SERVICE, name);
    world.lose_registry();
    let process = world.start().await;
    world.assert_invariant("named");
    assert_eq!((process.named().await, world.entries()), (vec![name.to_owned()], vec![name.to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_bundle_is_understood_by_its_first_readable_token() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    let good = world.tokens_in(&format!("access.{id}")).remove(0);
    world.entries().iter().for_each(|name| world.keyring.remove(SERVICE, name));
    let name = "revoke.demo1234:some-session@test.api.userfront.com";
    world.keyring.add(SERVICE, name, format!("no.token.atall\n{good}"));
    world.lose_registry();
    world.network.fail(false, DOWN);
    world.start().await;
    world.assert_invariant("pending");
    assert_eq!((world.entries(), world.registry().pending.len()), (vec![name.to_owned()], 1));
    world.quiet_start().await;
    world.assert_settled("ended");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_log_in_reconciles_a_damaged_registry_without_a_restart() {
    let world = World::new();
    logged_out_offline(&world).await;
    // Damaged while the app runs, and nothing of it could be mended.
    world.damage_registry(LastGood::Nothing);
    let process = world.process([]);
    process.log_in(&world).await.unwrap();
    assert!(world.registry().reconciled);
    assert_eq!(world.registry().pending.len(), 1);
    world.assert_invariant("logged in");
    world.quiet_start().await;
    world.assert_settled("the older one is ended");
    assert_eq!((world.sessions_alive().len(), world.entries().len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_log_in_succeeds_though_the_reconciliation_fails() {
    let world = World::new();
    logged_out_offline(&world).await;
    world.damage_registry(LastGood::Nothing);
    // 1: the row of what is found. It is tried again at the next start.
    let process = world.process([(1, Fault::Fail)]);
    process.log_in(&world).await.unwrap();
    world.quiet_start().await;
    world.assert_settled("logged in all the same");
    assert_eq!(world.sessions_alive().len(), 1);
}

/// The app starts, and while it waits for its nth reading of the account list the command line logs in.
/// Whether there were so many.
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
    let logging_in = tokio::spawn(async move {
        let process = other.process([]);
        process.accounts.may_replace_foreign(None);
        process.log_in(&other).await
    });
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
    assert_eq!(accounts::model::claims::session_of(&token).as_ref(), Some(&account.session), "{what}");
    assert!(world.sessions_alive().contains(account.session.as_str()), "{what}");
}

#[tokio::test(start_paused = true)]
async fn a_log_in_at_any_moment_of_a_start_loses_none_of_its_tokens() {
    enum Before {
        Nothing,
        LostRegistry,
        Leftovers,
    }
    for before in [Before::Nothing, Before::LostRegistry, Before::Leftovers] {
        for reads_what_was in [true, false] {
            let mut reads = 0;
            for nth in 1.. {
                let world = World::new();
                match before {
                    Before::Nothing => {}
                    Before::LostRegistry => {
                        world.logged_in().await;
                        world.lose_registry();
                    }
                    Before::Leftovers => {
                        let (_, id) = world.logged_in().await;
                        // 1 tombstone, 2 server, 3 registry (dead), 4 access entry
                        world.process([(4, Fault::Lie)]).log_out(&id).await.unwrap();
                        assert_eq!(world.registry().leftovers.len(), 1);
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

/// The tenant of the pending revocation for a session that was logged out before the registry was lost.
async fn tenant_of_found_session(world: &World, kept: Registry) -> Tenant {
    world.replace_registry(Registry { reconciled: false, ..kept });
    world.network.fail(false, DOWN);
    world.start().await;
    world.registry().pending[0].tenant.clone()
}

#[tokio::test(start_paused = true)]
async fn a_found_session_is_ended_at_the_last_known_tenant_and_domain() {
    let world = World::live();
    let tenant = Tenant {
        domain: Some("app.example.com".parse().unwrap()),
        ..crate::world::tenant("https://api.userfront.com/own/v1/")
    };
    let at = World { tenant: tenant.clone(), ..world.clone() };
    logged_out_offline(&at).await;
    let last_tenant = LastTenant { auth_config: None, ..world.registry().last_tenant.unwrap() };
    let kept = Registry { last_tenant: Some(last_tenant.clone()), ..Registry::default() };
    assert_eq!(tenant_of_found_session(&world, kept).await, tenant, "of the login screen");
    // A site that is known to be one of test mode makes no live session known.
    let test: accounts::model::auth_config::AuthConfig =
        serde_json::from_str(r#"{"mode":"test","firstFactors":[]}"#).unwrap();
    let world = World::live();
    logged_out_offline(&World { tenant: tenant.clone(), ..world.clone() }).await;
    let last_tenant = LastTenant { auth_config: Some(test), ..last_tenant };
    let kept = Registry { last_tenant: Some(last_tenant), ..Registry::default() };
    assert_eq!(tenant_of_found_session(&world, kept).await, Tenant { domain: None, ..tenant });
    let world = World::live();
    logged_out_offline(&world).await;
    assert_eq!(tenant_of_found_session(&world, Registry::default()).await, world.tenant, "by its host");
}

#[tokio::test(start_paused = true)]
async fn a_live_session_refused_without_its_domain_is_not_taken_for_dead() {
    let world = World::live();
    logged_out_offline(&world).await;
    let session = world.registry().pending[0].session.clone();
    world.lose_registry();
    // As it is for a server to which the session is not known.
    assert!(world.server.kill_session(session.as_str()));
    world.start().await;
    let row = world.registry().pending[0].clone();
    assert_eq!((row.session, row.tries), (session, 1));
    assert_eq!(row.reason, Reason::WithoutDomain);
    world.assert_invariant("not confirmed");
    world.clock.advance(row.over_for_certain_at.0 - world.clock.now());
    world.quiet_start().await;
    world.assert_settled("over for certain");
}
