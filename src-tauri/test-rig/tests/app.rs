//! The driver's edges that need no app: what is printed is caught, and an app that shows no window is ended.
//! The app itself is driven by the shell's end-to-end tests.

use std::{
    error::Error,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use test_rig::{App, KeyringDaemon, KeyringOptions, Presence, Programs};

type Outcome = Result<(), Box<dyn Error>>;

/// Where `cargo xtask` installs it: beside the folder that this test was built in.
fn tauri_driver() -> Result<PathBuf, Box<dyn Error>> {
    let test = std::env::current_exe()?;
    let installed = test.ancestors().nth(3).map(|target| target.join("tools/bin/tauri-driver"));
    Ok(installed.filter(|path| path.is_file()).ok_or("tauri-driver is missing: run `cargo xtask test`")?)
}

#[tokio::test]
async fn an_app_without_a_window_fails_with_its_output_and_leaves_no_process() -> Outcome {
    let keyring = KeyringDaemon::start(KeyringOptions {
        presence: Presence::NoDaemon,
        screen: Some((320, 200)),
        ..KeyringOptions::default()
    })?;
    let folder = keyring.environment().folder().to_owned();
    // A program of its own name, as the app is: processes are told by it.
    let app = folder.join("no-window");
    fs::copy("/bin/sh", &app)?;
    let programs = Programs { sandbox: app.clone(), app, tauri_driver: tauri_driver()? };
    let script = "echo on standard output; echo on standard error >&2; sleep 1; exit 3";
    let begin = Instant::now();
    let opened = App::open(&programs, &["-c", script], keyring.environment()).await;
    let message = opened.expect_err("it shows no window").to_string();
    assert!(message.contains("ended before"), "{message}");
    assert!(message.contains("on standard output") && message.contains("on standard error"), "{message}");
    assert!(begin.elapsed() < Duration::from_secs(40), "noticed by itself, not by a time limit");
    drop(keyring);
    assert!(!folder.exists());
    Ok(())
}
