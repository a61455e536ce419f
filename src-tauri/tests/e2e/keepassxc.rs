//! The app beside `KeePassXC` with its defaults.

use std::time::Duration;

use test_rig::{App, KeePassXc, Presence};

use crate::journey::{Done, SOON, log_in, log_out, world};
use crate::together::userfront;

#[tokio::test(flavor = "multi_thread")]
async fn log_in_and_log_out_work_and_the_recycle_bin_is_mentioned() -> Done {
    let world = world()?.keyring(Presence::NoDaemon).start()?;
    let mut keepass = KeePassXc::start(world.environment(), world.screen()?).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    log_out(&app).await?;
    app.wait_for_text("notice", "KeePassXC keeps deleted entries in its recycle bin", SOON).await?;
    assert_eq!(world.sandbox.alive().await?.len(), 0);
    assert!(!keepass.asks()?, "nobody was asked");
    keepass.until_kept(&[]).await?;
    assert_eq!(keepass.kept("/Recycle Bin")?.len(), 2, "both tokens of a session that is over");

    // Another run is another program to it, until the user allows it.
    log_in(&app).await?;
    app.stop().await?;
    keepass.until_it_keeps(2).await?;
    keepass.restart().await?;
    let app = world.open_app().await?;
    app.wait_until_visible("keyring-panel", SOON).await?;
    app.wait_for_text("keyring-panel", "has not allowed this app", SOON).await?;
    app.click("log-out").await?;
    app.wait_for_text("error", "has not allowed this app to use its entry", SOON).await?;
    assert_eq!(world.sandbox.alive().await?.len(), 1, "and nothing was done");
    app.click("unlock").await?;
    keepass.allow().await?;
    app.wait_until_gone("error", SOON).await?;
    log_out(&app).await?;
    assert_eq!(world.sandbox.alive().await?.len(), 0);
    keepass.until_kept(&[]).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_recycle_bin_a_log_out_says_what_is_left_until_its_question_is_answered() -> Done {
    let world = world()?.keyring(Presence::NoDaemon).start()?;
    let keepass = KeePassXc::start_without_recycle_bin(world.environment(), world.screen()?).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.click("log-out").await?;
    app.wait_for_text("remnants", "2 tokens are still in the keyring", SOON).await?;
    assert_eq!(world.sandbox.alive().await?.len(), 0, "the session is over all the same");
    assert_eq!(keepass.questions()?, 1);
    // KeePassXC's own word, not its file: after a delete it sometimes writes that only with its next change.
    keepass.answer_question(true).await?;
    retry(&app).await?;
    app.wait_for_text("remnants", "A token is still in the keyring", SOON).await?;
    keepass.answer_question(true).await?;
    app.click("retry").await?;
    app.wait_until_gone("remnants", SOON).await?;
    app.stop().await
}

/// Waits for a quick answer to the question; the test's comes later.
async fn retry(app: &App) -> Done {
    app.click("retry").await?;
    while app.attribute("retry", "aria-busy").await?.as_deref() == Some("true") {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// It hands secrets out without a question, as many users have set it, and asks before each delete.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_asks_nothing_about_leftovers_until_the_user_tries_again() -> Done {
    let world = world()?.keyring(Presence::NoDaemon).start()?;
    let keepass = KeePassXc::start_asking_only_before_deletes(world.environment(), world.screen()?).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.click("log-out").await?;
    app.wait_for_text("remnants", "2 tokens are still in the keyring", SOON).await?;
    keepass.answer_question(false).await?;
    app.stop().await?;

    let app = world.open_app().await?;
    // The first view comes after the start has been through the keyring.
    app.wait_for_text("remnants", "2 tokens are still in the keyring", SOON).await?;
    assert!(!keepass.asks()?, "the user has asked for nothing");
    userfront(&world, &["status"], "");
    assert!(!keepass.asks()?, "nor here");

    app.click("retry").await?;
    keepass.answer_question(false).await?;
    app.wait_for_text("remnants", "2 tokens are still in the keyring", SOON).await?;
    app.stop().await
}
