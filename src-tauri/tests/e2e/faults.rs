//! Faults, each with a clear message and nothing half-done.

use std::time::Duration;

use serde_json::{Value, json};
use test_rig::{App, Presence, World};

use crate::journey::{
    Done, PASSWORD, SOON, access_token, choose_tenant, log_in, log_out, nothing_is_left, only_session,
    send_credentials, world,
};

pub(crate) async fn says(app: &App, words: &str) -> Done {
    app.wait_for_text("error", words, SOON).await?;
    Ok(())
}

/// Types the keyring's password into the dialog that opens beside the `before` windows.
pub(crate) async fn answer_the_dialog(world: &World, before: usize) -> Done {
    let is_done = async || Ok(!world.keyring.is_locked()?);
    world.screen()?.answer_dialog(before, world.keyring.password(), is_done).await
}

async fn no_account_is_logged_in(world: &World, app: &App) -> Done {
    assert!(app.is_visible("login-view").await?);
    assert_eq!(world.sandbox.alive().await?, []);
    // Choosing the tenant has written it.
    let registry =
        std::fs::read_to_string(world.accounts_home().join("accounts.json")).expect("the registry");
    let registry: Value = serde_json::from_str(&registry).expect("JSON");
    assert_eq!(registry["accounts"], json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_tenant_name_or_password_can_be_corrected() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    app.wait_until_visible("tenant-id", SOON).await?;
    for (tenant, words) in
        [("no such tenant!", "letters, digits or hyphens"), ("nowhere1", "no tenant with this ID")]
    {
        app.type_text("tenant-id", tenant).await?;
        app.click("tenant-continue").await?;
        says(&app, words).await?;
        app.wait_until_focused("tenant-id", SOON).await?;
    }
    app.type_text("tenant-id", "demo1234").await?;
    choose_tenant(&app).await?;
    send_credentials(&app, "admin@example.com", "not-the-password").await?;
    says(&app, "password is wrong").await?;
    app.wait_until_focused("password", SOON).await?;
    assert_eq!(app.value("password").await?, "");
    assert_eq!(world.entries()?, []);
    no_account_is_logged_in(&world, &app).await?;
    log_in(&app).await?;
    log_out(&app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_server_makes_no_account() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    choose_tenant(&app).await?;
    let troubles = [
        (json!({"status": 500}), "Userfront is unavailable (error 500)"),
        (json!("garbage"), "not Userfront's API"),
        (json!("reset"), "broke off"),
    ];
    for (fault, words) in &troubles {
        world.sandbox.set_faults(&json!([{"path": "auth/basic", "fault": fault}])).await?;
        send_credentials(&app, "admin@example.com", PASSWORD).await?;
        says(&app, words).await?;
        assert_eq!(world.entries()?, []);
        no_account_is_logged_in(&world, &app).await?;
    }
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keyring_opens_no_dialog_but_on_unlock() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    world.keyring.lock()?;
    app.click("log-out").await?;
    says(&app, "keyring is locked").await?;
    assert!(app.is_visible("account-view").await?);
    assert!(only_session(&world).await?.alive, "the server was not asked");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(world.keyring.is_locked()?, "nothing unlocked it in the background");
    let before = world.screen()?.count_windows().await?;
    app.click("unlock").await?;
    answer_the_dialog(&world, before).await?;
    app.wait_until_gone("unlock", SOON).await?;
    log_out(&app).await?;
    nothing_is_left(&world, &token).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_is_locked_at_log_in_makes_no_session() -> Done {
    let world = world()?.keyring(Presence::Locked).start()?;
    let app = world.open_app().await?;
    choose_tenant(&app).await?;
    send_credentials(&app, "admin@example.com", PASSWORD).await?;
    says(&app, "keyring is locked").await?;
    assert_eq!(world.sandbox.requests_to("POST", "auth/basic").await?.len(), 0);
    no_account_is_logged_in(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_no_session_is_made() -> Done {
    for presence in [Presence::NoDaemon, Presence::NoBus] {
        let world = world()?.keyring(presence).start()?;
        let app = world.open_app().await?;
        choose_tenant(&app).await?;
        send_credentials(&app, "admin@example.com", PASSWORD).await?;
        says(&app, "No keyring is running").await?;
        assert_eq!(world.sandbox.requests_to("POST", "auth/basic").await?.len(), 0);
        no_account_is_logged_in(&world, &app).await?;
        app.stop().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_makes_no_session() -> Done {
    let world = world()?.start()?;
    let home = world.accounts_home();
    let app = world.open_app().await?;
    choose_tenant(&app).await?;
    // The tests run as root, to whom no permission is refused: a file takes the folder's place.
    std::fs::rename(home, home.with_extension("aside")).expect("the folder moves");
    std::fs::write(home, "in the way").expect("a file");
    send_credentials(&app, "admin@example.com", PASSWORD).await?;
    says(&app, "account list cannot be").await?;
    assert_eq!(world.sandbox.requests_to("POST", "auth/basic").await?.len(), 0);
    assert_eq!(world.entries()?, []);
    app.stop().await
}
