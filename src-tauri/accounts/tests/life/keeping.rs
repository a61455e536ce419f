//! Keeping the session: ahead of expiry, once, never for who is logged out, and one timer for all of it.

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

/// The program goes on, and its clock with the server's, until `seconds` have passed.
async fn go_on(world: &World, seconds: i64) {
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
async fn tokens_are_renewed_at_four_fifths_of_their_life_and_not_all_at_once() {
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
async fn an_account_is_refreshed_ahead_by_itself_again_and_again() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let tending = run_scheduler(&process);
    go_on(&world, LIFE * 70 / 100).await;
    assert_eq!(refreshes(&world), 0, "not before its time");
    go_on(&world, LIFE * 16 / 100).await;
    assert_eq!(refreshes(&world), 1);
    let overview = process.accounts.overview().await;
    assert_eq!(Health::of(overview.registry.account(&id).unwrap(), overview.now), Health::Ok);
    go_on(&world, LIFE * 86 / 100).await;
    assert_eq!(refreshes(&world), 2);
    process.log_out(&id).await.unwrap();
    process.accounts.in_peace().await;
    assert_eq!(refreshes(&world), 3, "the verification of the log-out");
    go_on(&world, LIFE * 2).await;
    assert_eq!(refreshes(&world), 3, "never for an account that is logged out");
    tending.abort();
    world.assert_settled("kept, then logged out");
}

#[tokio::test(start_paused = true)]
async fn what_the_network_keeps_from_being_refreshed_is_tried_again_with_patience() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let tending = run_scheduler(&process);
    world.network.fail(false, CallFailure::TimedOut);
    go_on(&world, LIFE * 90 / 100).await;
    assert_eq!(refreshes(&world), 0, "none has arrived");
    // As if the network had returned without anybody noticing: the back-off finds out within a quarter of an
    // hour.
    world.network.heal();
    go_on(&world, 16 * 60).await;
    assert_eq!(refreshes(&world), 1);
    assert!(refresh_at(&world, &id).unwrap().0 > world.clock.now());
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn the_networks_return_does_not_wait_for_the_back_off() {
    let world = World::new();
    let (process, _) = world.logged_in().await;
    let tending = run_scheduler(&process);
    world.network.fail(false, CallFailure::TimedOut);
    go_on(&world, LIFE * 95 / 100).await;
    world.network.heal();
    process.accounts.network_returned().await.unwrap();
    sleep(Duration::from_secs(2)).await;
    assert_eq!(refreshes(&world), 1);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn who_asks_to_be_left_alone_is_not_refreshed_on_the_networks_return() {
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
    go_on(&world, 9 * 60).await;
    assert_eq!(refreshes(&world), 0);
    // The wait, and the random part behind it.
    go_on(&world, 12 * 60).await;
    assert_eq!(refreshes(&world), 1);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_what_is_due_is_done_at_once() {
    let world = World::new();
    let (process, _) = world.logged_in().await;
    let tending = run_scheduler(&process);
    sleep(Duration::from_secs(1)).await;
    // The machine sleeps: its clock goes on, its timers do not.
    world.clock.advance(LIFE * 90 / 100);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(refreshes(&world), 0);
    process.accounts.woke();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(refreshes(&world), 1);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn a_locked_keyring_is_left_alone_and_costs_no_call() {
    let world = World::new();
    let (process, _) = world.logged_in().await;
    let tending = run_scheduler(&process);
    world.keyring.set_status(StoreStatus::Locked);
    go_on(&world, LIFE * 95 / 100).await;
    assert_eq!((refreshes(&world), world.keyring.dialogs()), (0, 0));
    world.keyring.set_status(StoreStatus::Ok);
    process.accounts.restore().await.unwrap();
    sleep(Duration::from_mins(1)).await;
    assert_eq!(refreshes(&world), 1);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn of_many_who_ask_at_once_one_asks_the_server() {
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
async fn a_refused_refresh_says_so_once_and_is_not_tried_again() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    assert!(world.server.kill_session(session.as_str()));
    let tending = run_scheduler(&process);
    go_on(&world, LIFE * 3).await;
    assert_eq!(refreshes(&world), 1);
    let overview = process.accounts.overview().await;
    let health = Health::of(overview.registry.account(&id).unwrap(), overview.now);
    assert_eq!(health, Health::SignedOutByServer);
    tending.abort();
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_wrong_is_noticed_and_does_not_matter() {
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
async fn a_clock_that_was_ahead_and_is_set_right_puts_no_refresh_off() {
    // By less than the session lives, and by more.
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
        go_on(&world, LIFE * 70 / 100).await;
        assert_eq!(refreshes(&world), 1);
        tending.abort();
    }
}
