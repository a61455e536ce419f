//! A finished log-out is kept for an hour. For a minute, a repeated request gets its result.

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn a_log_out_answers_for_a_minute_and_is_kept_for_an_hour() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let outcome = process.log_out(&id).await.unwrap();
    // Every write drops what is no longer recent; this one changes nothing else.
    let kept_at = async |seconds| {
        world.clock.advance(seconds);
        assert_eq!(process.accounts.switch(&id).await, Ok(false));
        world.registry().recent_log_outs.len()
    };
    assert_eq!(kept_at(60).await, 1);
    assert_eq!(process.log_out(&id).await, Ok(outcome));
    assert_eq!(kept_at(1).await, 1);
    assert!(process.log_out(&id).await.is_err(), "it is not logged in");
    assert_eq!(kept_at(3600 - 61).await, 1, "a log-in that began before it may still be answered");
    assert_eq!(kept_at(1).await, 0);
}
