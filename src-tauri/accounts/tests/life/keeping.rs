//! The scheduler refreshes sessions before they expire, once each, with one timer. It never refreshes an
//! account that is logged out.

use std::time::Duration;

use accounts::AccountId;
use accounts::base::refresh_outcome::Refreshed;
use accounts::ports::{CallFailure, StoreStatus};
use accounts::{Health, Timestamp};
use tokio::time::sleep;

use crate::world::{Process, World};

const LIFE: i64 = 604_800;

fn refreshes(world: &World) -> usize {
    world.server.requests().iter().filter(|request| request.path.ends_with("auth/refresh")).count()
}

fn refresh_at(world: &World, id: &AccountId) -> Option<Timestamp> {
    world.registry().account(id).unwrap().refresh_at
}

/// Advances the timers of the program and the clock that it shares with the server by `seconds`.
async fn advance_time(world: &World, seconds: i64) {
    for _ in 0..seconds / 60 {
        world.clock.advance(60);
        sleep(Duration::from_mins(1)).await;
    }
}

fn run_scheduler(process: &Process) -> tokio::task::JoinHandle<()> {
    let accounts = process.accounts.clone();
    tokio::spawn(async move { accounts.run_scheduler().await })
}

#[tokio::test(start_paused = true)]
async fn refresh_is_due_at_a_random_time_around_80_percent_of_the_lifetime() {
    let mut moments = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let world = World::new();
        let (_, id) = world.logged_in().await;
        let wait = refresh_at(&world, &id).unwrap().0 - world.clock.now();
        assert!((LIFE * 75 / 100..=LIFE * 85 / 100).contains(&wait), "{wait}");
        moments.insert(wait);
    }
    assert!(moments.len() > 3, "{moments:?}");
}

#[tokio::test(start_paused = true)]
async fn scheduler_refreshes_before_every_expiry_until_log_out() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let tending = run_scheduler(&process);
    advance_time(&world, LIFE * 70 / 100).await;
    assert_eq!(refreshes(&world), 0, "not before its time");
    advance_time(&world, LIFE * 16 / 100).await;
    assert_eq!(refreshes(&world), 1);
    let overview = process.accounts.overview().await;
    assert_eq!(Health::of(overview.registry.account(&id).unwrap(), overview.now), Health::Ok);
    advance_time(&world, LIFE * 86 / 100).await;
    assert_eq!(refreshes(&world), 2);
    process.log_out(&id).await.unwrap();
    process.accounts.in_peace().await;
    assert_eq!(refreshes(&world), 3, "the verification of the log-out");
    advance_time(&world, LIFE * 2).await;
    assert_eq!(refreshes(&world), 3, "never for an account that is logged out");
    tending.abort();
    world.assert_settled("kept, then logged out");
}

