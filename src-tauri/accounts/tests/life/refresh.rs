//! Keeping the session over a restart, and nothing that comes late.

use std::time::Duration;

use accounts::base::refresh_outcome::{RefreshFailure, Refreshed};
use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::LogInError;
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::activity::Event;
use accounts::model::session_outcome::SessionOutcome;
use accounts::model::tenant::Tenant;
use accounts::ports::{CallFailure, StoreError, StoreStatus};
use accounts::{Health, Overview, RefreshToken};
use credential_store::effects::Fault;
use tokio::time::sleep;

use crate::evidence::UNAUTHORIZED;
use crate::fakes::Gate;
use crate::world::{SERVICE, World};

const AFTER_ACCESS_EXPIRY: i64 = 700_000;
const REFRESH_LIFE: i64 = 2_592_000;
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
    assert_eq!(accounts::overview::shown_account(&overview).map(|account| &account.id), Some(&id));
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
    let row = world.registry().pending[0].clone();
    assert!(!row.is_dead && row.next_try.0 <= world.clock.now(), "pending until no token counts: {row:?}");
    process.accounts.retry_pending(Occasion::Due).await.unwrap();
    world.assert_settled("logged in again");
    let settled = Event::Settled { session: SessionOutcome::Revoked };
    assert_eq!(world.disk.activity().last().unwrap().event, settled, "in one try, with expired tokens");
}

/// A server that goes by the origin does not know a live session that is asked for without it.
#[tokio::test(start_paused = true)]
async fn a_live_session_refreshed_without_its_domain_is_not_called_ended() {
    for domain in [None, Some("app.example.com".parse().unwrap())] {
        let is_known = domain.is_some();
        let world = World::live();
        let world = World { tenant: Tenant { domain, ..world.tenant.clone() }, ..world };
        let (process, id) = world.logged_in().await;
        world.network.gates([Gate::says("auth/refresh", 401, UNAUTHORIZED)]);
        let refreshed = process.accounts.refresh(&id).await;
        if is_known {
            assert_eq!(refreshed, Ok(Refreshed::SignedOutByServer));
        } else {
            assert!(refreshed.unwrap_err().to_string().contains("domain"));
        }
        assert_eq!(world.registry().accounts[0].signed_out_by_server, is_known);
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_log_in_ends_the_older_session_whose_refresh_was_refused() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let older = world.registry().account(&id).unwrap().session.to_string();
    world.clock.advance(REFRESH_LIFE - 86_400);
    // It takes effect, and its answer is lost: the session lives longer than the only refresh token here.
    world.network.fail(true, CallFailure::TimedOut);
    process.accounts.refresh(&id).await.unwrap_err();
    world.network.heal();
    world.clock.advance(2 * 86_400);
    assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::SignedOutByServer));
    assert!(world.sessions_alive().contains(&older));
    process.log_in(&world).await.unwrap();
    world.assert_invariant("logged in again");
    process.accounts.retry_pending(Occasion::Due).await.unwrap();
    assert!(!world.sessions_alive().contains(&older), "its access token has ended it");
    world.assert_settled("logged in again, and the older session is over");
}

#[tokio::test(start_paused = true)]
async fn a_refused_second_refresh_does_not_sign_out_the_first_program() {
    let world = World::new();
    let (app, id) = world.logged_in().await;
    let cli = world.process([]);
    world.clock.advance(REFRESH_LIFE - 1);
    // The other program asks while the answer to the first is on its way, and is refused, as at a server that
    // accepts each refresh token once.
    let to_app = world.network.slow_down_tokens();
    let app_asks = async { app.accounts.refresh(&id).await };
    let cli_asks = async {
        sleep(Duration::from_secs(1)).await;
        world.clock.advance(2);
        let to_cli = world.network.slow_down_tokens();
        let answers = async {
            sleep(Duration::from_secs(1)).await;
            to_app.notify_one();
            sleep(Duration::from_secs(1)).await;
            to_cli.notify_one();
        };
        tokio::join!(cli.accounts.refresh(&id), answers).0
    };
    let refreshed = tokio::join!(app_asks, cli_asks);
    assert_eq!(refreshed, (Ok(Refreshed::Stored), Ok(Refreshed::Stored)));
    assert!(!world.registry().account(&id).unwrap().signed_out_by_server);
    assert!(world.disk.activity().iter().all(|line| line.event != Event::SignedOutByServer));
    world.assert_settled("refreshed once");
}

