//! `watch`: what is now, then each change by another run, and nothing sent to a server.

use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use test_rig::RigError;

use crate::conversation::Conversation;
use crate::machine::{Machine, PROGRAM, SERVICE, signal};

/// The next object.
fn event(talk: &mut Conversation) -> Value {
    let line = talk.hears_after("{");
    serde_json::from_str(&format!("{{{line}")).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// The next object of this kind, and no other before it.
#[track_caller]
fn is_told(talk: &mut Conversation, kind: &str) -> Value {
    let event = event(talk);
    assert_eq!(event["event"], kind, "{event}");
    assert!(event["at"].as_i64().is_some_and(|at| at > 1_700_000_000), "{event}");
    event
}

/// With standard error among the output.
fn begin_with_errors(machine: &Machine) -> Conversation {
    let mut command = machine.environment.command("sh");
    Conversation::on_terminal(command.args(["-c", "exec \"$@\" 2>&1", "sh", PROGRAM, "watch", "--json"]))
}

fn begin(machine: &Machine, arguments: &[&str]) -> Conversation {
    let mut command = machine.environment.command(PROGRAM);
    Conversation::on_terminal(command.args(arguments))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_an_object() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let mut talk = begin(&machine, &["watch", "--json"]);
    let now = is_told(&mut talk, "now");
    assert_eq!((&now["accounts"], &now["active"], &now["pending"]), (&json!([]), &json!(null), &json!([])));
    assert_eq!(now["keyring"], json!({"name": "GNOME Keyring", "status": "ok"}));

    let admin = machine.log_in("admin@example.com").exits(0).json()["account"]["id"].clone();
    assert_eq!(is_told(&mut talk, "loggedIn")["account"]["id"], admin);
    assert_eq!(is_told(&mut talk, "active")["account"], admin);

    machine.change_registry(|registry| registry["accounts"][0]["signedOutByServer"] = json!(true));
    let ended = is_told(&mut talk, "health");
    assert_eq!((&ended["account"], &ended["health"]), (&admin, &json!("signedOutByServer")));
    machine.change_registry(|registry| registry["accounts"][0]["signedOutByServer"] = json!(false));
    assert_eq!(is_told(&mut talk, "health")["health"], "ok");

    machine.keyring.lock()?;
    assert_eq!(is_told(&mut talk, "keyring")["status"], "locked");
    machine.keyring.unlock()?;
    assert_eq!(is_told(&mut talk, "keyring")["status"], "ok");

    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    machine.run(&["log-out"]).exits(5);
    // The account is leaving for a moment, which may be seen or not.
    let mut seen = Vec::new();
    while !["active", "loggedOut", "pendingQueued"]
        .iter()
        .all(|kind| seen.iter().any(|it: &Value| it["event"] == *kind))
    {
        seen.push(event(&mut talk));
    }
    let of = |kind: &str| seen.iter().find(|it| it["event"] == kind).unwrap();
    assert_eq!(of("loggedOut")["account"], admin);
    assert_eq!(of("active")["account"], json!(null));
    let id = &of("pendingQueued")["pending"]["id"];
    machine.sandbox.set_faults(&json!([])).await?;
    machine.run(&["pending", "--retry"]).exits(0);
    assert_eq!(&is_told(&mut talk, "pendingResolved")["id"], id);
    signal("TERM", talk.process());
    let ran = talk.ends().exits(143);
    assert!(!ran.out.contains("eyJ") && ran.err.is_empty(), "{}", ran.err);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_a_line_and_the_pipe_ends_it_quietly() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.log_in("member@example.com").exits(0);
    let mut talk = begin(&machine, &["watch"]);
    talk.hears("  Alva Admin");
    talk.hears("* ");
    talk.hears("Keyring: GNOME Keyring (ok)\n");
    machine.run(&["switch", "admin@example.com"]).exits(0);
    talk.hears("Active: Alva Admin");
    machine.run(&["log-out", "member@example.com"]).exits(0);
    talk.hears("Logged out: ");
    signal("TERM", talk.process());
    talk.ends().exits(143);
    // The reader goes after the first line, and nothing changes any more.
    let ran = machine.run_in_shell("{ \"$@\"; echo \"it was $?\" >&2; } | head -n 1", &["watch"]).exits(0);
    assert_eq!((ran.err.as_str(), ran.out.lines().count()), ("it was 0\n", 1), "{}", ran.out);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sends_nothing_to_a_server_and_changes_nothing() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    machine.run(&["log-out"]).exits(5);
    machine.log_in("member@example.com").exits(0);
    // Due for a retry and for a refresh, and a log-out that was cut off.
    machine.change_registry(|registry| {
        registry["pending"][0]["lastTry"] = json!(1_000_000_000);
        registry["pending"][0]["nextTry"] = json!(1_000_000_000);
        registry["accounts"][0]["refreshAt"] = json!(1_000_000_000);
        registry["accounts"][0]["phase"] = json!("leaving");
    });
    let before = std::fs::read(machine.home.join("accounts.json")).unwrap();
    let calls = machine.sandbox.requests().await?.len();
    let mut talk = begin(&machine, &["watch"]);
    talk.hears("log-out not finished");
    talk.hears("Pending at Userfront: ");
    // Two looks at the keyring later.
    machine.keyring.lock()?;
    talk.hears("(locked)");
    machine.keyring.unlock()?;
    talk.hears("(ok)");
    signal("TERM", talk.process());
    talk.ends().exits(143);
    assert_eq!(machine.sandbox.requests().await?.len(), calls);
    assert_eq!(std::fs::read(machine.home.join("accounts.json")).unwrap(), before);
    assert_eq!(machine.keyring.search(SERVICE)?.len(), 3);
    Ok(())
}

#[test]
fn a_health_that_changes_by_the_clock_is_told() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let soon = UNIX_EPOCH.elapsed().unwrap().as_secs() + 5;
    machine.change_registry(|registry| {
        for moment in ["accessExpiresAt", "accessExpiresHereAt"] {
            registry["accounts"][0][moment] = json!(soon);
        }
    });
    let mut talk = begin(&machine, &["watch", "--json"]);
    assert_eq!(is_told(&mut talk, "now")["accounts"][0]["health"], "ok");
    assert_eq!(is_told(&mut talk, "health")["health"], "expired");
    signal("TERM", talk.process());
    talk.ends().exits(143);
    Ok(())
}

