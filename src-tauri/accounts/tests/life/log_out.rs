//! Logging out: dead there and gone here, or still logged in and said so.

use accounts::log_out::{LogOut, LogOutError, Revocation};
use accounts::ports::{CallFailure, Deletion, StoreError, StoreStatus};
use accounts::registry::Phase;
use credential_store::effects::Fault;

use crate::world::World;

#[tokio::test]
async fn a_log_out_ends_the_session_and_leaves_nothing() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let outcome = process.accounts.log_out(&id).await.unwrap();
    assert_eq!((outcome.revocation, outcome.deletion), (Revocation::Revoked, Deletion::Deleted));
    assert_eq!(outcome.redirect_to.as_deref(), Some("/login"));
    assert_eq!(world.revocations(), 1);
    assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
    let registry = world.registry();
    assert!(registry.accounts.is_empty() && registry.active.is_none());
}

#[tokio::test]
async fn an_expired_access_token_serves_without_a_refresh() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.clock.advance(700_000);
    let outcome = process.accounts.log_out(&id).await.unwrap();
    assert_eq!(outcome.revocation, Revocation::Revoked);
    assert!(world.server.requests().iter().all(|request| !request.path.ends_with("auth/refresh")));
}

#[tokio::test]
async fn log_outs_at_once_are_one_call_with_one_result() {
    let world = World::new();
    let (first, id) = world.logged_in().await;
    let second = world.process([]);
    let (a, b, c) =
        tokio::join!(first.accounts.log_out(&id), first.accounts.log_out(&id), second.accounts.log_out(&id));
    let outcome: LogOut = a.unwrap();
    assert_eq!(outcome.revocation, Revocation::Revoked);
    assert_eq!((b.unwrap(), c.unwrap()), (outcome.clone(), outcome));
    assert_eq!(world.revocations(), 1);
    world.clock.advance(61);
    assert_eq!(first.accounts.log_out(&id).await, Err(LogOutError::NotLoggedIn));
}

#[tokio::test]
async fn a_session_that_is_over_already_is_a_log_out_too() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    assert!(world.server.kill_session(session.as_str()));
    let outcome = process.accounts.log_out(&id).await.unwrap();
    assert_eq!((outcome.revocation, outcome.deletion), (Revocation::AlreadyInvalid, Deletion::Deleted));
    world.assert_settled("already over");
}

#[tokio::test]
async fn without_the_servers_word_nothing_changes() {
    for after in [false, true] {
        for failure in [
            CallFailure::TimedOut,
            CallFailure::Unreachable { detail: "refused".into() },
            CallFailure::Unintelligible { status: 200, detail: "HTML".into() },
            CallFailure::ServerFault { status: 503, retry_after: None },
            CallFailure::TooManyRequests { retry_after: None },
        ] {
            let world = World::new();
            let (process, id) = world.logged_in().await;
            let before = world.entries();
            world.network.fail(after, failure.clone());
            let error = process.accounts.log_out(&id).await.unwrap_err();
            assert_eq!(error, LogOutError::Unconfirmed(failure));
            assert_eq!(world.entries(), before);
            assert_eq!(world.registry().account(&id).unwrap().phase, Phase::Active);
            assert_eq!(world.registry().active, Some(id.clone()));
            world.assert_invariant("unconfirmed");
            world.network.heal();
            process.accounts.log_out(&id).await.unwrap();
            world.assert_settled("the second try");
            assert!(world.sessions_alive().is_empty());
        }
    }
}

#[tokio::test]
async fn a_keyring_out_of_reach_changes_nothing_and_the_server_is_not_asked() {
    for (status, error) in [
        (StoreStatus::Locked, StoreError::Locked),
        (StoreStatus::Hung, StoreError::Hung),
        (StoreStatus::Unavailable("gone".into()), StoreError::Unavailable("gone".into())),
    ] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        world.keyring.set_status(status);
        assert_eq!(process.accounts.log_out(&id).await, Err(LogOutError::Store(error)));
        assert_eq!(world.revocations(), 0);
        assert_eq!(world.keyring.dialogs(), 0);
        world.keyring.set_status(StoreStatus::Ok);
        assert_eq!(world.registry().account(&id).unwrap().phase, Phase::Active);
        process.accounts.log_out(&id).await.unwrap();
        world.assert_settled("once it is unlocked");
    }
}

