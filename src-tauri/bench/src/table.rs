//! A row for each comparison, as a table or as JSON.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::turns::{Column, Samples};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
}

/// Series that were measured in turns.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Stays the same when the words change.
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) unit: String,
    pub(crate) turns: usize,
    pub(crate) ours: Series,
    /// The least that the same work can take, or our own work at its smallest.
    pub(crate) floor: Option<Beside>,
    /// Another program for the same purpose.
    pub(crate) peer: Option<Beside>,
    /// An older build of ours.
    pub(crate) before: Option<Beside>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Beside {
    pub(crate) what: String,
    pub(crate) series: Series,
    /// Ours divided by this.
    pub(crate) ratio: f64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Series {
    pub(crate) median: f64,
    pub(crate) lower_quartile: f64,
    pub(crate) upper_quartile: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Row {
    pub(crate) fn new(id: impl Into<String>, what: impl Into<String>, unit: &str, samples: &Samples) -> Self {
        let ours = samples.of(Column::Ours);
        let row_ours = Series::of(ours);
        let beside = |column: Column| {
            let values = samples.of(column);
            let series = Series::of(values);
            let ratio = rounded(row_ours.median / series.median);
            (!values.is_empty()).then(|| Beside { what: column.words().to_owned(), series, ratio })
        };
        Self {
            id: id.into(),
            what: what.into(),
            unit: unit.to_owned(),
            turns: ours.len(),
            ours: row_ours,
            floor: beside(Column::Floor),
            peer: beside(Column::Peer),
            before: beside(Column::Before),
        }
    }

    /// Says what the floor is.
    pub(crate) fn floor_is(mut self, what: &str) -> Self {
        if let Some(floor) = &mut self.floor {
            what.clone_into(&mut floor.what);
        }
        self
    }

    /// The times before the failure do not count: they may be of its kind.
    pub(crate) fn older_build_failed(&mut self, failure: &str) {
        self.before = None;
        let failure = failure.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        self.what = format!("{}; the older build failed ({failure})", self.what);
    }

    /// Says what the peer is.
    pub(crate) fn peer_is(mut self, what: &str) -> Self {
        if let Some(peer) = &mut self.peer {
            what.clone_into(&mut peer.what);
        }
        self
    }
}

impl Series {
    fn of(values: &[f64]) -> Self {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        let at = |nth: usize| values.get(nth).map_or(f64::NAN, |value| rounded(*value));
        let count = values.len();
        Self {
            median: at(count / 2),
            lower_quartile: at(count / 4),
            upper_quartile: at((3 * count / 4).min(count.saturating_sub(1))),
            least: at(0),
            most: at(count.saturating_sub(1)),
        }
    }

    fn text(&self, unit: &str) -> String {
        let number = |value: f64| {
            let places = usize::from(value < 100.0) + usize::from(value < 10.0);
            format!("{value:.places$}")
        };
        if self.least.total_cmp(&self.most).is_eq() {
            return format!("{} {unit}", number(self.median));
        }
        let (lower, upper) = (number(self.lower_quartile), number(self.upper_quartile));
        format!("{} {unit} ({lower} to {upper})", number(self.median))
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

impl Report {
    pub(crate) fn markdown(&self) -> String {
        let mut text = self.machine.sentences();
        text.push_str(
            "\nMedians, in parentheses the middle half of the runs; ours divided by the other.\n\n",
        );
        text.push_str("| what | runs | ours | floor | ratio | peer | ratio | before | ratio |\n");
        text.push_str("|---|---|---|---|---|---|---|---|---|\n");
        for row in &self.rows {
            let cells = |beside: &Option<Beside>, named: bool| match beside {
                Some(it) => {
                    let name = if named { format!(", {}", it.what) } else { String::new() };
                    format!("{}{name} | {:.2}", it.series.text(&row.unit), it.ratio)
                }
                None => "– | –".to_owned(),
            };
            let (floor, peer, before) =
                (cells(&row.floor, true), cells(&row.peer, true), cells(&row.before, false));
            let (what, runs, ours) = (&row.what, row.turns, row.ours.text(&row.unit));
            #[expect(clippy::unwrap_used, reason = "writing to a String cannot fail")]
            writeln!(text, "| {what} | {runs} | {ours} | {floor} | {peer} | {before} |").unwrap();
        }
        text
    }

    pub(crate) fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_else(|error| error.to_string())
    }
}
