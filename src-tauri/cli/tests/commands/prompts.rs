//! Prompts on a terminal, when signals come, and when more is pasted than was asked for.

use serde_json::json;
use test_rig::RigError;

use crate::conversation::Conversation;
use crate::machine::{Machine, PASSWORD, PROGRAM, signal};
use crate::terminal::{on_terminal, types_hidden};

const LOG_IN: &str = "log-in --tenant demo1234 --user admin";

/// A log-in that waits for the password, and the ID of its process. Afterwards the shell says how it ended
/// and how the terminal is.
fn waits_for_auth_method(machine: &Machine) -> (Conversation, u32) {
    let log_in = format!("sh -c 'echo process $$; exec \"{PROGRAM}\" {LOG_IN}'");
    let mut talk =
        on_terminal(machine, &format!("trap : INT QUIT; {log_in}; echo \"it was $?\"; stty -a; {READ}"));
    let process = talk.hears_after("process ").parse().unwrap();
    talk.hears("Which? [1] ");
    (talk, process)
}

fn waits_for_password(machine: &Machine) -> (Conversation, u32) {
    let (mut talk, process) = waits_for_auth_method(machine);
    talk.types("1");
    talk.hears("Password of admin");
    (talk, process)
}

/// Input that a shell would take for its next command.
pub(crate) const READ: &str = "read -r line; echo \"next is <$line>\"";

pub(crate) fn echoes_and_has_no_leftovers(talk: &mut Conversation) {
    talk.hears(" icanon ");
    talk.hears(" echo ");
    talk.hears(" -echonl ");
    talk.types("mine");
    talk.hears("next is <mine>");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_signal_that_ends_a_prompt_restores_the_terminal() -> Result<(), RigError> {
    let machine = Machine::new()?;
    for (name, exit) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let (mut talk, process) = waits_for_password(&machine);
        signal(name, process);
        talk.hears(&format!("it was {exit}"));
        echoes_and_has_no_leftovers(&mut talk);
        talk.ends().exits(0);
        // Half a line is discarded.
        let (mut talk, process) = waits_for_auth_method(&machine);
        talk.write("half").unwrap();
        talk.hears("half");
        signal(name, process);
        talk.hears(&format!("it was {exit}"));
        echoes_and_has_no_leftovers(&mut talk);
        talk.ends().exits(0);
    }
    // Of the keyboard.
    for (key, exit) in [("\u{3}", 130), ("\u{1c}", 131)] {
        let (mut talk, _) = waits_for_password(&machine);
        talk.write(&format!("half-canary{key}")).unwrap();
        talk.hears(&format!("it was {exit}"));
        echoes_and_has_no_leftovers(&mut talk);
        let ran = talk.ends().exits(0);
        assert!(!ran.out.contains("canary"), "{exit}: {}", ran.out);
    }
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_prompt_leaves_the_terminal_as_it_was_and_asks_again() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let script = format!(
        "set -m; '{PROGRAM}' {LOG_IN}; echo \"it was $?\"; stty -a; {READ}; fg; echo \"it was $?\"; stty -a; \
         {READ}"
    );
    let mut talk = on_terminal(&machine, &script);
    talk.hears("Which? [1] ");
    talk.types("1");
    talk.hears("Password of admin");
    talk.write("half-canary\u{1a}").unwrap();
    talk.hears("it was 1");
    echoes_and_has_no_leftovers(&mut talk);
    talk.hears("Password of admin");
    talk.types(PASSWORD);
    talk.hears("Logged in as Alva Admin.");
    talk.hears("it was 0");
    echoes_and_has_no_leftovers(&mut talk);
    let ran = talk.ends().exits(0);
    for secret in [PASSWORD, "canary"] {
        assert!(!ran.out.contains(secret), "{}", ran.out);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn input_beyond_the_answer_is_discarded() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let script = format!("'{PROGRAM}' {LOG_IN}; echo \"it was $?\"; {READ}");
    let mut talk = on_terminal(&machine, &script);
    talk.hears("Which? [1] ");
    talk.types("1");
    talk.hears("Password of admin");
    // It is not the next answer, either.
    talk.write("wrong\nextra-canary\nanother-canary\n").unwrap();
    talk.hears("Not logged in. Userfront says: Incorrect email or password.");
    talk.hears("Password of admin");
    machine.sandbox.set_faults(&json!([{"path": "auth/basic", "fault": {"delayMs": 2_000}}])).await?;
    talk.write(&format!("{PASSWORD}\nextra-canary\nanother-canary\n")).unwrap();
    // Until the run ends, also half a line.
    machine.until_calls("POST", "auth/basic", 2).await;
    talk.write("late-canary\nhalf-canary").unwrap();
    talk.hears("late-canary");
    talk.hears("Logged in as Alva Admin.");
    talk.hears("it was 0");
    talk.types("mine");
    talk.hears("next is <mine>");
    talk.ends().exits(0);
    assert_eq!(machine.calls("POST", "auth/basic").await, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_is_not_the_controlling_one_can_be_typed_into() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let mut talk = on_terminal(&machine, &format!("setsid --wait '{PROGRAM}' {LOG_IN}"));
    talk.hears("Which? [1] ");
    talk.types("1");
    types_hidden(&mut talk, PASSWORD);
    talk.hears("Logged in as Alva Admin.");
    let ran = talk.ends().exits(0);
    assert!(!ran.out.contains(PASSWORD), "{}", ran.out);
    Ok(())
}
