//! Refreshing at servers that keep the session, rename it, rename it within a family, or end it when a refresh token comes
//! twice: the account stays logged in, nothing is unseen, and a log-out ends all.

use std::time::Duration;

use accounts::activity::Program;
use accounts::pending::Occasion;
use accounts::ports::{CallFailure, StoreStatus};
use accounts::refresh::{Left, RefreshFailure, Refreshed};
use accounts::registry::{PendingRevocation, RegistryError};
use accounts::{Health, SessionId};
use credential_store::effects::Fault;
use sandbox::RefreshSession;
use tokio::time::{Instant, sleep};

use crate::twins::Trouble;
use crate::world::World;

const WAYS: [RefreshSession; 4] =
    [RefreshSession::Keep, RefreshSession::Rename, RefreshSession::RenameFamily, RefreshSession::ReuseEnds];
const DAY: i64 = 86_400;

fn calls(world: &World, path: &str) -> usize {
    world.server.requests().iter().filter(|request| request.path.ends_with(path)).count()
}

fn superseded(world: &World) -> Vec<SessionId> {
    world.registry().superseded.iter().flat_map(PendingRevocation::sessions).cloned().collect()
}

async fn assert_valid(world: &World, process: &crate::world::Process, what: &str) {
    let overview = process.accounts.overview().await;
    let health: Vec<_> = overview.registry.accounts.iter().map(|it| Health::of(it, overview.now)).collect();
    assert_eq!(health, [Health::Ok], "{what}");
    let id = overview.registry.accounts[0].id.clone();
    process.accounts.user(&id).await.unwrap();
    world.assert_invariant(what);
}

