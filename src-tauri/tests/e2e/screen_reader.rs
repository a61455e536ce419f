//! Announcements to a screen reader.

use serde_json::json;
use test_rig::{App, Ears, Heard, World};

use crate::journey::{Done, PASSWORD, SOON, choose_tenant, send_credentials, world};

/// Opens the app so that it is heard.
async fn open(world: &World) -> Result<(Ears, App), test_rig::RigError> {
    let ears = Ears::start(world.environment())?;
    let app = App::open(world.programs(), &[], ears.environment()).await?;
    app.wait_until_visible("login-view", SOON).await?;
    say!("{} elements", ears.explore()?);
    Ok((ears, app))
}

/// Prints the announcements.
fn say_heard(what: &str, ears: &Ears) {
    for Heard { event, place, role, words } in ears.take() {
        say!("| {what} | {event} | {place} | {role} | {words} |");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn log_in_wrong_password_and_log_out_are_announced() -> Done {
    let world = world()?.start()?;
    let (ears, app) = open(&world).await?;
    choose_tenant(&app).await?;
    say!("{} elements", ears.explore()?);
    say_heard("start", &ears);
    // A wrong password.
    world.sandbox.set_faults(&json!([{"path": "auth/basic", "fault": {"delayMs": 3_000}}])).await?;
    send_credentials(&app, "admin@example.com", "wrong").await?;
    ears.wait_for("Logging in", SOON).await?;
    ears.wait_for("password is wrong", SOON).await?;
    say_heard("wrong password", &ears);
    // A log-in.
    send_credentials(&app, "admin@example.com", PASSWORD).await?;
    ears.wait_for("Logged in as", SOON).await?;
    say_heard("log-in", &ears);
    app.click("refresh").await?;
    ears.wait_for("is renewed", SOON).await?;
    say_heard("refresh", &ears);
    app.click("copy-token").await?;
    ears.wait_for("a program that has it can act as this user", SOON).await?;
    say_heard("copied", &ears);
    // A log-out that the server does not confirm.
    let away = json!([{"path": "auth/logout", "fault": {"status": 503, "retryAfter": 600}}]);
    world.sandbox.set_faults(&away).await?;
    app.click("log-out").await?;
    ears.wait_for("Userfront has not confirmed", SOON).await?;
    say_heard("log-out, pending", &ears);
    world.sandbox.set_faults(&json!([])).await?;
    app.click("retry-revocation").await?;
    ears.wait_for("Logged out of Alva Admin.", SOON).await?;
    say_heard("try again", &ears);
    log_out_of_all(&world, &app, &ears).await?;
    app.stop().await
}

/// Two accounts; one log-out of them is not confirmed.
async fn log_out_of_all(world: &World, app: &App, ears: &Ears) -> Done {
    for user in ["admin@example.com", "member@example.com"] {
        if app.is_visible("show-accounts").await? && !app.is_visible("login-view").await? {
            app.click("show-accounts").await?;
            app.wait_until_visible("add-account", SOON).await?;
            app.click("add-account").await?;
        }
        choose_tenant(app).await?;
        send_credentials(app, user, PASSWORD).await?;
        app.wait_until_visible("account-view", SOON).await?;
    }
    let once = json!([{"path": "auth/logout", "times": 1, "fault": {"status": 503, "retryAfter": 600}}]);
    world.sandbox.set_faults(&once).await?;
    say_heard("two log-ins", ears);
    app.click("log-out-all").await?;
    app.click("log-out-all-confirm").await?;
    ears.wait_for("1 logged out, 1 pending.", SOON).await?;
    say_heard("log-out of all", ears);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_log_out_is_announced() -> Done {
    let world = world()?.start()?;
    let (ears, app) = open(&world).await?;
    choose_tenant(&app).await?;
    send_credentials(&app, "admin@example.com", PASSWORD).await?;
    ears.wait_for("Logged in as Alva Admin.", SOON).await?;
    say_heard("log-in", &ears);
    app.click("log-out").await?;
    ears.wait_for("Logged out of Alva Admin.", SOON).await?;
    say_heard("log-out, confirmed", &ears);
    assert!(world.sandbox.alive().await?.is_empty(), "it was confirmed");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_the_keyring_is_announced() -> Done {
    let world = world()?.start()?;
    let (ears, app) = open(&world).await?;
    choose_tenant(&app).await?;
    send_credentials(&app, "admin@example.com", PASSWORD).await?;
    app.wait_until_visible("account-view", SOON).await?;
    world.keyring.lock()?;
    app.click("log-out").await?;
    ears.wait_for("You are still logged in.", SOON).await?;
    app.wait_until_visible("log-out-later", SOON).await?;
    app.click("log-out-later").await?;
    ears.wait_for("The log-out of Alva Admin waits for", SOON).await?;
    say_heard("keyring locked", &ears);
    app.stop().await
}
