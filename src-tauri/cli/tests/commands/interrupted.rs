//! Runs that are told to end while the server is asked for a session, or for new tokens.

use std::time::{Duration, Instant, UNIX_EPOCH};

use serde_json::{Value, json};
use test_rig::RigError;

use crate::conversation::Conversation;
use crate::machine::{Machine, PASSWORD, Ran, signal};

const MAY_BE_ALIVE: &str =
    "If the log-in took effect at Userfront, its session is alive there, and nothing here can end it";

/// How the server answers a log-in late.
fn late(after: bool, milliseconds: u64) -> Value {
    json!([{"path": "auth/basic", "after": after, "fault": {"delayMs": milliseconds}}])
}

/// A log-in whose call is out.
async fn begin_log_in(machine: &Machine) -> Conversation {
    let calls = machine.calls("POST", "auth/basic").await;
    let mut talk = machine.begin_log_in("demo1234", &["--user", "admin@example.com", "--password-stdin"]);
    talk.types(PASSWORD);
    machine.until_calls("POST", "auth/basic", calls + 1).await;
    talk
}

fn unanswered(machine: &Machine) -> usize {
    machine.on_disk().matches("logInUnanswered").count()
}

/// It takes the user at their word, and does not wait for the answer, which is half a minute away.
fn at_once(talk: Conversation) -> Ran {
    let began = Instant::now();
    let ran = talk.ends();
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    ran
}

/// A log-in that is interrupted shortly before its answer comes. On a busy machine the one or the other may
/// be late: then once more, from the beginning.
async fn interrupted_before_its_answer(
    machine: &Machine,
    log_in: &[&str],
    faults: Value,
    is_it: impl Fn(&Ran) -> bool,
) -> Result<Ran, RigError> {
    for _ in 0..20 {
        machine.sandbox.reset().await?;
        machine.sandbox.set_faults(&faults).await?;
        let mut talk = machine.begin(log_in);
        talk.types(PASSWORD);
        machine.until_calls("POST", "auth/basic", 1).await;
        signal("INT", talk.process());
        let ran = talk.ends();
        if is_it(&ran) {
            return Ok(ran);
        }
        let is_late = ran.exit != 130 || ran.err.contains(MAY_BE_ALIVE);
        assert!(is_late, "{} {}", ran.exit, ran.err);
        machine.run(&["log-out"]);
        machine.run(&["pending", "--retry"]);
    }
    panic!("it was never interrupted before its answer");
}

