//! Cells of the matrix (`accounts/tests/life/matrix.rs`) on the real thing: a server that does not say that
//! the session is over, and the real keyring. The login screen comes in time, the pending revocation is shown
//! and kept, and then it is paid.

use std::time::Duration;

use serde_json::{Value, json};
use test_rig::{App, RigError, World};

use crate::journey::{
    Done, SOON, access_token, click_to_login_screen, log_in, log_out, nothing_lives, world,
};

/// From the click to the login screen, whatever the server does.
const IN_TIME: Duration = Duration::from_millis(2_500);

async fn pending_rows(app: &App) -> Result<usize, RigError> {
    Ok(app.all_by_testid("pending-row").await?.len())
}

async fn until_nothing_is_pending(world: &World, app: &App, what: &str) -> Done {
    app.wait_until_gone("pending-revocations", SOON).await?;
    nothing_lives(world, what).await
}

/// The user may ask, whatever the server wants; the app may have asked a moment before by itself.
async fn ask_again(app: &App) -> Done {
    match app.click("retry-revocation").await {
        Err(_) if !app.is_visible("pending-row").await? => Ok(()),
        done => done,
    }
}

/// A log-out under this fault; from the click to the login screen. Other tests are at work beside this one:
/// that one log-out of three is in time shows that the app is.
async fn log_out_in_time(world: &World, app: &App, fault: &Value, what: &str) -> Result<String, RigError> {
    let mut took = Vec::new();
    loop {
        log_in(app).await?;
        let token = access_token(world)?;
        world.sandbox.set_faults(&json!([fault])).await?;
        took.push(click_to_login_screen(app).await?);
        say!("| {what} | {took:.1?} |");
        if took.iter().any(|took| *took < IN_TIME) {
            return Ok(token);
        }
        assert!(took.len() < 3, "{what}: {took:?}");
        world.sandbox.set_faults(&json!([])).await?;
        if app.is_visible("pending-row").await? {
            ask_again(app).await?;
        }
        until_nothing_is_pending(world, app, what).await?;
    }
}

