//! A sign-in of another data folder in the same keyring: named, untouched, and then what the user chooses.

use test_rig::{App, RigError, World};

use crate::journey::{Done, PASSWORD, SOON, log_out, nothing_lives, world};
use crate::together::userfront_in;

/// Another data folder logs in, on the same keyring and service.
pub(crate) fn log_in_elsewhere(world: &World) {
    let mut environment = world.environment().clone();
    environment.set("USERFRONT_ACCOUNTS_HOME", world.accounts_home().with_file_name("elsewhere"));
    let arguments = ["log-in", "--tenant", "demo1234", "--user", "admin@example.com", "--password-stdin"];
    let typed = format!("{PASSWORD}\n");
    let done = userfront_in(&environment, world, &arguments, &typed);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
}

async fn opened(world: &World) -> Result<App, RigError> {
    let app = world.open_app().await?;
    app.wait_until_visible("foreign-row", SOON).await?;
    assert_eq!(world.sandbox.alive().await?.len(), 1, "nothing is ended unasked");
    assert_eq!(world.entries()?.len(), 2, "nor deleted");
    Ok(app)
}

async fn choose(app: &App, what: &str) -> Done {
    app.click(what).await?;
    let confirm = format!("{what}-confirm");
    app.wait_until_visible(&confirm, SOON).await?;
    app.click(&confirm).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_entry_is_logged_out_of_on_the_users_choice() -> Done {
    let world = world()?.start()?;
    log_in_elsewhere(&world);
    let app = opened(&world).await?;
    choose(&app, "foreign-log-out").await?;
    app.wait_until_gone("foreign-row", SOON).await?;
    nothing_lives(&world, "logged out of").await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_entry_is_taken_over_on_the_users_choice() -> Done {
    let world = world()?.start()?;
    log_in_elsewhere(&world);
    let app = opened(&world).await?;
    choose(&app, "take-over").await?;
    app.wait_until_visible("account-view", SOON).await?;
    app.wait_until_gone("foreign-row", SOON).await?;
    log_out(&app).await?;
    nothing_lives(&world, "logged out").await?;
    app.stop().await
}
