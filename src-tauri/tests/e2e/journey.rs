//! The user's steps, and checks of their results.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
pub(crate) use test_rig::journey::{
    PASSWORD, VIEW as SOON, choose_tenant, click_to_login_screen, log_in, send_credentials,
};
use test_rig::{App, Programs, RigError, SandboxSession, WitnessedEntry, World, WorldBuilder};

/// How long a key may take to close a dialog that has the keyboard.
const KEY: Duration = Duration::from_secs(10);

pub(crate) type Done = Result<(), RigError>;

pub(crate) fn world() -> Result<WorldBuilder, RigError> {
    Ok(World::builder(Programs::beside(Path::new(env!("CARGO_BIN_EXE_userfront-accounts")))?))
}

/// One click.
pub(crate) async fn log_out(app: &App) -> Done {
    app.click("log-out").await?;
    app.wait_until_visible("login-view", SOON).await?;
    app.wait_until_focused("login-view", SOON).await
}

/// Waits until the script returns this.
pub(crate) async fn until_page_says(app: &App, script: &str, expected: &Value) -> Done {
    let begin = Instant::now();
    loop {
        let said = app.script(script, vec![]).await?;
        if said == *expected {
            return Ok(());
        }
        assert!(begin.elapsed() < SOON, "{expected}, not {said}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
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

/// No session is alive, and one call with this token ended it.
pub(crate) async fn nothing_is_left(world: &World, token: &str) -> Done {
    nothing_lives(world, "logged out").await?;
    let calls = world.sandbox.requests_to("GET", "auth/logout").await?;
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(calls[0].bearer() == Some(token), "with that very token");
    Ok(())
}

/// Says yes to what the desktop's dialog offers.
pub(crate) async fn save_where_it_says(world: &World) -> Done {
    let screen = world.screen()?;
    screen.wait_for_window("^Save$", SOON)?;
    // It has the keyboard a moment after it is there: a key before that is lost.
    let began = Instant::now();
    loop {
        screen.press("Return")?;
        match screen.wait_until_no_window("^Save$", KEY) {
            Err(RigError::Late { .. }) if began.elapsed() < SOON => {}
            done => return done,
        }
    }
}