/// The tokens have moved to the entry of the pending revocation.
fn assert_kept(world: &World, token: &str, what: &str) -> Done {
    let entries = world.entries()?;
    assert_eq!(entries.len(), 1, "{what}: {entries:?}");
    assert!(entries[0].user().starts_with("revoke.demo1234:"), "{what}: {entries:?}");
    assert!(entries[0].secret.lines().any(|line| line == token), "{what}: the token that ends the session");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn under_every_server_fault_the_session_is_dead_or_pending() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    let after = |fault: Value| json!({"path": "auth/logout", "after": true, "fault": fault});
    let before = |fault: Value| json!({"path": "auth/logout", "fault": fault});
    let cells = [
        ("answers in 0.7 s", before(json!({"delayMs": 700})), false),
        ("500", before(json!({"status": 500})), true),
        ("acts, then 500", after(json!({"status": 500})), true),
        ("503 with Retry-After", before(json!({"status": 503, "retryAfter": 600})), true),
        ("429 with Retry-After", before(json!({"status": 429, "retryAfter": 600})), true),
        ("403", before(json!({"status": 403})), true),
        ("HTML with 200", before(json!("garbage")), true),
        ("acts, then truncated", after(json!("truncate")), true),
        ("reset", before(json!("reset")), true),
        ("acts, then reset", after(json!("reset")), true),
        ("redirect elsewhere", before(json!({"redirect": "https://evil.example/"})), true),
        ("hangs", before(json!("hang")), true),
        ("acts, then hangs", after(json!("hang")), true),
    ];
    say!("| server | click to login screen |");
    for (what, fault, queued) in cells {
        let token = log_out_in_time(&world, &app, &fault, what).await?;
        if queued {
            app.wait_until_visible("pending-revocations", SOON).await?;
            assert_eq!(pending_rows(&app).await?, 1, "{what}");
            assert_kept(&world, &token, what)?;
            app.wait_for_text("status", "Logged out", SOON).await?;
            world.sandbox.set_faults(&json!([])).await?;
            // The user may ask, whatever the server wants.
            ask_again(&app).await?;
        }
        world.sandbox.set_faults(&json!([])).await?;
        until_nothing_is_pending(&world, &app, what).await?;
    }
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_resolves_the_pending_revocation_with_one_call() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    let late = json!({"path": "auth/logout", "fault": {"delayMs": 4_000}});
    let token = log_out_in_time(&world, &app, &late, "answers after 4 s").await?;
    app.wait_until_visible("pending-row", SOON).await?;
    until_nothing_is_pending(&world, &app, "answered late").await?;
    // The notice follows.
    app.wait_for_text("notice", "The session ended at Userfront", SOON).await?;
    let calls = world.sandbox.requests_to("GET", "auth/logout").await?;
    assert_eq!(calls.iter().filter(|call| call.bearer() == Some(&token)).count(), 1);
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_revocation_survives_a_restart_and_resolves_by_itself() -> Done {
    let mut world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = access_token(&world)?;
    world.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    log_out(&app).await?;
    app.wait_until_visible("pending-row", SOON).await?;
    app.stop().await?;
    assert_kept(&world, &token, "the app is closed")?;
    // A dead server does not delay the start, and is no reason to forget.
    let app = world.open_app().await?;
    app.wait_until_visible("login-view", SOON).await?;
    app.wait_until_visible("pending-row", SOON).await?;
    assert_kept(&world, &token, "started again")?;
    // Without a click: the first waits of the back-off are seconds.
    world.sandbox.set_faults(&json!([])).await?;
    until_nothing_is_pending(&world, &app, "paid").await?;
    app.stop().await?;
    world.sandbox.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn discarding_a_revocation_says_that_the_session_lives_on() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    world
        .sandbox
        .set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503, "retryAfter": 600}}]))
        .await?;
    log_out(&app).await?;
    app.wait_until_visible("discard-revocation", SOON).await?;
    app.click("discard-revocation").await?;
    app.wait_for_text("dialog", "stay alive", SOON).await?;
    app.click("cancel").await?;
    app.wait_until_gone("dialog", SOON).await?;
    assert_eq!(world.entries()?.len(), 1, "nothing happened yet");
    app.click("discard-revocation").await?;
    app.wait_until_visible("discard-confirm", SOON).await?;
    app.click("discard-confirm").await?;
    app.wait_until_gone("pending-revocations", SOON).await?;
    assert_eq!(world.entries()?, []);
    assert_eq!(world.sandbox.alive().await?.len(), 1, "as the dialog said");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn verification_finds_a_session_that_the_server_wrongly_calls_over() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    // The log-out never takes effect, and is answered as if it had.
    let lie = json!([{"path": "auth/logout", "fault": "lie"}]);
    world.sandbox.set_faults(&lie).await?;
    log_out(&app).await?;
    app.wait_until_visible("pending-row", SOON).await?;
    app.wait_for_text("pending-row", "still accepted", SOON).await?;
    // Beside it lie the tokens by which the session was found alive.
    let entries = world.entries()?;
    assert!(entries.len() == 1 && entries[0].user().starts_with("revoke.demo1234:"), "{entries:?}");
    assert_eq!(world.sandbox.alive().await?.len(), 1, "found out");
    world.sandbox.set_faults(&json!([])).await?;
    // Its word alone does not count any more, and a refresh is asked for by itself only once.
    app.click("retry-revocation").await?;
    until_nothing_is_pending(&world, &app, "asked again").await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_keyring_entry_is_deleted_too() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    for entry in world.entries()? {
        world.keyring.plant(world.service(), entry.user(), &[("duplicate", "yes")], &entry.secret)?;
    }
    log_out(&app).await?;
    until_nothing_is_pending(&world, &app, "doubled").await?;
    app.stop().await
}
