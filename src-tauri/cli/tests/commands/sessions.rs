//! From log-in to log-out, pending revocations and the exit codes.

use serde_json::json;
use test_rig::{RigError, Sandbox};
use unicode_width::UnicodeWidthStr as _;

use crate::machine::{Machine, PASSWORD, SERVICE, sandbox_program};

#[tokio::test(flavor = "multi_thread")]
async fn log_in_status_token_and_log_out_work() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.run(&["status"]).exits(3);
    assert_eq!(
        machine.run(&["list", "--json"]).exits(0).json(),
        json!({
            "accounts": [],
            "keyring": {"name": "GNOME Keyring", "status": "ok"},
            "foreign": [],
            "elsewhere": [],
        })
    );
    let logged_in = machine.log_in("admin@example.com").exits(0).json();
    assert_eq!(logged_in["account"]["email"], "admin@example.com");
    assert_eq!(logged_in["account"]["tenantName"], "Demo Workspace");
    let status = machine.run(&["status", "--json"]).exits(0).json();
    assert_eq!((&status["keyring"]["status"], &status["pending"]), (&json!("ok"), &json!(0)));
    assert_eq!(status["active"]["health"], "ok");
    let list = machine.run(&["list"]).exits(0);
    let place = format!("demo1234 at {}", machine.sandbox.host());
    assert_eq!(list.out, format!("* Alva Admin  admin@example.com  {place}  test  ok\n"));
    let token = machine.run(&["token"]).exits(0).out.trim().to_owned();
    assert!(token.starts_with("eyJ") && token.split('.').count() == 3);
    assert!(machine.keyring.search(SERVICE)?.iter().any(|entry| entry.secret == token));
    assert_eq!(machine.run(&["refresh", "--json"]).exits(0).json()["refreshed"], "stored");
    let renewed = machine.run(&["token", "admin@example.com"]).exits(0).out;
    assert!(renewed.trim().starts_with("eyJ"));
    let out = machine.run(&["log-out", "--json"]).exits(0).json();
    assert_eq!(out["loggedOut"][0]["revocation"], "revoked");
    assert_eq!(out["loggedOut"][0]["deletion"], "deleted");
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    machine.run(&["status"]).exits(3);
    machine.run(&["log-out"]).exits(3);
    machine.run(&["token"]).exits(3);
    // Of all that it wrote.
    let on_disk = machine.on_disk();
    assert!(on_disk.contains("logged out"), "there is a log");
    for secret in ["eyJ", PASSWORD] {
        assert!(!on_disk.contains(secret), "{secret}");
        assert!(!list.out.contains(secret) && !status.to_string().contains(secret), "{secret}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_log_out_exits_with_5_and_is_retried_later() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    let out = machine.run(&["log-out"]).exits(5);
    assert!(out.out.contains("pending"), "{}", out.out);
    let pending = machine.run(&["pending", "--json"]).exits(0).json();
    let row = &pending["pending"][0];
    assert!(row["id"].as_str().unwrap().starts_with("revoke.demo1234:"), "{row}");
    machine.run(&["pending", "--retry"]).exits(5);
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (1, 1));
    machine.sandbox.set_faults(&json!([])).await?;
    machine.run(&["pending", "--retry"]).exits(0);
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    machine.run(&["pending", "--discard", "revoke.nothing"]).exits(1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_run_retries_pending_revocations_without_delay() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": "hang"}])).await?;
    let begin = std::time::Instant::now();
    machine.run(&["log-out"]).exits(5);
    assert!(begin.elapsed().as_secs() < 8, "{:?}", begin.elapsed());
    machine.sandbox.set_faults(&json!([])).await?;
    // A server that was just asked is left alone for 5 s, and a run waits 1.5 s for a retry.
    let asked_long_ago = || {
        machine.change_registry(|registry| {
            for moment in ["lastTry", "nextTry"] {
                registry["pending"][0][moment] = json!(1_000_000_000);
            }
        });
    };
    for _ in 0..10 {
        asked_long_ago();
        machine.run(&["list"]).exits(0);
        if machine.entries() == 0 {
            break;
        }
    }
    assert_eq!((machine.entries(), machine.sandbox.alive().await?.len()), (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_has_its_exit_code() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let wrong = machine
        .typing(&["log-in", "--tenant", "demo1234", "--user", "admin", "--password-stdin"], "wrong-canary\n");
    assert!(!wrong.err.contains("canary"));
    wrong.exits(1);
    machine.typing(&["log-in", "--user", "admin", "--password-stdin"], "x\n").exits(2);
    machine.typing(&["log-in", "--tenant", "a b", "--user", "admin", "--password-stdin"], "x\n").exits(2);
    machine.run(&["log-out", "nobody@example.com"]).exits(3);
    machine.log_in("admin@example.com").exits(0);
    machine.keyring.lock()?;
    let locked = machine.run(&["log-out"]).exits(4);
    assert!(locked.err.contains("locked") && locked.err.contains("Still logged in"), "{}", locked.err);
    machine.run(&["token"]).exits(4);
    assert_eq!(machine.run(&["status", "--json"]).exits(0).json()["keyring"]["status"], "locked");
    assert!(machine.keyring.is_locked()?, "and stays so");
    machine.keyring.unlock()?;
    machine.run(&["log-out"]).exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn several_accounts_are_listed_switched_and_logged_out() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.log_in("member@example.com").exits(0);
    let elsewhere = Sandbox::start(&sandbox_program(), &[], &machine.environment)?;
    let there = [
        "log-in",
        "--tenant",
        "demo1234",
        "--user",
        "admin",
        "--password-stdin",
        "--api-url",
        elsewhere.api_base(),
    ];
    machine.typing(&there, &format!("{PASSWORD}\n")).exits(0);
    let ambiguous = machine.run(&["log-out", "admin@example.com"]).exits(2);
    let lines: Vec<_> = ambiguous.err.lines().skip(1).collect();
    for (line, host) in lines.iter().zip([machine.sandbox.host(), elsewhere.host()]) {
        let cells: Vec<_> = line.split_whitespace().collect();
        assert_eq!(cells[..6], ["Alva", "Admin", "admin@example.com", "demo1234", host.as_str(), "test"]);
        assert!(cells[6].starts_with("demo1234:") && cells[6].ends_with(&format!("@test.{host}")), "{line}");
    }
    assert_eq!(lines.len(), 2, "{}", ambiguous.err);
    machine.run(&["switch", "member@example.com"]).exits(0);
    assert_eq!(machine.run(&["status", "--json"]).json()["active"]["email"], "member@example.com");
    assert_eq!(machine.entries(), 6);
    // Columns are one below the other.
    let list = machine.run(&["list"]).exits(0).out;
    let columns: Vec<_> =
        list.lines().map(|line| line[..line.find(" demo1234 at ").unwrap()].width()).collect();
    assert_eq!(columns, [columns[0]; 3], "{list}");
    // Each command without an ACCOUNT names the accounts that are logged in.
    machine.run(&["log-out"]).exits(0);
    for command in ["token", "refresh", "log-out"] {
        let ran = machine.run(&[command]).fails(3, "No account is active.");
        assert_eq!(ran.err.matches("admin@example.com").count(), 2, "{}", ran.err);
    }
    let status = machine.run(&["status"]).exits(3).out;
    assert!(status.contains("No account is active.") && !status.contains("Nobody"), "{status}");
    assert_eq!(status.matches("admin@example.com").count(), 2, "{status}");
    let out = machine.run(&["log-out", "--all", "--json"]).exits(0).json();
    assert_eq!(out["loggedOut"].as_array().unwrap().len(), 2);
    assert_eq!(
        (machine.entries(), machine.sandbox.alive().await?.len(), elsewhere.alive().await?.len()),
        (0, 0, 0)
    );
    Ok(())
}

#[test]
fn missing_ca_certificates_are_reported_and_not_needed_for_loopback() -> Result<(), RigError> {
    let mut machine = Machine::new()?;
    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        machine.environment.set(variable, "/nonexistent");
    }
    machine.log_in("admin@example.com").exits(0);
    machine.run(&["log-out"]).exits(0);
    let elsewhere = [
        "log-in",
        "--tenant",
        "demo1234",
        "--user",
        "u",
        "--password-stdin",
        "--api-url",
        "https://127.0.0.1:9/v0/",
    ];
    let said = machine.typing(&elsewhere, "password").fails(1, "This computer has no CA certificates");
    assert!(
        said.err.contains("ca-certificates") && !said.err.contains("Check your connection"),
        "{}",
        said.err
    );
    Ok(())
}
