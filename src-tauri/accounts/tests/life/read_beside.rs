//! A log-out reads the tokens while its tombstone is written.

use accounts::log_out::error::LogOutError;
use accounts::model::log_out_outcome::{Deletion, LogOut};
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{StoreError, StoreStatus};

use crate::fakes::DiskTrouble;
use crate::world::World;

/// A log-out whose keyring is locked while the tombstone is written.
async fn log_out_of_locked(world: &World, trouble: DiskTrouble) -> Result<LogOut, LogOutError> {
    let (process, id) = world.logged_in().await;
    world.disk.set_trouble(trouble);
    let tombstone = world.disk.pause_next_write();
    let meanwhile = async {
        tombstone.reached.notified().await;
        world.keyring.set_status(StoreStatus::Locked);
        tombstone.go_on.notify_one();
    };
    tokio::join!(process.log_out(&id), meanwhile).0
}

#[tokio::test(start_paused = true)]
async fn a_keyring_locked_meanwhile_does_not_keep_the_session_alive() {
    let world = World::new();
    let outcome = log_out_of_locked(&world, DiskTrouble::default()).await.unwrap();
    assert_eq!(outcome.session, SessionOutcome::Revoked);
    assert!(matches!(outcome.deletion, Deletion::StillPresent(_)), "{:?}", outcome.deletion);
    assert!(world.sessions_alive().is_empty());
    world.assert_invariant("logged out");
}

#[tokio::test(start_paused = true)]
async fn without_the_accounts_lock_tokens_are_read_after_the_tombstone() {
    let world = World::new();
    let no_locks = DiskTrouble { no_locks: true, ..DiskTrouble::default() };
    let failed = log_out_of_locked(&world, no_locks).await;
    assert_eq!(failed, Err(LogOutError::Store(StoreError::Locked)));
    assert_eq!(world.sessions_alive().len(), 1);
}
