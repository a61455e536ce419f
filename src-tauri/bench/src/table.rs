//! A row for each comparison, as a table or as JSON.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

/// Two series that were measured in turns.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    what: String,
    /// What it is compared with.
    beside: &'static str,
    /// `ms` or `MB`.
    unit: &'static str,
    ours: Series,
    theirs: Series,
    ratio: f64,
}

#[derive(Debug, Serialize)]
struct Series {
    median: f64,
    least: f64,
    most: f64,
}

impl Row {
    pub(crate) fn of_times(
        what: impl Into<String>,
        beside: &'static str,
        pairs: &[(Duration, Duration)],
    ) -> Self {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let pairs: Vec<_> = pairs.iter().map(|(ours, theirs)| (ms(*ours), ms(*theirs))).collect();
        Self::of(what, beside, "ms", &pairs)
    }

    pub(crate) fn of(
        what: impl Into<String>,
        beside: &'static str,
        unit: &'static str,
        pairs: &[(f64, f64)],
    ) -> Self {
        let (ours, theirs): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
        let (ours, theirs) = (Series::of(ours), Series::of(theirs));
        let ratio = ours.median / theirs.median;
        Self { what: what.into(), beside, unit, ours, theirs, ratio }
    }
}

impl Series {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |nth: usize| values.get(nth).copied().unwrap_or(f64::NAN);
        Self { median: at(values.len() / 2), least: at(0), most: at(values.len().saturating_sub(1)) }
    }
}

pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut text = "| what | median (least to most) | beside | median (least to most) | ratio |\n".to_owned();
    text.push_str("|---|---|---|---|---|\n");
    for Row { what, beside, unit, ours, theirs, ratio } in rows {
        let series = |it: &Series| format!("{:.1} ({:.1} to {:.1}) {unit}", it.median, it.least, it.most);
        let (ours, theirs) = (series(ours), series(theirs));
        #[expect(clippy::unwrap_used, reason = "writing to a String cannot fail")]
        writeln!(text, "| {what} | {ours} | {beside} | {theirs} | {ratio:.2} |").unwrap();
    }
    text
}

pub(crate) fn json(rows: &[Row]) -> String {
    serde_json::to_string_pretty(rows).unwrap_or_else(|error| error.to_string())
}
