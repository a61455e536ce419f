//! The user's steps, and checks of their results.

use std::path::Path;
use std::time::{Duration, Instant};

use test_rig::{App, Programs, RigError, SandboxSession, WitnessedEntry, World, WorldBuilder};

/// Long enough on a machine that is busy with other tests.
pub(crate) const SOON: Duration = Duration::from_secs(30);
pub(crate) const PASSWORD: &str = "testmodepassword";

pub(crate) type Done = Result<(), RigError>;

pub(crate) fn world() -> Result<WorldBuilder, RigError> {
    Ok(World::builder(Programs::beside(Path::new(env!("CARGO_BIN_EXE_userfront-accounts")))?))
}

/// From the first screen to the auth methods. After a log-in the tenant is known, and there is nothing to do.
pub(crate) async fn choose_tenant(app: &App) -> Done {
    app.wait_until_visible("login-view", SOON).await?;
    if app.is_visible("tenant-continue").await? {
        app.click("tenant-continue").await?;
    }
    app.wait_until_visible("password", SOON).await?;
    Ok(())
}

/// Types name and password, and sends them.
pub(crate) async fn send_credentials(app: &App, name: &str, password: &str) -> Done {
    app.type_text("email-or-username", name).await?;
    app.type_text("password", password).await?;
    app.click("log-in").await
}

pub(crate) async fn log_in(app: &App) -> Done {
    choose_tenant(app).await?;
    send_credentials(app, "admin@example.com", PASSWORD).await?;
    app.wait_until_visible("account-view", SOON).await?;
    app.wait_for_text("profile-name", "Admin", SOON).await?;
    Ok(())
}

/// One click.
pub(crate) async fn log_out(app: &App) -> Done {
    app.click("log-out").await?;
    app.wait_until_visible("login-view", SOON).await?;
    app.wait_until_focused("login-view", SOON).await
}

/// From the click to the login screen, measured in the page itself.
pub(crate) async fn click_to_login_screen(app: &App) -> Result<Duration, RigError> {
    let begin = "const shown = () => document.querySelector('[data-testid=login-view]');
        const begin = performance.now();
        new MutationObserver((_, observer) => {
            if (shown()) { window.took = performance.now() - begin; observer.disconnect(); }
        }).observe(document.body, {childList: true, subtree: true, attributes: true});
        delete window.took;
        document.querySelector('[data-testid=log-out]').click(); return true";
    app.script(begin, vec![]).await?;
    app.wait_until_visible("login-view", SOON).await?;
    let took = app.script("return window.took", vec![]).await?;
    Ok(Duration::from_secs_f64(took.as_f64().expect("the observer saw it") / 1000.0))
}

/// The one session there is.
pub(crate) async fn only_session(world: &World) -> Result<SandboxSession, RigError> {
    let mut sessions = world.sandbox.sessions().await?;
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    Ok(sessions.remove(0))
}

/// The access token, as it lies in the keyring beside the refresh token: by and by with nothing else, since
/// the entry of an earlier session goes only when that is known to be over.
pub(crate) fn access_token(world: &World) -> Result<String, RigError> {
    let begin = Instant::now();
    let (entries, mut access) = loop {
        let entries = world.entries()?;
        let is_access = |entry: &&WitnessedEntry| entry.user().starts_with("access.demo1234:");
        let access: Vec<_> = entries.iter().filter(is_access).cloned().collect();
        if (access.len(), entries.len()) == (1, 2) || begin.elapsed() > SOON {
            break (entries, access);
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!((access.len(), entries.len()), (1, 2), "{entries:?}");
    let token = access.remove(0).secret.clone();
    assert!(token.starts_with("eyJ") && token.split('.').count() == 3, "a JWT");
    Ok(token)
}

/// By and by no session lives and the keyring is empty. By and by: on a busy machine a log-out may become
/// pending, which is as it should be, and settle itself; and a row that is being worked on is not shown, so
/// that its going says nothing yet.
pub(crate) async fn nothing_lives(world: &World, what: &str) -> Done {
    let begin = Instant::now();
    while begin.elapsed() < SOON && !(world.sandbox.alive().await?.is_empty() && world.entries()?.is_empty())
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(world.sandbox.alive().await?, [], "{what}");
    assert_eq!(world.entries()?, [], "{what}");
    Ok(())
}

/// Nothing lives, and it was one call with this token that ended the session.
pub(crate) async fn nothing_is_left(world: &World, token: &str) -> Done {
    nothing_lives(world, "logged out").await?;
    let calls = world.sandbox.requests_to("GET", "auth/logout").await?;
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(calls[0].bearer() == Some(token), "with that very token");
    Ok(())
}

/// Says yes to what the desktop's dialog offers.
pub(crate) async fn save_where_it_says(world: &World) -> Done {
    world.screen()?.wait_for_window("^Save$", SOON)?;
    // It is drawn, and has the keyboard, a moment after it is there.
    tokio::time::sleep(Duration::from_millis(500)).await;
    world.screen()?.press("Return")
}
