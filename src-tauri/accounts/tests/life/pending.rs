//! Pending revocations are retried by the rules, and dropped only when no token of their session can be
//! valid.

use accounts::model::reason::Reason;
use std::time::Duration;

use accounts::EntryName;
use accounts::log_out::pending_revocations::{DiscardError, Occasion};
use accounts::model::activity::Event;
use accounts::model::registry::{PendingRevocation, Phase};
use accounts::model::session_outcome::SessionOutcome;
use accounts::model::timestamp::Timestamp;
use accounts::ports::{CallFailure, StoreError, StoreStatus};
use tokio::time::{sleep, timeout};

use crate::fakes::Trouble;
use crate::world::{Process, SERVICE, World};

const DOWN: CallFailure = CallFailure::ServerFault { status: 503, retry_after: None };

/// `admin` logged out while the server answered like this.
async fn queued(world: &World, failure: CallFailure) -> (Process, PendingRevocation) {
    let (process, id) = world.logged_in().await;
    world.network.fail(false, failure);
    let outcome = process.log_out(&id).await.unwrap();
    assert!(outcome.session == SessionOutcome::Pending);
    let row = world.registry().pending[0].clone();
    (process, row)
}

fn tries(world: &World) -> u32 {
    world.registry().pending[0].tries
}

#[tokio::test(start_paused = true)]
async fn a_pending_revocation_is_tried_when_due_and_not_before() {
    let world = World::new();
    let (process, _) = queued(&world, DOWN).await;
    let scheduler = tokio::spawn({
        let accounts = process.accounts.clone();
        async move { accounts.run_scheduler().await }
    });
    // The machine's clock and the timers' are two: they go on together here.
    let mut waited = 0;
    while tries(&world) < 6 {
        let next = world.registry().pending[0].next_try;
        assert!(next.0 > world.clock.now(), "never without a pause");
        let before = tries(&world);
        sleep(Duration::from_millis(900)).await;
        assert_eq!(tries(&world), before, "not before its time");
        world.clock.advance(next.0 - world.clock.now());
        process.accounts.registry_changed();
        sleep(Duration::from_millis(1_200)).await;
        assert_eq!(tries(&world), before + 1, "at its time");
        waited += 1;
        assert!(waited < 10);
    }
    world.network.heal();
    let next = world.registry().pending[0].next_try;
    world.clock.advance(next.0 - world.clock.now());
    process.accounts.registry_changed();
    sleep(Duration::from_millis(1_200)).await;
    world.assert_settled("the server is back");
    assert!(world.sessions_alive().is_empty());
    assert!(timeout(Duration::from_hours(48), scheduler).await.is_err(), "idle, and still there");
}

#[tokio::test(start_paused = true)]
async fn automatic_retries_wait_for_retry_after_and_the_users_retry_does_not() {
    let world = World::new();
    let wait = Some(Duration::from_mins(10));
    let (process, row) = queued(&world, CallFailure::TooManyRequests { retry_after: wait }).await;
    assert_eq!(row.asked_to_wait_until, Some(Timestamp(world.clock.now() + 600)));
    assert!(row.next_try.0 > world.clock.now() + 600);
    world.network.heal();
    world.clock.advance(599);
    world.start().await;
    process.accounts.retry_pending(Occasion::Opportunity).await.unwrap();
    process.accounts.retry_pending(Occasion::Due).await.unwrap();
    assert_eq!(world.revocations(), 0, "not by a start, a command or the network's return");
    process.accounts.retry_revocation(&row.entry).await.unwrap();
    assert_eq!(world.revocations(), 1);
    world.assert_settled("asked by the user");
}

#[tokio::test(start_paused = true)]
async fn two_processes_retry_a_pending_revocation_once() {
    let world = World::new();
    let (app, row) = queued(&world, DOWN).await;
    let other = world.process([]);
    world.network.trouble(Trouble::Slow(Duration::from_secs(3)));
    world.clock.advance(row.next_try.0 - world.clock.now());
    let (a, b, c) = tokio::join!(
        app.accounts.retry_pending(Occasion::Due),
        other.accounts.retry_pending(Occasion::Due),
        other.accounts.retry_pending(Occasion::Opportunity),
    );
    assert_eq!((a, b, c), (Ok(()), Ok(()), Ok(())));
    assert_eq!(world.revocations(), 1);
    world.assert_settled("one call");
}

#[tokio::test(start_paused = true)]
async fn a_pending_revocation_is_tried_soon_after_its_account_logged_in() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    process.log_in(&world).await.unwrap();
    let in_phase = |phase| {
        let mut registry = world.registry();
        registry.account_mut(&id).unwrap().phase = phase;
        world.disk.replace_registry(registry);
    };
    in_phase(Phase::LoggingIn);
    process.accounts.retry_pending(Occasion::Due).await.unwrap();
    assert_eq!(world.revocations(), 0);
    in_phase(Phase::Active);
    let wait = world.registry().pending[0].next_try.0 - world.clock.now();
    assert!((1..=5).contains(&wait), "{wait}");
    world.clock.advance(wait);
    process.accounts.retry_pending(Occasion::Due).await.unwrap();
    world.assert_settled("answered late");
}

