//! A world leaves no process and no folder behind, however its test ends.

use std::{
    error::Error,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use test_rig::{KeyringDaemon, KeyringOptions, Presence};

type Outcome = Result<(), Box<dyn Error>>;

/// Processes that carry the world's marker, found by `grep`, not by the rig.
fn left_of(folder: &Path) -> std::io::Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let hit = Command::new("grep")
            .args(["-qsF", &format!("TEST_RIG_WORLD={}", folder.display())])
            .arg(format!("/proc/{pid}/environ"))
            .status()?;
        if hit.success() {
            found.push(pid);
        }
    }
    Ok(found)
}

#[test]
fn nothing_is_left_after_the_end() -> Outcome {
    let keyring =
        KeyringDaemon::start(KeyringOptions { screen: Some((320, 200)), ..KeyringOptions::default() })?;
    let folder = keyring.environment().folder().to_owned();
    // A grandchild in a session of its own, which no process group reaches.
    let daemonised = keyring.environment().command("setsid").args(["--fork", "sleep", "600"]).status()?;
    assert!(daemonised.success());
    assert!(left_of(&folder)?.len() >= 3, "bus, daemon and the grandchild");
    drop(keyring);
    assert_eq!(left_of(&folder)?, Vec::<u32>::new());
    assert!(!folder.exists());
    Ok(())
}

#[test]
fn nothing_is_left_after_a_panic() {
    let folder = std::sync::Mutex::new(None);
    let panicked = std::panic::catch_unwind(|| {
        let keyring = KeyringDaemon::start(Presence::Unlocked).unwrap();
        *folder.lock().unwrap() = Some(keyring.environment().folder().to_owned());
        panic!("a test's assertion fails");
    });
    assert!(panicked.is_err());
    let folder = folder.into_inner().unwrap().expect("the keyring had started");
    assert_eq!(left_of(&folder).unwrap(), Vec::<u32>::new());
    assert!(!folder.exists());
}

#[test]
fn nothing_is_left_when_the_test_itself_is_killed() -> Outcome {
    if let Ok(report) = std::env::var("RIG_TEST_REPORT") {
        let keyring = KeyringDaemon::start(Presence::Unlocked)?;
        let written = format!("{report}.part");
        std::fs::write(&written, keyring.environment().folder().to_string_lossy().as_bytes())?;
        std::fs::rename(written, report)?;
        std::thread::sleep(Duration::from_mins(10));
    }
    let here = tempfile::tempdir()?;
    let report = here.path().join("folder");
    let mut doomed = Command::new(std::env::current_exe()?)
        .args(["nothing_is_left_when_the_test_itself_is_killed", "--exact"])
        .env("RIG_TEST_REPORT", &report)
        .spawn()?;
    let begin = Instant::now();
    while !report.exists() && begin.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_millis(20));
    }
    doomed.kill()?;
    doomed.wait()?;
    let folder = std::fs::read_to_string(&report)?;
    let folder = Path::new(&folder);
    let begin = Instant::now();
    while folder.exists() && begin.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!folder.exists());
    assert_eq!(left_of(folder)?, Vec::<u32>::new());
    Ok(())
}
