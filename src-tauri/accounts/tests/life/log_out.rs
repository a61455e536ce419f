//! A log-out ends the session and deletes its tokens, or the account stays logged in and the error says so.

use accounts::model::reason::Reason;
use std::time::Duration;

use accounts::Unread;
use accounts::log_out::error::LogOutError;
use accounts::model::activity::Event;
use accounts::model::destination::{Place, Redirect};
use accounts::model::log_out_outcome::Deletion;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::Phase;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::CallFailure;
use credential_store::effects::Fault;
use tokio::time::{Instant, sleep};

use crate::fakes::Trouble;
use crate::world::World;

#[tokio::test(start_paused = true)]
async fn log_out_ends_the_session_and_leaves_nothing() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!((outcome.session, outcome.deletion), (SessionOutcome::Revoked, Deletion::Deleted));
    assert_eq!(outcome.destination.place, Place::LogIn);
    assert_eq!(world.revocations(), 1);
    assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
    let registry = world.registry();
    assert!(registry.accounts.is_empty() && registry.active.is_none());
}

#[tokio::test(start_paused = true)]
async fn log_out_uses_an_expired_access_token_without_a_refresh() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.clock.advance(700_000);
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!(outcome.session, SessionOutcome::Revoked);
    assert!(world.server.requests().iter().all(|request| !request.path.ends_with("auth/refresh")));
}

#[tokio::test(start_paused = true)]
async fn concurrent_log_outs_share_one_call_and_one_result() {
    let world = World::new();
    let (first, id) = world.logged_in().await;
    let second = world.process([]);
    let (a, b, c) = tokio::join!(first.log_out(&id), first.log_out(&id), second.log_out(&id));
    let outcome: LogOut = a.unwrap();
    assert_eq!(outcome.session, SessionOutcome::Revoked);
    assert_eq!((b.unwrap(), c.unwrap()), (outcome.clone(), outcome));
    assert_eq!(world.revocations(), 1);
    world.clock.advance(61);
    assert_eq!(first.log_out(&id).await, Err(LogOutError::NotLoggedIn));
}

#[tokio::test(start_paused = true)]
async fn activity_log_names_the_token_by_hash_for_every_outcome() {
    for answer in
        [None, Some(CallFailure::TimedOut), Some(CallFailure::ServerFault { status: 503, retry_after: None })]
    {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        let token = world.disk.activity().last().unwrap().token.clone();
        if let Some(failure) = answer {
            world.network.fail(false, failure);
        }
        process.log_out(&id).await.unwrap();
        let lines = world.disk.activity();
        let line = lines.iter().find(|line| matches!(line.event, Event::LoggedOut { .. })).unwrap();
        assert!(token.as_ref().is_some_and(|hash| hash.len() == 8) && line.token == token, "{line:?}");
    }
    // The line names the last token that was tried. For a session that is over, that is the refresh token.
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    assert!(world.server.kill_session(session.as_str()));
    process.log_out(&id).await.unwrap();
    assert!(world.disk.activity().last().unwrap().token.is_some());
}

#[tokio::test(start_paused = true)]
async fn log_out_succeeds_if_the_session_is_already_over() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    assert!(world.server.kill_session(session.as_str()));
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!((outcome.session, outcome.deletion), (SessionOutcome::AlreadyInvalid, Deletion::Deleted));
    world.assert_settled("already over");
}

