//! A minute in which nobody does anything, with an account: the processor's time and the wake-ups of the app
//! and its web processes. All programs rest in the same minute.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use test_rig::{Launch, RigError};

use crate::stage::Stage;
use crate::start::{BLANK, launch};
use crate::table::Row;
use crate::turns::{Column, Samples};
use crate::userfront::log_in;

/// The work of the start is over.
const SETTLE: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_mins(1);
const MOST_TURNS: usize = 3;

/// What the kernel has counted for a thread.
#[derive(Clone, Copy, Default)]
struct Counts {
    nanoseconds: u64,
    wake_ups: u64,
}

pub(crate) async fn measure(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let worlds = stage.worlds(&[])?;
    // In a world of its own: two programs on one screen would cover each other.
    let beside = stage.worlds(&[])?;
    for world in worlds.all() {
        log_in(world, "demo1234", "admin")?;
    }
    let (mut processor, mut wake_ups) = (Samples::default(), Samples::default());
    for _ in 0..stage.turns.min(MOST_TURNS) {
        let mut programs = vec![(Column::Floor, launch(&beside.ours, &stage.beside(BLANK)?)?)];
        for column in stage.builds() {
            programs.push((column, launch(worlds.of(column), &stage.programs(column).app)?));
        }
        tokio::time::sleep(SETTLE).await;
        let begin: Vec<_> = programs.iter().map(|(_, program)| counts(program)).collect();
        tokio::time::sleep(MINUTE).await;
        for ((column, program), begin) in programs.into_iter().zip(begin) {
            let spent = spent(&begin, &counts(&program));
            #[expect(clippy::cast_precision_loss, reason = "a minute has 6e10 nanoseconds")]
            let (milliseconds, woken) = (spent.nanoseconds as f64 / 1e6, spent.wake_ups as f64);
            processor.add(column, milliseconds);
            wake_ups.add(column, woken);
            program.end()?;
        }
    }
    let floor = "a blank Tauri app";
    let time = Row::new("idle-processor", "a minute at rest, processor time", "ms", &processor);
    let woken = Row::new("idle-wake-ups", "a minute at rest, wake-ups", "times", &wake_ups);
    Ok(vec![time.floor_is(floor), woken.floor_is(floor)])
}

/// A thread that has ended meanwhile is not counted.
fn spent(begin: &HashMap<String, Counts>, end: &HashMap<String, Counts>) -> Counts {
    end.iter().fold(Counts::default(), |sum, (thread, end)| {
        let begin = begin.get(thread).copied().unwrap_or_default();
        Counts {
            nanoseconds: sum.nanoseconds + end.nanoseconds.saturating_sub(begin.nanoseconds),
            wake_ups: sum.wake_ups + end.wake_ups.saturating_sub(begin.wake_ups),
        }
    })
}

/// Of each thread, by its path below `/proc`.
fn counts(program: &Launch) -> HashMap<String, Counts> {
    let threads = program.processes().into_iter().flat_map(|process| {
        let tasks = fs::read_dir(format!("/proc/{}/task", process.pid)).into_iter().flatten().flatten();
        tasks.map(|task| task.path().display().to_string()).collect::<Vec<_>>()
    });
    threads.map(|thread| (thread.clone(), counts_of(&thread))).collect()
}

fn counts_of(thread: &str) -> Counts {
    let read = |file: &str| fs::read_to_string(format!("{thread}/{file}")).unwrap_or_default();
    let on_processor = read("schedstat").split(' ').next().and_then(|it| it.parse().ok());
    let status = read("status");
    let slept = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    Counts {
        nanoseconds: on_processor.unwrap_or_default(),
        wake_ups: slept.and_then(|it| it.trim().parse().ok()).unwrap_or_default(),
    }
}
