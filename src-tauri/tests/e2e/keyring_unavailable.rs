//! The keyring is locked, hung or gone at a log-out: what the app offers then, and that each of it
//! keeps its word.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_rig::{App, RigError, World};

use crate::faults::says;
use crate::journey::{Done, SOON, access_token, log_in, nothing_lives, only_session, world};

/// The app looks at the keyring again when the window gets the focus: it may be unlocked.
async fn come_back(app: &App) -> Result<(), RigError> {
    app.script("window.dispatchEvent(new Event('online')); return true", vec![]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_waits_for_the_unlocked_keyring_when_the_user_asks() -> Done {
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
    nothing_lives(&world, "in the end").await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_forgotten_while_its_keyring_does_not_answer() -> Done {
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
    nothing_lives(&world, "in the end").await?;
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
    nothing_lives(&world, "in the end").await?;
    app.stop().await
}

/// The only pending revocation on disk.
fn queued(world: &World) -> Value {
    let registry = std::fs::read(world.accounts_home().join("accounts.json")).expect("the registry");
    let registry: Value = serde_json::from_slice(&registry).expect("JSON");
    registry["pending"][0].clone()
}

/// Opens the app with a row that was tried in vain so often that its next try is at least half a minute away.
async fn open_with_patient_row(world: &World) -> Result<App, RigError> {
    for _ in 0..10 {
        let path = world.accounts_home().join("accounts.json");
        let mut registry: Value = serde_json::from_slice(&std::fs::read(&path).expect("it")).expect("JSON");
        registry["pending"][0]["tries"] = json!(20);
        std::fs::write(&path, registry.to_string()).expect("it is written");
        let app = world.open_app().await?;
        // A start is an occasion, too.
        let begin = Instant::now();
        while queued(world)["tries"] != json!(21) {
            assert!(begin.elapsed() < SOON, "the start tries it");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let row = queued(world);
        if row["nextTry"].as_i64() > row["lastTry"].as_i64().map(|last| last + 30) {
            return Ok(app);
        }
        app.stop().await?;
    }
    Err(RigError::Unexpected("ten waits of at most fifteen minutes were all short".to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returning_network_triggers_a_retry() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    world.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": "reset"}])).await?;
    app.click("log-out").await?;
    app.wait_until_visible("pending-row", SOON).await?;
    app.stop().await?;
    let app = open_with_patient_row(&world).await?;
    app.wait_until_visible("pending-row", SOON).await?;
    world.sandbox.set_faults(&json!([])).await?;
    // Not within the five seconds in which it has just been asked.
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(queued(&world)["tries"], json!(21), "nothing else tries it now");
    come_back(&app).await?;
    app.wait_until_gone("pending-revocations", SOON).await?;
    nothing_lives(&world, "the network is back").await?;
    app.stop().await
}
