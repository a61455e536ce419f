//! How long a log-out takes, beside the same HTTP call and the same keyring deletes done bare. A report, no
//! assertion: timings on a shared machine prove nothing, a ratio in one run tells something.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_rig::World;
use zbus::zvariant::OwnedObjectPath;

use crate::journey::{Done, SOON, access_token, click_to_login_screen, log_in, world};

const ROUNDS: usize = 3;

/// The same call and the same two deletes, with nothing around them.
async fn bare(world: &World, token: &str, bus: &zbus::Connection) -> Duration {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}auth/logout", world.sandbox.api_base());
    let begin = Instant::now();
    let answer = client.get(url).bearer_auth(token).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.json::<Value>().await.expect("JSON");
    for entry in world_entries(world, bus).await {
        let item = zbus::Proxy::new(bus, "org.freedesktop.secrets", entry, "org.freedesktop.Secret.Item");
        let item = item.await.expect("an item");
        let _prompt: OwnedObjectPath = item.call("Delete", &()).await.expect("a delete");
    }
    begin.elapsed()
}

async fn world_entries(world: &World, bus: &zbus::Connection) -> Vec<OwnedObjectPath> {
    let service = zbus::Proxy::new(
        bus,
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service",
    );
    let attributes = HashMap::from([("service", world.service())]);
    let (unlocked, _locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
        service.await.expect("the service").call("SearchItems", &(attributes)).await.expect("a search");
    unlocked
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_beside_its_bare_calls() -> Done {
    let world = world()?.start()?;
    let address =
        world.environment().get("DBUS_SESSION_BUS_ADDRESS").expect("a bus").to_string_lossy().into_owned();
    let bus = zbus::connection::Builder::address(address.as_str())
        .expect("an address")
        .build()
        .await
        .expect("the bus");
    let app = world.open_app().await?;
    let (mut whole, mut calls) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        log_in(&app).await?;
        whole.push(click_to_login_screen(&app).await?);
        log_in(&app).await?;
        let token = access_token(&world)?;
        calls.push(bare(&world, &token, &bus).await);
        // What the bare calls left to the app: an account whose session is dead and whose tokens are gone.
        app.click("log-out").await?;
        app.wait_until_visible("login-view", SOON).await?;
        world.sandbox.set_faults(&json!([])).await?;
    }
    let (whole, calls) = (median(whole), median(calls));
    say!(
        "log-out, click to login screen: {whole:.1?}; the same call and deletes bare: {calls:.1?}; ratio {:.2} (aim: at most 3)",
        whole.as_secs_f64() / calls.as_secs_f64()
    );
    app.stop().await
}
