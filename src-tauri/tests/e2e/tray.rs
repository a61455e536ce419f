//! The tray, in a `StatusNotifierWatcher` of the test's own on the private bus.

mod watcher;

use std::time::{Duration, Instant};

use serde_json::json;
use test_rig::{App, RigError, World};

use crate::desktop::{TITLE, wait_for_end};
use crate::journey::{Done, SOON, log_in, log_out, nothing_lives, world};
use crate::together::userfront;
pub(crate) use watcher::Tray;

/// Until the window shows a setting as on, or off.
pub(crate) async fn wait_until(app: &App, setting: &str, is_on: bool) -> Done {
    let begin = Instant::now();
    while app.attribute(setting, "aria-checked").await? != Some(is_on.to_string()) {
        assert!(begin.elapsed() < SOON, "{setting} is {is_on}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn turn_on_close_to_tray(app: &App) -> Done {
    app.click("show-settings").await?;
    app.click("setting-close-to-tray").await?;
    wait_until(app, "setting-close-to-tray", true).await?;
    app.click("leave-view").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trays_menu_switches_logs_out_and_quits() -> Done {
    let world = world()?.start()?;
    let tray = Tray::start(&world, true).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let arguments = ["log-in", "--tenant", "demo1234", "--user", "viewer@example.com", "--password-stdin"];
    drop(userfront(&world, &arguments, crate::journey::PASSWORD));
    app.wait_for_text("profile-name", "Väinö Viewer", SOON).await?;
    tray.wait_for_row("Väinö Viewer · Demo Workspace").await?;
    let labels: Vec<_> = tray.menu().await?.into_iter().map(|(_, label)| label).collect();
    assert_eq!(
        labels,
        [
            "Väinö Viewer · Demo Workspace",
            "Logged in · valid",
            "Log out of Väinö Viewer",
            "Switch to",
            "Alva Admin · Demo Workspace",
            "Log out of all…",
            "Open Userfront Accounts",
            "Quit",
        ]
    );
    tray.click("Alva Admin · Demo Workspace").await?;
    app.wait_for_text("profile-name", "Alva Admin", SOON).await?;
    tray.click("Log out of Alva Admin").await?;
    app.wait_until_visible("login-view", SOON).await?;
    let begin = Instant::now();
    while world.sandbox.alive().await?.len() > 1 {
        assert!(begin.elapsed() < SOON, "the admin's session ends");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tray.click("Quit").await?;
    wait_for_end(&world, app).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trays_menu_lists_pinned_accounts_first_and_logs_out_of_all_after_a_question() -> Done {
    let world = world()?.start()?;
    let tray = Tray::start(&world, true).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    for user in ["viewer@example.com", "member@example.com"] {
        let arguments = ["log-in", "--tenant", "demo1234", "--user", user, "--password-stdin"];
        drop(userfront(&world, &arguments, crate::journey::PASSWORD));
    }
    tray.wait_for_row("Väinö Viewer · Demo Workspace").await?;
    let others = async || -> Result<Vec<String>, RigError> {
        let labels = tray.menu().await?.into_iter().map(|(_, label)| label);
        let listed = labels.skip_while(|label| label != "Switch to").skip(1);
        Ok(listed.take_while(|label| label.ends_with(" · Demo Workspace")).collect())
    };
    let [alva, vaino] = ["Alva Admin · Demo Workspace", "Väinö Viewer · Demo Workspace"];
    assert_eq!(others().await?, [alva, vaino]);
    pin(&app, "Väinö Viewer").await?;
    let begin = Instant::now();
    while others().await? != [vaino, alva] {
        assert!(begin.elapsed() < SOON, "pinned first: {:?}", others().await?);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let screen = world.screen()?;
    let windows = screen.count_windows().await?;
    tray.click("Log out of all…").await?;
    screen.wait_for_dialog(windows).await?;
    tray.click("Log out of all…").await?;
    assert_eq!(world.sandbox.alive().await?.len(), 3, "nothing is done before the answer");
    screen.press("Return")?;
    app.wait_until_visible("logOutResults-view", SOON).await?;
    nothing_lives(&world, "logged out of all").await?;
    assert_eq!(screen.count_windows().await?, windows, "one click more asks no second time");
    app.stop().await
}

/// Pins an account by the command of its button.
async fn pin(app: &App, name: &str) -> Done {
    let snapshot: serde_json::Value = serde_json::from_str(&app.snapshot().await?).expect("JSON");
    let accounts = snapshot["accounts"].as_array().expect("the accounts");
    let account = accounts.iter().find(|account| account["name"] == name).expect("its row");
    let script = "return window.__TAURI_INTERNALS__.invoke('plugin:accounts|set_pinned', \
                  {account: arguments[0], pinned: true})";
    app.script(script, vec![account["id"].clone()]).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_closed_to_the_tray_goes_on_and_comes_back() -> Done {
    let world = world()?.start()?;
    let tray = Tray::start(&world, true).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    tray.wait_for_item().await;
    turn_on_close_to_tray(&app).await?;
    world.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    log_out(&app).await?;
    app.wait_until_visible("pending-row", SOON).await?;
    world.screen()?.close_window(TITLE)?;
    world.screen()?.wait_until_no_window(TITLE, SOON)?;
    world.sandbox.set_faults(&json!([])).await?;
    tray.click("1 session still to be ended: try now").await?;
    nothing_lives(&world, "it went on in the tray").await?;
    tray.click("Open Userfront Accounts").await?;
    world.screen()?.wait_for_window(TITLE, SOON)?;
    // A second start shows it, too.
    world.screen()?.close_window(TITLE)?;
    world.screen()?.wait_until_no_window(TITLE, SOON)?;
    world.follow("")?;
    world.screen()?.wait_for_window(TITLE, SOON)?;
    // And so does the end of the tray.
    world.screen()?.close_window(TITLE)?;
    world.screen()?.wait_until_no_window(TITLE, SOON)?;
    drop(tray);
    world.screen()?.wait_for_window(TITLE, SOON)?;
    world.screen()?.close_window(TITLE)?;
    wait_for_end(&world, app).await
}

/// Started as the desktop does, without a driver.
pub(crate) struct Started(std::process::Child);

impl Started {
    pub(crate) fn by_hand(world: &World) -> Result<Self, RigError> {
        let child = world.environment().command(&world.programs().app).spawn();
        child.map(Self).map_err(|error| RigError::Unexpected(error.to_string()))
    }

    /// At login.
    fn by_entry(world: &World) -> Result<Self, RigError> {
        let config = world.environment().get("XDG_CONFIG_HOME").unwrap_or_default();
        let entry = std::path::Path::new(config).join("autostart/desktop.userfront.accounts.desktop");
        let entry = std::fs::read_to_string(entry).expect("the autostart entry");
        let exec = entry.lines().find_map(|line| line.strip_prefix("Exec=")).expect("its command");
        // What is quoted here means the same to a shell.
        let mut shell = world.environment().command("sh");
        let child = shell.args(["-c", &format!("exec {exec}")]).spawn();
        child.map(Self).map_err(|error| RigError::Unexpected(error.to_string()))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it ends");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_at_login_is_hidden_only_in_a_tray() -> Done {
    let world = world()?.start()?;
    let tray = Tray::start(&world, true).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    tray.wait_for_item().await;
    app.click("show-settings").await?;
    app.click("setting-start-at-login").await?;
    app.wait_until_visible("setting-start-at-login", SOON).await?;
    wait_until(&app, "setting-start-at-login", true).await?;
    app.stop().await?;

    tray.items.lock().expect("no panic").clear();
    let started = Started::by_entry(&world)?;
    tray.wait_for_row("Log out of Alva Admin").await?;
    assert!(!world.screen()?.has_window(TITLE)?, "it is in the tray");
    tray.click("Open Userfront Accounts").await?;
    world.screen()?.wait_for_window(TITLE, SOON)?;
    drop((started, tray));
    world.screen()?.wait_until_no_window(TITLE, SOON)?;

    let _started = Started::by_entry(&world)?;
    world.screen()?.wait_for_window(TITLE, SOON)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_host_closing_the_window_ends_the_app_and_the_setting_says_why() -> Done {
    let world = world()?.start()?;
    let settings = json!({"version": 1, "closeToTray": true});
    std::fs::write(world.accounts_home().join("settings.json"), settings.to_string()).expect("written");
    let _tray = Tray::start(&world, false).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.click("show-settings").await?;
    app.wait_for_text("settings-view", "This desktop shows no tray.", SOON).await?;
    world.screen()?.close_window(TITLE)?;
    wait_for_end(&world, app).await
}
