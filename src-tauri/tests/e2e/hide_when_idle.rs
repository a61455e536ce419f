//! The window hides the accounts while the user is away. A logind of the test's own says so, on the private
//! bus.

use std::collections::HashMap;

use test_rig::{App, RigError, World};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, Value};
use zbus::{Connection, fdo};

use crate::desktop::TITLE;
use crate::forms::ADMIN;
use crate::journey::{Done, SOON, log_in, world};
use crate::stand_in::{SYSTEM_BUS, of_bus, offer};
use crate::tray::wait_until;

const NAME: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const SESSION: &str = "org.freedesktop.login1.Session";
const OURS: &str = "/org/freedesktop/login1/session/_32";
const OTHERS: &str = "/org/freedesktop/login1/session/_33";

struct Manager;

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    #[expect(clippy::unused_self, reason = "the interface's")]
    fn get_session(&self, id: &str) -> fdo::Result<OwnedObjectPath> {
        if id == "auto" {
            return Ok(ObjectPath::from_static_str_unchecked(OURS).into());
        }
        Err(fdo::Error::Failed(format!("no session {id}")))
    }
}

/// This user's session, as it is when it is asked for.
struct Session {
    locked: bool,
}

#[zbus::interface(name = "org.freedesktop.login1.Session")]
impl Session {
    #[zbus(property)]
    #[expect(clippy::unused_self, reason = "the interface's")]
    fn idle_hint(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.locked
    }
}

pub(crate) struct Logind(Connection);

impl Logind {
    pub(crate) async fn start(world: &World) -> Result<Self, RigError> {
        offer(world, SYSTEM_BUS, NAME, PATH, Manager).await.map(Self)
    }

    async fn start_with_session(world: &World, session: Session) -> Result<Self, RigError> {
        let logind = Self::start(world).await?;
        logind.0.object_server().at(OURS, session).await.map_err(of_bus)?;
        Ok(logind)
    }

    async fn lock(&self, session: &str) -> Done {
        self.0.emit_signal(None::<&str>, session, SESSION, "Lock", &()).await.map_err(of_bus)
    }

    pub(crate) async fn lock_ours(&self) -> Done {
        self.lock(OURS).await
    }

    async fn set(&self, session: &str, property: &str, is_on: bool) -> Done {
        let changed = (SESSION, HashMap::from([(property, Value::from(is_on))]), Vec::<&str>::new());
        let properties = "org.freedesktop.DBus.Properties";
        let told = self.0.emit_signal(None::<&str>, session, properties, "PropertiesChanged", &changed);
        told.await.map_err(of_bus)
    }
}

pub(crate) async fn turn_on(app: &App) -> Done {
    app.click("show-settings").await?;
    app.click("setting-hide-when-idle").await?;
    wait_until(app, "setting-hide-when-idle", true).await?;
    app.click("leave-view").await?;
    app.wait_until_visible("account-view", SOON).await.map(drop)
}

/// Nothing of the account is in the page, in what Rust sends, or in the window's title.
async fn is_covered(world: &World, app: &App) -> Done {
    app.wait_until_visible("covered-view", SOON).await?;
    for (place, text) in [("page", app.page().await?), ("snapshot", app.snapshot().await?)] {
        for part in ["Alva", ADMIN, "demo1234", "Demo Workspace"] {
            assert!(!text.contains(part), "{part} is in the {place}: {text}");
        }
    }
    assert!(world.screen()?.has_window(&format!("^{TITLE}$"))?, "the title is the app's name");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accounts_are_hidden_from_a_lock_or_idleness_until_the_user_asks() -> Done {
    let world = world()?.start()?;
    let logind = Logind::start(&world).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.wait_for_text("account-view", "Demo Workspace", SOON).await?;
    // The setting is off: a cover would keep the clicks from their places.
    logind.lock_ours().await?;
    turn_on(&app).await?;
    for (is_idle, property) in [(false, "Lock"), (true, "IdleHint"), (true, "LockedHint")] {
        // So would one by another user's session, or by the end of idleness.
        logind.lock(OTHERS).await?;
        logind.set(OTHERS, "IdleHint", true).await?;
        logind.set(OURS, "IdleHint", false).await?;
        app.click("show-activity").await?;
        app.wait_until_visible("activity-view", SOON).await?;
        if is_idle {
            logind.set(OURS, property, true).await?;
        } else {
            logind.lock_ours().await?;
        }
        is_covered(&world, &app).await?;
        // The user's return shows nothing yet; the click does, and the view is the one before.
        logind.set(OURS, "IdleHint", false).await?;
        app.click("uncover").await?;
        app.wait_until_visible("activity-view", SOON).await?;
        app.click("leave-view").await?;
        app.wait_for_text("profile-name", "Alva Admin", SOON).await?;
    }
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_starts_behind_a_locked_screen_shows_nothing() -> Done {
    let world = world()?.start()?;
    let unlocked = Logind::start_with_session(&world, Session { locked: false }).await?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    turn_on(&app).await?;
    app.stop().await?;
    let app = world.open_app().await?;
    app.wait_for_text("profile-name", "Alva Admin", SOON).await?;
    app.stop().await?;
    drop(unlocked);
    let _locked = Logind::start_with_session(&world, Session { locked: true }).await?;
    let app = world.open_app().await?;
    is_covered(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_logind_the_setting_cannot_be_turned_on_and_says_why() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.click("show-settings").await?;
    app.wait_for_text("settings-view", "it needs logind", SOON).await?;
    assert_eq!(app.attribute("setting-hide-when-idle", "aria-disabled").await?.as_deref(), Some("true"));
    app.stop().await
}
