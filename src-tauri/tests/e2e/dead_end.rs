//! The keyring is locked, hung or gone when somebody logs out: what the app offers then, and that each of it keeps its word.

use std::time::{Duration, Instant};

use serde_json::json;
use test_rig::{App, RigError, World};

use crate::journey::{Done, SOON, access_token, log_in, only_session, world};
use crate::trouble::says;

/// By and by: a row that is being worked on is not shown, and so its going says nothing yet.
async fn nothing_is_left(world: &World) -> Done {
    let begin = Instant::now();
    while begin.elapsed() < SOON && !(world.sandbox.alive().await?.is_empty() && world.entries()?.is_empty())
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(world.sandbox.alive().await?, []);
    assert_eq!(world.entries()?, []);
    Ok(())
}

/// Who comes back to the window may have unlocked the keyring meanwhile: it looks.
async fn come_back(app: &App) -> Result<(), RigError> {
    app.script("window.dispatchEvent(new Event('online')); return true", vec![]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn log_out_once_it_is_unlocked() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    world.keyring.lock()?;
    app.click("log-out").await?;
    says(&app, "keyring is locked").await?;
    app.wait_until_visible("log-out-later", SOON).await?;
    app.click("log-out-later").await?;
    app.wait_until_visible("login-view", SOON).await?;
    app.wait_until_visible("unfinished-row", SOON).await?;
    assert!(only_session(&world).await?.alive, "nothing is claimed");
    // Neither does a restart lift what the user has decided.
    app.stop().await?;
    let app = world.open_app().await?;
    app.wait_until_visible("unfinished-row", SOON).await?;
    assert!(app.is_visible("login-view").await?);
    assert!(world.keyring.is_locked()?, "and no dialog was opened for it");
    world.keyring.unlock()?;
    app.click("unlock").await?;
    app.wait_until_gone("unfinished", SOON).await?;
    app.wait_until_gone("pending-revocations", SOON).await?;
    nothing_is_left(&world).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn forget_an_account_whose_keyring_does_not_answer() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    world.keyring.stop()?;
    app.click("log-out").await?;
    says(&app, "does not answer").await?;
    app.wait_until_visible("forget", SOON).await?;
    app.click("forget").await?;
    app.wait_for_text("dialog", "access.demo1234:", SOON).await?;
    app.click("forget-confirm").await?;
    app.wait_until_visible("login-view", SOON).await?;
    app.wait_until_visible("remnant", SOON).await?;
    app.wait_for_text("remnants", "access.demo1234:", SOON).await?;
    // The keyring comes back after all: what was forgotten is ended, and its entries are gone.
    world.keyring.cont()?;
    app.wait_until_gone("remnants", SOON).await?;
    app.wait_until_gone("pending-revocations", SOON).await?;
    nothing_is_left(&world).await?;
    let calls = world.sandbox.requests_to("GET", "auth/logout").await?;
    assert!(calls.iter().any(|call| call.bearer() == Some(&token)));
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_dies_leaves_the_account_logged_in_and_says_so() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    world.keyring.kill()?;
    app.click("log-out").await?;
    says(&app, "still logged in").await?;
    assert!(app.is_visible("account-view").await?);
    world.keyring.restart_unlocked()?;
    app.click("retry").await?;
    app.wait_until_visible("login-view", SOON).await?;
    nothing_is_left(&world).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_that_returns_is_an_occasion() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    world.sandbox.set_faults(&json!([{"path": "auth/logout", "times": 12, "fault": "reset"}])).await?;
    app.click("log-out").await?;
    app.wait_until_visible("pending-row", SOON).await?;
    world.sandbox.set_faults(&json!([])).await?;
    // Not within the five seconds in which it has just been asked.
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    come_back(&app).await?;
    app.wait_until_gone("pending-revocations", SOON).await?;
    nothing_is_left(&world).await?;
    app.stop().await
}
