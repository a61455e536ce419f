//! The same work with one account, and beside a thousand others.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use test_rig::journey::{VIEW, log_in};
use test_rig::{App, Programs, RigError, World};

use crate::table::Row;

const OTHERS: usize = 1000;
const BESIDE: &str = "with one account";
const COMMANDS: [&[&str]; 3] = [&["list"], &["status"], &["token"]];

pub(crate) async fn measure(programs: &Programs, pairs: u32) -> Result<Vec<Row>, RigError> {
    let alone = with_others(programs, 0).await?;
    let many = with_others(programs, OTHERS).await?;
    let mut rows = Vec::new();
    for command in COMMANDS {
        let mut turns = Vec::new();
        for _ in 0..pairs {
            turns.push((time_of(&many, command)?, time_of(&alone, command)?));
        }
        let what = format!("`userfront {}`, whole process, {} accounts", command.join(" "), OTHERS + 1);
        rows.push(Row::of_times(what, BESIDE, &turns));
    }
    let (mut starts, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..pairs.div_ceil(4) {
        let (many, alone) = (start(&many).await?, start(&alone).await?);
        starts.push((many.0, alone.0));
        memory.push((many.1, alone.1));
    }
    rows.extend(window(&many, pairs).await?);
    let accounts = OTHERS + 1;
    rows.push(Row::of_times(
        format!("start to the account's view, with the driver, {accounts} accounts"),
        BESIDE,
        &starts,
    ));
    rows.push(Row::of(format!("memory (PSS) then, {accounts} accounts"), BESIDE, "MB", &memory));
    Ok(rows)
}

async fn with_others(programs: &Programs, others: usize) -> Result<World, RigError> {
    let world = World::builder(programs.clone()).start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.stop().await?;
    world.add_others(others)?;
    Ok(world)
}

fn time_of(world: &World, arguments: &[&str]) -> Result<Duration, RigError> {
    let program = world.programs().userfront();
    let failed = |why: String| RigError::Unexpected(format!("{}: {why}", program.display()));
    let mut command = world.environment().command(&program);
    let command = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begin = Instant::now();
    let status = command.status().map_err(|error| failed(error.to_string()))?;
    let took = begin.elapsed();
    if status.success() { Ok(took) } else { Err(failed(status.to_string())) }
}

/// The time from the driver's start to the account's view, and the memory then, in MB.
async fn start(world: &World) -> Result<(Duration, f64), RigError> {
    let begin = Instant::now();
    let app = world.open_app().await?;
    app.wait_until_visible("account-view", VIEW).await?;
    let took = begin.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let memory = memory(&app)?;
    app.stop().await?;
    Ok((took, memory))
}

/// Of the app and its web processes, each shared page counted in parts.
fn memory(app: &App) -> Result<f64, RigError> {
    let is_driver = |name: &str| name.contains("Driver") || name.contains("driver");
    let mut kilobytes = 0.0;
    for process in app.processes()? {
        if process.executable.file_name().is_some_and(|name| is_driver(&name.to_string_lossy())) {
            continue;
        }
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.pid)).unwrap_or_default();
        let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        let pss = pss.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kilobytes += pss.unwrap_or_default();
    }
    Ok(kilobytes / 1024.0)
}

/// A key in the search and a switch, each beside a frame in which nothing changes.
async fn window(world: &World, pairs: u32) -> Result<Vec<Row>, RigError> {
    const FRAME: &str = "a bare frame";
    let app = world.open_app().await?;
    app.wait_until_visible("account-view", VIEW).await?;
    app.wait_until_visible("account-row", VIEW).await?;
    let (mut keys, mut switches) = (Vec::new(), Vec::new());
    for turn in 0..pairs {
        let name = format!("User {}", 100 + turn);
        let type_name = format!(
            "const field = document.querySelector('[data-testid=account-search]');
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, '{name}');
            field.dispatchEvent(new InputEvent('input', {{bubbles: true}}))"
        );
        let is_found =
            format!("document.querySelector('[data-testid=account-row]').textContent.includes('{name}')");
        let key = painted(&app, &type_name, &is_found).await?;
        keys.push((key, painted(&app, "", "true").await?));
        let click = "const row = document.querySelector('[data-testid=account-row]');
            window.account = row.dataset.account;
            row.querySelector('[data-testid=switch-account]').click()";
        let is_shown = format!(
            "document.querySelector(`[data-account=\"${{window.account}}\"] [aria-current=true]`) &&
            document.querySelector('[data-testid=profile-name]').textContent.includes('{name}')"
        );
        let switch = painted(&app, click, &is_shown).await?;
        switches.push((switch, painted(&app, "", "true").await?));
    }
    app.stop().await?;
    let accounts = OTHERS + 1;
    Ok(vec![
        Row::of(format!("a key in the search, painted, {accounts} accounts"), FRAME, "ms", &keys),
        Row::of(format!("a switch, painted, {accounts} accounts"), FRAME, "ms", &switches),
    ])
}

/// From a key or a click to the frame after its result, in ms, measured in the page.
async fn painted(app: &App, act: &str, is_done: &str) -> Result<f64, RigError> {
    let script = format!(
        "delete window.took;
        const begin = performance.now();
        const frame = () => requestAnimationFrame(() => {{
            if (!({is_done})) return frame();
            const after = new MessageChannel();
            after.port1.onmessage = () => {{ window.took = performance.now() - begin; }};
            after.port2.postMessage(null);
        }});
        {act};
        frame();
        return true"
    );
    app.script(&script, vec![]).await?;
    loop {
        if let Some(took) = app.script("return window.took ?? null", vec![]).await?.as_f64() {
            return Ok(took);
        }
    }
}