#[tokio::test(start_paused = true)]
async fn a_log_in_does_not_wait_for_a_hanging_retry() {
    let world = World::new();
    let (process, row) = queued(&world, DOWN).await;
    world.network.trouble(Trouble::Hangs { after: false });
    let retrying = tokio::spawn({
        let accounts = process.accounts.clone();
        async move { accounts.retry_revocation(&row.entry).await }
    });
    sleep(Duration::from_secs(1)).await;
    world.network.heal();
    timeout(Duration::from_secs(1), process.log_in(&world)).await.unwrap().unwrap();
    retrying.await.unwrap().unwrap();
    world.quiet_start().await;
    world.assert_settled("logged in beside it");
    assert_eq!(world.sessions_alive().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_pending_revocation_expires_by_the_servers_clock_after_one_more_try() {
    let world = World::new();
    let (process, row) = queued(&world, CallFailure::Refused { status: 403, message: "No".into() }).await;
    let life = row.over_for_certain_at.0 - world.clock.now();
    assert!(life > 86_400, "the refresh token's full life: {life}");
    world.clock.advance(life - 1);
    process.accounts.retry_revocation(&row.entry).await.unwrap();
    assert_eq!(world.registry().pending.len(), 1, "a second too early");
    // Far beyond it by this machine's clock, while no server says what time it is.
    world.clock.advance(life);
    world.network.fail(false, CallFailure::TimedOut);
    process.accounts.retry_revocation(&row.entry).await.unwrap();
    assert_eq!(world.registry().pending.len(), 1, "our clock does not count");
    world.network.fail(false, CallFailure::Refused { status: 403, message: "No".into() });
    process.accounts.retry_revocation(&row.entry).await.unwrap();
    assert!(world.registry().pending.is_empty() && world.entries().is_empty());
    assert_eq!(
        world.disk.activity().last().unwrap().event,
        Event::Settled { session: SessionOutcome::Expired }
    );
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_does_not_postpone_a_retry_for_ever() {
    let world = World::new();
    let (_, row) = queued(&world, DOWN).await;
    world.network.heal();
    world.clock.advance(-400_000);
    assert!(row.next_try.0 > world.clock.now() + 300_000);
    world.process([]).accounts.retry_pending(Occasion::Due).await.unwrap();
    assert_eq!(world.revocations(), 1);
    assert!(world.registry().pending.is_empty());
}

#[tokio::test(start_paused = true)]
async fn discarding_a_pending_revocation_deletes_its_tokens_and_ends_no_session() {
    let world = World::new();
    let (process, row) = queued(&world, DOWN).await;
    world.network.heal();
    process.accounts.discard_revocation(&row.entry).await.unwrap();
    assert!(world.registry().pending.is_empty() && world.entries().is_empty());
    assert_eq!((world.revocations(), world.sessions_alive().len()), (0, 1), "as the user was told");
    assert_eq!(world.disk.activity().last().unwrap().event, Event::Discarded);
    assert_eq!(process.accounts.discard_revocation(&row.entry).await, Err(DiscardError::Unknown));
}

#[tokio::test(start_paused = true)]
async fn a_discarded_token_that_cannot_be_deleted_becomes_a_leftover() {
    let world = World::new();
    let (process, row) = queued(&world, DOWN).await;
    world.keyring.set_status(StoreStatus::Locked);
    process.accounts.discard_revocation(&row.entry).await.unwrap();
    assert_eq!(world.registry().leftovers[0].entry, row.entry);
    world.keyring.set_status(StoreStatus::Ok);
    world.start().await;
    assert!(world.entries().is_empty() && world.registry().leftovers.is_empty());
}

#[tokio::test(start_paused = true)]
async fn removed_tokens_turn_a_pending_revocation_into_a_lost_session() {
    let world = World::new();
    let (process, row) = queued(&world, DOWN).await;
    world.keyring.remove(SERVICE, row.entry.as_str());
    world.network.heal();
    process.accounts.retry_revocation(&row.entry).await.unwrap();
    assert_eq!(world.registry().lost[0].session, row.session);
    world.assert_settled("lost, and said");
}

#[tokio::test(start_paused = true)]
async fn a_retry_opens_no_dialog_of_a_locked_keyring() {
    let world = World::new();
    let (process, row) = queued(&world, DOWN).await;
    world.network.heal();
    world.keyring.set_status(StoreStatus::Locked);
    world.clock.advance(3_600);
    for occasion in [Occasion::Due, Occasion::Opportunity] {
        process.accounts.retry_pending(occasion).await.unwrap();
    }
    process.accounts.retry_revocation(&row.entry).await.unwrap();
    assert_eq!((world.keyring.dialogs(), world.revocations()), (0, 0));
    assert_eq!(world.registry().pending[0].reason, Reason::Keyring(StoreError::Locked));
    world.quiet_start().await;
    world.assert_settled("unlocked");
}

#[tokio::test(start_paused = true)]
async fn a_retry_of_an_unknown_entry_writes_nothing() {
    let world = World::new();
    let (process, _) = world.logged_in().await;
    let before = world.registry();
    process.accounts.retry_revocation(&EntryName::listed("revoke.x")).await.unwrap();
    assert_eq!(world.registry(), before);
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_for_tokens_that_another_process_is_moving() {
    let world = World::new();
    let (process, row) = queued(&world, DOWN).await;
    let tokens = world.tokens_in(row.entry.as_str()).join("\n");
    world.keyring.remove(SERVICE, row.entry.as_str());
    let at_work = world.hold_lock(&row.account).await;
    let retrying = tokio::spawn({
        let (accounts, entry) = (process.accounts.clone(), row.entry.clone());
        async move { accounts.retry_revocation(&entry).await }
    });
    sleep(Duration::from_secs(1)).await;
    world.keyring.add(SERVICE, row.entry.as_str(), tokens);
    drop(at_work);
    retrying.await.unwrap().unwrap();
    world.assert_invariant("moved in");
    assert!(world.registry().lost.is_empty());
    world.quiet_start().await;
    world.assert_settled("ended");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn late_tokens_are_queued_under_the_lock_of_their_account() {
    let world = World::new();
    let process = world.process([]);
    let arrived = world.network.slow_down_tokens();
    let logging_in = tokio::spawn({
        let (process, world) = (process.clone(), world.clone());
        async move { process.log_in(&world).await }
    });
    sleep(Duration::from_secs(1)).await;
    let other = world.process([]);
    let id = other.log_in(&world).await.unwrap();
    other.log_out(&id).await.unwrap();
    world.network.fail_log_outs(DOWN);
    let at_work = world.hold_lock(&id).await;
    arrived.notify_one();
    sleep(Duration::from_secs(1)).await;
    drop(at_work);
    let at_work = world.hold_lock(&id).await;
    sleep(Duration::from_secs(1)).await;
    assert!(world.registry().pending.is_empty(), "not while somebody is at work on it");
    drop(at_work);
    logging_in.await.unwrap().unwrap_err();
    assert_eq!(world.registry().pending.len(), 1);
    world.assert_invariant("pending");
}

/// The account's entries hold other text in place of its tokens.
async fn account_with_garbage(world: &World) -> (Process, accounts::AccountId) {
    let (process, id) = world.logged_in().await;
    world.entries().iter().for_each(|name| world.keyring.remove(SERVICE, name));
    world.keyring.add(SERVICE, &format!("access.{id}"), "no.token.atall");
    (process, id)
}

#[tokio::test(start_paused = true)]
async fn a_garbage_token_refused_at_a_log_out_makes_a_lost_session() {
    let world = World::new();
    let (process, id) = account_with_garbage(&world).await;
    let outcome = process.log_out(&id).await.unwrap();
    assert!(outcome.session == SessionOutcome::Lost, "{outcome:?}");
    assert_eq!((world.registry().lost.len(), world.entries().len()), (1, 0));
    world.assert_settled("said to be alive");
}

#[tokio::test(start_paused = true)]
async fn a_garbage_token_refused_at_a_retry_makes_a_lost_session() {
    let world = World::new();
    let (process, id) = account_with_garbage(&world).await;
    world.network.fail(false, DOWN);
    let outcome = process.log_out(&id).await.unwrap();
    assert!(outcome.session == SessionOutcome::Pending, "{outcome:?}");
    world.quiet_start().await;
    assert_eq!((world.registry().lost.len(), world.entries().len()), (1, 0));
    world.assert_settled("said to be alive");
    let last = world.disk.activity().last().unwrap().event.clone();
    assert_eq!(last, Event::Settled { session: SessionOutcome::Lost });
}

#[tokio::test(start_paused = true)]
async fn one_failed_read_of_the_registry_does_not_stop_the_retries() {
    let world = World::new();
    let (process, row) = queued(&world, DOWN).await;
    world.network.heal();
    let scheduler = tokio::spawn({
        let accounts = process.accounts.clone();
        async move { accounts.run_scheduler().await }
    });
    sleep(Duration::from_millis(1)).await;
    world.disk.fail_next_read();
    process.accounts.registry_changed();
    sleep(Duration::from_millis(1)).await;
    world.clock.advance(row.next_try.0 - world.clock.now());
    sleep(Duration::from_mins(2)).await;
    world.assert_settled("tried all the same");
    assert!(world.sessions_alive().is_empty());
    scheduler.abort();
}
