//! How long each test binary took: cargo's and its tests' output, passed on line by line, with a clock beside
//! it.

use std::{
    io::{self, BufRead, BufReader},
    time::{Duration, Instant},
};

use crate::{
    shell::{END, say},
    steps::seconds,
};

/// The output of a run of `cargo test` so far.
#[derive(Debug, Default)]
pub(crate) struct Suites {
    done: Vec<(String, Duration)>,
    running: Option<(String, Instant)>,
    passed: u64,
    failed: u64,
}

impl Suites {
    /// Passes everything on, to its end.
    pub(crate) fn listen(output: impl io::Read) -> io::Result<Self> {
        let mut suites = Self::default();
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        // Later output of a program that was left behind belongs to no suite.
        while output.read_until(b'\n', &mut line)? > 0 && !line.ends_with(END) {
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\r', '\n']);
            say(text);
            suites.hear(text, Instant::now());
            line.clear();
        }
        suites.end(Instant::now());
        Ok(suites)
    }

    fn hear(&mut self, line: &str, now: Instant) {
        let plain = without_colours(line);
        if let Some(name) = suite(plain.trim_start()) {
            self.end(now);
            self.running = Some((name, now));
        } else if let Some(result) = plain.strip_prefix("test result: ") {
            self.passed += count(result, "passed");
            self.failed += count(result, "failed");
        }
    }

    fn end(&mut self, now: Instant) {
        if let Some((name, begin)) = self.running.take() {
            self.done.push((name, now.duration_since(begin)));
        }
    }

    /// The longest first; the last line is the sum of what passed and failed.
    pub(crate) fn report(mut self) -> Vec<String> {
        self.done.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
        let line = |(name, took): &(String, Duration)| format!("    {:>12}  {name}", seconds(*took));
        let sum = format!("{} passed, {} failed", self.passed, self.failed);
        self.done.iter().map(line).chain([sum]).collect()
    }
}

/// `life (tests/life/main.rs)` of `Running tests/life/main.rs (target/debug/deps/life-16948fcb75d71641)`.
fn suite(line: &str) -> Option<String> {
    if let Some(package) = line.strip_prefix("Doc-tests ") {
        return Some(format!("{package} (doc-tests)"));
    }
    let (source, binary) = line.strip_prefix("Running ")?.strip_suffix(')')?.rsplit_once(" (")?;
    let file = binary.rsplit(['/', '\\']).next()?;
    let name = file.rsplit_once('-').map_or(file, |(name, _hash)| name);
    Some(format!("{name} ({source})"))
}

fn count(result: &str, what: &str) -> u64 {
    let of_what = result.split(';').find_map(|part| part.trim().strip_suffix(what));
    of_what.and_then(|part| part.trim().rsplit(' ').next()?.parse().ok()).unwrap_or_default()
}

fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = escape.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_suite_has_its_time_and_the_last_line_is_the_sum() {
        let begin = Instant::now();
        let at = |second| begin + Duration::from_secs(second);
        let mut suites = Suites::default();
        for (second, line) in [
            (0, "   Compiling accounts v0.1.0"),
            (10, "\u{1b}[1m\u{1b}[32m     Running\u{1b}[0m unittests src/lib.rs (target/debug/accounts-1f)"),
            (11, "test result: ok. 64 passed; 0 failed; 0 ignored; 0 measured; finished in 0.24s"),
            (12, "     Running tests/life/main.rs (target/debug/deps/life-16948fcb75d71641)"),
            (30, "test result: FAILED. 167 passed; 1 failed; 0 ignored; 0 measured; finished in 18.4s"),
            (31, "   Doc-tests accounts"),
        ] {
            suites.hear(line, at(second));
        }
        suites.end(at(33));
        let expected = [
            "          19.0 s  life (tests/life/main.rs)",
            "           2.0 s  accounts (unittests src/lib.rs)",
            "           2.0 s  accounts (doc-tests)",
            "231 passed, 1 failed",
        ];
        assert_eq!(suites.report(), expected);
    }
}
