//! The result page of a log-out of several: the remedies of its rows.

use serde_json::json;
use test_rig::{App, RigError, World};

use crate::journey::{Done, SOON, nothing_lives, until_page_says, world};
use crate::together::log_in_by_command;

/// Waits until the rows have these outcomes.
async fn ended(app: &App, expected: &[&str]) -> Done {
    let script = "return [...document.querySelectorAll('[data-testid=log-out-result]')]
        .map((row) => row.dataset.outcome)";
    until_page_says(app, script, &json!(expected)).await
}

async fn with_two_accounts() -> Result<(World, App), RigError> {
    let world = world()?.start()?;
    for user in ["admin@example.com", "viewer@example.com"] {
        log_in_by_command(&world, user);
    }
    let app = world.open_app().await?;
    Ok((world, app))
}

async fn log_out_of_all(app: &App) -> Done {
    app.wait_until_visible("account-list", SOON).await?;
    app.click("log-out-all").await?;
    app.click("log-out-all-confirm").await?;
    app.wait_until_visible("log-out-sum", SOON).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_the_keyring_kept_waits_for_it_or_is_tried_again() -> Done {
    let (world, app) = with_two_accounts().await?;
    world.keyring.lock()?;
    log_out_of_all(&app).await?;
    ended(&app, &["stillLoggedIn", "stillLoggedIn"]).await?;
    app.wait_for_text("selection-bar", "2 selected", SOON).await?;
    app.wait_until_visible("unlock", SOON).await?;
    app.click("log-out-later").await?;
    ended(&app, &["waiting", "stillLoggedIn"]).await?;
    app.wait_for_text("log-out-sum", "1 still logged in, 1 waiting for the keyring", SOON).await?;
    app.wait_for_text("selection-bar", "1 selected", SOON).await?;
    assert!(!app.is_visible("unfinished").await?, "the row says it");
    assert_eq!(world.sandbox.alive().await?.len(), 2, "nothing is claimed");
    world.keyring.unlock()?;
    app.click("unlock").await?;
    ended(&app, &["ended", "stillLoggedIn"]).await?;
    app.click("log-out-again").await?;
    ended(&app, &["ended", "ended"]).await?;
    nothing_lives(&world, "both are logged out").await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_row_is_discarded_after_the_question() -> Done {
    let (world, app) = with_two_accounts().await?;
    let once = json!([{"path": "auth/logout", "times": 1, "fault": {"status": 503, "retryAfter": 600}}]);
    world.sandbox.set_faults(&once).await?;
    log_out_of_all(&app).await?;
    app.wait_for_text("log-out-sum", "1 logged out, 1 pending", SOON).await?;
    app.click("discard-revocation").await?;
    app.wait_for_text("dialog", "Stop trying to end this session?", SOON).await?;
    app.click("discard-confirm").await?;
    app.wait_for_text("log-out-sum", "1 logged out, 1 not confirmed", SOON).await?;
    assert_eq!((world.sandbox.alive().await?.len(), world.entries()?), (1, vec![]), "as it was said");
    app.stop().await
}