#[tokio::test]
async fn a_full_disk_keeps_no_session_alive() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.disk.set_full(true);
    let outcome = process.accounts.log_out(&id).await.unwrap();
    assert_eq!((outcome.revocation, outcome.deletion), (Revocation::Revoked, Deletion::Deleted));
    assert!(
        process.accounts.overview().await.registry.accounts.is_empty(),
        "it does not come back into view"
    );
    assert!(process.accounts.overview().await.registry_problem.is_some(), "and the disk is said to be full");
    assert_eq!(process.accounts.log_out(&id).await, Err(LogOutError::NotLoggedIn));
    world.disk.set_full(false);
    process.accounts.restore().await.unwrap();
    assert!(world.registry().accounts.is_empty(), "and is gone for good once the disk has room");
    assert!(process.accounts.overview().await.registry_problem.is_none());
    world.assert_settled("disk full");
}

#[tokio::test]
async fn an_entry_that_would_not_go_is_named_until_it_is_gone() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    // 1 tombstone, 2 server, 3 registry (dead), 4 access entry
    let process = world.process([(4, Fault::Lie)]);
    let outcome = process.accounts.log_out(&id).await.unwrap();
    assert_eq!(outcome.revocation, Revocation::Revoked);
    let Deletion::StillPresent(entries) = outcome.deletion else { panic!("{:?}", outcome.deletion) };
    assert_eq!(entries.iter().map(ToString::to_string).collect::<Vec<_>>(), world.entries());
    let remnants = world.registry().remnants;
    assert_eq!(remnants.len(), 1, "{remnants:?}");
    world.assert_invariant("a remnant is named");
    world.quiet_start().await;
    world.assert_settled("and gone with the next start");
}

#[tokio::test]
async fn without_a_token_the_session_is_said_to_live_on() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let ends_at = world.registry().account(&id).unwrap().session_ends_at;
    for name in world.entries() {
        world.keyring.remove(crate::world::SERVICE, &name);
    }
    let outcome = process.accounts.log_out(&id).await.unwrap();
    assert_eq!(outcome.revocation, Revocation::Impossible { alive_until: ends_at });
    assert_eq!(outcome.deletion, Deletion::AlreadyAbsent);
    assert_eq!(world.registry().lost.len(), 1);
    world.assert_invariant("nothing to end it with");
}

#[tokio::test]
async fn one_notice_is_dismissed_at_a_time() {
    let mut world = World::new();
    for api in ["https://a.example/", "https://b.example/"] {
        world.tenant = crate::world::tenant(api);
        let (process, id) = world.logged_in().await;
        for name in world.entries() {
            world.keyring.remove(crate::world::SERVICE, &name);
        }
        process.accounts.log_out(&id).await.unwrap();
    }
    let process = world.process([]);
    assert_eq!(world.registry().lost.len(), 2);
    process.accounts.dismiss_notice().await.unwrap();
    assert_eq!(world.registry().lost.len(), 1, "the other one has not been read yet");
    process.accounts.dismiss_notice().await.unwrap();
    assert!(world.registry().lost.is_empty());
}

#[tokio::test]
async fn a_pending_revocation_keeps_every_token_that_could_still_serve() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    // The access token is of no use, so the server refuses it; then the log-out is cut off after its tombstone.
    let access = format!("access.{id}");
    world.keyring.remove(crate::world::SERVICE, &access);
    world.keyring.add(crate::world::SERVICE, &access, "not-a-token");
    let process = world.process([(1, Fault::Crash)]);
    assert!(process.until_crash(process.accounts.log_out(&id)).await.is_none());
    // At the next start the access token is refused, and the refresh token's call has no answer.
    let process = world.process([(2, Fault::Hang)]);
    process.accounts.restore().await.unwrap();
    world.quiet_start().await;
    assert!(world.sessions_alive().is_empty(), "the refresh token ended it");
    world.assert_settled("done");
}

#[tokio::test]
async fn a_tombstone_that_cannot_be_lifted_is_said_and_finished_by_the_next_start() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.keyring.set_status(StoreStatus::Locked);
    // 1 tombstone, 2 lifting it
    let error = world.process([(2, Fault::Fail)]).accounts.log_out(&id).await.unwrap_err();
    assert!(matches!(error, LogOutError::NotLifted(_)), "{error:?}");
    world.assert_invariant("not lifted");
    world.quiet_start().await;
    assert!(world.registry().accounts.is_empty() && world.sessions_alive().is_empty());
    world.assert_settled("finished");
}
