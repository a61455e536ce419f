//! Each turn measures every column once, in another order than the turn before: what the machine does beside
//! it slows all of them.

use std::time::Duration;

use test_rig::RigError;

/// What the one before has left to do in the background is done in it.
const PAUSE: Duration = Duration::from_millis(200);

/// What is measured beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Ours,
    Floor,
    Peer,
    Before,
}

impl Column {
    const ALL: [Self; 4] = [Self::Ours, Self::Floor, Self::Peer, Self::Before];

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Floor => "the same work done bare",
            Self::Peer => "Userfront's toolkit in Chromium",
            Self::Before => "an older build",
        }
    }
}

/// Of one row.
#[derive(Debug, Default, Clone)]
pub(crate) struct Samples([Vec<f64>; 4]);

impl Samples {
    pub(crate) fn of(&self, column: Column) -> &[f64] {
        &self.0[Self::index(column)]
    }

    pub(crate) fn add(&mut self, column: Column, value: f64) {
        self.0[Self::index(column)].push(value);
    }

    pub(crate) fn median(&self, column: Column) -> f64 {
        let mut values = self.of(column).to_vec();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn index(column: Column) -> usize {
        Column::ALL.iter().position(|it| *it == column).unwrap_or_default()
    }
}

/// Measures each column so many times.
pub(crate) async fn take(
    turns: usize,
    columns: &[Column],
    mut measure: impl AsyncFnMut(Column) -> Result<f64, RigError>,
) -> Result<Samples, RigError> {
    let mut samples = Samples::default();
    for turn in 0..turns {
        for column in in_turn(turn, columns) {
            tokio::time::sleep(PAUSE).await;
            samples.add(column, measure(column).await?);
        }
    }
    Ok(samples)
}

/// The columns, beginning with another in each turn, and backwards in every other one.
pub(crate) fn in_turn<T: Copy>(turn: usize, columns: &[T]) -> Vec<T> {
    let mut order = columns.to_vec();
    order.rotate_left(turn / 2 % columns.len().max(1));
    if turn % 2 == 1 {
        order.reverse();
    }
    order
}

pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
