//! The rig's keyring, of either kind, seen by programs that are not ours: `secret-tool` and `dbus-send`.

use std::{
    error::Error,
    process::Output,
    time::{Duration, Instant},
};

use test_rig::{KeyringControl, KeyringDaemon, KeyringOptions, Presence, SecretServiceKind, enter};

type Outcome = Result<(), Box<dyn Error>>;

const SERVICE: &str = "rig.test";

/// The `Locked` property as `dbus-send` reads it, within two seconds.
fn dbus_send(keyring: &KeyringControl) -> std::io::Result<Output> {
    keyring
        .environment()
        .command("dbus-send")
        .args([
            "--session",
            "--print-reply=literal",
            "--reply-timeout=2000",
            "--dest=org.freedesktop.secrets",
        ])
        .args(["/org/freedesktop/secrets/collection/login", "org.freedesktop.DBus.Properties.Get"])
        .args(["string:org.freedesktop.Secret.Collection", "string:Locked"])
        .output()
}

fn others_see(keyring: &KeyringControl) -> std::io::Result<String> {
    let answer = String::from_utf8_lossy(&dbus_send(keyring)?.stdout).into_owned();
    Ok(answer.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `test` on a private keyring of each kind.
fn on_each(presence: Presence, test: impl Fn(&KeyringDaemon) -> Outcome) -> Outcome {
    for kind in SecretServiceKind::ALL {
        let keyring = KeyringDaemon::start((kind, presence))?;
        test(&keyring).map_err(|error| format!("{}: {error}", kind.program()))?;
        assert_eq!(keyring.kind(), kind);
    }
    Ok(())
}

/// The program of the daemon on the bus, as the kernel has it.
fn program(keyring: &KeyringControl) -> Result<String, Box<dyn Error>> {
    let pid = keyring.daemon_pid()?.ok_or("no daemon")?;
    Ok(std::fs::read_link(format!("/proc/{pid}/exe"))?.file_name().ok_or("no name")?.display().to_string())
}

#[test]
fn the_keyring_daemon_is_of_the_requested_kind() -> Outcome {
    on_each(Presence::Unlocked, |keyring| {
        assert_eq!(program(keyring)?, keyring.kind().program());
        Ok(())
    })?;
    let locked = KeyringDaemon::start((SecretServiceKind::Oo7, Presence::Locked))?;
    assert_eq!(program(&locked)?, "oo7-daemon");
    assert!(locked.is_locked()?);
    Ok(())
}

#[test]
fn stored_entries_are_found_and_a_lock_is_visible_to_other_clients() -> Outcome {
    on_each(Presence::Unlocked, stored_found_and_locked)
}

fn stored_found_and_locked(keyring: &KeyringDaemon) -> Outcome {
    assert_eq!(keyring.search(SERVICE)?, []);
    keyring.plant(SERVICE, "access.demo1234:u", &[], "s3cret = with spaces")?;
    let entries = keyring.search(SERVICE)?;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].user(), "access.demo1234:u");
    assert_eq!(entries[0].secret, "s3cret = with spaces");
    assert_eq!(keyring.search("another")?, []);

    assert_eq!(others_see(keyring)?, "variant boolean false");
    keyring.lock()?;
    assert!(keyring.is_locked()?);
    assert_eq!(others_see(keyring)?, "variant boolean true");
    assert!(keyring.search(SERVICE).is_err(), "secret-tool would unlock it");
    keyring.unlock()?;
    assert_eq!(others_see(keyring)?, "variant boolean false");
    assert_eq!(keyring.search(SERVICE)?.len(), 1);
    Ok(())
}

#[test]
fn a_killed_daemon_is_gone_and_its_entries_come_back_with_the_next() -> Outcome {
    on_each(Presence::Unlocked, killed_and_started_again)
}

fn killed_and_started_again(keyring: &KeyringDaemon) -> Outcome {
    keyring.plant(SERVICE, "one", &[], "kept")?;
    keyring.kill()?;
    assert_eq!(keyring.daemon_pid()?, None);
    assert!(keyring.is_locked().is_err());
    assert!(!dbus_send(keyring)?.status.success());
    keyring.restart_locked()?;
    assert_eq!(others_see(keyring)?, "variant boolean true");
    keyring.restart_unlocked()?;
    assert_eq!(keyring.search(SERVICE)?[0].secret, "kept");
    Ok(())
}

#[test]
fn a_stopped_daemon_keeps_its_name_and_answers_nothing() -> Outcome {
    on_each(Presence::Unlocked, stopped_and_continued)
}

