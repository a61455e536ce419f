//! From the start of the app to its picture, beside a blank Tauri app; and the memory of both then.
//!
//! It is seen on the screen (`test_rig::Frames`): all but one in 500 of the pixels are those that stay. No
//! driver runs.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use test_rig::{Frames, Launch, RigError, SeenProcess, World};

use crate::stage::Stage;
use crate::table::Row;
use crate::toolkit::Toolkit;
use crate::turns::{Column, Samples, in_turn, ms};
use crate::userfront::log_in;

pub(crate) const BLANK: &str = "blank-app";

/// After the picture, before the memory is read.
const IDLE: Duration = Duration::from_secs(2);

/// One start of a program.
pub(crate) struct Start {
    pub(crate) painted: f64,
    pub(crate) megabytes: f64,
}

pub(crate) async fn measure(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let (without, with) = (stage.worlds(&[])?, stage.worlds(&[])?);
    let blank = stage.beside(BLANK)?;
    let mut toolkit = Toolkit::start(&with.ours)?;
    for world in with.all() {
        log_in(world, "demo1234", "admin")?;
    }
    let columns = stage.columns(&[Column::Ours, Column::Floor, Column::Peer]);
    let mut rows = Vec::new();
    for (id, shown, worlds) in
        [("login", "painted login form", &without), ("account", "painted account", &with)]
    {
        let (mut times, mut memory) = (Samples::default(), Samples::default());
        // The first start reads the programs from the disk.
        for turn in 0..=stage.turns {
            for column in in_turn(turn, &columns) {
                let world = worlds.of(column);
                if column == Column::Peer {
                    toolkit.open_login()?;
                    tokio::time::sleep(IDLE).await;
                    if turn > 0 {
                        memory.add(column, megabytes(&toolkit.browser()));
                    }
                    continue;
                }
                let app = &world.programs().app;
                let start = start(world, if column == Column::Floor { &blank } else { app }).await?;
                if turn > 0 {
                    times.add(column, start.painted);
                    memory.add(column, start.megabytes);
                }
            }
        }
        let floor = "a blank Tauri app";
        let what = format!("start to {shown}");
        rows.push(Row::new(format!("start-{id}"), what, "ms", &times).floor_is(floor));
        let what = format!("memory (PSS) with {shown}");
        let row = Row::new(format!("memory-{id}"), what, "MB", &memory).floor_is(floor);
        rows.push(row.peer_is("Chromium with the toolkit's login form"));
    }
    toolkit.end()?;
    Ok(rows)
}

/// Starts a program and ends it.
pub(crate) async fn start(world: &World, program: &Path) -> Result<Start, RigError> {
    let frames = Frames::watch(world.screen()?)?;
    let begin = Instant::now();
    let launch = launch(world, program)?;
    let painted = frames.painted()?;
    tokio::time::sleep(IDLE.saturating_sub(painted.elapsed())).await;
    let megabytes = megabytes(&launch.processes());
    launch.end()?;
    Ok(Start { painted: ms(painted - begin), megabytes })
}

pub(crate) fn launch(world: &World, program: &Path) -> Result<Launch, RigError> {
    let mut command = world.environment().command(program);
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if program.ends_with(BLANK) {
        // Without the graphics card, as ours draws by itself: that takes less.
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
    Launch::start(world.environment(), command)
}

/// Each shared page is counted in parts.
pub(crate) fn megabytes(processes: &[SeenProcess]) -> f64 {
    let pss = |process: &SeenProcess| {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.pid)).unwrap_or_default();
        let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        pss.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or_default()
    };
    processes.iter().map(pss).sum::<f64>() / 1024.0
}
