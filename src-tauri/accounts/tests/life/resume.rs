//! A start after a crash: the local half makes no call, and a dead server delays nothing.

use std::time::Duration;

use accounts::Unread;
use accounts::ports::StoreStatus;
use accounts::registry::Phase;
use credential_store::effects::Fault;
use tokio::time::Instant;

use crate::twins::Trouble;
use crate::world::World;

#[tokio::test(start_paused = true)]
async fn the_local_half_needs_no_server() {
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
        assert_eq!(world.registry().account(&id).unwrap().phase, Phase::Leaving);
    }
    assert_eq!((world.keyring.dialogs(), world.revocations()), (0, 0));
    world.quiet_start().await;
    world.assert_settled("unlocked");
}