#[tokio::test(start_paused = true)]
async fn scheduler_retries_with_back_off_after_a_network_failure() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let tending = run_scheduler(&process);
    world.network.fail(false, CallFailure::TimedOut);
    advance_time(&world, LIFE * 90 / 100).await;
    assert_eq!(refreshes(&world), 0, "none has arrived");
    // The network is back, but the program gets no event. The back-off retries within a quarter of an hour.
    world.network.heal();
    advance_time(&world, 16 * 60).await;
    assert_eq!(refreshes(&world), 1);
    assert!(refresh_at(&world, &id).unwrap().0 > world.clock.now());
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn network_return_triggers_a_refresh_before_the_back_off_ends() {
    let world = World::new();
    let (process, _) = world.logged_in().await;
    let tending = run_scheduler(&process);
    world.network.fail(false, CallFailure::TimedOut);
    advance_time(&world, LIFE * 95 / 100).await;
    world.network.heal();
    process.accounts.network_returned().await.unwrap();
    sleep(Duration::from_secs(2)).await;
    assert_eq!(refreshes(&world), 1);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn network_return_does_not_override_retry_after() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.clock.advance(LIFE + 1);
    let retry_after = Some(Duration::from_mins(10));
    world.network.fail(false, CallFailure::TooManyRequests { retry_after });
    process.accounts.refresh(&id).await.unwrap_err();
    world.network.heal();
    let tending = run_scheduler(&process);
    process.accounts.network_returned().await.unwrap();
    process.accounts.restore().await.unwrap();
    advance_time(&world, 9 * 60).await;
    assert_eq!(refreshes(&world), 0);
    // The wait that the server asked for, and the random part after it.
    advance_time(&world, 12 * 60).await;
    assert_eq!(refreshes(&world), 1);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn due_refresh_runs_at_once_after_sleep() {
    let world = World::new();
    let (process, _) = world.logged_in().await;
    let tending = run_scheduler(&process);
    sleep(Duration::from_secs(1)).await;
    // While the machine sleeps, its clock runs and its timers do not.
    world.clock.advance(LIFE * 90 / 100);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(refreshes(&world), 0);
    process.accounts.woke();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(refreshes(&world), 1);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn scheduler_makes_no_call_and_opens_no_dialog_while_the_keyring_is_locked() {
    let world = World::new();
    let (process, _) = world.logged_in().await;
    let tending = run_scheduler(&process);
    world.keyring.set_status(StoreStatus::Locked);
    advance_time(&world, LIFE * 95 / 100).await;
    assert_eq!((refreshes(&world), world.keyring.dialogs()), (0, 0));
    world.keyring.set_status(StoreStatus::Ok);
    process.accounts.restore().await.unwrap();
    sleep(Duration::from_mins(1)).await;
    assert_eq!(refreshes(&world), 1);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn concurrent_refreshes_share_one_server_call() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let arrived = world.network.slow_down_tokens();
    let asking: Vec<_> = (0..10)
        .map(|_| {
            let (accounts, id) = (process.accounts.clone(), id.clone());
            tokio::spawn(async move { accounts.refresh(&id).await })
        })
        .collect();
    sleep(Duration::from_secs(1)).await;
    arrived.notify_one();
    for asked in asking {
        assert_eq!(asked.await.unwrap(), Ok(Refreshed::Stored));
    }
    assert_eq!(refreshes(&world), 1);
    assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::Stored));
    assert_eq!(refreshes(&world), 2, "who asks later, asks anew");
}

#[tokio::test(start_paused = true)]
async fn refused_refresh_is_reported_and_not_retried() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    assert!(world.server.kill_session(session.as_str()));
    let tending = run_scheduler(&process);
    advance_time(&world, LIFE * 3).await;
    assert_eq!(refreshes(&world), 1);
    let overview = process.accounts.overview().await;
    let health = Health::of(overview.registry.account(&id).unwrap(), overview.now);
    assert_eq!(health, Health::SignedOutByServer);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn wrong_clock_is_reported_and_does_not_move_the_refresh() {
    for ahead in [-7_200, 7_200] {
        let world = World::with_clock_ahead(ahead);
        let (process, id) = world.logged_in().await;
        assert_eq!(process.accounts.overview().await.clock_ahead, Some(ahead));
        let wait = refresh_at(&world, &id).unwrap().0 - (world.clock.now() + ahead);
        assert!((LIFE * 75 / 100..=LIFE * 85 / 100).contains(&wait), "by this machine's own clock: {wait}");
        world.set_clock_ahead(30);
        process.accounts.refresh(&id).await.unwrap();
        assert_eq!(process.accounts.overview().await.clock_ahead, None, "it was set right");
    }
}

#[tokio::test(start_paused = true)]
async fn correcting_a_fast_clock_does_not_delay_the_refresh() {
    // Ahead by less than the session's lifetime, and by more.
    for ahead in [10 * 86_400, 400 * 86_400] {
        let world = World::with_clock_ahead(ahead);
        let (process, id) = world.logged_in().await;
        let tending = run_scheduler(&process);
        sleep(Duration::from_secs(1)).await;
        world.set_clock_ahead(0);
        process.accounts.woke();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(refreshes(&world), 1);
        let wait = refresh_at(&world, &id).unwrap().0 - world.clock.now();
        assert!((LIFE * 74 / 100..=LIFE * 85 / 100).contains(&wait), "by the clock that is right: {wait}");
        advance_time(&world, LIFE * 70 / 100).await;
        assert_eq!(refreshes(&world), 1);
        tending.abort();
    }
}
