//! The user's steps from the first screen to the login screen after a log-out, in the sandbox's first tenant.

use std::time::Duration;

use crate::{App, RigError};

/// How long a view may take to appear: long, on a machine that is busy with other things.
pub const VIEW: Duration = Duration::from_secs(30);

/// A user of the sandbox's.
pub const USER: &str = "admin@example.com";

/// That user's password, printed by the sandbox's `--help`.
pub const PASSWORD: &str = "testmodepassword";

/// From the first screen to the auth methods. After a log-in the tenant is known, and there is nothing to do.
pub async fn choose_tenant(app: &App) -> Result<(), RigError> {
    app.wait_until_visible("login-view", VIEW).await?;
    if app.is_visible("tenant-continue").await? {
        app.click("tenant-continue").await?;
    }
    app.wait_until_visible("password", VIEW).await?;
    Ok(())
}

/// Types name and password, and sends them.
pub async fn send_credentials(app: &App, name: &str, password: &str) -> Result<(), RigError> {
    app.type_text("email-or-username", name).await?;
    app.type_text("password", password).await?;
    app.click("log-in").await
}

/// From the first screen to the account's, with its profile.
pub async fn log_in(app: &App) -> Result<(), RigError> {
    choose_tenant(app).await?;
    send_credentials(app, USER, PASSWORD).await?;
    app.wait_until_visible("account-view", VIEW).await?;
    // The profile is stored after the log-in, in the background.
    app.wait_for_text("profile-name", "Admin", VIEW).await?;
    Ok(())
}

/// Logs out. Returns the time from the click to the login screen, measured in the page itself.
pub async fn click_to_login_screen(app: &App) -> Result<Duration, RigError> {
    let begin = "const shown = () => document.querySelector('[data-testid=login-view]');
        const begin = performance.now();
        new MutationObserver((_, observer) => {
            if (shown()) { window.took = performance.now() - begin; observer.disconnect(); }
        }).observe(document.body, {childList: true, subtree: true, attributes: true});
        delete window.took;
        document.querySelector('[data-testid=log-out]').click(); return true";
    app.script(begin, vec![]).await?;
    app.wait_until_visible("login-view", VIEW).await?;
    let took = app.script("return window.took", vec![]).await?;
    let unseen = || RigError::Unexpected("the page did not see the login screen".to_owned());
    Ok(Duration::from_secs_f64(took.as_f64().ok_or_else(unseen)? / 1000.0))
}