#[tokio::test(start_paused = true)]
async fn unconfirmed_log_out_leaves_a_pending_revocation() {
    for after in [false, true] {
        for failure in [
            CallFailure::TimedOut,
            CallFailure::Unreachable { detail: "refused".into() },
            CallFailure::BrokeOff { detail: "reset".into() },
            CallFailure::Unintelligible { status: 200, detail: "HTML".into() },
            CallFailure::Refused { status: 403, message: "Forbidden".into() },
            CallFailure::ServerFault { status: 503, retry_after: None },
            CallFailure::TooManyRequests { retry_after: None },
        ] {
            let world = World::new();
            let (process, id) = world.logged_in().await;
            let ends_at = world.registry().account(&id).unwrap().session_ends_at;
            world.network.fail(after, failure.clone());
            let outcome = process.log_out(&id).await.unwrap();
            assert_eq!((outcome.session, outcome.alive_until), (SessionOutcome::Pending, ends_at));
            assert_eq!(outcome.deletion, Deletion::Deleted);
            let registry = world.registry();
            assert!(registry.accounts.is_empty() && registry.active.is_none());
            let [row] = registry.pending.as_slice() else { panic!("{:?}", registry.pending) };
            assert_eq!((&row.reason, row.tries), (&Reason::Server(failure.clone()), 1));
            assert_eq!(world.entries(), [row.entry.to_string()], "its tokens are kept, and nothing else");
            world.assert_invariant("unconfirmed");
            world.quiet_start().await;
            world.assert_settled("the next start");
            assert!(world.sessions_alive().is_empty());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn log_out_waits_under_2_s_for_a_slow_server_and_uses_a_late_answer() {
    // The answer comes after 4 s or never. The call takes effect or does not.
    for (trouble, settled_after) in [
        (Trouble::Slow(Duration::from_secs(4)), Some(Duration::from_secs(3))),
        (Trouble::Hangs { after: false }, None),
        (Trouble::Hangs { after: true }, None),
    ] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        world.network.trouble(trouble.clone());
        let clicked = Instant::now();
        let outcome = process.log_out(&id).await.unwrap();
        let waited = clicked.elapsed();
        assert!(waited >= Duration::from_millis(1_500) && waited < Duration::from_secs(2), "{waited:?}");
        assert!(outcome.session == SessionOutcome::Pending);
        assert_eq!(world.registry().pending[0].reason, Reason::NoAnswerYet);
        world.assert_invariant("on its way");
        sleep(Duration::from_secs(20)).await;
        assert_eq!(world.revocations(), usize::from(trouble != Trouble::Hangs { after: false }), "one call");
        let registry = world.registry();
        if settled_after.is_some() {
            assert!(registry.pending.is_empty(), "{trouble:?}: {:?}", registry.pending);
            assert!(world.entries().is_empty());
        } else {
            assert_eq!(registry.pending[0].reason, Reason::Server(CallFailure::TimedOut));
            assert_eq!(registry.pending[0].tries, 2);
        }
        world.quiet_start().await;
        world.assert_settled(&format!("{trouble:?}"));
        assert!(world.sessions_alive().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn failure_to_queue_a_revocation_keeps_the_account_logged_in() {
    // 1 tombstone, 2 server, 3 the revoke entry, 4 the row; then the tombstone is lifted.
    for (k, fault) in [(3, Fault::Fail), (4, Fault::Fail)] {
        let world = World::new();
        let (_, id) = world.logged_in().await;
        let process = world.process([(k, fault)]);
        world.network.fail(false, CallFailure::TimedOut);
        let error = process.log_out(&id).await.unwrap_err();
        assert!(matches!(error, LogOutError::Store(_) | LogOutError::Registry(_)), "{error:?}");
        assert_eq!(world.registry().account(&id).unwrap().phase, Phase::Active, "still logged in");
        world.assert_invariant("not pending");
        world.network.heal();
        process.log_out(&id).await.unwrap();
        world.assert_settled("the second try");
    }
}

#[tokio::test(start_paused = true)]
async fn log_out_waits_for_a_slow_answer_if_the_revocation_cannot_be_queued() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    let process = world.process([(3, Fault::Fail)]);
    world.network.trouble(Trouble::Slow(Duration::from_secs(4)));
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!(outcome.session, SessionOutcome::Revoked);
    world.network.heal();
    sleep(Duration::from_secs(20)).await;
    world.assert_settled("answered late");
}

#[tokio::test(start_paused = true)]
async fn log_out_ends_the_session_on_a_full_disk() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.disk.set_full(true);
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!((outcome.session, outcome.deletion), (SessionOutcome::Revoked, Deletion::Deleted));
    assert!(
        process.accounts.overview().await.registry.accounts.is_empty(),
        "it does not come back into view"
    );
    assert!(process.accounts.overview().await.registry_problem.is_some(), "and the disk is said to be full");
    assert_eq!(process.log_out(&id).await, Err(LogOutError::NotLoggedIn));
    world.disk.set_full(false);
    process.accounts.restore().await.unwrap();
    assert!(world.registry().accounts.is_empty(), "and is gone for good once the disk has room");
    assert!(process.accounts.overview().await.registry_problem.is_none());
    world.assert_settled("disk full");
}

#[tokio::test(start_paused = true)]
async fn log_out_changes_nothing_if_the_disk_is_full_and_the_server_silent() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let before = world.entries();
    world.disk.set_full(true);
    world.network.trouble(Trouble::Hangs { after: false });
    let error = process.log_out(&id).await.unwrap_err();
    let LogOutError::Unwritable { server, .. } = error else { panic!("{error:?}") };
    assert_eq!(server, CallFailure::TimedOut, "it was waited for to its limit");
    assert_eq!(world.entries(), before);
    assert_eq!(world.registry().account(&id).unwrap().phase, Phase::Active);
    world.disk.set_full(false);
    world.network.heal();
    process.log_out(&id).await.unwrap();
    world.assert_settled("once both are back");
}

#[tokio::test(start_paused = true)]
async fn undeleted_entry_is_listed_as_leftover_until_deleted() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    // 1 tombstone, 2 server, 3 registry (dead), 4 access entry
    let process = world.process([(4, Fault::Lie)]);
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!(outcome.session, SessionOutcome::Revoked);
    let Deletion::StillPresent(entries) = outcome.deletion else { panic!("{:?}", outcome.deletion) };
    assert_eq!(entries.iter().map(ToString::to_string).collect::<Vec<_>>(), world.entries());
    let leftovers = world.registry().leftovers;
    assert_eq!(leftovers.len(), 1, "{leftovers:?}");
    world.assert_invariant("a leftover entry is named");
    world.quiet_start().await;
    world.assert_settled("and gone with the next start");
}

#[tokio::test(start_paused = true)]
async fn log_out_without_tokens_reports_the_session_as_lost() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let ends_at = world.registry().account(&id).unwrap().session_ends_at;
    for name in world.entries() {
        world.keyring.remove(crate::world::SERVICE, &name);
    }
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!((outcome.session, outcome.alive_until), (SessionOutcome::Lost, ends_at));
    assert_eq!(outcome.deletion, Deletion::AlreadyAbsent);
    assert_eq!(world.registry().lost.len(), 1);
    world.assert_invariant("nothing to end it with");
}

