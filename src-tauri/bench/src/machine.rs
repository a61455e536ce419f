//! Where it was measured, and what.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};
use test_rig::RigError;

use crate::stage::unexpected;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Machine {
    day: String,
    cores: usize,
    processor: String,
    memory_gb: f64,
    distribution: String,
    keyring: String,
    webkit: String,
    chromium: String,
    /// Of the sources that the bench was built from.
    commit: String,
    profile: String,
    before: Option<String>,
}

impl Machine {
    pub(crate) fn read(before: Option<&str>) -> Result<Self, RigError> {
        let file = |path: &str| fs::read_to_string(path).map_err(|error| unexpected(&error.to_string()));
        let (processors, memory) = (file("/proc/cpuinfo")?, file("/proc/meminfo")?);
        let processor = value(&processors, "model name", ':').unwrap_or("unknown").to_owned();
        let kilobytes = value(&memory, "MemTotal", ':').and_then(|it| it.strip_suffix(" kB")?.parse().ok());
        let release = file("/etc/os-release")?;
        let distribution = value(&release, "PRETTY_NAME", '=').unwrap_or("unknown").trim_matches('"');
        let folder = env!("CARGO_MANIFEST_DIR");
        let changed = printed("git", &["-C", folder, "status", "--porcelain"]);
        let changed = if changed.is_empty() { "" } else { ", with changes" };
        let commit = printed("git", &["-C", folder, "rev-parse", "--short=10", "HEAD"]);
        let webkit = ["--show", "--showformat=${Version}", "libwebkit2gtk-4.1-0"];
        Ok(Self {
            day: printed("date", &["+%Y-%m-%d"]),
            cores: processors.lines().filter(|line| line.starts_with("processor")).count(),
            processor,
            memory_gb: kilobytes.map_or(0.0, |kilobytes: f64| (kilobytes / 104_857.6).round() / 10.0),
            distribution: distribution.to_owned(),
            keyring: printed("gnome-keyring-daemon", &["--version"]),
            webkit: printed("dpkg-query", &webkit),
            chromium: printed("chromium", &["--version"]),
            commit: format!("{commit}{changed}"),
            profile: profile().join(", "),
            before: before.map(str::to_owned),
        })
    }

    pub(crate) fn short(&self) -> String {
        let Self { day, cores, processor, distribution, commit, .. } = self;
        format!("Medians, {day}, commit {commit}: {cores} cores of {processor}, {distribution}")
    }

    pub(crate) fn sentences(&self) -> String {
        let Self { day, cores, processor, memory_gb, distribution, keyring, webkit, chromium, .. } = self;
        let Self { commit, profile, before, .. } = self;
        let before = before.as_ref().map_or(String::new(), |name| format!(" *Before* is {name}."));
        format!(
            "{day}: {cores} cores of {processor}, {memory_gb} GB, {distribution}, {keyring}, WebKitGTK \
             {webkit}, {chromium}. Commit {commit}; release profile: {profile}.{before}\n"
        )
    }
}

/// The settings of the release profile.
fn profile() -> Vec<&'static str> {
    let manifest = include_str!("../../../Cargo.toml");
    let lines = manifest.lines().skip_while(|line| *line != "[profile.release]").skip(1);
    lines.take_while(|line| !line.is_empty()).collect()
}

fn value<'a>(text: &'a str, name: &str, separator: char) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(separator)?;
        (key.trim() == name).then_some(value.trim())
    })
}

/// The first line that a program prints; `unknown` without the program.
fn printed(program: &str, arguments: &[&str]) -> String {
    let Ok(output) = Command::new(program).args(arguments).output() else { return "unknown".to_owned() };
    String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().trim().to_owned()
}
