//! One refresh at a time, across programs, and nothing that it received is dropped: an account that is busy
//! for long, a keyring that is locked when the answer arrives, a program that is stopped.

use std::time::Duration;

use accounts::base::refresh_outcome::{Left, RefreshFailure, Refreshed};
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::activity::Program;
use accounts::model::registry_error::RegistryError;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{CallFailure, StoreStatus};
use accounts::recovery::foreign::At;
use accounts::{AccountId, EntryName};
use sandbox::RefreshSession;
use tokio::time::{Instant, sleep};

use crate::fakes::Trouble;
use crate::superseded::{DAY, WAYS, assert_valid, calls};
use crate::world::{Process, World};

#[tokio::test(start_paused = true)]
async fn simultaneous_refreshes_of_app_and_command_line_make_one_call() {
    for way in WAYS {
        let world = World::refreshing(way);
        let (app, id) = world.logged_in().await;
        let programs = [app, world.program(Program::Cli, []), world.program(Program::Cli, [])];
        let arrived = world.network.slow_down_tokens();
        let (a, b, c, ()) = tokio::join!(
            programs[0].accounts.refresh(&id),
            programs[1].accounts.refresh(&id),
            programs[2].accounts.refresh(&id),
            async {
                world.network.tokens_are_on_their_way().await;
                sleep(Duration::from_secs(3)).await;
                arrived.notify_one();
            }
        );
        assert_eq!([a, b, c], [const { Ok(Refreshed::Stored) }; 3], "{way:?}");
        assert_eq!(calls(&world, "auth/refresh"), 1, "{way:?}");
        assert_valid(&world, &programs[1], &format!("{way:?}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_program_does_not_refresh_while_a_stopped_one_has_the_lock() {
    let world = World::refreshing(RefreshSession::ReuseEnds);
    let (stopped, id) = world.logged_in().await;
    let arrived = world.network.slow_down_tokens();
    let refreshing = tokio::spawn({
        let (accounts, id) = (stopped.accounts.clone(), id.clone());
        async move { accounts.refresh(&id).await }
    });
    world.network.tokens_are_on_their_way().await;
    let cli = world.program(Program::Cli, []);
    let began = Instant::now();
    cli.accounts.access_token(&id).await.unwrap();
    let refused = cli.accounts.refresh(&id).await;
    assert!(matches!(refused, Err(RefreshFailure::Elsewhere(Some(_)))), "{refused:?}");
    assert!(refused.unwrap_err().to_string().starts_with("The app (process "));
    assert!((20..25).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    world.clock.advance(8 * DAY);
    let expired = cli.accounts.access_token(&id).await.map(|_| ());
    assert!(matches!(expired, Err(RefreshFailure::Elsewhere(_))), "{expired:?}");
    assert_eq!(calls(&world, "auth/refresh"), 1);
    // A log-out does not wait for it, and what comes afterwards is revoked.
    cli.log_out(&id).await.unwrap();
    arrived.notify_one();
    assert_eq!(refreshing.await.unwrap(), Ok(Refreshed::TooLate));
    world.assert_settled("logged out");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_refresh_blocked_by_a_busy_account_lock_loses_no_tokens() {
    for way in WAYS {
        let world = World::refreshing(way);
        let (process, id) = world.logged_in().await;
        let lock = world.hold_lock(&id).await;
        let refreshed = process.accounts.refresh(&id).await;
        assert_eq!(refreshed, Err(RefreshFailure::Registry(RegistryError::Busy)), "{way:?}");
        sleep(Duration::from_hours(1)).await;
        assert_eq!(process.accounts.overview().await.registry.accounts[0].refreshes, 0);
        drop(lock);
        process.accounts.in_peace().await;
        assert_eq!(world.registry().accounts[0].refreshes, 1, "{way:?}");
        assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::Stored), "{way:?}");
        assert_valid(&world, &process, &format!("{way:?}")).await;
    }
}

/// The command line has given up storing new tokens, since another program is at work on the account.
async fn leave_to_next_refresh(world: &World) -> AccountId {
    let (_, id) = world.logged_in().await;
    let cli = world.program(Program::Cli, []);
    let lock = world.hold_lock(&id).await;
    let given_up = cli.accounts.refresh(&id).await;
    let is_left = matches!(given_up, Err(RefreshFailure::GivenUp { left: Left::ForNextRefresh, .. }));
    assert!(is_left, "{given_up:?}");
    world.assert_invariant("given up");
    drop(lock);
    id
}

#[tokio::test(start_paused = true)]
async fn another_list_does_not_end_tokens_left_for_the_next_refresh() {
    for way in [RefreshSession::Keep, RefreshSession::Rename] {
        let (world, other) = World::refreshing(way).and_another_list();
        let id = leave_to_next_refresh(&world).await;
        let process = other.quiet_start().await;
        process.accounts.in_peace().await;
        assert_eq!(other.revocations(), 0, "{way:?}");
        assert_eq!(process.named().await.len(), 3, "{way:?}: it is named with the account's entries");
        let next = world.quiet_start().await;
        assert_eq!(next.accounts.refresh(&id).await, Ok(Refreshed::Stored), "{way:?}");
        let arrived = world.registry().account(&id).unwrap().access_expires_here_at;
        assert_eq!(arrived.0, 0, "{way:?}: nobody knows when the token came");
        assert_valid(&world, &next, &format!("{way:?}: the account is as it was")).await;
        // After a log-out there, the program that finds the left tokens ends their session.
        let access = EntryName::access(&id);
        process.accounts.log_out_foreign(&access, &At::default()).await.unwrap();
        world.quiet_start().await.accounts.retry_pending(Occasion::Asked).await.unwrap();
        other.quiet_start().await;
        assert!(way == RefreshSession::Rename || world.sessions_alive().is_empty(), "{way:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_session_that_the_command_line_cannot_store_is_ended_or_listed() {
    for server_answers in [true, false] {
        let world = World::refreshing(RefreshSession::Rename);
        let (_, id) = world.logged_in().await;
        let cli = world.program(Program::Cli, []);
        let meanwhile = async {
            world.keyring.set_status(StoreStatus::Locked);
            if !server_answers {
                world.network.fail_log_outs(CallFailure::TimedOut);
            }
        };
        let given_up = cli.refresh_while(&world, &id, meanwhile).await;
        let is_other = matches!(given_up, Err(RefreshFailure::GivenUp { left: Left::OtherSession(_), .. }));
        assert!(is_other, "{given_up:?}");
        world.assert_invariant("given up");
        assert_eq!(world.sessions_alive().len(), if server_answers { 1 } else { 2 });
        let process = world.quiet_start().await;
        assert_valid(&world, &process, "the account is as it was").await;
    }
}

/// With every effect of a refresh on the session: the account is logged in with the next refresh, and no
/// session is ended before.
#[tokio::test(start_paused = true)]
async fn the_next_refresh_uses_tokens_that_the_command_line_left() {
    for way in WAYS {
        let world = World::refreshing(way);
        let id = leave_to_next_refresh(&world).await;
        let next = world.program(Program::Cli, []);
        assert_eq!(next.accounts.refresh(&id).await, Ok(Refreshed::Stored), "{way:?}");
        next.accounts.in_peace().await;
        assert_eq!(calls(&world, "auth/refresh"), 1, "{way:?}: it had what was left");
        assert_eq!(world.revocations(), 0, "{way:?}");
        assert_eq!(next.accounts.refresh(&id).await, Ok(Refreshed::Stored), "{way:?}: and goes on");
        next.accounts.in_peace().await;
        assert_valid(&world, &next, &format!("{way:?}")).await;
        next.log_out(&id).await.unwrap();
        assert!(world.sessions_alive().is_empty(), "{way:?}");
        world.assert_settled("logged out");
    }
}

#[tokio::test(start_paused = true)]
async fn a_keyring_locked_during_a_refresh_loses_no_tokens() {
    for way in WAYS {
        for status in [StoreStatus::Locked, StoreStatus::Hung, StoreStatus::Unavailable("gone".into())] {
            let world = World::refreshing(way);
            let (process, id) = world.logged_in().await;
            let meanwhile = async {
                world.keyring.set_status(status.clone());
            };
            let refreshed = process.refresh_while(&world, &id, meanwhile).await;
            assert!(matches!(refreshed, Err(RefreshFailure::Store(_))), "{way:?}: {refreshed:?}");
            sleep(Duration::from_hours(1)).await;
            assert_eq!(world.keyring.dialogs(), 0);
            let before = calls(&world, "auth/refresh");
            world.keyring.set_status(StoreStatus::Ok);
            process.accounts.look_at_store().await;
            process.accounts.in_peace().await;
            assert_eq!(world.registry().accounts[0].refreshes, 1, "{way:?}");
            assert_eq!(calls(&world, "auth/refresh"), before);
            assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::Stored), "{way:?}");
            assert_valid(&world, &process, &format!("{way:?}")).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_without_an_access_token_is_stored_or_its_session_ended() {
    for way in WAYS {
        for is_locked in [false, true] {
            let (world, what) = (World::refreshing(way), format!("{way:?}, locked: {is_locked}"));
            let (process, id) = world.logged_in().await;
            world.network.withhold_access_tokens();
            let meanwhile = async {
                if is_locked {
                    world.keyring.set_status(StoreStatus::Locked);
                }
            };
            let refreshed = process.refresh_while(&world, &id, meanwhile).await;
            let renames = matches!(way, RefreshSession::Rename | RefreshSession::RenameFamily);
            match refreshed {
                Err(RefreshFailure::Store(_)) if is_locked && !renames => {}
                Err(RefreshFailure::Server(_)) if renames || !is_locked => {}
                other => panic!("{what}: {other:?}"),
            }
            world.keyring.set_status(StoreStatus::Ok);
            process.accounts.look_at_store().await;
            process.accounts.in_peace().await;
            process.accounts.retry_pending(Occasion::Asked).await.unwrap();
            world.assert_invariant(&what);
            assert!(world.sessions_alive().len() <= 1, "{what}");
            world.network.heal();
            let next = process.accounts.refresh(&id).await;
            let family_is_over = way == RefreshSession::RenameFamily;
            let expected = if family_is_over { Refreshed::SignedOutByServer } else { Refreshed::Stored };
            assert_eq!(next, Ok(expected), "{what}");
            world.assert_invariant(&what);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_refresh_token_does_not_replace_a_readable_one() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.network.withhold_access_tokens();
    world.network.replace_refresh_token("garbage");
    let stored = || world.tokens_in(EntryName::refresh(&id).as_str());
    let before = stored();
    process.accounts.refresh(&id).await.unwrap_err();
    assert_eq!((stored(), before.len()), (before, 1));
}

/// The keyring was locked when the tokens of another session arrived: they are in memory.
pub(crate) async fn renamed_in_memory() -> (World, Process, AccountId) {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    let locks = async { world.keyring.set_status(StoreStatus::Locked) };
    process.refresh_while(&world, &id, locks).await.unwrap_err();
    (world, process, id)
}

#[tokio::test(start_paused = true)]
async fn tokens_in_memory_are_revoked_after_the_account_logged_out() {
    let (world, process, id) = renamed_in_memory().await;
    let other = world.process([]);
    other.accounts.log_out_once_unlocked(&id).await.unwrap();
    sleep(Duration::from_secs(30)).await;
    world.keyring.set_status(StoreStatus::Ok);
    other.accounts.restore().await.unwrap();
    process.accounts.look_at_store().await;
    process.accounts.in_peace().await;
    world.quiet_start().await;
    assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
    world.assert_settled("logged out");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_makes_no_call_while_the_keyring_cannot_be_written() {
    for status in [StoreStatus::Locked, StoreStatus::Hung, StoreStatus::Unavailable("gone".into())] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        world.keyring.set_status(status);
        let refused = process.accounts.refresh(&id).await;
        assert!(matches!(refused, Err(RefreshFailure::Store(_))), "{refused:?}");
        assert_eq!(calls(&world, "auth/refresh"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_waits_for_a_slow_one_of_another_program() {
    let world = World::refreshing(RefreshSession::ReuseEnds);
    let (app, id) = world.logged_in().await;
    world.network.trouble(Trouble::Slow(Duration::from_secs(14)));
    let cli = world.program(Program::Cli, []);
    let both = tokio::join!(app.accounts.refresh(&id), cli.accounts.refresh(&id));
    assert_eq!(both, (Ok(Refreshed::Stored), Ok(Refreshed::Stored)));
    world.network.heal();
    assert_valid(&world, &cli, "one waited for the other").await;
}

/// What the command line left may be another session's, which a log-out or another log-in ends, too.
#[tokio::test(start_paused = true)]
async fn tokens_left_for_the_next_refresh_end_with_the_account() {
    for way in WAYS {
        for log_in in [false, true] {
            for is_down in [false, true] {
                let what = format!("{way:?}, log-in: {log_in}, down: {is_down}");
                let world = World::refreshing(way);
                let id = leave_to_next_refresh(&world).await;
                if is_down {
                    world.network.fail_log_outs(CallFailure::TimedOut);
                }
                let next = world.program(Program::Cli, []);
                if log_in {
                    world.log_in_at(&next, &world.tenant).await;
                    next.accounts.retry_pending(Occasion::Asked).await.unwrap();
                } else {
                    let session = next.log_out(&id).await.unwrap().session;
                    let known = if is_down { SessionOutcome::Pending } else { SessionOutcome::Revoked };
                    assert_eq!(session, known, "{what}");
                }
                next.accounts.in_peace().await;
                world.assert_invariant(&what);
                assert_eq!(world.sessions_alive().len() > usize::from(log_in), is_down, "{what}");
                world.quiet_start().await.accounts.retry_pending(Occasion::Asked).await.unwrap();
                world.assert_settled(&what);
                assert_eq!(world.sessions_alive().len(), usize::from(log_in), "{what}");
            }
        }
    }
}
