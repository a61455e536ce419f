//! Two faults that users of other programs report most, tried on ours: an account that vanishes after an
//! error (desktop/desktop#3641, mlemgroup/mlem#1416), and an accounts menu that is stale in the other program
//! (vscode#186543, thunderbird/tbpro-add-on#1024). The third, the wrong account's token during a switch, is
//! in `tests/ipc/switching.rs`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_rig::{App, RigError, World};

use crate::journey::{Done, SOON, only_session, until_page_says, world};
use crate::together::{log_in_by_command, userfront};
use crate::tray::Tray;

const ADMIN: &str = "admin@example.com";
const MEMBER: &str = "member@example.com";
const VIEWER: &str = "viewer@example.com";
/// The list of these three, while they are well.
const WELL: [&str; 3] = [
    "Alva Admin: admin@example.com",
    "Åsa 名倉 Märta 🌻: member@example.com",
    "Väinö Viewer: viewer@example.com",
];

/// Waits until the list says this, a row each: the first line, and the second.
async fn lists(app: &App, expected: &[&str]) -> Done {
    let script = "const of = (row) => [...row.querySelectorAll('.first > .bold, .who > .fine')];
        return [...document.querySelectorAll('[data-testid=account-row]')]
            .map((row) => of(row).map((line) => line.textContent).join(': '))";
    until_page_says(app, script, &json!(expected)).await
}