#[tokio::test(start_paused = true)]
async fn dismiss_removes_one_notice_at_a_time() {
    let mut world = World::new();
    for api in ["https://a.example/", "https://b.example/"] {
        world.tenant = crate::world::tenant(api);
        let (process, id) = world.logged_in().await;
        for name in world.entries() {
            world.keyring.remove(crate::world::SERVICE, &name);
        }
        process.log_out(&id).await.unwrap();
    }
    let process = world.process([]);
    let [first, second] = <[_; 2]>::try_from(world.registry().lost).unwrap();
    // A second click on the same notice, or a click in another window that shows it too.
    for _ in 0..2 {
        process.accounts.dismiss(&Unread::Lost(first.clone())).await.unwrap();
        assert_eq!(
            world.registry().lost,
            std::slice::from_ref(&second),
            "the other one has not been read yet"
        );
    }
    process.accounts.dismiss(&Unread::Lost(second)).await.unwrap();
    assert!(world.registry().lost.is_empty());
}

#[tokio::test(start_paused = true)]
async fn pending_revocation_keeps_every_usable_token() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    // The access token is invalid, so the server refuses it. The log-out crashes after its tombstone.
    let access = format!("access.{id}");
    world.keyring.remove(crate::world::SERVICE, &access);
    world.keyring.add(crate::world::SERVICE, &access, "not-a-token");
    let process = world.process([(1, Fault::Crash)]);
    assert!(process.until_crash(process.log_out(&id)).await.is_none());
    // At the next start the server refuses the access token, and the refresh token's call has no answer.
    let process = world.process([(2, Fault::Hang)]);
    process.accounts.restore().await.unwrap();
    world.quiet_start().await;
    assert!(world.sessions_alive().is_empty(), "the refresh token ended it");
    world.assert_settled("done");
}

#[tokio::test(start_paused = true)]
async fn log_out_returns_the_requested_destination() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let outcome = process.accounts.log_out(&id, &Redirect::To("/activity".into())).await.unwrap();
    assert_eq!(outcome.destination.place, Place::Activity);
}
