//! Which crate and which file may use which: `shell → accounts ← {credential-store, userfront-client}`, and
//! in each crate from the top floor down, without a circle.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "architecture/files.rs"]
mod files;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/planted.rs"]
mod planted;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

const CRATES: [&str; 12] = [
    "accounts",
    "credential-store",
    "folder-watch",
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
            | "blank-app"
            | "xtask" => &[],
            "bench" => &["test-rig"],
            "credential-store" => &["accounts", "secret-service-store"],
            "folder-watch" | "userfront-client" => &["accounts"],
            "userfront-accounts" | "userfront" => {
                &["accounts", "credential-store", "folder-watch", "log-file", "loopback", "userfront-client"]
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
    let tauri: BTreeSet<_> = tauri.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(tauri, BTreeSet::from(["blank-app", "userfront-accounts"]));
}

/// Every file in a folder and the folders in it, with its text.
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let ours = |path: &PathBuf| !path.ends_with("node_modules") && !path.ends_with("target");
    paths
        .filter(ours)
        .flat_map(|path| {
            if path.is_dir() {
                return texts(&path);
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            vec![(path, text)]
        })
        .collect()
}

/// The lines of Rust below `src-tauri` that are wider than 110 columns.
fn wide_lines(folder: &str) -> Vec<(PathBuf, String)> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri").join(folder);
    let files = texts(&sources).into_iter().filter(|(path, _)| path.extension().is_some_and(|it| it == "rs"));
    let wide = files.flat_map(|(path, text)| {
        let wide = text.lines().filter(|line| line.chars().count() > 110);
        wide.map(|line| (path.clone(), line.to_owned())).collect::<Vec<_>>()
    });
    wide.collect()
}

#[test]
fn comments_are_at_most_110_columns_wide() {
    let mut wide = wide_lines("");
    wide.retain(|(_, line)| line.trim_start().starts_with("//"));
    assert_eq!(wide, []);
}

#[test]
fn all_lines_of_the_domain_are_at_most_110_columns_wide() {
    assert_eq!(wide_lines("accounts"), []);
}

#[test]
fn only_ipc_ts_imports_tauri() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src");
    let speaks = |text: &str| text.contains("from '@tauri-apps") || text.contains("from \"@tauri-apps");
    let speakers: Vec<_> =
        texts(&ui).into_iter().filter(|(_, text)| speaks(text)).map(|(path, _)| path).collect();
    assert_eq!(speakers, [ui.join("ipc.ts")]);
}

/// The string literals of a file, tests and comments aside.
fn literals(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("\\\"", "'").replace("'\"'", "");
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The window's words are in `ui/src/words`; codes cross to it. These files speak where there is no page.
#[test]
fn the_shell_makes_no_sentence_for_the_window() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src");
    let is_sentence = |literal: &String| {
        literal.starts_with(|c: char| c.is_ascii_uppercase() || c == '{')
            && literal.contains(' ')
            && literal.trim_end().ends_with(['.', '!', '?'])
    };
    let without_page = ["startup_checks.rs", "web_process.rs", "views/news.rs", "views/tray.rs", "tests.rs"];
    let of_window = |path: &Path| !without_page.iter().any(|name| path.ends_with(name));
    let texts = texts(&src).into_iter().filter(|(path, _)| of_window(path));
    let said = texts.flat_map(|(path, text)| {
        literals(&text).into_iter().filter(is_sentence).map(move |it| (path.clone(), it))
    });
    assert_eq!(said.collect::<Vec<_>>(), []);
}

/// The floors of the domain, the lowest first. A file uses its own floor and those below it.
const DOMAIN: [&str; 11] = [
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
    // At least so many uses are found; a test that reads too little finds no fault.
    for (name, floors, least) in [("accounts", &DOMAIN[..], 700), ("userfront-accounts", &SHELL, 180)] {
        let package = packages.iter().find(|package| package.name.as_str() == name).unwrap();
        let files = files::Files::read(&source_of(package));
        let upward = files.upward(floors);
        assert!(upward.is_empty(), "{name}: {upward:#?}");
        assert!(files.edges() >= least, "{name}: {}", files.edges());
    }
}

fn source_of(package: &Package) -> std::path::PathBuf {
    let target = package.targets.iter().find(|target| target.is_lib() || target.is_bin()).unwrap();
    target.src_path.parent().unwrap().into()
}
