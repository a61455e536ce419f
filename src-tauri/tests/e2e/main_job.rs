//! Log in, keep the token in the keyring, log out.

use accounts::model::registry::Registry;
use test_rig::{App, RigError};

use crate::journey::{
    Done, PASSWORD, SOON, access_token, choose_tenant, log_in, log_out, nothing_is_left, only_session,
    send_credentials, world,
};

#[tokio::test(flavor = "multi_thread")]
async fn one_click_ends_the_session_and_empties_the_keyring() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    assert!(only_session(&world).await?.alive);
    app.wait_until_focused("account-view", SOON).await?;
    log_out(&app).await?;
    // At once: when the login screen is shown as that of a log-out that the server has confirmed, all is
    // done.
    if !app.is_visible("pending-row").await? {
        assert_eq!((world.sandbox.alive().await?.len(), world.entries()?.len()), (0, 0));
    }
    nothing_is_left(&world, &token).await?;
    app.wait_for_text("status", "Logged out", SOON).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_survives_a_restart_and_logs_out() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    app.stop().await?;
    let app = world.open_app().await?;
    app.wait_for_text("profile-name", "Admin", SOON).await?;
    assert_eq!(access_token(&world)?, token, "a start changes nothing");
    log_out(&app).await?;
    nothing_is_left(&world, &token).await?;
    app.stop().await?;
    let app = world.open_app().await?;
    app.wait_until_visible("login-view", SOON).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_access_token_logs_out_without_a_refresh() -> Done {
    let world = world()?.sandbox_arguments(&["--access-seconds", "0"]).start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    log_out(&app).await?;
    nothing_is_left(&world, &token).await?;
    // Afterwards the verification asks with the refresh token.
    let calls = world.sandbox.requests().await?;
    let first = |path: &str| calls.iter().position(|call| call.path.ends_with(path));
    let refreshed = first("auth/refresh");
    assert!(refreshed.is_none() || refreshed > first("auth/logout"), "nothing refreshes first");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_access_token_is_refreshed_by_the_next_start() -> Done {
    let world = world()?.sandbox_arguments(&["--access-seconds", "0"]).start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.stop().await?;
    let token = access_token(&world)?;
    let app = world.open_app().await?;
    app.wait_until_visible("account-view", SOON).await?;
    let begin = std::time::Instant::now();
    while access_token(&world)? == token {
        assert!(begin.elapsed() < SOON, "the access token is renewed");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(only_session(&world).await?.alive, "and belongs to the same session");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_logs_out_once() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    // The server takes its time, so that the second click comes while the first is at work.
    world
        .sandbox
        .set_faults(&serde_json::json!([{"path": "auth/logout", "fault": {"delayMs": 700}}]))
        .await?;
    let script = "const button = document.querySelector('[data-testid=log-out]');
        const look = () => { if (button.getAttribute('aria-busy') === 'true') window.wasBusy = true; };
        new MutationObserver(look).observe(button, {attributes: true});
        button.click(); button.click(); button.dispatchEvent(new MouseEvent('dblclick', {bubbles: true}));
        setTimeout(() => button.click(), 100); return true";
    app.script(script, vec![]).await?;
    app.wait_until_visible("login-view", SOON).await?;
    assert_eq!(app.script("return window.wasBusy === true", vec![]).await?, true, "aria-busy while at work");
    nothing_is_left(&world, &token).await?;
    app.stop().await
}

/// An app whose new tenants are at another server.
async fn open_at(world: &test_rig::World, api: &str) -> Result<App, RigError> {
    let mut environment = world.environment().clone();
    environment.set("USERFRONT_API_URL", api);
    App::open(world.programs(), &[], &environment).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_ids_at_two_hosts_are_two_accounts() -> Done {
    let world = world()?.start()?;
    let mut environment = world.environment().clone();
    environment.set("UNUSED", "1");
    let elsewhere = test_rig::Sandbox::start(&world.programs().sandbox, &[], &environment)?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let here = access_token(&world)?;
    app.stop().await?;
    let app = open_at(&world, elsewhere.api_base()).await?;
    app.wait_until_visible("account-view", SOON).await?;
    app.click("add-account").await?;
    choose_tenant(&app).await?;
    send_credentials(&app, "admin@example.com", PASSWORD).await?;
    // The list has a row of it before that.
    app.wait_until_visible("account-view", SOON).await?;
    assert_eq!(app.all_by_testid("account-row").await?.len(), 2);
    assert_eq!(world.entries()?.len(), 4);
    log_out(&app).await?;
    app.wait_until_gone("pending-revocations", SOON).await?;
    assert_eq!(elsewhere.alive().await?, []);
    assert!(only_session(&world).await?.alive, "the other account is as it was");
    assert_eq!(access_token(&world)?, here);
    assert_eq!(world.sandbox.requests_to("GET", "auth/logout").await?.len(), 0);
    let registry = std::fs::read(world.accounts_home().join("accounts.json")).expect("the registry");
    let registry: Registry = serde_json::from_slice(&registry).expect("a registry");
    assert_eq!(registry.accounts.len(), 1);
    app.stop().await
}
