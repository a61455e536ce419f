//! After a revocation the server is asked once whether it meant it.

use std::time::Duration;

use accounts::activity::Event;
use accounts::log_out::Revocation;
use tokio::time::sleep;

use crate::twins::Trouble;
use crate::world::World;

fn probes(world: &World) -> usize {
    world.server.requests().iter().filter(|request| request.path.ends_with("/self")).count()
}

#[tokio::test(start_paused = true)]
async fn a_revoked_token_is_tried_once_and_that_is_all() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    process.log_out(&id).await.unwrap();
    assert_eq!(probes(&world), 0, "after the view has changed");
    sleep(Duration::from_mins(1)).await;
    assert_eq!(probes(&world), 1);
    world.assert_settled("probed");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_lies_is_found_out_and_asked_until_it_means_it() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let expires_at = world.registry().account(&id).unwrap().access_expires_at;
    world.network.trouble(Trouble::Lies);
    assert_eq!(process.log_out(&id).await.unwrap().revocation, Revocation::Revoked);
    sleep(Duration::from_mins(1)).await;
    let row = world.registry().pending[0].clone();
    assert_eq!(row.still_answers_until, Some(expires_at));
    assert_eq!(world.entries(), [row.entry.to_string()], "its token is kept, and said");
    world.assert_invariant("still answers");
    assert!(world.disk.activity().iter().any(|line| line.event == Event::StillAnswers));
    // It goes on lying: the row stays.
    world.clock.advance(60);
    process.accounts.retry_revocation(&row.entry).await.unwrap();
    assert_eq!(world.registry().pending.len(), 1);
    world.quiet_start().await;
    world.assert_settled("it means it");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn it_can_be_switched_off_and_no_answer_says_nothing() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    process.accounts.set_probe(false).await.unwrap();
    process.log_out(&id).await.unwrap();
    sleep(Duration::from_mins(1)).await;
    assert_eq!(probes(&world), 0);
    process.accounts.set_probe(true).await.unwrap();
    process.log_in(&world).await.unwrap();
    process.log_out(&id).await.unwrap();
    world.network.trouble(Trouble::Hangs { after: true });
    sleep(Duration::from_mins(1)).await;
    world.assert_settled("no answer");
}
