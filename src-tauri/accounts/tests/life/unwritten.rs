//! A list of accounts that cannot be written, from any moment of a log-out on: the claims of the log-out and
//! of the starts after it.

use accounts::base::refresh_outcome::{RefreshFailure, Refreshed};
use accounts::log_out::error::LogOutError;
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::StoreStatus;
use accounts::{AccountId, Health};
use credential_store::effects::Fault;

use crate::fakes::{DiskTrouble, Trouble};
use crate::matrix::{Keyring, SERVERS, cell};
use crate::world::{Process, World};

/// A log-out writes the list at most so often.
const MOST_WRITES: usize = 5;

/// No program shows an account as logged in without a token in the keyring.
async fn assert_logged_in_have_tokens(world: &World, process: &Process, what: &str) {
    let overview = process.accounts.overview().await;
    for account in &overview.registry.accounts {
        let health = Health::of(account, overview.now);
        if matches!(health, Health::Ok | Health::Expired) {
            let [access, refresh, _] = account.entries();
            let stored = world.entries();
            let is_stored = |name: &str| stored.iter().any(|other| other == name);
            assert!(
                is_stored(access.as_str()) || is_stored(refresh.as_str()),
                "{what}: {health:?}, no tokens"
            );
        }
    }
}

fn assert_result(outcome: &Result<LogOut, LogOutError>, world: &World, id: &AccountId, what: &str) {
    let is_listed = world.registry().account(id).is_some();
    match outcome {
        Ok(outcome) => assert_eq!(outcome.unwritten.is_some(), is_listed, "{what}: {outcome:?}"),
        Err(_) => assert!(is_listed, "{what}: {outcome:?}"),
    }
}