/// The command line lists all three, whatever the matter is.
fn command_lists_three(world: &World) {
    let listed = userfront(world, &["list", "--json"], "");
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!(listed["accounts"].as_array().map(Vec::len), Some(3), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_stays_in_the_list_after_a_server_error_a_keyring_error_a_damaged_list_and_restarts()
-> Done {
    let world = world()?.start()?;
    log_in_by_command(&world, ADMIN);
    let session = only_session(&world).await?.session_id;
    for user in [MEMBER, VIEWER] {
        log_in_by_command(&world, user);
    }
    let app = world.open_app().await?;
    lists(&app, &WELL).await?;
    app.press_with_control("1").await?;
    app.wait_for_text("profile-name", "Alva Admin", SOON).await?;
    // A server that fails is no reason to drop an account.
    world.sandbox.set_faults(&json!([{"path": "auth/refresh", "fault": {"status": 500}}])).await?;
    app.click("refresh").await?;
    app.wait_for_text("error", "Userfront is unavailable", SOON).await?;
    lists(&app, &WELL).await?;
    // A session that the server has ended stays in the list, and says so.
    world.sandbox.set_faults(&json!([])).await?;
    world.sandbox.kill_session(&session).await?;
    app.click("refresh").await?;
    let ended = ["Alva Admin: Ended", WELL[1], WELL[2]];
    lists(&app, &ended).await?;
    app.stop().await?;
    for trouble in ["locked", "not running", "damaged"] {
        match trouble {
            "locked" => world.keyring.lock()?,
            "not running" => world.keyring.kill()?,
            _ => {
                world.keyring.restart_unlocked()?;
                std::fs::write(world.accounts_home().join("accounts.json"), "{\"version\": 4, \"acc")
                    .expect("written");
            }
        }
        let app = world.open_app().await?;
        lists(&app, &ended).await?;
        command_lists_three(&world);
        app.stop().await?;
    }
    let app = world.open_app().await?;
    lists(&app, &ended).await?;
    app.stop().await
}

/// `userfront watch --json`, with the lines that it has printed.
struct Watch {
    child: Child,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Watch {
    fn start(world: &World) -> Self {
        let mut command = world.environment().command(world.programs().userfront());
        command.args(["watch", "--json"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("userfront starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let events = Arc::new(Mutex::new(Vec::new()));
        let printed = Arc::clone(&events);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event = serde_json::from_str(&line).expect("JSON");
                printed.lock().expect("no panic").push(event);
            }
        });
        Self { child, events }
    }

    /// Waits for a change of this kind that names the account, and forgets it and those before.
    async fn wait_for(&self, event: &str, account: &str) {
        let begin = Instant::now();
        loop {
            {
                let mut events = self.events.lock().expect("no panic");
                let is_it = |it: &Value| {
                    let id = it["account"]["id"].as_str().or(it["account"].as_str());
                    it["event"] == event && (event == "now" || id == Some(account))
                };
                if let Some(at) = events.iter().position(is_it) {
                    events.drain(..=at);
                    return;
                }
                assert!(begin.elapsed() < SOON, "{event} of {account} in {events:?}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

/// The account that the window lists in this place.
async fn account_in(app: &App, nth: usize) -> Result<String, RigError> {
    let script =
        "return document.querySelectorAll('[data-testid=account-row]')[arguments[0]].dataset.account";
    let id = app.script(script, vec![json!(nth)]).await?;
    Ok(id.as_str().expect("an ID").to_owned())
}

/// A pin by one window shows in the other.
async fn pin_shows_in_the_other(app: &App, other: &App) -> Done {
    app.script("document.querySelectorAll('[data-testid=pin-account]')[2].click()", vec![]).await?;
    for app in [app, other] {
        lists(app, &[WELL[2], WELL[0], WELL[1]]).await?;
    }
    Ok(())
}

async fn shows_in_all(apps: [&App; 2], tray: &Tray, name: &str) -> Done {
    for app in apps {
        app.wait_for_text("profile-name", name, SOON).await?;
    }
    tray.wait_for_row(&format!("Log out of {name}")).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_log_out_switch_or_pin_by_one_program_shows_in_every_other_unasked() -> Done {
    let world = world()?.start()?;
    let tray = Tray::start(&world, true).await?;
    let (app, other) = (world.open_app().await?, world.open_second_app().await?);
    let watch = Watch::start(&world);
    watch.wait_for("now", "").await;
    for user in [ADMIN, MEMBER, VIEWER] {
        log_in_by_command(&world, user);
    }
    lists(&app, &WELL).await?;
    lists(&other, &WELL).await?;
    shows_in_all([&app, &other], &tray, "Väinö Viewer").await?;
    let (admin, member, viewer) =
        (account_in(&app, 0).await?, account_in(&app, 1).await?, account_in(&app, 2).await?);
    for id in [&admin, &member, &viewer] {
        watch.wait_for("loggedIn", id).await;
    }
    // A switch by the window, the command line, the tray.
    app.press_with_control("1").await?;
    shows_in_all([&app, &other], &tray, "Alva Admin").await?;
    watch.wait_for("active", &admin).await;
    let done = userfront(&world, &["switch", MEMBER], "");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    shows_in_all([&app, &other], &tray, "Åsa 名倉 Märta 🌻").await?;
    watch.wait_for("active", &member).await;
    tray.click("Alva Admin · Demo Workspace").await?;
    shows_in_all([&app, &other], &tray, "Alva Admin").await?;
    watch.wait_for("active", &admin).await;
    pin_shows_in_the_other(&app, &other).await?;
    // A log-out by the command line, the tray, the window.
    let done = userfront(&world, &["log-out", VIEWER], "");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    lists(&app, &WELL[..2]).await?;
    lists(&other, &WELL[..2]).await?;
    watch.wait_for("loggedOut", &viewer).await;
    tray.click("Log out of Alva Admin").await?;
    watch.wait_for("loggedOut", &admin).await;
    for app in [&app, &other] {
        app.wait_until_visible("login-view", SOON).await?;
        app.wait_until_gone("account-list", SOON).await?;
    }
    app.press_with_control("1").await?;
    shows_in_all([&app, &other], &tray, "Åsa 名倉 Märta 🌻").await?;
    app.click("log-out").await?;
    watch.wait_for("loggedOut", &member).await;
    other.wait_until_visible("login-view", SOON).await?;
    let begin = Instant::now();
    while tray.menu().await?.iter().any(|(_, words)| words.starts_with("Log out of")) {
        assert!(begin.elapsed() < SOON, "the tray has nobody to log out");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    app.stop().await?;
    other.stop().await
}