#[tokio::test(start_paused = true)]
async fn a_new_log_in_settles_an_entry_left_by_a_failed_log_out() {
    for is_dead in [false, true] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        let session = world.registry().account(&id).unwrap().session.clone();
        world.network.fail(false, CallFailure::TimedOut);
        // 1 the tombstone, 2 the call, 3 the `revoke.` entry, 4 its row: the tombstone is lifted.
        world.process([(4, Fault::Fail)]).log_out(&id).await.unwrap_err();
        world.network.heal();
        assert_eq!(world.entries().len(), 3);
        if is_dead {
            assert!(world.server.kill_session(session.as_str()));
            let mut registry = world.registry();
            registry.session_is_dead(&id, &session);
            world.disk.replace_registry(registry);
        } else {
            world.clock.advance(AFTER_REFRESH_EXPIRY);
            assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::SignedOutByServer));
        }
        process.log_in(&world).await.unwrap();
        world.assert_invariant("logged in again");
        process.accounts.retry_pending(Occasion::Due).await.unwrap();
        assert_eq!(world.entries().len(), 2);
        world.assert_settled("settled");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_server_at_start_leaves_the_account_unchanged() {
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
async fn tokens_refreshed_during_a_log_out_are_not_stored() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let meanwhile = Box::pin(async {
        process.log_out(&id).await.unwrap();
    });
    let refreshed = process.refresh_while(&world, &id, meanwhile).await;
    assert_eq!(refreshed, Ok(Refreshed::TooLate));
    assert!(world.entries().is_empty() && world.sessions_alive().is_empty());
    world.assert_settled("late");
}

#[tokio::test(start_paused = true)]
async fn tokens_refreshed_during_a_new_log_in_do_not_replace_its_tokens() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let meanwhile = Box::pin(async {
        process.log_in(&world).await.unwrap();
    });
    let refreshed = process.refresh_while(&world, &id, meanwhile).await;
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
async fn tokens_refreshed_during_a_failed_log_out_are_stored() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let meanwhile = Box::pin(async {
        world.keyring.set_status(accounts::ports::StoreStatus::Locked);
        process.log_out(&id).await.unwrap_err();
        world.keyring.set_status(accounts::ports::StoreStatus::Ok);
    });
    let refreshed = process.refresh_while(&world, &id, meanwhile).await;
    assert_eq!(refreshed, Ok(Refreshed::Stored));
    assert_eq!(world.sessions_alive().len(), 1, "the session of an account that is still logged in lives");
    world.assert_settled("still logged in");
}

#[tokio::test(start_paused = true)]
async fn a_missing_refresh_token_does_not_count_as_signed_out_by_the_server() {
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
async fn tokens_refreshed_during_a_log_out_are_queued_if_not_revoked() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let meanwhile = Box::pin(async {
        world.network.fail(false, accounts::ports::CallFailure::TimedOut);
        process.log_out(&id).await.unwrap();
        assert_eq!(world.registry().pending.len(), 1);
    });
    let refreshed = process.refresh_while(&world, &id, meanwhile).await;
    assert_eq!(refreshed, Ok(Refreshed::TooLate));
    assert_eq!(world.registry().pending.len(), 1, "the same session, pending once");
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
        let Err(LogInError::LoggedOutMeanwhile { rollback }) = late else { panic!("{late:?}") };
        assert_eq!(rollback, if server_answers { Rollback::Ended } else { Rollback::Pending });
        world.assert_invariant("late");
        assert!(world.registry().accounts.is_empty());
        world.quiet_start().await;
        world.assert_settled("late");
        assert!(world.sessions_alive().is_empty());
        // A log-in that begins now is not late.
        other.log_in(&world).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_access_token_is_not_given_out() {
    let world = World { tokens_removed: true, ..World::new() };
    world.network.withhold_refresh_tokens();
    let (process, id) = world.logged_in().await;
    let expires_at = world.registry().account(&id).unwrap().access_expires_at;
    world.clock.advance(expires_at.0 - world.clock.now() - 1);
    process.accounts.access_token(&id).await.unwrap();
    world.clock.advance(1);
    let expired = process.accounts.access_token(&id).await.map(|_| ());
    assert_eq!(expired, Err(RefreshFailure::Expired));
    assert_eq!(health(&process.accounts.overview().await), [Health::Ended], "nothing here can renew it");
}

#[tokio::test(start_paused = true)]
async fn a_token_written_late_after_another_process_logged_out_is_ended() {
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
    // The write that hung goes on only now.
    world.keyring.add(SERVICE, &entry, RefreshToken::from(late).secret());
    process.accounts.restore().await.unwrap();
    world.assert_settled("found, and ended");
    assert!(world.entries().is_empty());
}

/// Text in the access token's entry that is no token is not given away: a refresh replaces it, or the token
/// is reported as missing.
#[tokio::test(start_paused = true)]
async fn a_garbage_access_token_is_not_given_out() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    for kinds in [&["access"][..], &["access", "refresh"]] {
        for kind in kinds {
            world.keyring.remove(SERVICE, &format!("{kind}.{id}"));
        }
        world.keyring.add(SERVICE, &format!("access.{id}"), "garbage");
        match process.accounts.access_token(&id).await {
            Ok(token) => assert!(kinds.len() == 1 && token.secret().starts_with("eyJ")),
            Err(failure) => assert!(kinds.len() == 2, "{failure}"),
        }
    }
}
