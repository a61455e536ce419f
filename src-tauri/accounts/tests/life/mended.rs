//! The registry was mended from a copy that is older than the keyring. No session is lost because of that.

use accounts::AccountId;
use accounts::model::registry::{Phase, Registry};
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{CallFailure, StoreStatus};
use credential_store::effects::Fault;

use crate::world::{Process, SERVICE, World};

const DOWN: CallFailure = CallFailure::ServerFault { status: 503, retry_after: None };

/// `admin` logged in twice, and the registry is that of the first log-in again. The older session is dead, or
/// its revocation is still pending.
async fn mended_from_older_copy(reconciled: bool, older_is_queued: bool) -> (World, Process, AccountId) {
    let world = World { unsure: true, ..World::new() };
    let (process, id) = world.logged_in().await;
    let copy = Registry { reconciled, ..world.registry() };
    process.log_in(&world).await.unwrap();
    if older_is_queued {
        world.network.fail_log_outs(DOWN);
    }
    process.accounts.restore().await.unwrap();
    world.disk.replace_registry(copy);
    (world, process, id)
}

#[tokio::test(start_paused = true)]
async fn account_adopts_the_newer_session_in_the_keyring() {
    for older_is_queued in [false, true] {
        for restarted in [true, false] {
            let what = format!("older session pending: {older_is_queued}, restarted: {restarted}");
            let (world, mut process, id) = mended_from_older_copy(false, older_is_queued).await;
            let older = world.registry().account(&id).unwrap().session.clone();
            if restarted {
                process = world.start().await;
                world.assert_invariant(&what);
                let registry = world.registry();
                let account = registry.account(&id).unwrap();
                assert_eq!(account.phase, Phase::Active, "{what}");
                assert_ne!(account.session, older, "{what}");
                assert!(account.generation > 2 && !account.tokens_missing, "{what}");
                let queued = registry.pending.iter().map(|row| &row.session);
                let lost = registry.lost.iter().map(|lost| &lost.session);
                assert_eq!(
                    (queued.eq([&older]), lost.eq([&older])),
                    (older_is_queued, !older_is_queued),
                    "{what}"
                );
            }
            world.network.heal();
            let outcome = process.log_out(&id).await.unwrap();
            assert_eq!(outcome.session, SessionOutcome::Revoked, "{what}");
            world.assert_invariant(&what);
            world.quiet_start().await;
            world.assert_settled(&what);
            assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn account_adopts_the_newer_session_after_any_crash() {
    for older_is_queued in [false, true] {
        for k in 0..8 {
            let what = format!("older session pending: {older_is_queued}, crash after effect {k}");
            let (world, _, id) = mended_from_older_copy(false, older_is_queued).await;
            let process = world.process([(k, Fault::Crash)]);
            process.until_crash(process.accounts.restore()).await;
            let process = world.quiet_start().await;
            world.assert_settled(&what);
            process.log_out(&id).await.unwrap();
            world.quiet_start().await;
            assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn log_out_queues_a_revocation_of_other_session_tokens() {
    // Even if the registry says that it was compared with the keyring.
    let (world, process, id) = mended_from_older_copy(true, false).await;
    world.network.fail_log_outs(DOWN);
    let outcome = process.log_out(&id).await.unwrap();
    assert!(outcome.session == SessionOutcome::Lost, "{outcome:?}");
    assert_eq!((world.registry().pending.len(), world.registry().lost.len()), (1, 1));
    world.assert_invariant("pending");
    world.quiet_start().await;
    world.assert_settled("ended");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn other_session_tokens_are_not_lost_if_they_cannot_be_queued() {
    // 1 tombstone, 2 the older session is lost, 3 the row, 4 its entry
    for k in 1..12 {
        let (world, _, id) = mended_from_older_copy(true, false).await;
        let process = world.process([(k, Fault::Fail)]);
        let done = process.log_out(&id).await;
        process.accounts.in_peace().await;
        let what = format!("effect {k} failed: {done:?}");
        world.assert_invariant(&what);
        assert!(done.is_ok() || world.registry().account(&id).is_some(), "{what}");
        let process = world.quiet_start().await;
        if world.registry().account(&id).is_some() {
            process.log_out(&id).await.unwrap();
        }
        world.assert_settled(&what);
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn start_queues_other_session_tokens_when_finishing_interrupted_work() {
    for phase in [Phase::LoggingOut, Phase::LoggingIn, Phase::Abandoned] {
        for session_is_dead in [false, true] {
            for reconciled in [false, true] {
                let what = format!("{phase:?}, dead: {session_is_dead}, reconciled: {reconciled}");
                let (world, _, id) = mended_from_older_copy(reconciled, false).await;
                let mut copy = world.registry();
                let account = copy.account_mut(&id).unwrap();
                (account.phase, account.session_is_dead) = (phase, session_is_dead);
                world.disk.replace_registry(copy);
                world.network.fail_log_outs(DOWN);
                world.start().await;
                world.assert_invariant(&what);
                world.quiet_start().await;
                world.assert_settled(&what);
                assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{what}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn repeated_log_out_queues_other_session_tokens() {
    let (world, process, id) = mended_from_older_copy(false, false).await;
    let mut copy = world.registry();
    let account = copy.account_mut(&id).unwrap();
    (account.phase, account.session_is_dead) = (Phase::LoggingOut, true);
    world.disk.replace_registry(copy);
    process.log_out(&id).await.unwrap();
    world.assert_invariant("pending");
    world.quiet_start().await;
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn older_session_keeps_all_tokens_after_repeated_crashes_at_start() {
    // 1 number, 2 server, 3 logging in and row, 4 the older tokens' entry, 5 refresh entry, 6 access entry
    for k in 3..=6 {
        let world = World::new();
        let (_, id) = world.logged_in().await;
        let older = world.registry().account(&id).unwrap().clone();
        let mut tokens =
            [format!("access.{id}"), format!("refresh.{id}")].map(|name| world.tokens_in(&name).remove(0));
        tokens.sort();
        let process = world.process([(k, Fault::Crash)]);
        assert!(process.until_crash(process.log_in(&world)).await.is_none());
        world.network.fail(false, DOWN);
        for l in 1..6 {
            let process = world.process([(l, Fault::Crash)]);
            process.until_crash(process.accounts.restore()).await;
            process.effects.die();
        }
        world.start().await;
        let mut kept = world.tokens_in(older.revoke_entry.as_str());
        kept.sort();
        assert_eq!(kept, tokens, "each once; crash after effect {k}");
        for name in world.entries() {
            let mut tokens = world.tokens_in(&name);
            let before = tokens.len();
            tokens.sort();
            tokens.dedup();
            assert_eq!(tokens.len(), before, "{name}, crash after effect {k}");
        }
        world.quiet_start().await;
        world.assert_settled("ended");
    }
}

#[tokio::test(start_paused = true)]
async fn older_tokens_survive_a_keyring_that_only_claims_to_store_them() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    // 1 number, 2 server, 3 logging in and row, 4 the older tokens' entry
    let process = world.process([(4, Fault::Lie)]);
    process.log_in(&world).await.unwrap_err();
    world.assert_invariant("not logged in");
    world.quiet_start().await;
    world.assert_settled("the older session is ended");
    assert!(world.registry().account(&id).is_none() && world.registry().lost.is_empty());
    assert!(world.sessions_alive().is_empty());
    // The same, if the entry already stores a token.
    let (process, id) = world.logged_in().await;
    let entry = world.registry().account(&id).unwrap().revoke_entry.clone();
    let access = world.tokens_in(&format!("access.{id}")).remove(0);
    world.keyring.add(SERVICE, entry.as_str(), access);
    world.network.fail(false, DOWN);
    process.effects.die();
    // 1 tombstone, 2 server, 3 the entry
    assert!(world.process([(3, Fault::Lie)]).log_out(&id).await.is_err());
    world.assert_invariant("still logged in");
    world.network.heal();
    world.start().await.log_out(&id).await.unwrap();
    world.assert_settled("logged out");
}

#[tokio::test(start_paused = true)]
async fn second_log_in_adds_older_tokens_to_those_already_queued() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let entry = world.registry().account(&id).unwrap().revoke_entry.clone();
    // An earlier log-out that failed has left these tokens.
    let mut tokens = [format!("access.{id}"), format!("refresh.{id}")]
        .map(|name| world.tokens_in(&name).remove(0))
        .to_vec();
    world.keyring.add(SERVICE, entry.as_str(), tokens.join("\n"));
    world.clock.advance(60);
    process.accounts.refresh(&id).await.unwrap();
    tokens.extend(
        [format!("access.{id}"), format!("refresh.{id}")].map(|name| world.tokens_in(&name).remove(0)),
    );
    process.log_in(&world).await.unwrap();
    let mut kept = world.tokens_in(entry.as_str());
    tokens.sort();
    kept.sort();
    tokens.dedup();
    assert_eq!(kept, tokens);
}

#[tokio::test(start_paused = true)]
async fn start_keeps_tokens_of_a_newer_log_in_listed_as_leftovers() {
    let world = World { unsure: true, ..World::new() };
    let (_, id) = world.logged_in().await;
    // 1 tombstone, 2 server, 3 registry (dead), 4 access entry: the keyring dies, and both entries are left.
    world.process([(4, Fault::Hang)]).log_out(&id).await.unwrap();
    world.keyring.set_status(StoreStatus::Ok);
    let copy = Registry { reconciled: false, ..world.registry() };
    assert_eq!(copy.leftovers.len(), 2);
    world.process([]).log_in(&world).await.unwrap();
    let session = world.registry().account(&id).unwrap().session.clone();
    world.replace_registry(copy);
    let process = world.quiet_start().await;
    world.assert_settled("named");
    assert_eq!(process.named().await, world.entries());
    assert!(world.sessions_alive().contains(session.as_str()), "nobody here knows whose it is");
}