#[test]
fn a_list_that_cannot_be_read_is_told_and_logs_nobody_out() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let mut talk = begin_with_errors(&machine);
    is_told(&mut talk, "now");
    machine.make_unwritable();
    let whole = std::fs::read(machine.home.join("accounts.json")).unwrap();
    std::fs::write(machine.home.join("accounts.json"), "{").unwrap();
    talk.hears("userfront: The account list cannot be written: ");
    std::fs::write(machine.home.join("accounts.json"), whole).unwrap();
    machine.change_registry(|registry| registry["accounts"][0]["signedOutByServer"] = json!(true));
    is_told(&mut talk, "health");
    signal("TERM", talk.process());
    let ran = talk.ends().exits(143);
    assert!(!ran.out.contains("loggedOut"), "{}", ran.out);
    assert_eq!(ran.out.matches("cannot be written").count(), 1, "it is said once: {}", ran.out);
    Ok(())
}

#[test]
fn a_list_that_can_be_read_again_is_read_without_a_change() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let mut talk = begin_with_errors(&machine);
    is_told(&mut talk, "now");
    let last_good = machine.home.join("accounts.last-good.json");
    let mut registry: Value = serde_json::from_slice(&std::fs::read(&last_good).unwrap()).unwrap();
    registry["accounts"][0]["signedOutByServer"] = json!(true);
    std::fs::write(&last_good, registry.to_string()).unwrap();
    machine.make_unwritable();
    std::fs::write(machine.home.join("accounts.json"), "{").unwrap();
    talk.hears("userfront: The account list cannot be written: ");
    // A lock is no change.
    machine.make_writable();
    assert_eq!(is_told(&mut talk, "health")["health"], "signedOutByServer");
    signal("TERM", talk.process());
    talk.ends().exits(143);
    Ok(())
}

#[test]
fn a_folder_that_is_removed_moved_or_replaced_ends_it_with_an_error() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let moved = machine.environment.folder().join("moved");
    let remove = || std::fs::remove_dir_all(&machine.home).unwrap();
    let rename = || std::fs::rename(&machine.home, &moved).unwrap();
    let replace = || {
        std::fs::rename(&machine.home, machine.environment.folder().join("replaced")).unwrap();
        std::fs::create_dir(&machine.home).unwrap();
    };
    for gone in [&remove as &dyn Fn(), &rename, &replace] {
        let mut talk = begin(&machine, &["watch", "--json"]);
        is_told(&mut talk, "now");
        gone();
        let ran = talk.ends().fails(1, "The data folder is gone, or another is in its place: ");
        let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2, "{}", ran.out);
        assert_eq!((&lines[1]["error"]["code"], &lines[1]["event"]), (&json!("failed"), &json!(null)));
    }
    // One with accounts: they are not said to be logged out.
    machine.log_in("admin@example.com").exits(0);
    std::fs::remove_dir_all(&moved).unwrap();
    let mut talk = begin(&machine, &["watch", "--json"]);
    is_told(&mut talk, "now");
    rename();
    let ran = talk.ends().exits(1);
    assert!(ran.out.lines().count() == 2 && ran.out.contains("{\"error\":"), "{}", ran.out);
    Ok(())
}
