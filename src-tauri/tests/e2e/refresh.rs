//! Keeping the session: ahead of time, once, without a click, and not a call more.

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use test_rig::{RigError, World};

use crate::forms::{ADMIN, is_logged_in, log_out_for_good};
use crate::journey::{Done, PASSWORD, SOON, access_token, log_in, only_session, world};

async fn refreshes(world: &World) -> Result<usize, RigError> {
    Ok(world.sandbox.requests_to("GET", "auth/refresh").await?.len())
}

/// Waits for so many refreshes.
async fn wait_for_refreshes(world: &World, count: usize) -> Done {
    let begin = Instant::now();
    while refreshes(world).await? < count {
        assert!(begin.elapsed() < SOON, "{count} refreshes within {SOON:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Waits until the keyring holds another access token than `before`.
async fn wait_for_another_token(world: &World, before: &str) -> Result<String, RigError> {
    let begin = Instant::now();
    loop {
        let token = access_token(world)?;
        if token != before {
            return Ok(token);
        }
        assert!(begin.elapsed() < SOON, "the new token is kept");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits for the background work after a log-in: the profile is read and stored.
async fn settle(world: &World) -> Done {
    let begin = Instant::now();
    while world.sandbox.requests_to("GET", "/self").await?.is_empty() {
        assert!(begin.elapsed() < SOON, "the app asks who the user is");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut calls = 0;
    while calls != world.sandbox.requests().await?.len() {
        assert!(begin.elapsed() < SOON, "it comes to rest");
        calls = world.sandbox.requests().await?.len();
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    Ok(())
}

/// Waits until the older session of an account that has logged in again is settled, and its entry is gone.
async fn wait_for_the_older_session(world: &World) -> Done {
    let begin = Instant::now();
    while world.entries()?.len() > 2 {
        assert!(begin.elapsed() < SOON, "one try settles it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// When a token was issued, in Unix seconds.
fn issued_at(token: &str) -> i64 {
    let payload = token.split('.').nth(1).expect("a JWT");
    let claims = URL_SAFE_NO_PAD.decode(payload).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    claims["iat"].as_i64().expect("when")
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_refreshed_before_they_expire_and_never_after_a_log_out() -> Done {
    let world = world()?.sandbox_arguments(&["--access-seconds", "30"]).start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let (before, session) = (access_token(&world)?, only_session(&world).await?);
    wait_for_refreshes(&world, 1).await?;
    let after = wait_for_another_token(&world, &before).await?;
    let waited = issued_at(&after) - issued_at(&before);
    assert!((20..30).contains(&waited), "ahead of the end, and not at once: after {waited} s of 30");
    // A little later there is still one refresh.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(refreshes(&world).await?, 1);
    assert_eq!(only_session(&world).await?, session);
    log_out_for_good(&world, &app).await?;
    let before = refreshes(&world).await?;
    tokio::time::sleep(Duration::from_secs(27)).await;
    assert_eq!(refreshes(&world).await?, before, "never for an account that is logged out");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_app_makes_no_call_and_reports_a_killed_session() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    settle(&world).await?;
    let before = world.sandbox.requests().await?.len();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(world.sandbox.requests().await?.len(), before, "idle means idle");
    // By hand; the session stays.
    let token = access_token(&world)?;
    app.click("refresh").await?;
    wait_for_another_token(&world, &token).await?;
    assert_eq!(refreshes(&world).await?, 1);
    let session = only_session(&world).await?;
    world.sandbox.kill_session(&session.session_id).await?;
    app.click("refresh").await?;
    app.wait_for_text("health-notice", "Your session has ended", SOON).await?;
    app.click("log-in-again").await?;
    app.wait_until_visible("password", SOON).await?;
    assert_eq!(app.value("email-or-username").await?, ADMIN, "the login screen is filled in");
    app.wait_until_focused("password", SOON).await?;
    app.type_text("password", PASSWORD).await?;
    app.click("log-in").await?;
    app.wait_until_gone("login-view", SOON).await?;
    wait_for_the_older_session(&world).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    assert!(!app.is_visible("health-notice").await?);
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_reported_until_it_is_right() -> Done {
    let world = world()?.start()?;
    world.sandbox.set_clock_offset(3600).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.wait_for_text("clock-notice", "1 hour behind", SOON).await?;
    // The session does not depend on it.
    log_out_for_good(&world, &app).await?;
    world.sandbox.set_clock_offset(-3600).await?;
    log_in(&app).await?;
    app.wait_for_text("clock-notice", "1 hour ahead", SOON).await?;
    log_out_for_good(&world, &app).await?;
    world.sandbox.set_clock_offset(0).await?;
    log_in(&app).await?;
    app.wait_until_gone("clock-notice", SOON).await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

/// Has the account list say that the only account is due, without the app being told: the file is written by
/// another name, outside of the folder that the app watches. That is as near as a test comes to time that
/// passes while a machine sleeps.
fn let_time_pass(world: &World) {
    let (path, other) =
        (world.accounts_home().join("accounts.json"), world.accounts_home().with_extension("link"));
    let mut registry: Value = serde_json::from_slice(&std::fs::read(&path).expect("it")).expect("JSON");
    assert!(registry["accounts"][0]["refreshAt"].is_i64(), "when it is due");
    registry["accounts"][0]["refreshAt"] = json!(1_000_000_000);
    std::fs::hard_link(&path, &other).expect("another name");
    std::fs::write(&other, registry.to_string()).expect("it is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_due_during_sleep_happens_on_waking() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    settle(&world).await?;
    let_time_pass(&world);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(refreshes(&world).await?, 0, "nothing looks at the clock by itself");
    world.wake()?;
    wait_for_refreshes(&world, 1).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}
