//! Which crate and which file may use which: `shell → accounts ← {credential-store, userfront-client}`, and in
//! each crate from the top floor down, without a circle.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "architecture/files.rs"]
mod files;

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

const CRATES: [&str; 11] = [
    "accounts",
    "credential-store",
    "log-file",
    "loopback",
    "test-rig",
    "secret-service-store",
    "userfront-accounts",
    "userfront-client",
    "userfront-sandbox",
    "xtask",
    "userfront",
];

fn packages() -> Vec<Package> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap().packages
}

/// The dependencies of a crate, tests aside.
fn built_with(package: &Package) -> BTreeSet<String> {
    let ordinary = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
    ordinary.map(|dependency| dependency.name.clone()).collect()
}

#[test]
fn crates_use_only_crates_further_in() {
    for package in packages() {
        let name = package.name.to_string();
        let all = built_with(&package);
        let crates: BTreeSet<&str> =
            all.iter().map(String::as_str).filter(|name| CRATES.contains(name)).collect();
        let allowed: &[&str] = match name.as_str() {
            "accounts"
            | "log-file"
            | "loopback"
            | "secret-service-store"
            | "userfront-sandbox"
            | "test-rig"
            | "xtask" => &[],
            "credential-store" => &["accounts", "secret-service-store"],
            "userfront-client" => &["accounts"],
            "userfront-accounts" | "userfront" => {
                &["accounts", "credential-store", "log-file", "loopback", "userfront-client"]
            }
            other => panic!("{other} is a crate that this test does not know"),
        };
        assert!(crates.is_subset(&allowed.iter().copied().collect()), "{name} is built with {crates:?}");
    }
}

#[test]
fn the_domain_is_built_without_window_http_and_keyring() {
    let packages = packages();
    let foreign = |name: &str| {
        ["tauri", "wry", "reqwest", "hyper", "keyring", "zbus", "axum"]
            .iter()
            .any(|word| name.starts_with(word))
    };
    let of = |name: &str| built_with(packages.iter().find(|package| package.name.as_str() == name).unwrap());
    assert!(!of("accounts").iter().any(|name| foreign(name)));
    assert!(
        !of("credential-store").iter().any(|name| name.starts_with("tauri") || name.starts_with("reqwest"))
    );
    assert!(
        !of("userfront-client").iter().any(|name| name.starts_with("tauri") || name.starts_with("keyring"))
    );
    let tauri: Vec<_> = packages.iter().filter(|package| built_with(package).contains("tauri")).collect();
    assert_eq!(tauri.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(), ["userfront-accounts"]);
}

#[test]
fn only_ipc_ts_imports_tauri() {
    let ui = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src");
    let mut folders = vec![ui.clone()];
    let mut importers = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path).unwrap_or_default().contains("from '@tauri-apps")
                || std::fs::read_to_string(&path).unwrap_or_default().contains("from \"@tauri-apps")
            {
                importers.push(path.strip_prefix(&ui).unwrap().to_owned());
            }
        }
    }
    assert_eq!(importers, [std::path::Path::new("ipc.ts")]);
}

/// The floors of the domain, the lowest first. A file uses its own floor and those below it.
const DOMAIN: [&str; 12] = [
    "model",
    "ports",
    "storage",
    "base",
    "log_out",
    "session",
    "recovery",
    "log_in",
    "profile",
    "scheduler",
    "overview",
    "view",
];

/// The floors of the shell.
const SHELL: [&str; 8] = ["dto", "error", "system", "state", "views", "actions", "ipc", "start"];

#[test]
fn no_crate_has_a_circle_between_its_files() {
    let of = |package: &Package| {
        let circles = files::Files::read(&source_of(package)).circles();
        (!circles.is_empty()).then(|| format!("{}: {circles:#?}", package.name))
    };
    let circles: Vec<_> = packages().iter().filter_map(of).collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn files_use_only_floors_below_them() {
    let packages = packages();
    for (name, floors) in [("accounts", &DOMAIN[..]), ("userfront-accounts", &SHELL)] {
        let package = packages.iter().find(|package| package.name.as_str() == name).unwrap();
        let upward = files::Files::read(&source_of(package)).upward(floors);
        assert!(upward.is_empty(), "{name}: {upward:#?}");
    }
}

fn source_of(package: &Package) -> std::path::PathBuf {
    let target = package.targets.iter().find(|target| target.is_lib() || target.is_bin()).unwrap();
    target.src_path.parent().unwrap().into()
}

/// The string literals of a file, tests and comments aside.
fn literals(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("\\\"", "'").replace("'\"'", "");
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The window's words are the UI's, in one place: what crosses to it is codes. Only what has no window to say it
/// is a sentence here.
#[test]
fn the_shell_makes_no_sentence_for_the_window() {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src");
    let not_for_the_window = ["startup_checks.rs", "web_process.rs", "tests.rs"];
    let is_sentence = |literal: &String| {
        literal.starts_with(|c: char| c.is_ascii_uppercase() || c == '{')
            && literal.contains(' ')
            && literal.trim_end().ends_with(['.', '!', '?'])
    };
    let mut folders = vec![src.clone()];
    let mut said = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let sentences = literals(&std::fs::read_to_string(&path).unwrap());
            let sentences = sentences.into_iter().filter(is_sentence).map(|it| format!("{name}: {it}"));
            said.extend(sentences.filter(|_| !not_for_the_window.contains(&name.as_str())));
        }
    }
    assert_eq!(said, Vec::<String>::new());
}
