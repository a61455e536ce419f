//! Drives the app through its main job in a private world: log in, log out, and log out again while the
//! server is away. `cargo xtask run` calls it on a machine without a display.
//!
//! Prints each step with its duration; leaves a picture of each view ([`PICTURES`]) and `report.md` in the
//! output folder, and `failure.png` when a step fails. The world ends with the run.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use serde_json::json;
use test_rig::journey::{PASSWORD, USER, VIEW};
use test_rig::{App, Programs, RigError, World};

/// Drive the app through log-in and log-out in a private world.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    programs: Programs,
    /// Where pictures and report go
    #[arg(long)]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { programs, out } = Arguments::parse();
    let mut report = Report::new(&out);
    let outcome = drive(programs, &mut report).await;
    if let Err(error) = &outcome {
        report.note(&format!("**Failed** after “{}”: {error}", report.last()));
    }
    let written = report.write();
    match (outcome, written) {
        (Ok(()), Ok(())) => {
            println!("\nPictures and report: {}", out.display());
            ExitCode::SUCCESS
        }
        (Err(error), written) => {
            eprintln!("\nThe app could not be driven to the end: {error}");
            if let Err(error) = written {
                eprintln!("The report could not be written: {error}");
            }
            eprintln!("What was reached, and what the screen showed: {}", out.display());
            ExitCode::FAILURE
        }
        (Ok(()), Err(error)) => {
            eprintln!("The report could not be written to {}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}

const PICTURES: [&str; 5] =
    ["login.png", "account.png", "login-after-log-out.png", "pending.png", "activity.png"];

async fn drive(programs: Programs, report: &mut Report) -> Result<(), RigError> {
    report.forget_earlier()?;
    let world = World::builder(programs).screen(1000, 700).start()?;
    report.step("screen, bus, keyring and sandbox started");
    // Held until after the picture of a failure.
    let mut app = None;
    let outcome = main_job(&world, &mut app, report).await;
    if outcome.is_err() {
        // The first error is the one to tell; a picture that fails as well must not hide it.
        if let Err(error) = world.picture(&report.folder.join("failure.png")).await {
            eprintln!("There is no picture of the failure: {error}");
        }
    }
    outcome?;
    if let Some(app) = app {
        app.stop().await?;
    }
    report.step("app ended");
    Ok(())
}

async fn main_job(world: &World, held: &mut Option<App>, report: &mut Report) -> Result<(), RigError> {
    let app = held.insert(world.open_app().await?);
    app.wait_until_visible("login-view", VIEW).await?;
    report.step("app opened, login shown");
    app.click("tenant-continue").await?;
    app.wait_until_visible("password", VIEW).await?;
    report.step("tenant demo1234 asked how to log in");
    app.type_text("email-or-username", USER).await?;
    world.picture(&report.folder.join("login.png")).await?;
    app.type_text("password", PASSWORD).await?;
    report.step("user and password typed, picture taken");
    app.click("log-in").await?;
    app.wait_until_visible("account-view", VIEW).await?;
    report.step("logged in");
    let entries =
        world.entries()?.into_iter().filter(|entry| entry.user().starts_with("access.demo1234:")).count();
    let alive = world.sandbox.alive().await?.len();
    expect(entries == 1 && alive == 1, || {
        format!(
            "after log-in: {entries} access tokens in the keyring, {alive} sessions alive; one of each was \
             expected"
        )
    })?;
    report.step("secret-tool finds the access token, the server says alive");
    world.picture(&report.folder.join("account.png")).await?;
    report.step("picture taken");
    app.click("log-out").await?;
    app.wait_until_visible("login-view", VIEW).await?;
    report.step("logged out: from click to login");
    let entries = world.entries()?.len();
    let alive = world.sandbox.alive().await?.len();
    let calls = world.sandbox.requests_to("GET", "auth/logout").await?.len();
    expect(entries == 0 && alive == 0 && calls == 1, || {
        format!(
            "after log-out: {entries} keyring entries (0), {alive} sessions alive (0), {calls} log-out \
             calls (1)"
        )
    })?;
    report.step("no entry in the keyring, the session is dead, one log-out call");
    world.picture(&report.folder.join("login-after-log-out.png")).await?;
    report.step("picture taken");
    while_the_server_is_away(world, app, report).await
}

/// A log-out that the server does not confirm: pending, shown, and resolved once it answers again.
async fn while_the_server_is_away(world: &World, app: &App, report: &mut Report) -> Result<(), RigError> {
    app.type_text("email-or-username", USER).await?;
    app.type_text("password", PASSWORD).await?;
    app.click("log-in").await?;
    app.wait_until_visible("account-view", VIEW).await?;
    // It asks to be left alone, so that it is the click that ends the session.
    let away = json!([{"path": "auth/logout", "fault": {"status": 503, "retryAfter": 600}}]);
    world.sandbox.set_faults(&away).await?;
    report.step("logged in again; from now on the server answers 503");
    app.click("log-out").await?;
    app.wait_until_visible("pending-row", VIEW).await?;
    let (entries, alive) = (world.entries()?, world.sandbox.alive().await?.len());
    let kept = entries.iter().all(|entry| entry.user().starts_with("revoke.demo1234:"));
    expect(kept && entries.len() == 1 && alive == 1, || {
        format!("{} keyring entries (1, to revoke with), {alive} sessions alive (1)", entries.len())
    })?;
    report.step("logged out here, the session is listed as pending, its token kept");
    world.picture(&report.folder.join("pending.png")).await?;
    world.sandbox.set_faults(&json!([])).await?;
    app.click("retry-revocation").await?;
    app.wait_until_gone("pending-revocations", VIEW).await?;
    // A row that is being worked on is not shown: its going says nothing yet.
    let since = Instant::now();
    let (entries, alive) = loop {
        let left = (world.entries()?.len(), world.sandbox.alive().await?.len());
        if left == (0, 0) || since.elapsed() > VIEW {
            break left;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    expect(entries == 0 && alive == 0, || {
        format!("{entries} keyring entries (0), {alive} sessions alive (0)")
    })?;
    report.step("the server is back: the session is dead, and nothing is left");
    app.click("show-activity").await?;
    app.wait_until_visible("activity-view", VIEW).await?;
    world.picture(&report.folder.join("activity.png")).await?;
    report.step("the activity tells it all, picture taken");
    Ok(())
}

fn expect(holds: bool, message: impl FnOnce() -> String) -> Result<(), RigError> {
    if holds { Ok(()) } else { Err(RigError::Unexpected(message())) }
}

/// Says what happened, on the terminal and in `report.md`.
struct Report {
    folder: PathBuf,
    text: String,
    last: String,
    since: Instant,
    begin: Instant,
}

impl Report {
    fn new(folder: &Path) -> Self {
        let now = Instant::now();
        let text = "# cargo xtask run\n\n| step | duration |\n|---|---|\n".to_owned();
        Self { folder: folder.to_owned(), text, last: "start".to_owned(), since: now, begin: now }
    }

    /// A step that was reached, with the time since the one before.
    fn step(&mut self, name: &str) {
        let duration = self.since.elapsed().as_millis();
        println!("    {duration:>6} ms  {name}");
        self.line(&format!("| {name} | {duration} ms |"));
        name.clone_into(&mut self.last);
        self.since = Instant::now();
    }

    fn note(&mut self, note: &str) {
        self.line(&format!("\n{note}"));
    }

    fn last(&self) -> String {
        self.last.clone()
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Pictures of an earlier run must not pass for this one's.
    fn forget_earlier(&self) -> Result<(), RigError> {
        let file = |path: &Path, error: io::Error| RigError::File { path: path.to_owned(), source: error };
        fs::create_dir_all(&self.folder).map_err(|error| file(&self.folder, error))?;
        for name in PICTURES.into_iter().chain(["failure.png", "report.md"]) {
            let path = self.folder.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(file(&path, error)),
                _ => {}
            }
        }
        Ok(())
    }

    fn write(&mut self) -> io::Result<()> {
        let total = self.begin.elapsed().as_millis();
        self.note(&format!("{total} ms in all."));
        if self.folder.join("login.png").exists() {
            self.note(&PICTURES.map(|name| format!("![{name}]({name})")).join(" "));
        }
        fs::write(self.folder.join("report.md"), &self.text)
    }
}
