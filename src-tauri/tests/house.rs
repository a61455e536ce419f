//! The arrows of the house point inward: `shell → accounts ← {credential-store, userfront-client}`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

const ROOMS: [&str; 11] = [
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

/// What a room is built with, tests aside.
fn built_with(package: &Package) -> BTreeSet<String> {
    let ordinary = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
    ordinary.map(|dependency| dependency.name.clone()).collect()
}

#[test]
fn arrows_point_inward() {
    for package in packages() {
        let name = package.name.to_string();
        let all = built_with(&package);
        let rooms: BTreeSet<&str> =
            all.iter().map(String::as_str).filter(|name| ROOMS.contains(name)).collect();
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
            other => panic!("{other} is a room that the house does not know"),
        };
        assert!(rooms.is_subset(&allowed.iter().copied().collect()), "{name} is built with {rooms:?}");
    }
}

#[test]
fn the_domain_knows_no_window_no_http_and_no_keyring() {
    let packages = packages();
    let foreign = |name: &str| {
        ["tauri", "wry", "reqwest", "hyper", "keyring", "zbus", "axum"]
            .iter()
            .any(|word| name.starts_with(word))
    };
    let of = |room: &str| built_with(packages.iter().find(|package| package.name.as_str() == room).unwrap());
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

/// Every file in a folder and the folders in it, with its text.
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                return texts(&path);
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            vec![(path, text)]
        })
        .collect()
}

#[test]
fn only_one_file_of_the_ui_speaks_to_tauri() {
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

/// The window's words are in `ui/src/errors.ts`: what crosses to it is codes. `desktop.rs` speaks where there
/// is no window.
#[test]
fn the_shell_makes_no_sentence_for_the_window() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src");
    let is_sentence = |literal: &String| {
        literal.starts_with(|c: char| c.is_ascii_uppercase() || c == '{')
            && literal.contains(' ')
            && literal.trim_end().ends_with(['.', '!', '?'])
    };
    let of_window = |path: &Path| !path.ends_with("desktop.rs") && !path.ends_with("tests.rs");
    let texts = texts(&src).into_iter().filter(|(path, _)| of_window(path));
    let said = texts.flat_map(|(path, text)| {
        literals(&text).into_iter().filter(is_sentence).map(move |it| (path.clone(), it))
    });
    assert_eq!(said.collect::<Vec<_>>(), []);
}
