//! A log-in where the keyring holds a foreign sign-in of the account.

use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::LogInError;
use credential_store::effects::Fault;

use crate::foreign::{account_in_other_list, entry_names};
use crate::world::World;

#[tokio::test(start_paused = true)]
async fn a_log_in_asks_before_replacing_a_foreign_sign_in() {
    let (world, other, id) = account_in_other_list().await;
    let before = other.holding();
    let process = world.start().await;
    let refused = process.log_in(&world).await.unwrap_err();
    assert_eq!(refused, LogInError::Foreign { account: id.clone(), rollback: Rollback::Ended });
    assert_eq!(other.holding(), before);
    assert_eq!(world.sessions_alive().len(), 1, "the new one is ended again");
    world.assert_settled("not logged in");
    // Another account is no answer to the question.
    process
        .accounts
        .may_replace_foreign(Some(id.to_string().replace("demo1234", "other123").parse().unwrap()));
    process.log_in(&world).await.unwrap_err();
    process.accounts.may_replace_foreign(Some(id.clone()));
    process.log_in(&world).await.unwrap();
    assert_eq!(world.registry().pending.len(), 1, "the other session is to be ended");
    world.assert_invariant("logged in");
    world.quiet_start().await;
    world.assert_settled("logged in");
    assert_eq!(world.sessions_alive().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn permission_to_replace_serves_one_log_in_and_expires() {
    let (world, other, id) = account_in_other_list().await;
    let other = World { tokens_removed: true, ..other };
    let process = world.start().await;
    let elsewhere = other.process([]);
    elsewhere.accounts.may_replace_foreign(None);
    for what in ["after a log-in", "a quarter of an hour later"] {
        process.accounts.may_replace_foreign(Some(id.clone()));
        if what == "after a log-in" {
            process.log_in(&world).await.unwrap();
            process.log_out(&id).await.unwrap();
            elsewhere.log_in(&other).await.unwrap();
        } else {
            world.clock.advance(15 * 60 + 1);
        }
        let before = other.holding();
        let refused = process.log_in(&world).await.unwrap_err();
        assert!(matches!(refused, LogInError::Foreign { .. }), "{what}: {refused:?}");
        assert_eq!(other.holding(), before, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_log_in_shows_a_foreign_sign_in_added_after_the_start() {
    let (world, other) = World::new().and_another_list();
    let process = world.start().await;
    let (_, id) = other.logged_in().await;
    process.log_in(&world).await.unwrap_err();
    assert_eq!(process.named().await, entry_names(&id));
    world.assert_settled("not logged in");
}

#[tokio::test(start_paused = true)]
async fn a_log_in_that_replaces_loses_no_session_after_any_crash() {
    for k in 1..10 {
        let (world, other, _) = account_in_other_list().await;
        let other = World { tokens_removed: true, unsure: true, ..other };
        let process = world.process([(k, Fault::Crash)]);
        process.accounts.may_replace_foreign(None);
        process.until_crash(process.log_in(&world)).await;
        world.quiet_start().await;
        world.assert_settled(&format!("crash after effect {k}"));
        other.assert_invariant(&format!("crash after effect {k}"));
    }
}
