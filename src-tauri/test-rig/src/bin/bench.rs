//! Measures a log-out beside the same HTTP call and the same keyring deletes done bare, in pairs: what else
//! the machine does then slows both. `cargo xtask bench` calls it with the release build.
//!
//! Prints a row a pair, the medians and their ratio. It asserts nothing about times.

use std::{
    collections::HashMap,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use test_rig::{App, Programs, RigError, World};
use zbus::zvariant::OwnedObjectPath;

/// How long a view may take to appear.
const VIEW: Duration = Duration::from_secs(30);

const USER: &str = "admin@example.com";
/// The sandbox's own, printed by its `--help`.
const PASSWORD: &str = "testmodepassword";

const SECRETS: &str = "org.freedesktop.secrets";

/// Measure a log-out beside its bare calls.
#[derive(Parser)]
struct Arguments {
    /// The app
    #[arg(long)]
    app: PathBuf,
    /// The sandbox
    #[arg(long)]
    sandbox: PathBuf,
    /// The driver
    #[arg(long)]
    tauri_driver: PathBuf,
    /// How many pairs
    #[arg(long)]
    pairs: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { app, sandbox, tauri_driver, pairs } = Arguments::parse();
    match measure(Programs { app, sandbox, tauri_driver }, pairs).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The log-outs could not be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(programs: Programs, pairs: u32) -> Result<(), RigError> {
    let world = World::builder(programs).start()?;
    let bus = session_bus(&world).await?;
    let app = world.open_app().await?;
    println!("| pair | log-out, click to login screen | bare call and deletes |\n|---|---|---|");
    let (mut log_outs, mut bare_calls) = (Vec::new(), Vec::new());
    for pair in 1..=pairs {
        log_in(&app).await?;
        let log_out = log_out(&app).await?;
        log_in(&app).await?;
        let bare = bare(&world, &bus).await?;
        // The app still lists the account whose session and tokens the bare calls have ended.
        app.click("log-out").await?;
        app.wait_until_visible("login-view", VIEW).await?;
        println!("| {pair} | {log_out:.1?} | {bare:.1?} |");
        log_outs.push(log_out);
        bare_calls.push(bare);
    }
    let (log_out, bare) = (median(log_outs), median(bare_calls));
    let ratio = log_out.as_secs_f64() / bare.as_secs_f64();
    println!("| median | {log_out:.1?} | {bare:.1?} |\n\nRatio: {ratio:.2} (aim: at most 3)");
    app.stop().await
}

async fn log_in(app: &App) -> Result<(), RigError> {
    app.wait_until_visible("login-view", VIEW).await?;
    if app.is_visible("tenant-continue").await? {
        app.click("tenant-continue").await?;
    }
    app.wait_until_visible("password", VIEW).await?;
    app.type_text("email-or-username", USER).await?;
    app.type_text("password", PASSWORD).await?;
    app.click("log-in").await?;
    app.wait_until_visible("account-view", VIEW).await?;
    // The profile is stored after the log-in, in the background.
    app.wait_for_text("profile-name", "Admin", VIEW).await?;
    Ok(())
}

/// From the click to the login screen, measured in the page itself.
async fn log_out(app: &App) -> Result<Duration, RigError> {
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
    let milliseconds = took.as_f64().ok_or_else(|| unexpected("the page did not see the login screen"))?;
    Ok(Duration::from_secs_f64(milliseconds / 1000.0))
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

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn unexpected(message: &str) -> RigError {
    RigError::Unexpected(message.to_owned())
}
