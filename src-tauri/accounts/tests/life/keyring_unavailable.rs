//! The keyring is unavailable: the account stays logged in, the error says so, and the user may choose to
//! log out later or to abandon the account.

use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::LogInError;
use accounts::log_out::error::LogOutError;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::registry::Phase;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{CallFailure, StoreError, StoreStatus};
use credential_store::effects::Fault;

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn log_out_changes_nothing_while_the_keyring_is_unavailable() {
    for (status, error) in [
        (StoreStatus::Locked, StoreError::Locked),
        (StoreStatus::Hung, StoreError::Hung),
        (StoreStatus::Unavailable("gone".into()), StoreError::Unavailable("gone".into())),
    ] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        world.keyring.set_status(status);
        assert_eq!(process.log_out(&id).await, Err(LogOutError::Store(error)));
        assert_eq!(world.revocations(), 0);
        assert_eq!(world.keyring.dialogs(), 0);
        world.keyring.set_status(StoreStatus::Ok);
        assert_eq!(world.registry().account(&id).unwrap().phase, Phase::Active);
        process.log_out(&id).await.unwrap();
        world.assert_settled("once it is unlocked");
    }
}

#[tokio::test(start_paused = true)]
async fn next_start_finishes_a_log_out_with_an_unlifted_tombstone() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.keyring.set_status(StoreStatus::Locked);
    // 1 tombstone, 2 lifting it
    let error = world.process([(2, Fault::Fail)]).log_out(&id).await.unwrap_err();
    assert!(matches!(error, LogOutError::NotLifted(_)), "{error:?}");
    world.assert_invariant("not lifted");
    world.quiet_start().await;
    assert!(world.registry().accounts.is_empty() && world.sessions_alive().is_empty());
    world.assert_settled("finished");
}

#[tokio::test(start_paused = true)]
async fn log_out_runs_once_the_keyring_is_unlocked() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.keyring.set_status(StoreStatus::Locked);
    process.accounts.log_out_once_unlocked(&id).await.unwrap();
    assert_eq!(world.registry().account(&id).unwrap().phase, Phase::LoggingOut);
    assert_eq!(
        accounts::overview::shown_account(&process.accounts.overview().await),
        None,
        "it is left already"
    );
    let again = process.log_out(&id).await;
    assert_eq!(again, Err(LogOutError::Waiting(StoreError::Locked)));
    assert_eq!(
        world.registry().account(&id).unwrap().phase,
        Phase::LoggingOut,
        "a tombstone found is not lifted"
    );
    // A restart does not lift the tombstone either.
    world.process([]).accounts.restore().await.unwrap();
    assert_eq!(world.registry().account(&id).unwrap().phase, Phase::LoggingOut);
    assert_eq!((world.keyring.dialogs(), world.revocations()), (0, 0));
    assert_eq!(process.accounts.unlock().await, StoreStatus::Ok);
    process.accounts.restore().await.unwrap();
    world.assert_settled("unlocked");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn waiting_log_out_can_be_repeated_once_the_keyring_is_unlocked() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.keyring.set_status(StoreStatus::Locked);
    process.accounts.log_out_once_unlocked(&id).await.unwrap();
    world.keyring.set_status(StoreStatus::Ok);
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!((outcome.session, outcome.deletion), (SessionOutcome::Revoked, Deletion::Deleted));
    world.assert_settled("asked again");
}

#[tokio::test(start_paused = true)]
async fn abandoned_account_is_logged_out_once_the_keyring_returns() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.keyring.set_status(StoreStatus::Unavailable("gone".into()));
    process.accounts.forget(&id).await.unwrap();
    let overview = process.accounts.overview().await;
    assert_eq!(accounts::overview::shown_account(&overview), None);
    assert_eq!(world.registry().account(&id).unwrap().phase, Phase::Abandoned);
    assert_eq!(process.log_out(&id).await, Err(LogOutError::NotLoggedIn));
    assert_eq!(process.accounts.forget(&id).await, Err(LogOutError::NotLoggedIn));
    world.assert_invariant("forgotten");
    world.quiet_start().await;
    world.assert_settled("the keyring came back");
    assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
}

#[tokio::test(start_paused = true)]
async fn late_log_in_is_rolled_back_if_the_user_logged_out_or_abandoned() {
    for (forgets, server_answers) in [(false, true), (true, true), (false, false), (true, false)] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        let arrived = world.network.slow_down_tokens();
        let (late, ()) = tokio::join!(process.log_in(&world), async {
            world.keyring.set_status(StoreStatus::Locked);
            if forgets {
                process.accounts.forget(&id).await.unwrap();
            } else {
                process.accounts.log_out_once_unlocked(&id).await.unwrap();
            }
            world.keyring.set_status(StoreStatus::Ok);
            if !server_answers {
                world.network.fail(false, CallFailure::TimedOut);
            }
            arrived.notify_one();
        });
        let Err(LogInError::LoggedOutMeanwhile { rollback }) = late else { panic!("{late:?}") };
        assert_eq!(rollback, if server_answers { Rollback::Ended } else { Rollback::Pending });
        let phase = if forgets { Phase::Abandoned } else { Phase::LoggingOut };
        assert_eq!(world.registry().account(&id).unwrap().phase, phase);
        world.assert_invariant("late");
        world.quiet_start().await;
        world.assert_settled("unlocked");
        assert!(world.sessions_alive().is_empty() && world.registry().accounts.is_empty());
        // A log-in that begins now is not late.
        process.log_in(&world).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn disk_failure_does_not_lift_an_existing_tombstone() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.keyring.set_status(StoreStatus::Locked);
    world.process([]).accounts.log_out_once_unlocked(&id).await.unwrap();
    world.keyring.set_status(StoreStatus::Ok);
    world.network.fail(false, CallFailure::TimedOut);
    // 1 server, 2 the revoke entry, 3 the row
    let error = world.process([(3, Fault::Fail)]).log_out(&id).await.unwrap_err();
    assert!(matches!(error, LogOutError::NotLifted(_)), "{error:?}");
    assert_eq!(world.registry().account(&id).unwrap().phase, Phase::LoggingOut, "it is not logged in");
    world.quiet_start().await;
    world.assert_settled("finished");
}
