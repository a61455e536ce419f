//! After a log-out the witnesses are asked once whether the server meant it.

use std::time::Duration;

use accounts::model::activity::Event;
use accounts::model::session_outcome::SessionOutcome;
use accounts::model::timestamp::Timestamp;
use tokio::time::sleep;

use crate::fakes::{Gate, Trouble};
use crate::world::World;

fn verifications(world: &World) -> usize {
    world.server.requests().iter().filter(|request| request.path.ends_with("/self")).count()
}

#[tokio::test(start_paused = true)]
async fn a_revoked_token_is_verified_once_after_a_log_out() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    process.log_out(&id).await.unwrap();
    assert_eq!(verifications(&world), 0, "after the view has changed");
    sleep(Duration::from_mins(1)).await;
    assert_eq!(verifications(&world), 1);
    world.assert_settled("verified");
}

#[tokio::test(start_paused = true)]
async fn a_false_revocation_is_detected_and_retried_until_the_session_ends() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let ends_at = world.registry().account(&id).unwrap().session_ends_at;
    world.network.trouble(Trouble::Lies);
    assert_eq!(process.log_out(&id).await.unwrap().session, SessionOutcome::Revoked);
    sleep(Duration::from_mins(1)).await;
    let row = world.registry().pending[0].clone();
    assert_eq!(row.still_answers_until, Some(ends_at), "its refresh token lives longest");
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
async fn verification_can_be_switched_off_and_no_answer_changes_nothing() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    process.accounts.change_settings(|settings| settings.verify_revocation = false).await.unwrap();
    process.log_out(&id).await.unwrap();
    sleep(Duration::from_mins(1)).await;
    assert_eq!(verifications(&world), 0);
    process.accounts.change_settings(|settings| settings.verify_revocation = true).await.unwrap();
    process.log_in(&world).await.unwrap();
    process.log_out(&id).await.unwrap();
    world.network.trouble(Trouble::Hangs { after: true });
    let asked = world.server.requests().len();
    sleep(Duration::from_mins(1)).await;
    assert!(world.server.requests().len() > asked, "it was asked, and did not answer");
    world.assert_settled("no answer");
}

/// The verification's finding is the result: the command line waits for it, and a repeated request for the
/// same log-out gets it.
#[tokio::test(start_paused = true)]
async fn the_verification_result_becomes_the_log_out_result() {
    let ends_at = Timestamp(1_800_000_000 + 2_592_000);
    for (what, trouble, expected) in [
        ("a server that means it", None, SessionOutcome::Revoked),
        ("a lie", Some(Trouble::Lies), SessionOutcome::Pending),
    ] {
        let world = World::new();
        let (process, id) = world.logged_in().await;
        if let Some(trouble) = trouble {
            world.network.trouble(trouble);
        }
        let outcome = process.log_out(&id).await.unwrap();
        assert_eq!(outcome.session, SessionOutcome::Revoked, "{what}: its word");
        let verified = process.accounts.verified(vec![(id.clone(), outcome)]).await.remove(0).1;
        assert_eq!((verified.session, verified.accepted_until), (expected, None), "{what}");
        assert_eq!(verified.alive_until, ends_at, "{what}");
        let again = world.process([]).log_out(&id).await.unwrap();
        assert_eq!(again, verified, "{what}: in another program");
        world.assert_invariant(what);
    }
}

/// A service that checks only signatures goes on taking the access token; the session is over all the same.
#[tokio::test(start_paused = true)]
async fn an_access_token_accepted_after_a_log_out_makes_no_session_alive() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let expires_at = world.registry().account(&id).unwrap().access_expires_at;
    world.network.gates([Gate::says("/self", 200, r#"{"userId":1}"#)]);
    let outcome = process.log_out(&id).await.unwrap();
    let verified = process.accounts.verified(vec![(id, outcome)]).await.remove(0).1;
    assert_eq!((verified.session, verified.accepted_until), (SessionOutcome::Revoked, Some(expires_at)));
    world.assert_settled("over");
}

/// The tokens that the verification's refresh brings are kept, and end the session.
#[tokio::test(start_paused = true)]
async fn a_session_found_alive_is_ended_with_the_tokens_of_its_verification() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let ok = r#"{"message":"OK"}"#;
    world.network.gates([Gate::says("auth/logout", 200, ok)]);
    process.log_out(&id).await.unwrap();
    process.accounts.in_peace().await;
    let row = world.registry().pending[0].clone();
    assert!(world.tokens_in(row.entry.as_str()).len() >= 4, "the older tokens, and the newer ones");
    world.assert_invariant("alive");
    world.network.heal();
    world.quiet_start().await;
    world.assert_settled("ended");
    assert!(world.sessions_alive().is_empty());
}