fn stopped_and_continued(keyring: &KeyringDaemon) -> Outcome {
    keyring.stop()?;
    assert!(keyring.daemon_pid()?.is_some());
    assert!(!dbus_send(keyring)?.status.success());
    let begin = Instant::now();
    assert!(keyring.is_locked().is_err());
    assert!(begin.elapsed() < Duration::from_secs(10), "the rig's own questions have a limit");
    keyring.cont()?;
    assert!(!keyring.is_locked()?);
    Ok(())
}

#[test]
fn without_a_daemon_the_bus_activates_none() -> Outcome {
    let keyring = KeyringDaemon::start(KeyringOptions {
        presence: Presence::NoDaemon,
        activate: true,
        ..KeyringOptions::default()
    })?;
    let listed = keyring
        .environment()
        .command("secret-tool")
        .args(["search", "--all", "service", SERVICE])
        .output()?;
    assert!(!listed.status.success());
    assert_eq!(keyring.daemon_pid()?, None);
    Ok(())
}

#[test]
fn with_activation_a_killed_daemon_comes_back_locked() -> Outcome {
    for kind in SecretServiceKind::ALL {
        killed_and_activated(KeyringOptions { kind, activate: true, ..KeyringOptions::default() })?;
    }
    Ok(())
}

fn killed_and_activated(options: KeyringOptions) -> Outcome {
    let keyring = KeyringDaemon::start(options)?;
    let first = keyring.daemon_pid()?;
    keyring.kill()?;
    let woken = keyring
        .environment()
        .command("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
        .args(["org.freedesktop.Secret.Service.ReadAlias", "string:default"])
        .output()?;
    assert!(woken.status.success(), "{}", String::from_utf8_lossy(&woken.stderr));
    assert_ne!(keyring.daemon_pid()?, first);
    let begin = Instant::now();
    // It may own its name a moment before it has its collection.
    while keyring.is_locked().is_err() && begin.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(keyring.is_locked()?);
    Ok(())
}

#[test]
fn without_a_bus_nothing_answers() -> Outcome {
    let keyring = KeyringDaemon::start(Presence::NoBus)?;
    assert!(keyring.daemon_pid().is_err());
    assert!(!dbus_send(&keyring)?.status.success());
    Ok(())
}

#[test]
fn a_test_runs_inside_the_private_world() -> Outcome {
    let Some(keyring) = enter("a_test_runs_inside_the_private_world", Presence::Unlocked)? else {
        return Ok(());
    };
    // This process, not a child, is on the private bus.
    assert!(std::env::var("DBUS_SESSION_BUS_ADDRESS")?.contains("userfront-rig-"));
    assert!(std::env::var("HOME")?.contains("userfront-rig-"));
    keyring.plant(SERVICE, "inside", &[], "x")?;
    assert_eq!(keyring.search(SERVICE)?.len(), 1);
    keyring.lock()?;
    assert!(keyring.is_locked()?);
    keyring.kill()?;
    keyring.restart_unlocked()?;
    assert_eq!(keyring.search(SERVICE)?.len(), 1);
    Ok(())
}

#[test]
fn a_test_that_fails_inside_fails_outside() -> Outcome {
    // Inside, the name is the one given to `enter`: this test, which then panics there.
    if std::env::var_os("TEST_RIG_INSIDE").is_some() {
        let entered = enter("a_test_that_fails_inside_fails_outside", Presence::Unlocked)?;
        assert!(entered.is_none(), "inside, as planned");
    }
    let failed = enter("a_test_that_fails_inside_fails_outside", Presence::Unlocked);
    assert!(failed.is_err_and(|error| error.to_string().contains("inside, as planned")));
    let missing = enter("no_such_test", Presence::NoBus);
    assert!(missing.is_err_and(|error| error.to_string().contains("no test named")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keyring_asks_on_the_private_screen() -> Outcome {
    let keyring = KeyringDaemon::start(KeyringOptions {
        presence: Presence::Unlocked,
        screen: Some((800, 600)),
        ..KeyringOptions::default()
    })?;
    keyring.plant(SERVICE, "one", &[], "behind the lock")?;
    keyring.lock()?;
    let screen = keyring.screen().expect("asked for");
    let before = screen.count_windows().await?;
    let mut asking = keyring
        .environment()
        .command("secret-tool")
        .args(["search", "--all", "--unlock", "service", SERVICE])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()?;
    let answered = screen.answer_dialog(before, keyring.password(), async || Ok(!keyring.is_locked()?)).await;
    if answered.is_err() {
        // It would wait for ever.
        asking.kill()?;
    }
    asking.wait()?;
    answered?;
    assert!(!keyring.is_locked()?);
    Ok(())
}
