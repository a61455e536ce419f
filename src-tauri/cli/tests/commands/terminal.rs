//! On a terminal: a password without echo, the auth methods to choose from, and an authenticator app that is
//! set up.

use serde_json::json;
use test_rig::RigError;

use crate::auth_methods::{CODE_IS, totp_now};
use crate::conversation::Conversation;
use crate::machine::{DEFAULT_SIGNALS, Machine, PASSWORD, PROGRAM};

/// A shell command on a terminal that echoes what is typed, as terminals do. Both its streams are what it
/// shows.
pub(crate) fn on_terminal(machine: &Machine, command: &str) -> Conversation {
    let mut script = machine.environment.command("/usr/bin/env");
    script.args([DEFAULT_SIGNALS, "script"]);
    script.args(["--quiet", "--return", "--flush", "--echo", "always", "--command", command, "/dev/null"]);
    Conversation::on_terminal(&mut script)
}

fn log_in(machine: &Machine, rest: &str) -> Conversation {
    on_terminal(machine, &format!("'{PROGRAM}' log-in {rest}"))
}

pub(crate) fn types_hidden(talk: &mut Conversation, text: &str) {
    talk.hears("Password of ");
    talk.types(text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_typed_without_echo() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let mut talk = log_in(&machine, "--tenant demo1234");
    talk.hears("Ways to log in to demo1234 at 127.0.0.1:");
    talk.hears("1  password");
    talk.hears("Which? [1] ");
    talk.types("");
    talk.hears("E-mail address or user name: ");
    talk.types("admin@example.com");
    types_hidden(&mut talk, "wrong-canary");
    talk.hears("Not logged in. Userfront says: Incorrect email or password.");
    types_hidden(&mut talk, PASSWORD);
    talk.hears("Logged in as Alva Admin.");
    let ran = talk.ends().exits(0);
    assert_eq!(ran.out.matches("admin@example.com").count(), 3, "typed, and in two prompts: {}", ran.out);
    for secret in [PASSWORD, "canary", "eyJ"] {
        assert!(!ran.out.contains(secret), "{}", ran.out);
    }
    // The name is offered again.
    let mut talk = log_in(&machine, "--tenant demo1234");
    talk.hears("Which? [1] ");
    talk.types("password/email");
    talk.hears("user name [admin@example.com]: ");
    talk.types("");
    types_hidden(&mut talk, PASSWORD);
    talk.hears("Logged in");
    talk.ends().exits(0);
    assert_eq!(machine.left().await.1, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_auth_method_is_offered_first_and_three_wrong_codes_end_the_run() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let mut talk = log_in(&machine, "--tenant demo1234 --user member@example.com");
    talk.hears("3  code by e-mail");
    talk.types("3");
    let code = talk.hears_after(CODE_IS);
    talk.types(&code);
    talk.hears("Logged in as ");
    talk.ends().exits(0);
    let mut talk = log_in(&machine, "--tenant demo1234 --user member@example.com");
    talk.hears("Which? [3] ");
    talk.types("9");
    talk.hears("Which? [3] ");
    talk.types("");
    let code = talk.hears_after(CODE_IS);
    for _ in 0..3 {
        talk.hears("Code for demo1234");
        talk.types(if code == "000000" { "000001" } else { "000000" });
        talk.hears("Incorrect verification code.");
    }
    talk.ends().exits(1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_password_another_question_can_be_interrupted() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let command = format!("'{PROGRAM}' log-in --tenant mfa01234 --user admin; echo \"it was $?\"");
    let mut talk = on_terminal(&machine, &command);
    talk.hears("Which? [1] ");
    talk.types("1");
    types_hidden(&mut talk, PASSWORD);
    talk.hears("asks for a second factor");
    talk.hears("Which? ");
    talk.write("\u{3}").unwrap();
    // As a signal, which the shell gets, too.
    let ran = talk.ends();
    assert!(ran.exit == 130 || ran.out.contains("it was 130"), "{} {}", ran.exit, ran.out);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_password_prompt_restores_the_terminal() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let log_in = format!("'{PROGRAM}' log-in --tenant demo1234 --user admin");
    let command = format!("trap : INT; {log_in}; echo \"it was $?\"; stty -a");
    let mut talk = on_terminal(&machine, &command);
    talk.hears("Which? [1] ");
    talk.types("1");
    // Also when it is asked for once more.
    types_hidden(&mut talk, "wrong");
    talk.hears("Not logged in. Userfront says: Incorrect email or password.");
    talk.hears("Password of admin");
    talk.write("half\u{3}").unwrap();
    // 128 and the signal's number, unlike any refusal.
    talk.hears("it was 130");
    talk.hears(" icanon ");
    talk.hears(" echo ");
    let ran = talk.ends().exits(0);
    assert!(!ran.out.contains("half"), "{}", ran.out);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_app_is_set_up_during_the_log_in() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let factors = json!([{"strategy": "totp", "channel": "authenticator"}]);
    machine.change_tenant("mfa01234", &json!({"secondFactors": factors})).await;
    let mut talk = log_in(&machine, "--tenant mfa01234 --user viewer");
    talk.hears("Which? [1] ");
    talk.types("1");
    types_hidden(&mut talk, PASSWORD);
    talk.hears("with this secret:");
    talk.hears("\n");
    talk.hears("\n");
    let secret = talk.hears_after("");
    talk.hears("Keep these backup codes");
    talk.hears("\n");
    talk.hears("\n");
    let backup = talk.hears_after("");
    talk.hears("Then type the code that the app shows: ");
    talk.types(&totp_now(&secret, 0));
    talk.hears("Logged in as Väinö Viewer.");
    talk.ends().exits(0);
    let on_disk = machine.on_disk();
    assert!(secret.len() >= 16 && backup.len() == 11, "{secret} {backup}");
    assert!(!on_disk.contains(&secret) && !on_disk.contains(&backup));
    // It counts from now on.
    let mut talk = machine.begin_log_in("mfa01234", &["--user", "viewer", "--password-stdin"]);
    talk.types(PASSWORD);
    talk.types(&backup);
    talk.ends().exits(0);
    Ok(())
}
