//! Rows of several sessions, and several programs at one row: no finding of one of them is undone by
//! another.

use std::time::Duration;

use accounts::AccountId;
use accounts::base::refresh_outcome::Refreshed;
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::activity::Program;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::StoreStatus;
use credential_store::effects::Fault;
use sandbox::RefreshSession;
use tokio::time::sleep;

use crate::fakes::{Gate, Trouble};
use crate::one_refresh::renamed_in_memory;
use crate::superseded::{DAY, calls};
use crate::world::{Process, SERVICE, World};

const UNAUTHORIZED: &str = r#"{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}"#;

/// An account whose session a refresh has renamed, once.
async fn renamed() -> (World, Process, AccountId) {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::Stored));
    process.accounts.in_peace().await;
    (world, process, id)
}

#[tokio::test(start_paused = true)]
async fn an_expired_old_token_is_no_evidence_that_its_session_ended() {
    let (world, process, id) = renamed_in_memory().await;
    world.clock.advance(8 * DAY);
    world.keyring.set_status(StoreStatus::Ok);
    process.accounts.look_at_store().await;
    process.accounts.in_peace().await;
    assert_eq!(world.registry().superseded.len(), 1, "it lives");
    world.assert_invariant("unlocked a week later");
    process.log_out(&id).await.unwrap();
    world.assert_invariant("logged out");
}

#[tokio::test(start_paused = true)]
async fn one_date_that_is_far_ahead_drops_no_superseded_session() {
    let (world, process, id) = renamed().await;
    let superseded = world.registry().superseded[0].clone();
    world.clock.advance(29 * DAY);
    assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::Stored));
    process.accounts.in_peace().await;
    // The server's clock alone.
    world.clock.advance(10 * DAY);
    world.set_clock_ahead(-10 * DAY);
    assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::Stored));
    process.accounts.in_peace().await;
    let listed = world.registry().superseded[0].clone();
    assert!(superseded.sessions().all(|session| listed.is_of(session)), "{listed:?}");
}

#[tokio::test(start_paused = true)]
async fn each_superseded_session_without_tokens_is_listed_as_lost() {
    let (world, process, id) = renamed().await;
    process.accounts.refresh(&id).await.unwrap();
    process.accounts.in_peace().await;
    let row = world.registry().superseded[0].clone();
    assert_eq!(row.sessions().count(), 2);
    world.keyring.remove(SERVICE, row.entry.as_str());
    let outcome = process.log_out(&id).await.unwrap();
    assert!(outcome.session == SessionOutcome::Lost, "{outcome:?}");
    let lost: Vec<_> = world.registry().lost.into_iter().map(|lost| lost.session).collect();
    assert_eq!(lost, row.sessions().cloned().collect::<Vec<_>>());
    world.assert_settled("both are named");
}

/// At a server where one session ends the whole family, and at one where the older session lives on.
#[tokio::test(start_paused = true)]
async fn a_session_renamed_by_a_witness_is_ended_with_its_successor() {
    for way in [RefreshSession::Rename, RefreshSession::RenameFamily] {
        let world = World::refreshing(way);
        let (process, id) = world.logged_in().await;
        // Both tokens are refused once by something in front of the server, so that the witnesses are asked.
        world.network.gates([Gate::says("auth/logout", 401, UNAUTHORIZED).times(2)]);
        assert_eq!(process.log_out(&id).await.unwrap().session, SessionOutcome::Revoked, "{way:?}");
        assert!(world.sessions_alive().is_empty(), "{way:?}: {:?}", world.sessions_alive());
        world.assert_settled("both are ended");
    }
}

