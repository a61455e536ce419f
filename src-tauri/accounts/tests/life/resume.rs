//! A start after a crash: the local half makes no call, and a dead server delays nothing.

use std::time::Duration;

use accounts::Unread;
use accounts::model::registry::Phase;
use accounts::ports::StoreStatus;
use credential_store::effects::Fault;
use tokio::time::Instant;

use crate::fakes::Trouble;
use crate::world::World;

#[tokio::test(start_paused = true)]
async fn the_local_half_of_a_resumed_log_out_makes_no_call() {
    for k in 1..5 {
        let world = World::new();
        let (_, id) = world.logged_in().await;
        let process = world.process([(k, Fault::Crash)]);
        assert!(process.until_crash(process.log_out(&id)).await.is_none());
        world.network.trouble(Trouble::Hangs { after: false });
        let requests = world.server.requests().len();
        let next = world.process([]);
        let began = Instant::now();
        next.accounts.resume().await.unwrap();
        assert_eq!(began.elapsed(), Duration::ZERO, "after effect {k}");
        assert_eq!(world.server.requests().len(), requests, "no call");
        assert!(world.registry().accounts.is_empty(), "after effect {k}: it is logged out here");
        world.assert_invariant("resumed");
        world.quiet_start().await;
        world.assert_settled("the remote half");
        assert!(world.sessions_alive().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_locked_keyring_lifts_no_tombstone_and_keeps_its_account_listed() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    let process = world.process([(1, Fault::Crash)]);
    assert!(process.until_crash(process.log_out(&id)).await.is_none());
    for status in [StoreStatus::Locked, StoreStatus::Hung, StoreStatus::Unavailable("gone".into())] {
        world.keyring.set_status(status);
        world.start().await;
        assert_eq!(world.registry().account(&id).unwrap().phase, Phase::LoggingOut);
    }
    assert_eq!((world.keyring.dialogs(), world.revocations()), (0, 0));
    world.quiet_start().await;
    world.assert_settled("unlocked");
}

/// The number of rolled-back log-ins and of lost sessions that a start reports, after a log-in that was cut
/// off behind this effect.
async fn messages_after_crashed_log_in(k: u64, start: Option<(u64, Fault)>) -> (World, usize, usize) {
    let world = World::new();
    let process = world.process([(k, Fault::Crash)]);
    assert!(process.until_crash(process.log_in(&world)).await.is_none());
    let next = world.process(start);
    next.accounts.resume().await.unwrap();
    let rollback = next.accounts.overview().await.rollback;
    assert!(world.registry().accounts.is_empty());
    let lost = world.registry().lost.len();
    (world, rollback.len(), lost)
}

#[tokio::test(start_paused = true)]
async fn a_log_in_is_reported_rolled_back_only_when_no_entry_is_left() {
    // 1 a generation, 2 the server, 3 logging in, 4 the refresh entry, 5 the access entry
    let (_, rollback, lost) = messages_after_crashed_log_in(3, None).await;
    assert_eq!((rollback, lost), (0, 1), "its token was never stored: the session lives");
    let (world, rollback, lost) = messages_after_crashed_log_in(5, None).await;
    assert_eq!((rollback, lost), (1, 0));
    world.quiet_start().await;
    world.assert_settled("rolled back");
    // 1 the revoke entry, 2 the row, 3 the access entry
    let (world, rollback, _) = messages_after_crashed_log_in(5, Some((3, Fault::Fail))).await;
    assert_eq!(rollback, 0, "an entry is still there");
    world.assert_invariant("and it is named");
    world.quiet_start().await;
    world.assert_settled("gone");
}

#[tokio::test(start_paused = true)]
async fn each_rolled_back_log_in_is_dismissed_by_itself() {
    let world = World::new();
    for host in ["https://a.example/v0/", "https://b.example/v0/"] {
        let world = World { tenant: crate::world::tenant(host), ..world.clone() };
        let process = world.process([(5, Fault::Crash)]);
        assert!(process.until_crash(process.log_in(&world)).await.is_none());
    }
    let process = world.start().await;
    let rollback = process.accounts.overview().await.rollback;
    assert_eq!(rollback.len(), 2);
    process.accounts.dismiss(&Unread::Rollback(rollback[0].clone())).await.unwrap();
    assert_eq!(process.accounts.overview().await.rollback, rollback[1..]);
}
