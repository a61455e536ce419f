//! Several accounts in one window: search, shortcuts, the palette, switching back, pins, and logging out of
//! several, by keyboard in a real `WebKit`.

use serde_json::json;
use test_rig::{App, RigError, World};

use crate::accessible::violations;
use crate::journey::{Done, PASSWORD, SOON, choose_tenant, send_credentials, world};

const ENTER: &str = "\u{e007}";
const USERS: [&str; 3] = ["admin@example.com", "member@example.com", "viewer@example.com"];

/// Logs three users in; the last one is in view.
async fn log_in_three(app: &App) -> Result<(), RigError> {
    for (nth, user) in USERS.iter().enumerate() {
        if nth > 0 {
            app.click("add-account").await?;
        }
        choose_tenant(app).await?;
        send_credentials(app, user, PASSWORD).await?;
        app.wait_until_visible("account-view", SOON).await?;
    }
    // The tenant's name comes after the log-in, and is part of the order.
    app.wait_for_text("account-group", "Demo Workspace", SOON).await?;
    Ok(())
}

async fn shows(app: &App, name: &str) -> Result<(), RigError> {
    app.wait_for_text("profile-name", name, SOON).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_switched_by_number_search_palette_and_back() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in_three(&app).await?;
    assert_eq!(app.all_by_testid("account-row").await?.len(), 3);
    assert_eq!(violations(&app).await?, json!([]), "the account view");
    app.press_with_control("1").await?;
    shows(&app, "Alva Admin").await?;
    app.press_with_control("2").await?;
    shows(&app, "Märta").await?;
    app.press_with_control("`").await?;
    shows(&app, "Alva Admin").await?;
    app.press_with_control("`").await?;
    shows(&app, "Märta").await?;
    app.type_text("account-search", "vaino").await?;
    app.wait_for_text("account-list", "Väinö", SOON).await?;
    assert_eq!(app.all_by_testid("account-row").await?.len(), 1);
    app.press(ENTER).await?;
    shows(&app, "Väinö").await?;
    app.press_escape().await?;
    app.press_with_control("k").await?;
    app.wait_until_visible("palette", SOON).await?;
    app.press("alva").await?;
    app.wait_for_text("palette-row", "Alva Admin", SOON).await?;
    assert_eq!(violations(&app).await?, json!([]), "the palette");
    app.press(ENTER).await?;
    shows(&app, "Alva Admin").await?;
    assert!(!app.is_visible("palette").await?);
    app.press_with_control("/").await?;
    app.wait_for_text("shortcut-list", "Switch back", SOON).await?;
    assert_eq!(violations(&app).await?, json!([]), "the list of shortcuts");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_logged_out_together_and_each_says_how_it_ended() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in_three(&app).await?;
    let once = json!([{"path": "auth/logout", "times": 1, "fault": {"status": 503, "retryAfter": 600}}]);
    world.sandbox.set_faults(&once).await?;
    for nth in [0, 1] {
        app.click_with_control("switch-account", nth).await?;
    }
    app.wait_for_text("selection-bar", "2 selected", SOON).await?;
    app.click("log-out-selected").await?;
    app.click("log-out-all-confirm").await?;
    app.wait_for_text("log-out-sum", "1 logged out, 1 pending", SOON).await?;
    assert_eq!(violations(&app).await?, json!([]), "the result page");
    assert_eq!(world.sandbox.alive().await?.len(), 2, "one was not asked about, one is pending");
    app.click("retry-revocation").await?;
    app.wait_for_text("log-out-sum", "2 logged out", SOON).await?;
    assert_eq!(world.sandbox.alive().await?.len(), 1);
    app.click("leave-view").await?;
    shows(&app, "Väinö").await?;
    assert!(!app.is_visible("account-list").await?, "one account has no list");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_account_stays_on_top_over_a_restart() -> Done {
    let world: World = world()?.start()?;
    let app = world.open_app().await?;
    log_in_three(&app).await?;
    let pins = "document.querySelectorAll('[data-testid=pin-account]')[2].click()";
    app.script(pins, vec![]).await?;
    app.wait_for_text("account-group", "Pinned", SOON).await?;
    app.stop().await?;
    let app = world.open_app().await?;
    app.wait_for_text("account-group", "Pinned", SOON).await?;
    app.press_with_control("2").await?;
    shows(&app, "Alva Admin").await?;
    app.press_with_control("1").await?;
    shows(&app, "Väinö").await?;
    app.stop().await
}
