//! Two data folders on one keyring.

use serde_json::{Value, json};
use test_rig::{Environment, RigError};

use crate::conversation::Conversation;
use crate::machine::{Machine, PASSWORD, PROGRAM, Ran, SERVICE};

/// A run that sees another environment.
pub(crate) fn run_in(environment: &Environment, arguments: &[&str], typed: &str) -> Ran {
    let mut command = environment.command(PROGRAM);
    let mut conversation = Conversation::begin(command.args(arguments));
    // A command that does not read closes it.
    drop(conversation.write(typed));
    conversation.ends()
}

pub(crate) fn log_in_in(environment: &Environment, name: &str) -> Ran {
    let arguments = ["log-in", "--tenant", "demo1234", "--user", name, "--password-stdin", "--json"];
    run_in(environment, &arguments, &format!("{PASSWORD}\n"))
}

fn named(ran: &Ran) -> Vec<String> {
    let entries = ran.json()["foreign"].as_array().unwrap().clone();
    entries.iter().map(|row| row["entry"].as_str().unwrap().to_owned()).collect()
}

/// The machine, seen with another data folder and the same service.
fn another_folder(machine: &Machine) -> Environment {
    let mut other = machine.environment.clone();
    other.set("USERFRONT_ACCOUNTS_HOME", machine.home.with_file_name("other"));
    other
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_says_when_the_keyring_may_hold_more() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let other = another_folder(&machine);
    let more = "there may be more in it";
    assert!(!run_in(&other, &["list"], "").out.contains(more));
    machine.keyring.stop()?;
    let words = run_in(&other, &["list"], "").exits(0).out;
    assert!(words.contains("Nobody is logged in") && words.contains(more), "{words}");
    let hung = run_in(&other, &["list", "--json"], "").exits(0).json();
    assert_eq!((&hung["keyring"]["status"], &hung["foreign"]), (&json!("hung"), &json!([])));
    machine.keyring.cont()?;
    assert_eq!(named(&run_in(&other, &["list", "--json"], "")).len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_data_folder_names_a_sign_in_and_leaves_it_valid() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let account = machine.log_in("admin@example.com").exits(0).json()["account"].clone();
    let id = account["id"].as_str().unwrap();
    let entries = [format!("access.{id}"), format!("refresh.{id}")];
    let secrets =
        || machine.keyring.search(SERVICE).unwrap().into_iter().map(|it| it.secret).collect::<Vec<_>>();
    let before = secrets();
    let other = another_folder(&machine);
    for command in ["list", "status", "foreign"] {
        let ran = run_in(&other, &[command, "--json"], "");
        assert_eq!(named(&ran), entries, "{command}");
        ran.exits(if command == "status" { 3 } else { 0 });
        let words = run_in(&other, &[command], "").out;
        assert!(words.contains("not in this list"), "{words}");
    }
    let row = run_in(&other, &["foreign", "--json"], "").json()["foreign"][0].clone();
    assert_eq!(
        (&row["tenantId"], &row["mode"], &row["host"]),
        (&account["tenantId"], &account["mode"], &account["apiHost"])
    );
    assert_eq!(machine.left().await, (1, 2));
    assert_eq!(secrets(), before);
    assert_eq!(machine.run(&["status", "--json"]).exits(0).json()["active"]["health"], "ok");
    assert_eq!(named(&machine.run(&["list", "--json"])), Vec::<String>::new());
    // Left, and that taken back.
    run_in(&other, &["foreign", "--leave", &entries[1]], "").exits(0);
    assert_eq!(named(&run_in(&other, &["status", "--json"], "")), Vec::<String>::new());
    run_in(&other, &["foreign", "--undo-leave", &entries[0]], "").exits(0);
    assert_eq!(named(&run_in(&other, &["status", "--json"], "")), entries);
    run_in(&other, &["foreign", "--leave", "access.nobody"], "").fails(1, "userfront foreign");
    run_in(&other, &["foreign", "--take-over", "a", "--leave", "b"], "").exits(2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_platform_folder_or_user_folder_ends_nothing() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let mut ordinary = machine.environment.clone();
    ordinary.set("USERFRONT_ACCOUNTS_HOME", "");
    ordinary.set("USERFRONT_ACCOUNTS_SERVICE", "");
    log_in_in(&ordinary, "admin@example.com").exits(0);
    let elsewhere = machine.environment.folder().join("elsewhere");
    let mut another_data_home = ordinary.clone();
    another_data_home.set("XDG_DATA_HOME", elsewhere.join("data"));
    let mut another_home = ordinary.clone();
    another_home.set("XDG_DATA_HOME", "");
    another_home.set("HOME", elsewhere.join("home"));
    for other in [another_data_home, another_home] {
        let status = run_in(&other, &["status", "--json"], "").exits(3);
        assert_eq!(named(&status).len(), 2);
        run_in(&other, &["log-out", "--erase"], "").exits(4);
    }
    let status = run_in(&ordinary, &["status", "--json"], "").exits(0).json();
    assert_eq!(status["active"]["health"], "ok");
    assert_eq!(machine.sandbox.alive().await?.len(), 1);
    run_in(&ordinary, &["log-out"], "").exits(0);
    assert_eq!(machine.sandbox.alive().await?.len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_entries_are_taken_over_logged_out_and_left_by_name() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let entry = |account: &Value| format!("refresh.{}", account["account"]["id"].as_str().unwrap());
    let admin = entry(&machine.log_in("admin@example.com").exits(0).json());
    let member = entry(&machine.log_in("member@example.com").exits(0).json());
    let other = another_folder(&machine);
    // The host of this tenant is known by the environment; without it, it is asked for, and must be the
    // entry's.
    let mut unknown = other.clone();
    unknown.set("USERFRONT_API_URL", "");
    run_in(&unknown, &["foreign", "--take-over", &admin], "").fails(2, "--api-url");
    let wrong = ["foreign", "--take-over", &admin, "--api-url", "https://api.userfront.com/v0/"];
    run_in(&unknown, &wrong, "").fails(2, "sent nowhere else");
    let api = machine.sandbox.api_base();
    let taken = run_in(&unknown, &["foreign", "--take-over", &admin, "--api-url", api, "--json"], "");
    assert_eq!(taken.exits(0).json()["account"]["email"], "admin@example.com");
    assert_eq!(run_in(&other, &["status", "--json"], "").exits(0).json()["active"]["health"], "ok");
    let out = run_in(&other, &["foreign", "--log-out", &member, "--json"], "").exits(0).json();
    assert_eq!(out["loggedOut"][0]["revocation"], "revoked");
    assert_eq!(machine.left().await, (1, 2));
    run_in(&other, &["log-out"], "").exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn verification_finds_a_foreign_session_that_is_still_alive() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let account = machine.log_in("admin@example.com").exits(0).json()["account"].clone();
    let entry = format!("access.{}", account["id"].as_str().unwrap());
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": "lie"}])).await?;
    let other = another_folder(&machine);
    let out = run_in(&other, &["foreign", "--log-out", &entry, "--json"], "").exits(5).json();
    assert_eq!(out["loggedOut"][0]["revocation"], "pending", "{out}");
    assert_eq!(machine.left().await, (1, 1));
    machine.sandbox.set_faults(&json!([])).await?;
    run_in(&other, &["pending", "--retry"], "").exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_foreign_log_out_does_not_stop_the_erasing() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.log_in("viewer@example.com").exits(0);
    // First in the order of names, at an unknown host.
    let stuck = "access.a:5fa85f64-5717-4562-b3fc-2c963f66afa6@test.unknown.example";
    machine.keyring.plant(SERVICE, stuck, &[], "no token")?;
    let other = another_folder(&machine);
    log_in_in(&other, "member@example.com").exits(0);
    let erased = run_in(&other, &["log-out", "--erase", "--foreign", "--json"], "").exits(4);
    let told = erased.json();
    let outcomes = told["loggedOut"].as_array().unwrap();
    assert_eq!(
        (outcomes.len(), outcomes.iter().filter(|it| it["revocation"] == "revoked").count()),
        (4, 3),
        "{told}"
    );
    assert_eq!(told["foreign"], json!([stuck]), "{told}");
    assert_eq!(machine.left().await, (0, 1));
    assert!(!machine.home.with_file_name("other").exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn older_sessions_of_a_foreign_account_are_ended_with_it() -> Result<(), RigError> {
    let machine = Machine::with(&["--refresh-session", "rename"])?;
    machine.log_in("admin@example.com").exits(0);
    machine.run(&["refresh"]).exits(0);
    assert_eq!(machine.left().await, (2, 3));
    let other = another_folder(&machine);
    run_in(&other, &["log-out", "--erase", "--foreign"], "").exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_foreign_list_admits_a_locked_keyring() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let account = machine.log_in("admin@example.com").exits(0).json()["account"].clone();
    let all_belong = |ran: &Ran| ran.out.contains("Every entry in the keyring belongs");
    assert!(all_belong(&machine.run(&["foreign"]).exits(0)));
    let other = another_folder(&machine);
    let entry = format!("access.{}", account["id"].as_str().unwrap());
    run_in(&other, &["foreign", "--leave", &entry], "").exits(0);
    assert!(!all_belong(&run_in(&other, &["foreign"], "").exits(0)), "two are left as they are");
    machine.keyring.lock()?;
    let locked = machine.run(&["foreign"]);
    assert!(!all_belong(&locked) && locked.out.contains("there may be more"), "{}", locked.out);
    Ok(())
}

/// A server that sees a refresh token twice ends its session.
#[tokio::test(flavor = "multi_thread")]
async fn two_folders_that_share_an_account_refresh_it_one_after_the_other() -> Result<(), RigError> {
    let machine = Machine::with(&["--refresh-session", "reuse-ends"])?;
    let account = machine.log_in("admin@example.com").exits(0).json()["account"].clone();
    let other = another_folder(&machine);
    let entry = format!("access.{}", account["id"].as_str().unwrap());
    run_in(&other, &["foreign", "--take-over", &entry], "").exits(0);
    let slow = json!([{"path": "auth/refresh", "after": true, "fault": {"delayMs": 1_000}}]);
    machine.sandbox.set_faults(&slow).await?;
    let calls = machine.calls("GET", "auth/refresh").await;
    let first = machine.begin(&["refresh"]);
    machine.until_calls("GET", "auth/refresh", calls + 1).await;
    let second = Conversation::begin(other.command(PROGRAM).arg("refresh"));
    first.ends().exits(0);
    second.ends().exits(0);
    machine.sandbox.set_faults(&json!([])).await?;
    assert_eq!(machine.sandbox.alive().await?.len(), 1);
    machine.run(&["status"]).exits(0);
    run_in(&other, &["refresh"], "").exits(0);
    run_in(&other, &["log-out"], "").exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_names_the_foreign_entry_that_it_would_replace() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let other = another_folder(&machine);
    log_in_in(&other, "admin@example.com").fails(1, "--replace");
    assert_eq!(machine.left().await, (1, 2));
    assert_eq!(machine.run(&["status", "--json"]).exits(0).json()["active"]["health"], "ok");
    let replace =
        ["log-in", "--tenant", "demo1234", "--user", "admin@example.com", "--password-stdin", "--replace"];
    run_in(&other, &replace, &format!("{PASSWORD}\n")).exits(0);
    run_in(&other, &["pending", "--retry"], "").exits(0);
    assert_eq!(machine.left().await, (1, 2), "the older session is over");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_leaves_and_names_foreign_entries() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let other = another_folder(&machine);
    log_in_in(&other, "member@example.com").exits(0);
    let erased = run_in(&other, &["log-out", "--erase", "--json"], "").exits(4).json();
    assert_eq!(erased["foreign"].as_array().unwrap().len(), 2);
    assert!(!machine.home.with_file_name("other").exists());
    assert_eq!(machine.left().await, (1, 2));
    assert_eq!(machine.run(&["status", "--json"]).exits(0).json()["active"]["health"], "ok");
    run_in(&other, &["log-out", "--erase", "--foreign"], "").exits(0);
    assert_eq!(machine.left().await, (0, 0), "as it was asked for");
    Ok(())
}