#[tokio::test(start_paused = true)]
async fn fifty_refreshes_leave_the_account_valid_and_one_superseded_row_at_most_and_a_log_out_ends_all() {
    for way in WAYS {
        let world = World::refreshing(way);
        let (app, id) = world.logged_in().await;
        let cli = world.program(Program::Cli, []);
        for nth in 0..50 {
            world.clock.advance(3_600);
            let process = if nth % 2 == 0 { &app } else { &cli };
            assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::Stored), "{way:?} {nth}");
            process.accounts.in_peace().await;
            assert_valid(&world, process, &format!("{way:?}, {nth} refreshes")).await;
            let registry = world.registry();
            assert!(registry.superseded.len() <= 1 && registry.pending.is_empty(), "{way:?} {nth}");
        }
        let renames = matches!(way, RefreshSession::Rename | RefreshSession::RenameFamily);
        assert_eq!(superseded(&world).len(), if renames { 50 } else { 0 }, "each is alive: {way:?}");
        assert_eq!(world.entries().len(), if renames { 3 } else { 2 }, "{way:?}");
        assert_eq!(calls(&world, "auth/refresh"), 50, "{way:?}");
        app.log_out(&id).await.unwrap();
        world.assert_invariant("logged out");
        app.accounts.retry_pending(Occasion::Opportunity).await.unwrap();
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{way:?}");
        world.assert_settled(&format!("{way:?}, logged out"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_superseded_session_that_is_refused_leaves_the_row_and_its_entry_goes() {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    let first = world.registry().accounts[0].session.clone();
    let arrived = world.network.slow_down_tokens();
    let (refreshed, ()) = tokio::join!(process.accounts.refresh(&id), async {
        world.network.tokens_are_on_their_way().await;
        assert!(world.server.kill_session(first.as_str()));
        arrived.notify_one();
    });
    assert_eq!(refreshed, Ok(Refreshed::Stored));
    process.accounts.in_peace().await;
    assert!(world.registry().superseded.is_empty() && world.registry().pending.is_empty());
    assert_eq!(world.entries().len(), 2);
    // One of several.
    process.accounts.refresh(&id).await.unwrap();
    process.accounts.in_peace().await;
    let second = superseded(&world);
    assert_eq!(second.len(), 1);
    let third = world.registry().accounts[0].session.clone();
    let arrived = world.network.slow_down_tokens();
    let (refreshed, ()) = tokio::join!(process.accounts.refresh(&id), async {
        world.network.tokens_are_on_their_way().await;
        assert!(world.server.kill_session(third.as_str()));
        arrived.notify_one();
    });
    assert_eq!(refreshed, Ok(Refreshed::Stored));
    process.accounts.in_peace().await;
    assert_eq!(superseded(&world), second);
    assert_valid(&world, &process, "one is over, one is not").await;
    process.log_out(&id).await.unwrap();
    process.accounts.retry_pending(Occasion::Opportunity).await.unwrap();
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_expired_access_token_is_no_evidence_and_the_end_of_its_session_is() {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    world.clock.advance(8 * DAY);
    let asked = calls(&world, "self");
    process.accounts.refresh(&id).await.unwrap();
    process.accounts.in_peace().await;
    assert_eq!(calls(&world, "self"), asked, "it would be refused in any case");
    assert_eq!(superseded(&world).len(), 1, "and its session lives");
    world.clock.advance(21 * DAY);
    process.accounts.refresh(&id).await.unwrap();
    assert_eq!(superseded(&world).len(), 2);
    world.clock.advance(2 * DAY);
    process.accounts.refresh(&id).await.unwrap();
    assert_eq!(superseded(&world).len(), 2, "the first one has ended by itself");
    world.assert_invariant("pruned");
}

#[tokio::test(start_paused = true)]
async fn the_session_before_is_ended_by_a_new_log_in_too() {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    process.accounts.refresh(&id).await.unwrap();
    process.accounts.in_peace().await;
    process.log_in(&world).await.unwrap();
    world.assert_invariant("logged in again");
    assert_eq!((world.registry().superseded.len(), world.registry().pending.len()), (0, 2));
    process.accounts.retry_pending(Occasion::Due).await.unwrap();
    assert_eq!(world.sessions_alive().len(), 1);
    world.assert_settled("logged in again");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_renames_survives_a_crash_after_any_effect_and_a_second_one() {
    for way in WAYS {
        let (mut crashes, mut pairs) = (0, 0);
        for k in 1.. {
            let mut dies = false;
            for l in 0.. {
                let what = format!("{way:?}: crash after effect {k}, {l} of the start");
                // One of a family may be called lost when the log-out of another has ended it.
                let world = World { unsure: way == RefreshSession::RenameFamily, ..World::refreshing(way) };
                let (_, id) = world.logged_in().await;
                let process = world.process([(k, Fault::Crash)]);
                let work = async {
                    let done = process.accounts.refresh(&id).await;
                    process.accounts.in_peace().await;
                    done
                };
                dies = process.until_crash(work).await.is_none();
                process.effects.die();
                world.assert_invariant(&what);
                if !dies {
                    break;
                }
                crashes += u32::from(l == 0);
                let second = world.process([(l, Fault::Crash)]);
                let restored = second.until_crash(second.accounts.restore()).await.is_some();
                second.effects.die();
                world.assert_invariant(&what);
                let process = world.quiet_start().await;
                process.accounts.in_peace().await;
                world.assert_settled(&what);
                let refreshed = process.accounts.refresh(&id).await;
                if way != RefreshSession::ReuseEnds {
                    // There it was sent, and its answer died with the program: nobody can help that.
                    assert_eq!(refreshed, Ok(Refreshed::Stored), "{what}");
                    assert_valid(&world, &process, &what).await;
                }
                process.log_out(&id).await.unwrap();
                process.accounts.retry_pending(Occasion::Opportunity).await.unwrap();
                world.assert_settled(&what);
                pairs += u32::from(!restored);
                if restored {
                    break;
                }
            }
            if !dies {
                break;
            }
        }
        say!("{way:?}: a refresh crashed after each of {crashes} effects, {pairs} pairs");
        assert!(crashes >= 4, "{crashes}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_renames_and_meets_any_fault_leaves_nothing_unseen() {
    for fault in [Fault::Fail, Fault::Hang, Fault::HangAndHappen] {
        for k in 1.. {
            let world = World::refreshing(RefreshSession::Rename);
            let (_, id) = world.logged_in().await;
            let process = world.process([(k, fault)]);
            let what = format!("effect {k} spoiled by {fault:?}");
            drop(process.accounts.refresh(&id).await);
            // What has come may be in memory only, until it can be stored.
            world.keyring.set_status(StoreStatus::Ok);
            process.accounts.look_at_store().await;
            sleep(Duration::from_secs(30)).await;
            world.assert_invariant(&what);
            let effects = process.effects.count();
            assert_valid(&world, &world.process([]), &what).await;
            if effects < k {
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn app_and_command_line_at_once_ask_once_and_a_server_that_detects_reuse_ends_nothing() {
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
async fn nobody_refreshes_past_a_program_that_is_stopped() {
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
async fn an_account_whose_lock_is_busy_for_long_loses_nothing() {
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

#[tokio::test(start_paused = true)]
async fn the_command_line_leaves_what_it_cannot_store_to_the_next_refresh() {
    let world = World::refreshing(RefreshSession::ReuseEnds);
    let (_, id) = world.logged_in().await;
    let cli = world.program(Program::Cli, []);
    let lock = world.hold_lock(&id).await;
    let given_up = cli.accounts.refresh(&id).await;
    let Err(RefreshFailure::GivenUp { left: Left::ForNextRefresh, .. }) = given_up else {
        panic!("{given_up:?}")
    };
    world.assert_invariant("given up");
    drop(lock);
    let next = world.program(Program::Cli, []);
    assert_eq!(next.accounts.refresh(&id).await, Ok(Refreshed::Stored));
    assert_eq!(calls(&world, "auth/refresh"), 1, "it had what was left");
    assert_eq!(world.entries().len(), 2);
    assert_eq!(next.accounts.refresh(&id).await, Ok(Refreshed::Stored));
    assert_valid(&world, &next, "and goes on").await;
}

#[tokio::test(start_paused = true)]
async fn a_session_that_the_command_line_cannot_store_is_ended_or_owed() {
    for server_answers in [true, false] {
        let world = World::refreshing(RefreshSession::Rename);
        let (_, id) = world.logged_in().await;
        let cli = world.program(Program::Cli, []);
        let lock = world.hold_lock(&id).await;
        if !server_answers {
            world.network.fail_log_outs(CallFailure::TimedOut);
        }
        let given_up = cli.accounts.refresh(&id).await;
        assert!(
            matches!(given_up, Err(RefreshFailure::GivenUp { left: Left::OtherSession(_), .. })),
            "{given_up:?}"
        );
        world.assert_invariant("given up");
        assert_eq!(world.sessions_alive().len(), if server_answers { 1 } else { 2 });
        drop(lock);
        let process = world.quiet_start().await;
        assert_valid(&world, &process, "the account is as it was").await;
        assert_eq!(world.sessions_alive().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_keyring_that_is_locked_when_the_answer_arrives_loses_nothing() {
    for way in WAYS {
        for status in [StoreStatus::Locked, StoreStatus::Hung, StoreStatus::Unavailable("gone".into())] {
            let world = World::refreshing(way);
            let (process, id) = world.logged_in().await;
            let arrived = world.network.slow_down_tokens();
            let (refreshed, ()) = tokio::join!(process.accounts.refresh(&id), async {
                world.network.tokens_are_on_their_way().await;
                world.keyring.set_status(status.clone());
                arrived.notify_one();
            });
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
async fn tokens_in_memory_are_revoked_only_when_the_account_has_left() {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    let arrived = world.network.slow_down_tokens();
    let (refreshed, ()) = tokio::join!(process.accounts.refresh(&id), async {
        world.network.tokens_are_on_their_way().await;
        world.keyring.set_status(StoreStatus::Locked);
        arrived.notify_one();
    });
    refreshed.unwrap_err();
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
async fn nothing_is_asked_while_the_keyring_cannot_be_written() {
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
async fn a_list_that_was_mended_finds_its_superseded_sessions_and_ends_none_of_them() {
    for writes in 0..5 {
        let world = World::refreshing(RefreshSession::RenameFamily);
        let (process, id) = world.logged_in().await;
        for _ in 0..2 {
            process.accounts.refresh(&id).await.unwrap();
            process.accounts.in_peace().await;
        }
        process.effects.die();
        world.damage_registry(crate::twins::LastGood::Behind(writes));
        let process = world.quiet_start().await;
        process.accounts.in_peace().await;
        assert_valid(&world, &process, &format!("{writes} writes behind")).await;
        assert!(world.server.sessions().iter().all(|session| session.alive), "{writes} writes behind");
        world.assert_settled(&format!("{writes} writes behind"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_of_the_server_does_not_lose_its_turn() {
    let world = World::refreshing(RefreshSession::ReuseEnds);
    let (app, id) = world.logged_in().await;
    world.network.trouble(Trouble::Slow(Duration::from_secs(14)));
    let cli = world.program(Program::Cli, []);
    let both = tokio::join!(app.accounts.refresh(&id), cli.accounts.refresh(&id));
    assert_eq!(both, (Ok(Refreshed::Stored), Ok(Refreshed::Stored)));
    world.network.heal();
    assert_valid(&world, &cli, "one waited for the other").await;
}
