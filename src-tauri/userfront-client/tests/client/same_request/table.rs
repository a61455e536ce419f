use std::fmt::Write as _;

use accounts::model::text::clean;
use sandbox::RecordedRequest;

use super::{Action, Explained};
use crate::support::payload;

const HEADERS: [&str; 5] = ["content-type", "origin", "x-origin", "x-application-id", "x-userfront-source"];

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    field: &'static str,
    official: String,
    ours: String,
}

pub(super) struct Row {
    official: String,
    ours: String,
    /// The compared requests: `GET /v0/self`, …
    requests: String,
    is_compared_by_url: bool,
    differences: Vec<Difference>,
}

/// Differences without an explanation, and explanations without a difference.
pub(super) fn faults(rows: &[Row], explained: &[Explained]) -> Vec<String> {
    let mut faults = Vec::new();
    for row in rows {
        for difference in &row.differences {
            if !explained.iter().any(|one| explains(one, &row.official, difference)) {
                faults.push(tell(row, difference, explained));
            }
        }
    }
    for one in explained {
        // An explanation for every action applies to each that sent something.
        let concerned =
            |row: &&Row| one.action.map_or(!row.requests.is_empty(), |action| action == row.official);
        let is_needed = |row: &&Row| row.differences.iter().any(|found| explains(one, &row.official, found));
        let idle: Vec<_> = rows.iter().filter(concerned).filter(|row| !is_needed(row)).collect();
        if rows.iter().filter(concerned).count() == 0 || !idle.is_empty() {
            let actions: Vec<_> = idle.iter().map(|row| row.official.as_str()).collect();
            faults.push(format!("explains nothing in {actions:?}: {}: {}", one.field, one.why));
        }
    }
    faults
}

fn explains(explanation: &Explained, action: &str, difference: &Difference) -> bool {
    explanation.action.is_none_or(|of| of == action)
        && (explanation.field, explanation.official, explanation.ours)
            == (difference.field, difference.official.as_str(), difference.ours.as_str())
}

pub(super) fn compare(official: &Action, ours: &Action) -> Row {
    for action in [official, ours] {
        for (name, secret) in &action.secrets {
            let occurs = |request: &RecordedRequest| request.body.contains(secret);
            let is_in_url = action.url.as_ref().is_some_and(|url| url.contains(secret));
            assert!(
                !secret.is_empty() && (is_in_url || action.requests.iter().any(occurs)),
                "{name} is nowhere"
            );
        }
    }
    let lines = |action: &Action| action.requests.iter().map(line).collect::<Vec<_>>().join(", ");
    let (official_lines, our_lines) = (lines(official), lines(ours));
    let mut differences = Vec::new();
    let mut differ = |field: &'static str, official: String, ours: String| {
        if official != ours {
            differences.push(Difference { field, official, ours });
        }
    };
    let same_number = official.requests.len() == ours.requests.len();
    differ("requests", official_lines.clone(), our_lines);
    if same_number {
        for (theirs, own) in official.requests.iter().zip(&ours.requests) {
            differ("query", theirs.query.clone(), own.query.clone());
            differ("body", hide(&theirs.body, official), hide(&own.body, ours));
            differ("authorization", authorization(theirs), authorization(own));
            for name in HEADERS {
                let value = |request: &RecordedRequest| request.header(name).unwrap_or("-").to_owned();
                differ(name, value(theirs), value(own));
            }
        }
    }
    let url = |action: &Action| hide(action.url.as_deref().unwrap_or("-"), action);
    // Only the built address is compared; where a page goes after a log-in is not.
    let is_compared_by_url = ours.url.is_some();
    if is_compared_by_url {
        differ("url", url(official), url(ours));
    }
    Row {
        official: official.official.clone(),
        ours: ours.ours.clone(),
        requests: if same_number { official_lines } else { String::new() },
        is_compared_by_url,
        differences,
    }
}

fn line(request: &RecordedRequest) -> String {
    format!("{} {}", request.method, request.path)
}

/// Replaces what differs between runs by placeholders.
fn hide(text: &str, action: &Action) -> String {
    action.secrets.iter().fold(text.to_owned(), |text, (name, secret)| text.replace(secret, name))
}

fn authorization(request: &RecordedRequest) -> String {
    let Some(value) = request.header("authorization") else { return "-".to_owned() };
    let (scheme, token) = value.split_once(' ').unwrap();
    let kind = match payload(token) {
        None if token.starts_with("uf_") => "first-factor token",
        Some(claims) if claims["type"] == "refresh" => "refresh token",
        Some(claims) if claims["authorization"].is_object() => "access token",
        other => panic!("a token of no known kind: {other:?}"),
    };
    format!("{scheme} {kind}")
}

/// The table as Markdown. Explanations for every action follow it, once.
pub(super) fn print(rows: &[Row], explained: &[Explained]) -> String {
    let of_all: Vec<_> = explained.iter().filter(|one| one.action.is_none()).collect();
    let mut table = String::from(
        "| official client | our client | what was compared | same request | differences |\n\
         |---|---|---|---|---|\n",
    );
    for row in rows {
        let mut notes: Vec<String> = Vec::new();
        let mut is_same = true;
        for difference in &row.differences {
            let note = of_all.iter().position(|one| explains(one, &row.official, difference));
            is_same &= note.is_some();
            notes.push(note.map_or_else(|| tell(row, difference, explained), |at| format!("[{}]", at + 1)));
        }
        notes.dedup();
        let mut compared = vec![row.requests.as_str()];
        compared.extend(row.is_compared_by_url.then_some("the URL for the browser"));
        compared.retain(|part| !part.is_empty());
        let (official, ours, same) = (&row.official, &row.ours, if is_same { "yes" } else { "no" });
        let (compared, notes) = (compared.join(" and "), notes.join("; "));
        writeln!(table, "| `{official}` | `{ours}` | {compared} | {same} | {notes} |").unwrap();
    }
    for (at, Explained { field, official, ours, why, .. }) in of_all.iter().enumerate() {
        writeln!(table, "\n[{}] {field}: {official} / {ours} ({why})", at + 1).unwrap();
    }
    table
}

fn tell(row: &Row, difference: &Difference, explained: &[Explained]) -> String {
    let why = explained.iter().find(|one| explains(one, &row.official, difference));
    let Difference { field, official, ours } = difference;
    match why {
        Some(one) => clean(&format!("{field}: {official} / {ours} ({})", one.why)),
        None => clean(&format!("{}: {field}: {official} / {ours} (not explained)", row.official)),
    }
}
