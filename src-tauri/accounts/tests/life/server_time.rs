//! A pending revocation is given up for age by the server's clock, and that is believed only as far as it can
//! be.

use accounts::model::activity::Event;
use accounts::model::registry::PendingRevocation;
use accounts::model::session_outcome::SessionOutcome;
use accounts::model::timestamp::Timestamp;
use accounts::ports::CallFailure;

use crate::fakes::Gate;
use crate::world::{Process, World};

const DAY: i64 = 24 * 60 * 60;
const IN_2099: i64 = 4_080_000_000;
/// An answer of Userfront's that ends no session.
const FORBIDDEN: &str = r#"{"statusCode":403,"message":"Forbidden","error":"Forbidden"}"#;

/// A session that is pending, at a server that answers, and does not end it.
async fn pending() -> (World, Process, PendingRevocation) {
    let mut world = World::new();
    world.unsure = true;
    let (process, id) = world.logged_in().await;
    world.network.gates([Gate::says("auth/logout", 403, FORBIDDEN)]);
    process.log_out(&id).await.unwrap();
    let row = world.registry().pending[0].clone();
    (world, process, row)
}

/// Tries it again; whether it is pending still.
async fn still_pending(world: &World, process: &Process, row: &PendingRevocation) -> bool {
    process.accounts.retry_revocation(&row.entry).await.unwrap();
    !world.registry().pending.is_empty()
}

fn is_expired(world: &World) -> bool {
    let expired = Event::Settled { session: SessionOutcome::Expired };
    world.disk.activity().iter().any(|line| line.event == expired)
}

#[tokio::test(start_paused = true)]
async fn one_answer_dated_2099_expires_no_pending_revocation() {
    let (world, process, row) = pending().await;
    world.network.date_answers(IN_2099);
    assert!(still_pending(&world, &process, &row).await, "one");
    world.clock.advance(30);
    world.network.date_answers(IN_2099 + 30);
    assert!(still_pending(&world, &process, &row).await, "two within a minute may be one fault");
    world.clock.advance(61);
    world.network.date_answers(IN_2099 + 7 * DAY);
    assert!(still_pending(&world, &process, &row).await, "two that do not agree");
    world.assert_invariant("2099");
    world.network.heal();
    world.clock.advance(60);
    assert!(!still_pending(&world, &process, &row).await, "its own clock");
    assert!(!is_expired(&world), "it was ended");
}

/// A gateway's page is no answer of the server's, whatever date it has (the adapter's part), and is no last
/// try either.
#[tokio::test(start_paused = true)]
async fn a_pending_revocation_expires_only_after_an_answered_try() {
    let (world, process, row) = pending().await;
    world.clock.advance(row.over_for_certain_at.0 - world.clock.now() + 1);
    world.network.gates([Gate::fails("", CallFailure::ServerFault { status: 502, retry_after: None })]);
    assert!(still_pending(&world, &process, &row).await);
    world.network.gates([Gate::says("auth/logout", 403, FORBIDDEN)]);
    assert!(!still_pending(&world, &process, &row).await);
    assert!(is_expired(&world));
}

#[tokio::test(start_paused = true)]
async fn a_pending_revocation_expires_after_forty_days_powered_off() {
    let (world, process, row) = pending().await;
    world.clock.advance(29 * DAY);
    assert!(still_pending(&world, &process, &row).await, "its refresh token lives 30 days");
    world.clock.advance(11 * DAY);
    assert!(!still_pending(&world, &process, &row).await);
    assert!(is_expired(&world));
}

/// For all that is known here no time has passed: the server has to say it twice.
#[tokio::test(start_paused = true)]
async fn a_wrong_local_clock_does_not_keep_a_pending_revocation_for_ever() {
    for ahead in [-1_800_000_000, -40 * DAY, 40 * DAY] {
        let (world, process, row) = pending().await;
        world.clock.advance(75 * DAY);
        world.set_clock_ahead(ahead);
        assert!(still_pending(&world, &process, &row).await, "{ahead}: one answer is not enough");
        world.clock.advance(61);
        process.accounts.retry_revocation(&row.entry).await.unwrap();
        assert!(world.registry().pending.is_empty() && is_expired(&world), "{ahead}");
    }
}

/// With this machine's clock behind, an end that is reckoned by it would come too early.
#[tokio::test(start_paused = true)]
async fn the_end_of_a_session_is_reckoned_by_the_servers_clock() {
    let world = World::with_clock_ahead(-40 * DAY);
    let (process, id) = world.logged_in().await;
    world.clock.advance(100);
    process.log_in(&world).await.unwrap();
    let life = world.registry().account(&id).unwrap().session_life;
    world.clock.advance(5 * DAY);
    world.network.gates([Gate::says("auth/logout", 403, FORBIDDEN)]);
    process.log_out(&id).await.unwrap();
    let row = world.registry().pending.last().unwrap().clone();
    assert_eq!(row.over_for_certain_at, Timestamp(world.clock.now() + life), "a refresh may have been lost");
}
