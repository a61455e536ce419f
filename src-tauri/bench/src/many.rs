//! Many accounts by the command line: a hundred logged out at once, and three hundred logged in one after
//! another.

use std::time::{Duration, Instant};

use test_rig::{RigError, World};
use tokio::task::JoinSet;

use crate::bare::{Bare, Session};
use crate::stage::{Stage, unexpected};
use crate::table::Row;
use crate::turns::{Column, Samples, in_turn, ms, take};
use crate::userfront::{log_in, tenants, userfront, users_of};

const LOG_OUTS: usize = 100;
const LATENCY_MS: u64 = 50;
/// So many log-outs at once ask the server in the app.
const AT_ONCE: usize = 8;
/// Each begins with a hundred log-ins.
const MOST_TURNS: usize = 3;

const LOG_INS: usize = 300;
const TEN: usize = 10;

pub(crate) async fn hundred_log_outs(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let tenants = tenants(LOG_OUTS / 4);
    let worlds = stage.worlds(&sandbox(&tenants))?;
    worlds.answer_log_outs_after(LATENCY_MS).await?;
    let bare = std::sync::Arc::new(Bare::new(&worlds.ours).await?);
    let columns = stage.columns(&[Column::Ours, Column::Floor]);
    let samples = take(stage.turns.min(MOST_TURNS), &columns, async |column| {
        let world = worlds.of(column);
        let mut sessions = Vec::new();
        for (tenant, user) in users_of(&tenants) {
            match column {
                Column::Floor => sessions.push(bare.log_in(tenant, user).await?),
                _ => drop(log_in(world, tenant, user)?),
            }
        }
        let took = match column {
            Column::Floor => all_bare(&bare, sessions).await?,
            _ => userfront(world, &["log-out", "--all"])?,
        };
        nothing_is_left(world).await?;
        Ok(ms(took))
    });
    let what = format!("{LOG_OUTS} accounts, `userfront log-out --all`, server latency {LATENCY_MS} ms");
    let row = Row::new("log-out-all", what, "ms", &samples.await?);
    Ok(vec![row.floor_is("the calls, eight at once, and the deletes")])
}

async fn all_bare(bare: &std::sync::Arc<Bare>, sessions: Vec<Session>) -> Result<Duration, RigError> {
    bare.warm().await?;
    let begin = Instant::now();
    let places = std::sync::Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut at_work = JoinSet::new();
    for session in sessions {
        let (bare, places) = (bare.clone(), places.clone());
        at_work.spawn(async move {
            let _place = places.acquire().await;
            bare.end(&session).await
        });
    }
    while let Some(done) = at_work.join_next().await {
        done.map_err(|error| unexpected(&error.to_string()))??;
    }
    Ok(begin.elapsed())
}

/// A pending log-out would leave a session, or its tokens for another try.
async fn nothing_is_left(world: &World) -> Result<(), RigError> {
    world.sandbox.wait_until_none_is_alive(Duration::from_secs(5)).await?;
    let mut entries = world.entries()?;
    entries.extend(world.keyring.search(crate::bare::BARE_SERVICE)?);
    let left: Vec<_> = entries.iter().map(test_rig::WitnessedEntry::user).collect();
    if left.is_empty() { Ok(()) } else { Err(unexpected(&format!("still in the keyring: {left:?}"))) }
}

/// Flat when the last ten take as long as the first ten. The bare ones tell how far the keyring itself is
/// not.
pub(crate) async fn log_ins(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let tenants = tenants(LOG_INS / 4);
    let worlds = stage.worlds(&sandbox(&tenants))?;
    let world = World::builder(stage.programs.clone()).sandbox_arguments(&sandbox(&tenants)).start()?;
    let bare = Bare::new(&world).await?;
    let columns = stage.columns(&[Column::Ours, Column::Floor]);
    let (mut first, mut last) = (Samples::default(), Samples::default());
    for (nth, (tenant, user)) in users_of(&tenants).enumerate() {
        for column in in_turn(nth, &columns) {
            let took = match column {
                Column::Floor => bare.log_in(tenant, user).await?.took,
                _ => ms(log_in(worlds.of(column), tenant, user)?),
            };
            if nth < TEN {
                first.add(column, took);
            } else if nth >= LOG_INS - TEN {
                last.add(column, took);
            }
        }
    }
    let what = |which: &str| format!("`userfront log-in`, the {which} ten of {LOG_INS} one after another");
    let row = |id: &str, what: String, unit: &str, samples: &Samples| {
        Row::new(id, what, unit, samples).floor_is("the call and two writes, warm")
    };
    let first_row = row("log-ins-first", what("first"), "ms", &first);
    let last_row = row("log-ins-last", what("last"), "ms", &last);
    let mut growth = Samples::default();
    for column in columns {
        growth.add(column, last.median(column) / first.median(column));
    }
    Ok(vec![first_row, last_row, row("log-ins-growth", what("last by the first"), "times", &growth)])
}

/// The sandbox's arguments for these tenants.
fn sandbox(tenants: &[String]) -> Vec<&str> {
    std::iter::once("--tenant").chain(tenants.iter().map(String::as_str)).collect()
}
