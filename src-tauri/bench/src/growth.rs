//! The same work beside one other account, and beside up to a thousand.

use std::time::Duration;

use test_rig::journey::VIEW;
use test_rig::{RigError, World};

use crate::page::painted;
use crate::stage::{Stage, Worlds};
use crate::start::start;
use crate::table::Row;
use crate::turns::{Column, Samples, in_turn, ms};
use crate::userfront::{log_in, userfront};

const OTHERS: [usize; 4] = [1, 30, 300, 1000];

pub(crate) async fn measure(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let mut sizes = Vec::new();
    for others in OTHERS {
        let worlds = stage.worlds(&[])?;
        for world in worlds.all() {
            log_in(world, "demo1234", "admin")?;
            world.add_others(others)?;
        }
        sizes.push(worlds);
    }
    let mut rows = Vec::new();
    for command in ["list", "status", "token"] {
        let run = |world: &World| userfront(world, &[command]);
        rows.extend(command_rows(stage, &sizes, command, run)?);
    }
    rows.extend(start_rows(stage, &sizes).await?);
    rows.extend(window(&sizes[OTHERS.len() - 1].ours, stage.turns).await?);
    // Last: it leaves no account active.
    let log_out = |world: &World| {
        log_in(world, "demo1234", "member")?;
        userfront(world, &["log-out", "member@example.com"])
    };
    rows.extend(command_rows(stage, &sizes, "log-out", log_out)?);
    Ok(rows)
}

fn command_rows(
    stage: &Stage,
    sizes: &[Worlds],
    command: &str,
    run: impl Fn(&World) -> Result<Duration, RigError>,
) -> Result<Vec<Row>, RigError> {
    let mut samples = vec![Samples::default(); sizes.len()];
    let mut failures = vec![None; sizes.len()];
    for turn in 0..stage.turns {
        for (size, column) in cells(turn, &stage.builds()) {
            if column == Column::Before && failures[size].is_some() {
                continue;
            }
            match run(sizes[size].of(column)) {
                Ok(took) => samples[size].add(column, ms(took)),
                Err(error) if column == Column::Before => failures[size] = Some(error.to_string()),
                Err(error) => return Err(error),
            }
        }
    }
    let mut rows = rows_of(command, &format!("`userfront {command}`"), "ms", &mut samples);
    for (row, failure) in rows.iter_mut().zip(failures) {
        if let Some(failure) = failure {
            row.older_build_failed(&failure);
        }
    }
    Ok(rows)
}

async fn start_rows(stage: &Stage, sizes: &[Worlds]) -> Result<Vec<Row>, RigError> {
    let mut times = vec![Samples::default(); sizes.len()];
    let mut memory = times.clone();
    // The first start reads the programs from the disk.
    for turn in 0..=stage.turns {
        for (size, column) in cells(turn, &stage.builds()) {
            let start = start(sizes[size].of(column), &stage.programs(column).app).await?;
            if turn > 0 {
                times[size].add(column, start.painted);
                memory[size].add(column, start.megabytes);
            }
        }
    }
    let mut rows = rows_of("start", "start to painted account", "ms", &mut times);
    rows.extend(rows_of("memory", "memory (PSS) then", "MB", &mut memory));
    Ok(rows)
}

/// Every size with every build, in the order of this turn.
fn cells(turn: usize, builds: &[Column]) -> Vec<(usize, Column)> {
    let all: Vec<_> =
        (0..OTHERS.len()).flat_map(|size| builds.iter().map(move |column| (size, *column))).collect();
    in_turn(turn, &all)
}

/// A row for each size; those of the first stand beside all others.
fn rows_of(id: &str, what: &str, unit: &str, samples: &mut [Samples]) -> Vec<Row> {
    let one = samples[0].of(Column::Ours).to_vec();
    for many in &mut samples[1..] {
        for value in &one {
            many.add(Column::Floor, *value);
        }
    }
    let row = |(others, samples): (&usize, &Samples)| {
        let what = format!("{what}, beside {others} other account{}", if *others == 1 { "" } else { "s" });
        Row::new(format!("growth-{id}-{others}"), what, unit, samples).floor_is("beside one")
    };
    OTHERS.iter().zip(samples.iter()).map(row).collect()
}

/// A key in the search and a switch, each beside a frame in which nothing changes.
async fn window(world: &World, turns: usize) -> Result<Vec<Row>, RigError> {
    let app = world.open_app().await?;
    app.wait_until_visible("account-view", VIEW).await?;
    app.wait_until_visible("account-row", VIEW).await?;
    let (mut keys, mut switches) = (Samples::default(), Samples::default());
    for turn in 0..turns {
        let name = format!("User {}", 100 + turn);
        let type_name = format!(
            "const field = document.querySelector('[data-testid=account-search]');
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, '{name}');
            field.dispatchEvent(new InputEvent('input', {{bubbles: true}}))"
        );
        let is_found =
            format!("document.querySelector('[data-testid=account-row]').textContent.includes('{name}')");
        keys.add(Column::Ours, painted(&app, &type_name, &is_found).await?);
        keys.add(Column::Floor, painted(&app, "", "true").await?);
        let click = "const row = document.querySelector('[data-testid=account-row]');
            window.account = row.dataset.account;
            row.querySelector('[data-testid=switch-account]').click()";
        let is_shown = format!(
            "document.querySelector(`[data-account=\"${{window.account}}\"] [aria-current=true]`) &&
            document.querySelector('[data-testid=profile-name]').textContent.includes('{name}')"
        );
        switches.add(Column::Ours, painted(&app, click, &is_shown).await?);
        switches.add(Column::Floor, painted(&app, "", "true").await?);
    }
    app.stop().await?;
    let others = OTHERS[OTHERS.len() - 1];
    let row = |id: &str, what: &str, samples: &Samples| {
        let what = format!("{what}, painted, beside {others} other accounts");
        Row::new(id, what, "ms", samples).floor_is("a bare frame")
    };
    Ok(vec![row("search", "a key in the search", &keys), row("switch", "a switch", &switches)])
}
