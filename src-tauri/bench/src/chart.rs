//! The chart of the README, made from `figures.json`.

use std::fmt::Write as _;

use crate::table::{Beside, Report, Row};

pub(crate) const FIGURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/figures.json");
pub(crate) const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/chart.svg");

/// By their IDs. The bars of one unit have one scale.
const SHOWN: [&str; 6] =
    ["log-out-0", "log-out-50", "log-out-200", "log-in", "start-account", "memory-account"];

const WIDTH: f64 = 760.0;
const NAMES: f64 = 210.0;
/// Beside the longest bar, for its value.
const VALUES: f64 = 80.0;
const BAR: f64 = 13.0;
const HEAD: f64 = 54.0;
const TITLE: f64 = 24.0;

/// Light and dark as the reader's system is.
const STYLE: &str = "\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.small { font-size: 11px; fill: #59636e }
.title { font-weight: 600 }
.ours { fill: #2563eb } .floor { fill: #8c959f } .peer { fill: #d97706 } .before { fill: #93b4f5 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .small { fill: #9198a1 }
.ours { fill: #6ea8fe } .floor { fill: #6e7681 } .peer { fill: #e3a04f } .before { fill: #33538f }
}";

struct Bar<'a> {
    class: &'a str,
    name: &'a str,
    value: f64,
}

pub(crate) fn svg(report: &Report) -> String {
    let rows: Vec<_> = SHOWN.iter().filter_map(|id| report.rows.iter().find(|row| row.id == *id)).collect();
    let mut body = String::new();
    let mut y = HEAD;
    for row in &rows {
        let of_unit = rows.iter().filter(|it| it.unit == row.unit);
        let most = of_unit.flat_map(|it| bars(it)).map(|bar| bar.value).fold(0.0, f64::max);
        text(&mut body, (0.0, y + 14.0), "title", &row.what);
        y += TITLE;
        for Bar { class, name, value } in bars(row) {
            let width = (WIDTH - NAMES - VALUES) * value / most;
            text(&mut body, (0.0, y + 10.5), "small", name);
            push(
                &mut body,
                &format!(
                    "<rect class=\"{class}\" x=\"{NAMES}\" y=\"{y:.1}\" width=\"{width:.1}\" \
                     height=\"{:.0}\" rx=\"2\"/>",
                    BAR - 2.0
                ),
            );
            let label = format!("{value:.0} {}", row.unit);
            text(&mut body, (NAMES + width + 6.0, y + 10.5), "small", &label);
            y += BAR;
        }
        y += 12.0;
    }
    let mut head = String::new();
    text(&mut head, (0.0, 16.0), "title", "Userfront Accounts beside the floor, a peer and an older build");
    text(&mut head, (0.0, 34.0), "small", &report.machine.short());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-12 -6 {:.0} {:.0}\" role=\"img\">\n\
         <style>\n{STYLE}\n</style>\n{head}{body}</svg>\n",
        WIDTH + 24.0,
        y + 6.0
    )
}

fn bars(row: &Row) -> Vec<Bar<'_>> {
    let ours = Bar { class: "ours", name: "Userfront Accounts", value: row.ours.median };
    let bar = |class, beside: &'_ Option<Beside>, name| {
        let value = beside.as_ref()?.series.median;
        Some(Bar { class, name, value })
    };
    let floor = row.floor.as_ref().map_or("", |floor| &floor.what);
    let floor = if floor.len() > 34 { "the same work done bare" } else { floor };
    let beside = [
        bar("floor", &row.floor, floor),
        bar("peer", &row.peer, "Userfront's toolkit in Chromium"),
        bar("before", &row.before, "an older build of ours"),
    ];
    std::iter::once(ours).chain(beside.into_iter().flatten()).collect()
}

fn text(svg: &mut String, (x, y): (f64, f64), class: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    push(svg, &format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{words}</text>"));
}

#[expect(clippy::unwrap_used, reason = "writing to a String cannot fail")]
fn push(svg: &mut String, line: &str) {
    writeln!(svg, "{line}").unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_is_the_one_of_the_figures() {
        let report: Report = serde_json::from_str(&std::fs::read_to_string(FIGURES).unwrap()).unwrap();
        let chart = std::fs::read_to_string(CHART).unwrap();
        assert!(chart == svg(&report), "`cargo xtask bench --chart` makes it anew");
    }

    #[test]
    fn what_is_shown_is_among_the_figures() {
        let report: Report = serde_json::from_str(&std::fs::read_to_string(FIGURES).unwrap()).unwrap();
        let is_there = |id: &&str| report.rows.iter().any(|row| row.id == **id);
        assert!(SHOWN.iter().all(is_there));
    }
}
