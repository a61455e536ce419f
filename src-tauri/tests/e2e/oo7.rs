//! The main job on another kind of keyring: oo7, which finds nothing of what is locked, and so invites a
//! log-out that deletes nothing and says that it has.

use std::time::Duration;

use test_rig::{SecretServiceKind, WorldBuilder};

use crate::faults::{answer_the_dialog, says};
use crate::journey::{Done, SOON, access_token, log_in, log_out, nothing_is_left, only_session, world};

fn world_on_oo7() -> Result<WorldBuilder, test_rig::RigError> {
    Ok(world()?.secret_service(SecretServiceKind::Oo7))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_ends_the_session_and_empties_the_keyring() -> Done {
    let world = world_on_oo7()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    assert!(only_session(&world).await?.alive);
    log_out(&app).await?;
    nothing_is_left(&world, &token).await?;
    app.wait_for_text("status", "Logged out", SOON).await?;
    app.stop().await?;
    // The daemon has written what it answered.
    world.keyring.restart_unlocked()?;
    assert_eq!(world.entries()?, []);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_while_the_keyring_is_locked_loses_nothing() -> Done {
    let world = world_on_oo7()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    world.keyring.lock()?;
    app.click("log-out").await?;
    says(&app, "keyring is locked").await?;
    app.wait_until_visible("unlock", SOON).await?;
    assert!(app.is_visible("account-view").await?, "it does not claim to be logged out");
    assert!(only_session(&world).await?.alive);
    assert!(world.keyring.is_locked()?, "nothing unlocked it in the background");
    world.keyring.unlock()?;
    assert_eq!(access_token(&world)?, token, "nothing was deleted");
    log_out(&app).await?;
    nothing_is_left(&world, &token).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_starts_before_its_keyring_is_unlocked_logs_out_afterwards() -> Done {
    let world = world_on_oo7()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    app.stop().await?;
    // As after a log-in to the desktop without a password.
    world.keyring.restart_locked()?;
    let app = world.open_app().await?;
    app.wait_until_visible("account-view", SOON).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(world.keyring.is_locked()?, "a start asks for nothing");
    app.click("log-out").await?;
    says(&app, "keyring is locked").await?;
    app.wait_until_visible("unlock", SOON).await?;
    assert!(only_session(&world).await?.alive);
    let before = world.screen()?.count_windows().await?;
    app.click("unlock").await?;
    answer_the_dialog(&world, before).await?;
    app.wait_until_gone("unlock", SOON).await?;
    assert!(!world.keyring.is_locked()?);
    assert_eq!(access_token(&world)?, token, "nothing was lost");
    log_out(&app).await?;
    nothing_is_left(&world, &token).await?;
    app.stop().await
}