/// The witness refresh takes long, and the user discards the row meanwhile.
#[tokio::test(start_paused = true)]
async fn tokens_from_the_witness_of_a_discarded_row_end_its_session_or_are_queued() {
    for log_out_works in [true, false] {
        let world = World::refreshing(RefreshSession::Rename);
        let (process, id) = world.logged_in().await;
        let times = if log_out_works { 2 } else { usize::MAX };
        world.network.gates([Gate::says("auth/logout", 401, UNAUTHORIZED).times(times)]);
        let arrived = world.network.slow_down_tokens();
        let outcome = process.log_out(&id).await.unwrap();
        assert!(outcome.session == SessionOutcome::Pending, "{outcome:?}");
        let row = world.registry().pending[0].clone();
        process.accounts.discard_revocation(&row.entry).await.unwrap();
        arrived.notify_one();
        process.accounts.in_peace().await;
        world.assert_invariant("the witness has brought tokens");
        assert_eq!(world.registry().pending.len(), usize::from(!log_out_works));
        world.quiet_start().await;
        world.assert_settled("ended");
        assert!(world.sessions_alive().is_empty());
    }
}

/// At a server that takes each refresh token once: a second try's refusal is no evidence.
#[tokio::test(start_paused = true)]
async fn a_concurrent_retry_deletes_no_tokens_that_a_witness_brings() {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    world.network.gates([
        Gate::says("auth/logout", 401, UNAUTHORIZED),
        // Only the first refresh reaches the server.
        Gate::says("auth/refresh", 401, UNAUTHORIZED).passes(1),
    ]);
    let arrived = world.network.slow_down_tokens();
    process.log_out(&id).await.unwrap();
    let row = world.registry().pending[0].clone();
    let cli = world.program(Program::Cli, []);
    cli.accounts.retry_pending(Occasion::Opportunity).await.unwrap();
    assert_eq!(calls(&world, "auth/refresh"), 1, "nobody asks twice by itself");
    let (asked, ()) = tokio::join!(cli.accounts.retry_revocation(&row.entry), async {
        sleep(Duration::from_secs(1)).await;
        arrived.notify_one();
    });
    asked.unwrap();
    process.accounts.in_peace().await;
    world.assert_invariant("one brought tokens, one was refused");
    assert!(!world.sessions_alive().is_empty());
    world.quiet_start().await;
    world.assert_settled("ended");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_double_log_out_revokes_a_superseded_session_once() {
    let (world, process, id) = renamed().await;
    world.network.trouble(Trouble::Slow(Duration::from_millis(600)));
    let (first, second) = tokio::join!(process.log_out(&id), async {
        sleep(Duration::from_millis(700)).await;
        world.program(Program::Cli, []).log_out(&id).await
    });
    assert_eq!(first.unwrap().session, SessionOutcome::Revoked);
    assert!(second.unwrap().session == SessionOutcome::Pending, "nobody knew then");
    process.accounts.in_peace().await;
    assert_eq!(world.revocations(), 2, "one call a session");
    world.assert_settled("logged out");
}

/// With any one fault before the deletion.
#[tokio::test(start_paused = true)]
async fn a_log_out_result_stays_when_its_entry_is_deleted_later() {
    let mut seen = 0;
    for k in 1..40 {
        let world = World::new();
        let (_, id) = world.logged_in().await;
        world.network.gates([
            Gate::says("auth/logout", 204, "{}").acts(),
            Gate::says("/self", 200, r#"{"userId":1}"#),
        ]);
        let process = world.process([(k, Fault::Fail)]);
        drop(process.log_out(&id).await);
        process.accounts.in_peace().await;
        let before = world.registry().log_outs().pop().map(|recent| recent.outcome);
        process.accounts.retry_pending(Occasion::Asked).await.unwrap();
        let after = world.registry().log_outs().pop().map(|recent| recent.outcome);
        let is_over = |it: &LogOut| it.session == SessionOutcome::AlreadyInvalid;
        if let Some(before) = before.filter(is_over) {
            assert_eq!(after.unwrap(), before, "{k}");
            seen += u32::from(before.accepted_until.is_some());
        }
    }
    assert!(seen > 10, "{seen}");
}
