//! Keeping the session over a restart, and nothing that comes late.

use accounts::log_in::{LogInError, Undone};
use accounts::ports::{StoreError, StoreStatus};
use accounts::refresh::{RefreshFailure, Refreshed};
use accounts::{Health, Overview, RefreshToken};
use credential_store::effects::Fault;

use crate::world::{SERVICE, World};

const AFTER_ACCESS_EXPIRY: i64 = 700_000;
const AFTER_REFRESH_EXPIRY: i64 = 3_000_000;

fn health(overview: &Overview) -> Vec<Health> {
    overview.registry.accounts.iter().map(|account| Health::of(account, overview.now)).collect()
}

#[tokio::test(start_paused = true)]
async fn an_account_is_still_logged_in_after_a_restart() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    let before = world.server.requests().len();
    let process = world.quiet_start().await;
    let overview = process.accounts.overview().await;
    assert_eq!(health(&overview), [Health::Ok]);
    assert_eq!(accounts::view::shown_account(&overview).map(|account| &account.id), Some(&id));
    assert_eq!(world.server.requests().len(), before, "nothing had to be asked");
}

#[tokio::test(start_paused = true)]
async fn an_expired_access_token_is_refreshed_at_start() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    world.clock.advance(AFTER_ACCESS_EXPIRY);
    assert_eq!(health(&world.process([]).accounts.overview().await), [Health::Expired]);
    let process = world.quiet_start().await;
    assert_eq!(health(&process.accounts.overview().await), [Health::Ok]);
    assert_eq!(world.registry().account(&id).unwrap().session, session);
    world.assert_settled("refreshed");
}

#[tokio::test(start_paused = true)]
async fn a_session_that_the_server_ended_asks_for_a_new_log_in() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.clock.advance(AFTER_REFRESH_EXPIRY);
    let process = world.quiet_start().await;
    assert_eq!(health(&process.accounts.overview().await), [Health::SignedOutByServer]);
    assert_eq!(process.log_in(&world).await.unwrap(), id);
    assert_eq!(health(&process.accounts.overview().await), [Health::Ok]);
    assert!(world.registry().pending.is_empty(), "its older session is known to be dead");
}

#[tokio::test(start_paused = true)]
async fn a_dead_server_at_start_leaves_the_account_as_it_was() {
    let world = World::new();
    world.logged_in().await;
    world.clock.advance(AFTER_ACCESS_EXPIRY);
    world.network.fail(false, accounts::ports::CallFailure::TimedOut);
    let process = world.start().await;
    assert_eq!(health(&process.accounts.overview().await), [Health::Expired]);
    world.network.heal();
    process.accounts.restore().await.unwrap();
    assert_eq!(health(&process.accounts.overview().await), [Health::Ok]);
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_the_log_out_is_not_stored() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let arrived = world.network.slow_down_tokens();
    let (refreshed, ()) = tokio::join!(process.accounts.refresh(&id), async {
        process.log_out(&id).await.unwrap();
        arrived.notify_one();
    });
    assert_eq!(refreshed, Ok(Refreshed::TooLate));
    assert!(world.entries().is_empty() && world.sessions_alive().is_empty());
    world.assert_settled("late");
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_a_new_log_in_does_not_take_its_place() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let arrived = world.network.slow_down_tokens();
    let (refreshed, ()) = tokio::join!(process.accounts.refresh(&id), async {
        process.log_in(&world).await.unwrap();
        arrived.notify_one();
    });
    assert_eq!(refreshed, Ok(Refreshed::TooLate));
    let session = world.registry().account(&id).unwrap().session.to_string();
    assert_eq!(
        world.sessions_alive().into_iter().collect::<Vec<_>>(),
        [session],
        "the older one was revoked"
    );
    process.accounts.restore().await.unwrap();
    world.assert_settled("the new log-in stands");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_during_a_log_out_that_does_not_take_place_is_stored() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let arrived = world.network.slow_down_tokens();
    let (refreshed, ()) = tokio::join!(process.accounts.refresh(&id), async {
        world.keyring.set_status(accounts::ports::StoreStatus::Locked);
        process.log_out(&id).await.unwrap_err();
        world.keyring.set_status(accounts::ports::StoreStatus::Ok);
        arrived.notify_one();
    });
    assert_eq!(refreshed, Ok(Refreshed::Stored));
    assert_eq!(world.sessions_alive().len(), 1, "the session of an account that is still logged in lives");
    world.assert_settled("still logged in");
}

#[tokio::test(start_paused = true)]
async fn a_missing_refresh_token_does_not_pass_for_the_servers_word() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.keyring.remove(crate::world::SERVICE, &format!("refresh.{id}"));
    world.clock.advance(AFTER_ACCESS_EXPIRY);
    let process = world.quiet_start().await;
    assert_eq!(health(&process.accounts.overview().await), [Health::Expired]);
    process.log_in(&world).await.unwrap();
    process.accounts.restore().await.unwrap();
    assert_eq!(world.sessions_alive().len(), 1, "the older session was ended, not forgotten");
    world.assert_settled("logged in again");
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_the_log_out_and_cannot_be_ended_is_owed() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let arrived = world.network.slow_down_tokens();
    let (refreshed, ()) = tokio::join!(process.accounts.refresh(&id), async {
        world.network.fail(false, accounts::ports::CallFailure::TimedOut);
        process.log_out(&id).await.unwrap();
        assert_eq!(world.registry().pending.len(), 1);
        arrived.notify_one();
    });
    assert_eq!(refreshed, Ok(Refreshed::TooLate));
    assert_eq!(world.registry().pending.len(), 1, "the same session, owed once");
    world.assert_invariant("late, and no word of the server");
    world.quiet_start().await;
    world.assert_settled("the next start");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_log_in_that_ends_after_a_log_out_in_another_process_is_not_stored() {
    for server_answers in [true, false] {
        let world = World::new();
        let (app, id) = world.logged_in().await;
        let other = world.process([]);
        let arrived = world.network.slow_down_tokens();
        let (late, ()) = tokio::join!(other.log_in(&world), async {
            app.log_out(&id).await.unwrap();
            if !server_answers {
                world.network.fail(false, accounts::ports::CallFailure::TimedOut);
            }
            arrived.notify_one();
        });
        let Err(LogInError::LoggedOutMeanwhile { undone }) = late else { panic!("{late:?}") };
        assert_eq!(undone, if server_answers { Undone::Ended } else { Undone::Pending });
        world.assert_invariant("late");
        assert!(world.registry().accounts.is_empty());
        world.quiet_start().await;
        world.assert_settled("late");
        assert!(world.sessions_alive().is_empty());
        // Whoever begins now is not late.
        other.log_in(&world).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_lands_late_behind_the_log_out_of_another_process_is_found() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.start().await;
    assert!(world.registry().reconciled, "a start that finds nothing else to do");
    let entry = format!("refresh.{id}");
    let late = world.keyring.secrets(SERVICE, &entry).remove(0);
    // 1 the server, 2 the refresh entry
    let process = world.process([(2, Fault::Hang)]);
    let refreshed = process.accounts.refresh(&id).await;
    assert_eq!(refreshed, Err(RefreshFailure::Store(StoreError::Hung)));
    world.keyring.set_status(StoreStatus::Ok);
    world.process([]).log_out(&id).await.unwrap();
    // What had hung goes on only now.
    world.keyring.add(SERVICE, &entry, RefreshToken::from(late).secret());
    process.accounts.restore().await.unwrap();
    world.assert_settled("found, and ended");
    assert!(world.entries().is_empty());
}