const LOG_IN: [&str; 6] =
    ["log-in", "--tenant", "demo1234", "--user", "admin@example.com", "--password-stdin"];

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_that_is_interrupted_says_that_its_session_may_be_alive() -> Result<(), RigError> {
    let machine = Machine::new()?;
    for (nth, (name, exit, after)) in
        [("INT", 130, true), ("TERM", 143, true), ("HUP", 129, true), ("INT", 130, false)]
            .into_iter()
            .enumerate()
    {
        machine.sandbox.set_faults(&late(after, 30_000)).await?;
        let talk = begin_log_in(&machine).await;
        signal(name, talk.process());
        let ran = at_once(talk).fails(exit, MAY_BE_ALIVE);
        assert!(ran.err.contains("The log-in was interrupted."), "{}", ran.err);
        assert!(ran.json()["error"]["message"].as_str().unwrap().contains(MAY_BE_ALIVE), "{}", ran.out);
        assert_eq!(unanswered(&machine), nth + 1, "SIG{name}");
    }
    machine.run(&["status"]).exits(3);
    assert_eq!(machine.entries(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn status_says_when_a_log_in_was_interrupted_without_an_answer() -> Result<(), RigError> {
    let machine = Machine::new()?;
    assert_eq!(machine.run(&["status", "--json"]).exits(3).json()["unanswered"], json!([]));
    machine.sandbox.set_faults(&late(true, 30_000)).await?;
    let talk = begin_log_in(&machine).await;
    signal("TERM", talk.process());
    at_once(talk).fails(143, MAY_BE_ALIVE);
    machine.sandbox.set_faults(&json!([])).await?;
    let activity = machine.home.join("activity.jsonl");
    let text = std::fs::read_to_string(&activity).unwrap();
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let at = line["at"].as_i64().unwrap();
    let day = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(at.unsigned_abs()));
    let said =
        format!("A log-in at demo1234 was interrupted before its answer came, on {day}. If it worked,");
    // It is not marked as read, and it is the same one for another program.
    for by in ["cli", "app"] {
        std::fs::write(&activity, text.replace("\"by\":\"cli\"", &format!("\"by\":\"{by}\""))).unwrap();
        for _ in 0..2 {
            let out = machine.run(&["status"]).exits(3).out;
            assert!(out.contains(&said) && out.contains("log in again"), "{out}");
        }
    }
    let row = json!([{"at": at, "tenantId": "demo1234", "accountName": "demo1234"}]);
    assert_eq!(machine.run(&["status", "--json"]).exits(3).json()["unanswered"], row);
    // The window's mark of its own log-in counts here, too; and so does its age.
    let text = text.replace("\"by\":\"cli\"", "\"by\":\"app\"");
    let read = json!({
        "at": at + 1, "tenant": "demo1234", "accountName": "demo1234", "by": "app",
        "what": "unansweredIsRead", "of": at,
    });
    let old = text.replace(&format!("\"at\":{at}"), &format!("\"at\":{}", at - 31 * 24 * 60 * 60));
    for gone in [format!("{text}{read}\n"), old] {
        std::fs::write(&activity, gone).unwrap();
        assert_eq!(machine.run(&["status", "--json"]).exits(3).json()["unanswered"], json!([]));
    }
    std::fs::remove_file(&activity).unwrap();
    std::fs::create_dir(&activity).unwrap();
    let ran = machine.run(&["status", "--json"]).fails(3, "The activity cannot be read");
    assert_eq!(ran.json()["unanswered"], Value::Null);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_soon_after_the_interrupt_ends_its_session() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let ended = |ran: &Ran| ran.err.contains("The log-in was interrupted. The new session was ended again.");
    let ran = interrupted_before_its_answer(&machine, &LOG_IN, late(true, 900), ended).await?;
    assert!(ran.exit == 130 && !ran.err.contains(MAY_BE_ALIVE), "{} {}", ran.exit, ran.err);
    assert_eq!(machine.left().await, (0, 0));
    machine.run(&["status"]).exits(3);
    // A session that cannot be ended yet is pending.
    let faults = json!([
        {"path": "auth/basic", "after": true, "fault": {"delayMs": 900}},
        {"path": "auth/logout", "fault": {"status": 503}},
    ]);
    let pending = |ran: &Ran| ran.err.contains("it is listed as pending");
    interrupted_before_its_answer(&machine, &LOG_IN, faults, pending).await?.exits(130);
    machine.sandbox.set_faults(&json!([])).await?;
    machine.run(&["pending", "--retry"]).exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_before_the_call_reports_no_session() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let log_in = ["log-in", "--tenant", "mfa01234", "--user", "member", "--password-stdin"];
    let nobody = |ran: &Ran| ran.err.contains("The log-in was interrupted. You are not logged in.");
    let faults = json!([{"path": "auth/basic", "fault": {"delayMs": 900}}]);
    let ran = interrupted_before_its_answer(&machine, &log_in, faults, nobody).await?.exits(130);
    assert!(!ran.err.contains("second factor"), "{}", ran.err);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn new_tokens_that_come_soon_after_the_interrupt_are_stored() -> Result<(), RigError> {
    let machine = Machine::with(&["--refresh-session", "reuse-ends"])?;
    let slow = |ms: u64| json!([{"path": "auth/refresh", "after": true, "fault": {"delayMs": ms}}]);
    let mut stored = 0;
    for _ in 0..20 {
        machine.sandbox.reset().await?;
        machine.log_in("admin@example.com").exits(0);
        machine.sandbox.set_faults(&slow(900)).await?;
        let talk = machine.begin(&["refresh"]);
        machine.until_calls("GET", "auth/refresh", 1).await;
        signal(if stored == 0 { "INT" } else { "TERM" }, talk.process());
        let ran = talk.ends();
        machine.sandbox.set_faults(&json!([])).await?;
        let is_in_time =
            ran.exit == if stored == 0 { 130 } else { 143 } && !ran.err.contains("Interrupted before");
        if is_in_time {
            // At a server that takes each refresh token once.
            machine.run(&["refresh"]).exits(0);
            stored += 1;
        }
        if stored == 2 {
            break;
        }
    }
    assert_eq!(stored, 2, "it was never interrupted in time");
    machine.sandbox.set_faults(&slow(30_000)).await?;
    let calls = machine.calls("GET", "auth/refresh").await;
    let talk = machine.begin(&["refresh"]);
    machine.until_calls("GET", "auth/refresh", calls + 1).await;
    signal("INT", talk.process());
    at_once(talk).fails(130, "Interrupted before it was done.");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nohup_keeps_a_log_in_from_being_interrupted() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.sandbox.set_faults(&late(true, 1_500)).await?;
    let mut command = machine.environment.command("nohup");
    let arguments = ["log-in", "--tenant", "demo1234", "--user", "admin@example.com", "--password-stdin"];
    let mut talk = Conversation::begin(command.arg(crate::machine::PROGRAM).args(arguments));
    talk.types(PASSWORD);
    machine.until_calls("POST", "auth/basic", 1).await;
    signal("HUP", talk.process());
    talk.ends().exits(0);
    assert_eq!(machine.left().await, (1, 2));
    Ok(())
}
