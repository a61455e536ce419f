//! Refreshing at servers that keep the session, rename it, rename it within a family, or end it when a
//! refresh token comes twice: the account stays logged in, nothing is unseen, and a log-out ends all.

use std::time::Duration;

use accounts::base::refresh_outcome::Refreshed;
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::activity::Program;
use accounts::model::registry::PendingRevocation;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{CallFailure, StoreStatus};
use accounts::{Health, SessionId};
use credential_store::effects::Fault;
use sandbox::RefreshSession;
use tokio::time::{Instant, sleep};

use crate::fakes::{Gate, Trouble};
use crate::world::{Process, World};

pub(crate) const WAYS: [RefreshSession; 4] =
    [RefreshSession::Keep, RefreshSession::Rename, RefreshSession::RenameFamily, RefreshSession::ReuseEnds];
pub(crate) const DAY: i64 = 86_400;

pub(crate) fn calls(world: &World, path: &str) -> usize {
    world.server.requests().iter().filter(|request| request.path.ends_with(path)).count()
}

fn superseded(world: &World) -> Vec<SessionId> {
    world.registry().superseded.iter().flat_map(PendingRevocation::sessions).cloned().collect()
}

pub(crate) async fn assert_valid(world: &World, process: &Process, what: &str) {
    let overview = process.accounts.overview().await;
    let health: Vec<_> = overview.registry.accounts.iter().map(|it| Health::of(it, overview.now)).collect();
    assert_eq!(health, [Health::Ok], "{what}");
    let id = overview.registry.accounts[0].id.clone();
    process.accounts.user(&id).await.unwrap();
    world.assert_invariant(what);
}

