//! A log-out beside the same HTTP call and the same keyring deletes done bare.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::json;
use test_rig::journey::{VIEW, click_to_login_screen, log_in};
use test_rig::{Programs, RigError, World};
use zbus::zvariant::OwnedObjectPath;

use crate::table::Row;

const SECRETS: &str = "org.freedesktop.secrets";
/// How long the server takes for its answer, in ms.
const LATENCIES: [u64; 3] = [0, 50, 200];

pub(crate) async fn measure(programs: &Programs, pairs: u32) -> Result<Vec<Row>, RigError> {
    let world = World::builder(programs.clone()).start()?;
    let bus = session_bus(&world).await?;
    let app = world.open_app().await?;
    let mut rows = Vec::new();
    for latency in LATENCIES {
        world.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"delayMs": latency}}])).await?;
        let mut turns = Vec::new();
        for _ in 0..pairs {
            log_in(&app).await?;
            let log_out = click_to_login_screen(&app).await?;
            log_in(&app).await?;
            let bare = bare(&world, &bus).await?;
            // The app still lists the account whose session and tokens the bare calls have ended.
            app.click("log-out").await?;
            app.wait_until_visible("login-view", VIEW).await?;
            turns.push((log_out, bare));
        }
        let what = format!("log-out, click to login screen, server latency {latency} ms");
        rows.push(Row::of_times(what, "the bare call and deletes", &turns));
    }
    app.stop().await?;
    Ok(rows)
}

/// The same call and the same deletes, with nothing around them.
async fn bare(world: &World, bus: &zbus::Connection) -> Result<Duration, RigError> {
    let entries = world.entries()?;
    let access = entries.iter().find(|entry| entry.user().starts_with("access."));
    let token = access.ok_or_else(|| unexpected("there is no access token in the keyring"))?.secret.clone();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{}auth/logout", world.sandbox.api_base());
    let begin = Instant::now();
    client.get(url).bearer_auth(token).send().await?.error_for_status()?.bytes().await?;
    for item in items(world, bus).await? {
        let item = zbus::Proxy::new(bus, SECRETS, item, "org.freedesktop.Secret.Item").await?;
        let _prompt: OwnedObjectPath = item.call("Delete", &()).await?;
    }
    Ok(begin.elapsed())
}

async fn items(world: &World, bus: &zbus::Connection) -> zbus::Result<Vec<OwnedObjectPath>> {
    let path = "/org/freedesktop/secrets";
    let service = zbus::Proxy::new(bus, SECRETS, path, "org.freedesktop.Secret.Service").await?;
    let attributes = HashMap::from([("service", world.service())]);
    let (unlocked, _locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
        service.call("SearchItems", &(attributes)).await?;
    Ok(unlocked)
}

async fn session_bus(world: &World) -> Result<zbus::Connection, RigError> {
    let address = world.environment().get("DBUS_SESSION_BUS_ADDRESS");
    let address = address.ok_or_else(|| unexpected("the world has no bus"))?.to_string_lossy().into_owned();
    Ok(zbus::connection::Builder::address(address.as_str())?.build().await?)
}

fn unexpected(message: &str) -> RigError {
    RigError::Unexpected(message.to_owned())
}
