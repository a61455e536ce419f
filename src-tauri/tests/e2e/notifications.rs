//! Notifications, shown by a daemon of the test's own on the private bus.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use test_rig::{App, RigError, World};
use zbus::Connection;
use zbus::object_server::SignalEmitter;

use crate::forms::{ADMIN, MEMBER};
use crate::hide_when_idle::{self, Logind};
use crate::journey::{Done, PASSWORD, SOON, log_in, world};
use crate::stand_in::{SESSION_BUS, of_bus, offer};
use crate::together::userfront;
use crate::tray::wait_until;

const PATH: &str = "/org/freedesktop/Notifications";

#[derive(Default)]
struct Shown(Arc<Mutex<Vec<String>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Shown {
    #[expect(clippy::too_many_arguments, clippy::needless_pass_by_value, reason = "the interface's")]
    fn notify(
        &self,
        app: &str,
        replaces: u32,
        icon: &str,
        title: &str,
        text: &str,
        actions: Vec<String>,
        hints: std::collections::HashMap<String, zbus::zvariant::OwnedValue>,
        lasts: i32,
    ) -> u32 {
        assert_eq!((app, replaces, icon), ("Userfront Accounts", 0, "userfront-accounts"));
        assert_eq!((actions[0].as_str(), lasts), ("default", -1));
        assert!(hints.contains_key("desktop-entry"));
        let mut shown = self.0.lock().expect("no panic");
        shown.push(format!("{title}\n{text}"));
        u32::try_from(shown.len()).expect("few")
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;
}

struct Daemon {
    bus: Connection,
    shown: Arc<Mutex<Vec<String>>>,
}

impl Daemon {
    async fn start(world: &World) -> Result<Self, RigError> {
        let service = Shown::default();
        let shown = service.0.clone();
        let bus = offer(world, SESSION_BUS, "org.freedesktop.Notifications", PATH, service).await?;
        Ok(Self { bus, shown })
    }

    fn shown(&self) -> Vec<String> {
        self.shown.lock().expect("no panic").clone()
    }

    async fn wait_for(&self, count: usize) -> Vec<String> {
        let begin = Instant::now();
        while self.shown().len() < count {
            assert!(begin.elapsed() < SOON, "{count} notifications, not {:?}", self.shown());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.shown()
    }

    async fn click(&self, id: u32) -> Done {
        let emitter = SignalEmitter::new(&self.bus, PATH).map_err(of_bus)?;
        Shown::action_invoked(&emitter, id, "default").await.map_err(of_bus)
    }
}

/// Without a window manager the window under the pointer has the focus.
fn point(world: &World, x: &str, y: &str) -> Done {
    let mut xdotool = world.environment().command("xdotool");
    let moved = xdotool.args(["mousemove", x, y]).status();
    moved.map(drop).map_err(|error| RigError::Unexpected(error.to_string()))
}

async fn leave(world: &World, app: &App) -> Done {
    point(world, "1350", "950")?;
    wait_for_focus(app, false).await
}

async fn wait_for_focus(app: &App, has_focus: bool) -> Done {
    let begin = Instant::now();
    while app.script("return document.hasFocus()", vec![]).await? != json!(has_focus) {
        assert!(begin.elapsed() < SOON, "the window has the focus: {has_focus}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Two accounts, the admin's in the background, and the window without the focus.
async fn two_accounts() -> Result<(World, Daemon, App), RigError> {
    two_accounts_in(world()?.screen(1400, 1000).start()?).await
}

async fn two_accounts_in(world: World) -> Result<(World, Daemon, App), RigError> {
    let daemon = Daemon::start(&world).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let arguments = ["log-in", "--tenant", "demo1234", "--user", MEMBER, "--password-stdin"];
    drop(userfront(&world, &arguments, PASSWORD));
    app.wait_for_text("profile-name", "Åsa 名倉 Märta 🌻", SOON).await?;
    leave(&world, &app).await?;
    Ok((world, daemon, app))
}

/// Userfront ends an account's only session, and a refresh finds it out; the window knows.
async fn end_session(world: &World, app: &App, user: &str) -> Done {
    let known = async || Ok::<_, RigError>(app.snapshot().await?.matches("signedOutByServer").count());
    let before = known().await?;
    end_session_unseen(world, user).await?;
    let begin = Instant::now();
    while known().await? == before {
        assert!(begin.elapsed() < SOON, "the window knows");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn end_session_unseen(world: &World, user: &str) -> Done {
    let uuid = uuid_of(world, user);
    let sessions = world.sandbox.sessions().await?;
    let session = sessions.iter().find(|session| session.alive && session.user_uuid == uuid);
    world.sandbox.kill_session(&session.expect("its session").session_id).await?;
    drop(userfront(world, &["refresh", user], ""));
    Ok(())
}

fn uuid_of(world: &World, user: &str) -> String {
    let list = userfront(world, &["list", "--json"], "");
    let list: serde_json::Value = serde_json::from_slice(&list.stdout).expect("JSON");
    let accounts = list["accounts"].as_array().expect("the accounts");
    let account = accounts.iter().find(|account| account["email"] == user).expect("its account");
    let id = account["id"].as_str().expect("its ID");
    id.split([':', '@']).nth(1).expect("the user's").to_owned()
}

const ADMINS_ENDED: &str =
    "Userfront ended the session of Alva Admin\nLog in again at Demo Workspace (test mode).";
const MEMBERS_ENDED: &str =
    "Userfront ended the session of Åsa 名倉 Märta 🌻\nLog in again at Demo Workspace (test mode).";
const ADMINS_OVER: &str =
    "The session of Alva Admin is over\nUserfront ended it. It was at Demo Workspace (test mode).";

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_notified_once_and_a_click_opens_its_account() -> Done {
    let (world, daemon, app) = two_accounts().await?;
    end_session(&world, &app, ADMIN).await?;
    assert_eq!(daemon.wait_for(1).await, [ADMINS_ENDED]);
    drop(userfront(&world, &["refresh", ADMIN], ""));
    // Once: a second one would have come before this.
    end_session(&world, &app, MEMBER).await?;
    assert_eq!(daemon.wait_for(2).await, [ADMINS_ENDED, MEMBERS_ENDED]);
    daemon.click(1).await?;
    app.wait_for_text("profile-name", "Alva Admin", SOON).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_accounts_are_hidden_a_notification_names_none() -> Done {
    let world = world()?.screen(1400, 1000).start()?;
    let logind = Logind::start(&world).await?;
    let (world, daemon, app) = two_accounts_in(world).await?;
    hide_when_idle::turn_on(&app).await?;
    leave(&world, &app).await?;
    logind.lock_ours().await?;
    app.wait_until_visible("covered-view", SOON).await?;
    end_session_unseen(&world, ADMIN).await?;
    let told = "There is news of an account\nOpen Userfront Accounts and click Show to see it.";
    assert_eq!(daemon.wait_for(1).await, [told]);
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_while_the_window_has_the_focus_is_not_notified_later() -> Done {
    let (world, daemon, app) = two_accounts().await?;
    point(&world, "500", "350")?;
    wait_for_focus(&app, true).await?;
    end_session(&world, &app, ADMIN).await?;
    leave(&world, &app).await?;
    end_session(&world, &app, MEMBER).await?;
    assert_eq!(daemon.wait_for(1).await, [MEMBERS_ENDED]);
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_notified_whose_setting_is_off() -> Done {
    let (world, daemon, app) = two_accounts().await?;
    app.click("show-settings").await?;
    app.click("setting-notify-session-ended").await?;
    wait_until(&app, "setting-notify-session-ended", false).await?;
    leave(&world, &app).await?;
    end_session(&world, &app, MEMBER).await?;
    // Of a later event, whose setting is on.
    settle_admins_log_out(&world, &app).await?;
    assert_eq!(daemon.wait_for(1).await, [ADMINS_OVER]);
    app.stop().await
}

/// The admin is logged out, which becomes pending and comes through later. Both by another program.
async fn settle_admins_log_out(world: &World, app: &App) -> Done {
    let away = json!([{"path": "auth/logout", "fault": {"status": 503, "retryAfter": 600}}]);
    world.sandbox.set_faults(&away).await?;
    drop(userfront(world, &["log-out", ADMIN], ""));
    let begin = Instant::now();
    while !app.snapshot().await?.contains("serverFault") {
        assert!(begin.elapsed() < SOON, "the window knows of the pending revocation");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    world.sandbox.set_faults(&json!([])).await?;
    drop(userfront(world, &["pending", "--retry"], ""));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_revocation_that_comes_through_is_notified() -> Done {
    let (world, daemon, app) = two_accounts().await?;
    settle_admins_log_out(&world, &app).await?;
    assert_eq!(daemon.wait_for(1).await, [ADMINS_OVER]);
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_cannot_be_renewed_is_notified_before_its_end() -> Done {
    let world = world()?.screen(1400, 1000).sandbox_arguments(&["--access-seconds", "612"]).start()?;
    let daemon = Daemon::start(&world).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    leave(&world, &app).await?;
    let path = world.accounts_home().join("accounts.json");
    let begin = Instant::now();
    // The app's last write after a log-in.
    let mut list: serde_json::Value = loop {
        let list = std::fs::read_to_string(&path).expect("the list");
        if list.contains("Demo Workspace") {
            break serde_json::from_str(&list).expect("JSON");
        }
        assert!(begin.elapsed() < SOON, "GET self is answered");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    // As it is without a refresh token.
    let account = &mut list["accounts"][0];
    account["refreshAt"] = json!(null);
    for name in ["sessionEndsAt", "sessionEndsHereAt"] {
        account[name] = account[name.replace("session", "access").replace("Ends", "Expires")].clone();
    }
    // At once: half a file would be mended from the last good copy.
    let new = path.with_extension("new");
    std::fs::write(&new, list.to_string())
        .and_then(|()| std::fs::rename(&new, &path))
        .expect("it is written");
    let shown = daemon.wait_for(1).await;
    assert!(shown[0].starts_with("The session of Alva Admin ends in 10 minutes\n"), "{shown:?}");
    wait_until_kept(&world).await;
    app.stop().await?;

    let app = world.open_app().await?;
    app.wait_until_visible("account-view", SOON).await?;
    leave(&world, &app).await?;
    // After a restart it is not told again: that would have come before this.
    end_session(&world, &app, ADMIN).await?;
    let shown = daemon.wait_for(2).await;
    assert_eq!(shown[1..], [ADMINS_ENDED]);
    app.stop().await
}

/// The end of the app is as sudden as a crash.
async fn wait_until_kept(world: &World) {
    let begin = Instant::now();
    while std::fs::read_to_string(world.accounts_home().join("notified.json")).is_err() {
        assert!(begin.elapsed() < SOON, "what was notified is kept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