#[tokio::test(start_paused = true)]
async fn fifty_refreshes_keep_one_superseded_row_and_a_log_out_ends_all() {
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
async fn a_refused_superseded_session_is_removed_from_its_row() {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    let first = world.registry().accounts[0].session.clone();
    let meanwhile = async {
        assert!(world.server.kill_session(first.as_str()));
    };
    let refreshed = process.refresh_while(&world, &id, meanwhile).await;
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
    let meanwhile = async {
        assert!(world.server.kill_session(third.as_str()));
    };
    let refreshed = process.refresh_while(&world, &id, meanwhile).await;
    assert_eq!(refreshed, Ok(Refreshed::Stored));
    process.accounts.in_peace().await;
    assert_eq!(superseded(&world), second);
    assert_valid(&world, &process, "one is over, one is not").await;
    process.log_out(&id).await.unwrap();
    process.accounts.retry_pending(Occasion::Opportunity).await.unwrap();
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_superseded_session_is_dropped_at_its_end_and_not_when_its_token_expires() {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    world.clock.advance(8 * DAY);
    process.accounts.refresh(&id).await.unwrap();
    process.accounts.in_peace().await;
    assert_eq!(superseded(&world).len(), 1, "and its session lives");
    world.clock.advance(21 * DAY);
    process.accounts.refresh(&id).await.unwrap();
    assert_eq!(superseded(&world).len(), 2);
    world.clock.advance(2 * DAY);
    process.accounts.refresh(&id).await.unwrap();
    assert_eq!(superseded(&world).len(), 2, "the first one has ended by itself");
    world.assert_invariant("pruned");
}

/// The log-out's result is that of all the sessions that its log-in had.
#[tokio::test(start_paused = true)]
async fn a_log_out_is_pending_while_a_superseded_session_is_pending() {
    let refused = || CallFailure::Unreachable { detail: "refused".to_owned() };
    for (what, trouble) in [
        ("the log-out of the older session fails", Gate::fails("auth/logout", refused()).passes(1)),
        ("it is answered by another program", Gate::says("auth/logout", 200, "{}").passes(1)),
    ] {
        let world = World::refreshing(RefreshSession::Rename);
        let (process, id) = world.logged_in().await;
        process.accounts.refresh(&id).await.unwrap();
        process.accounts.in_peace().await;
        let ends_at = world.registry().superseded[0].session_ends_at;
        world.network.gates([trouble]);
        let outcome = process.log_out(&id).await.unwrap();
        let pending = |it: &accounts::model::log_out_outcome::LogOut| {
            (it.session, it.alive_until) == (SessionOutcome::Pending, ends_at)
        };
        assert!(pending(&outcome), "{what}: {outcome:?}");
        let again = world.program(Program::Cli, []).log_out(&id).await.unwrap();
        assert!(pending(&again), "the same log-out from elsewhere: {what}");
        let verified = process.accounts.verified(vec![(id.clone(), outcome)]).await;
        assert!(pending(&verified[0].1), "{what}");
        world.network.heal();
        process.accounts.retry_pending(Occasion::Asked).await.unwrap();
        assert_eq!(world.registry().log_outs()[0].outcome.session, SessionOutcome::Revoked, "{what}");
        assert!(world.sessions_alive().is_empty());
        world.assert_settled(what);
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_out_is_pending_while_a_superseded_session_is_slow_to_end() {
    let world = World::refreshing(RefreshSession::Rename);
    let (process, id) = world.logged_in().await;
    process.accounts.refresh(&id).await.unwrap();
    process.accounts.in_peace().await;
    let begun = Instant::now();
    world.network.trouble(Trouble::Slow(Duration::from_secs(1)));
    let outcome = process.log_out(&id).await.unwrap();
    assert!(outcome.session == SessionOutcome::Pending, "{outcome:?}");
    assert_eq!(begun.elapsed(), Duration::from_millis(1_500), "both together");
    process.accounts.in_peace().await;
    assert_eq!(world.registry().log_outs()[0].outcome.session, SessionOutcome::Revoked);
    world.assert_settled("answered late");
}

#[tokio::test(start_paused = true)]
async fn a_log_out_ends_superseded_sessions_in_every_refresh_mode() {
    for way in WAYS {
        let world = World::refreshing(way);
        let (process, id) = world.logged_in().await;
        process.accounts.refresh(&id).await.unwrap();
        process.accounts.in_peace().await;
        assert_eq!(process.log_out(&id).await.unwrap().session, SessionOutcome::Revoked, "{way:?}");
        assert!(world.sessions_alive().is_empty() && world.registry().pending.is_empty(), "{way:?}");
        world.assert_settled(&format!("{way:?}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_log_in_ends_superseded_sessions() {
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
                    // With `ReuseEnds`, the refresh token was sent, and the answer was lost with the program.
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
async fn a_refresh_that_renames_loses_no_session_after_any_fault() {
    for fault in [Fault::Fail, Fault::Hang, Fault::HangAndHappen] {
        for k in 1.. {
            let world = World::refreshing(RefreshSession::Rename);
            let (_, id) = world.logged_in().await;
            let process = world.process([(k, fault)]);
            let what = format!("effect {k} spoiled by {fault:?}");
            drop(process.accounts.refresh(&id).await);
            // The new tokens may be in memory only, until they can be stored.
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
async fn a_mended_list_finds_its_superseded_sessions_and_ends_none() {
    for writes in 0..5 {
        let world = World::refreshing(RefreshSession::RenameFamily);
        let (process, id) = world.logged_in().await;
        for _ in 0..2 {
            process.accounts.refresh(&id).await.unwrap();
            process.accounts.in_peace().await;
        }
        process.effects.die();
        world.damage_registry(crate::fakes::LastGood::Behind(writes));
        let process = world.quiet_start().await;
        process.accounts.in_peace().await;
        assert_valid(&world, &process, &format!("{writes} writes behind")).await;
        assert!(world.server.sessions().iter().all(|session| session.alive), "{writes} writes behind");
        world.assert_settled(&format!("{writes} writes behind"));
    }
}
