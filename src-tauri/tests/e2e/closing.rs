//! Closing the window while something is under way.

use std::time::{Duration, Instant};

use serde_json::json;
use test_rig::{App, World};

use crate::desktop::TITLE;
use crate::journey::{Done, SOON, choose_tenant, log_in, send_credentials, world};

/// Closes the window in the middle of what is under way, and waits for the end of the app.
async fn close(world: &World, app: &App) -> Done {
    app.wait_until_visible("closing", SOON).await?;
    app.wait_for_text("status", "The window then closes by itself", SOON).await?;
    world.screen()?.wait_until_no_window(TITLE, SOON)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_closed_during_a_log_out_finishes_it_or_makes_it_pending() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    world
        .sandbox
        .set_faults(&json!([{"path": "auth/logout", "fault": {"delayMs": 30_000}, "times": 1}]))
        .await?;
    app.click("log-out").await?;
    app.wait_for_text("status", "Logging out", SOON).await?;
    world.screen()?.close_window(TITLE)?;
    close(&world, &app).await?;
    drop(app);
    // Under the name of the pending revocation alone, and in the list: nothing is left for the next start to
    // find out.
    let entries = world.entries()?;
    assert!(
        entries.iter().all(|entry| entry.user().starts_with("revoke.")) && entries.len() == 1,
        "{entries:?}"
    );

    let app = world.open_app().await?;
    app.wait_until_visible("pending-row", SOON).await?;
    app.click("retry-revocation").await?;
    world.sandbox.wait_until_none_is_alive(SOON).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_start_says_that_a_log_in_had_no_answer_until_that_is_dismissed() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    choose_tenant(&app).await?;
    world.sandbox.set_faults(&json!([{"path": "auth/basic", "fault": "hang", "after": true}])).await?;
    send_credentials(&app, "admin@example.com", crate::journey::PASSWORD).await?;
    app.wait_for_text("status", "Logging in", SOON).await?;
    world.screen()?.close_window(TITLE)?;
    close(&world, &app).await?;
    drop(app);
    let app = world.open_app().await?;
    app.wait_for_text("notice", "An earlier log-in at demo1234 had no answer", SOON).await?;
    app.click_css("[data-testid=notice] [aria-label=Dismiss]").await?;
    app.wait_until_gone("notice", SOON).await?;
    app.stop().await?;
    let app = world.open_app().await?;
    app.wait_until_visible("login-view", SOON).await?;
    assert!(!app.is_visible("notice").await?, "it was read");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_closed_during_a_log_in_ends_its_session_or_keeps_the_account() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    choose_tenant(&app).await?;
    let late = json!([{"path": "auth/basic", "fault": {"delayMs": 600}, "after": true, "times": 1}]);
    world.sandbox.set_faults(&late).await?;
    send_credentials(&app, "admin@example.com", crate::journey::PASSWORD).await?;
    let began = Instant::now();
    while world.sandbox.alive().await?.is_empty() {
        assert!(began.elapsed() < SOON, "no session");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world.screen()?.close_window(TITLE)?;
    world.screen()?.wait_until_no_window(TITLE, SOON)?;
    drop(app);
    // On a busy machine the log-in may have been done first.
    if world.entries()?.is_empty() {
        return world.sandbox.wait_until_none_is_alive(SOON).await;
    }
    assert_eq!((world.entries()?.len(), world.sandbox.alive().await?.len()), (2, 1));
    Ok(())
}