/// The server lies about the session, and the verification's finding cannot be written.
#[tokio::test(start_paused = true)]
async fn a_session_found_alive_is_the_log_out_result_even_if_unwritten() {
    for (what, full_before, status) in [
        ("nothing could be written", true, StoreStatus::Ok),
        ("the disk is full after the log-out", false, StoreStatus::Ok),
        ("the keyring is locked after the log-out", false, StoreStatus::Locked),
    ] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        let alive_until = world.registry().accounts[0].session_ends_at;
        world.network.trouble(Trouble::Lies);
        world.disk.set_full(full_before);
        let outcome = process.log_out(&id).await.unwrap();
        assert_eq!((&outcome.session, outcome.unwritten.is_some()), (&SessionOutcome::Revoked, full_before));
        world.disk.set_full(status == StoreStatus::Ok);
        world.keyring.set_status(status.clone());
        let verified = process.accounts.verified(vec![(id.clone(), outcome)]).await.remove(0).1;
        let expected = match status {
            StoreStatus::Ok => SessionOutcome::Pending,
            _ => SessionOutcome::Lost,
        };
        assert_eq!((verified.session, verified.alive_until), (expected, alive_until), "{what}");
        assert_eq!(verified.is_back, full_before, "{what}");
        assert_eq!(world.sessions_alive().len(), 1, "{what}");
        world.keyring.set_status(StoreStatus::Ok);
        if full_before {
            assert_eq!(process.accounts.overview().await.registry.accounts.len(), 1, "it is in sight again");
            world.quiet_start().await.log_out(&id).await.unwrap();
        }
        let next = world.quiet_start().await;
        next.accounts.retry_pending(Occasion::Asked).await.unwrap();
        world.assert_settled(what);
        assert_eq!(world.sessions_alive().len(), world.registry().lost.len(), "{what}");
        assert!(status == StoreStatus::Locked || world.registry().lost.is_empty(), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_after_an_unwritten_log_out_stores_nothing() {
    for without_access in [false, true] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        if without_access {
            world.network.withhold_access_tokens();
        }
        let meanwhile = Box::pin(async {
            world.disk.set_full(true);
            assert!(process.log_out(&id).await.unwrap().unwritten.is_some());
        });
        let refreshed = process.refresh_while(&world, &id, meanwhile).await;
        assert_eq!(refreshed, Ok(Refreshed::TooLate));
        process.accounts.in_peace().await;
        let stored: Vec<_> = world.entries().iter().flat_map(|entry| world.tokens_in(entry)).collect();
        assert!(stored.iter().all(|line| line.starts_with("ended:")), "{} lines", stored.len());
        world.quiet_start().await;
        world.assert_settled("logged out");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unwritten_log_out_never_shows_an_account_without_tokens_as_logged_in() {
    let mut cells = 0;
    for (server, word) in SERVERS {
        for no_locks in [false, true] {
            for room_for in 0..MOST_WRITES {
                let what = format!("server {server}, full after {room_for} writes, no locks: {no_locks}");
                let (world, id, process) = cell(server, word, Keyring::Well, None).await;
                world.disk.full_after(room_for);
                world.disk.set_trouble(DiskTrouble { unreadable: false, no_locks });
                let outcome = process.log_out(&id).await;
                assert_result(&outcome, &world, &id, &what);
                let confirmed = |it: &&LogOut| {
                    matches!(it.session, SessionOutcome::Revoked | SessionOutcome::AlreadyInvalid)
                };
                let confirmed = outcome.as_ref().ok().filter(confirmed);
                world.assert_invariant(&what);
                assert_logged_in_have_tokens(&world, &process, &what).await;
                // The next start, while nothing has become better.
                world.disk.set_full(true);
                let next = world.process([]);
                drop(next.accounts.restore().await);
                assert_logged_in_have_tokens(&world, &next, &what).await;
                let short = world.process([]);
                drop(short.accounts.resume_for(Some(&id)).await);
                let shown = short.accounts.overview().await.registry;
                let comes_back = confirmed.is_some() && shown.account(&id).is_some();
                assert!(!comes_back, "{what}: it comes back in a short run");
                if let Some(outcome) = confirmed {
                    let shown = next.accounts.overview().await.registry;
                    assert!(shown.account(&id).is_none(), "{what}: it comes back");
                    let again = next.log_out(&id).await;
                    // The same result within a minute, where it is written down; never another one.
                    let said = outcome.unwritten.is_none() && again.as_ref() == Ok(outcome);
                    assert!(said || again == Err(LogOutError::NotLoggedIn), "{what}: {again:?}");
                }
                world.quiet_start().await;
                world.quiet_start().await;
                assert!(world.registry().lost.is_empty(), "{what}: a session that was ended is called lost");
                world.assert_settled(&what);
                cells += 1;
            }
        }
    }
    say!("{cells} cells of a list that cannot be written");
}

#[tokio::test(start_paused = true)]
async fn an_account_logs_in_again_after_an_unwritten_log_out() {
    // A short run finds out at the log-in itself what only the keyring knows.
    for (restarts, is_short) in [(false, false), (true, false), (true, true)] {
        let world = World::new();
        let (mut process, id) = world.logged_in().await;
        world.disk.set_full(true);
        process.log_out(&id).await.unwrap();
        if restarts {
            process = world.process([]);
            let accounts = &process.accounts;
            drop(if is_short { accounts.resume_for(None).await } else { accounts.restore().await });
        }
        world.disk.set_full(false);
        assert_eq!(process.log_in(&world).await.unwrap(), id);
        let pending = world.registry().pending;
        assert!(pending.iter().all(|row| row.is_dead), "the older session is known to be over");
        let overview = process.accounts.overview().await;
        assert_eq!(Health::of(overview.registry.account(&id).unwrap(), overview.now), Health::Ok);
        world.quiet_start().await;
        world.assert_settled("logged in again");
        assert_eq!(world.sessions_alive().len(), 1);
        assert!(world.registry().lost.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_unwritten_log_out_without_a_note_shows_tokens_missing() {
    let world = World { tokens_removed: true, ..World::new() };
    let (_, id) = world.logged_in().await;
    // 1 the tombstone, 2 the server, 3 the outcome of the session, 4, 5 the deletion; then the removal and
    // the note
    let process = world.process((6..12).map(|k| (k, Fault::Fail)));
    world.disk.set_full(true);
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!((outcome.session, outcome.deletion), (SessionOutcome::Revoked, Deletion::Deleted));
    assert!(outcome.unwritten.is_some() && world.entries().is_empty());
    let next = world.process([]);
    drop(next.accounts.restore().await);
    let overview = next.accounts.overview().await;
    assert_eq!(Health::of(overview.registry.account(&id).unwrap(), overview.now), Health::TokensMissing);
    let token = next.accounts.access_token(&id).await.map(|_| ());
    assert_eq!(token, Err(RefreshFailure::TokensMissing));
}

#[tokio::test(start_paused = true)]
async fn the_note_of_an_unwritten_log_out_is_sent_nowhere_and_deleted() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    world.disk.set_full(true);
    process.log_out(&id).await.unwrap();
    let [note] = world.entries().try_into().unwrap();
    assert_eq!(world.tokens_in(&note), [format!("ended:{session}")]);
    let calls = world.revocations();
    world.quiet_start().await;
    assert!(world.entries().is_empty() && world.registry().accounts.is_empty());
    assert_eq!(world.revocations(), calls, "it is sent nowhere");
}

#[tokio::test(start_paused = true)]
async fn a_session_ended_by_the_server_is_not_called_lost_without_tokens() {
    let world = World { tokens_removed: true, ..World::new() };
    let (process, id) = world.logged_in().await;
    let session = world.registry().account(&id).unwrap().session.clone();
    assert!(world.server.kill_session(session.as_str()));
    process.accounts.refresh(&id).await.unwrap();
    let token = process.accounts.access_token(&id).await.map(|_| ());
    assert_eq!(token, Err(RefreshFailure::SessionOver), "it leaves no more");
    for name in world.entries() {
        world.keyring.remove(crate::world::SERVICE, &name);
    }
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!(outcome.session, SessionOutcome::AlreadyInvalid);
    assert!(world.registry().lost.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_session_expires_by_its_life_and_never_early_with_a_wrong_clock() {
    const MONTH: i64 = 30 * 24 * 60 * 60;
    for ahead in [-2 * MONTH, 0, 2 * MONTH] {
        let world = World::with_clock_ahead(ahead);
        let (process, id) = world.logged_in().await;
        let health = async || {
            let overview = process.accounts.overview().await;
            Health::of(overview.registry.account(&id).unwrap(), overview.now)
        };
        assert_ne!(health().await, Health::Ended, "{ahead}");
        let ends_at = world.registry().account(&id).unwrap().session_ends_at;
        world.clock.advance(ends_at.0 - world.clock.now() + 1);
        world.network.fail(false, accounts::ports::CallFailure::TimedOut);
        let token = process.accounts.access_token(&id).await.map(|_| ());
        // Behind by more than its life, the clock has not come to the end that the server named.
        if ahead >= 0 {
            assert_eq!((health().await, token), (Health::Ended, Err(RefreshFailure::Ended)), "{ahead}");
        } else {
            assert_ne!(health().await, Health::Ended, "{ahead}: nothing is claimed");
        }
    }
}
