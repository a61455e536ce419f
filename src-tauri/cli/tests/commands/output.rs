//! Standard output that goes nowhere, and errors for programs.

use serde_json::json;
use test_rig::RigError;

use crate::machine::Machine;

impl Machine {
    /// Runs a command whose standard output is closed.
    fn run_unread(&self, arguments: &[&str]) -> crate::machine::Ran {
        let open = "rm -f \"$HOME/pipe\"; mkfifo \"$HOME/pipe\"; true <\"$HOME/pipe\" & ";
        self.run_in_shell(&format!("{open}{{ wait; exec \"$@\"; }} >\"$HOME/pipe\""), arguments)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_ends_each_command_quietly() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let quiet = ["--help", "--version", "list", "status", "token", "refresh", "pending", "foreign"];
    for command in quiet {
        let ran = machine.run_unread(&[command]).exits(0);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""), "{command}");
    }
    machine.run_unread(&["token", "nobody", "--json"]).fails(3, "There is no account nobody");
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    // A retry follows afterwards; the exit code is the log-out's.
    let ran = machine.run_unread(&["log-out"]).exits(5);
    assert_eq!(ran.err, "");
    assert_eq!(machine.entries(), 1, "the token of the pending session");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_written_fails_with_one_sentence() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    for arguments in [
        &["--help"][..],
        &["log-out", "--help"],
        &["--version"],
        &["list"],
        &["list", "--json"],
        &["status"],
        &["token", "--json"],
        &["pending"],
        &["foreign"],
        &["foreign", "--json"],
    ] {
        let ran = machine.run_in_shell("exec \"$@\" >/dev/full", arguments);
        let sentences = ran.err.matches("The answer could not be written to standard output").count();
        assert_eq!((ran.exit, sentences, ran.err.lines().count()), (1, 1, 1), "{arguments:?}: {}", ran.err);
    }
    // A log-out is done, and keeps its exit code.
    machine.keyring.lock()?;
    let ran = machine.run_in_shell("exec \"$@\" >/dev/full", &["log-out", "--json"]);
    ran.fails(4, "The answer could not be written");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn with_json_each_error_is_an_object_on_standard_output() -> Result<(), RigError> {
    let machine = Machine::new()?;
    for (arguments, exit, code) in [
        (&["--json"][..], 2, "usage"),
        (&["list", "--nope", "--json"], 2, "usage"),
        (&["--json", "log-out", "--all", "x"], 2, "usage"),
        (&["log-out", "--foreign", "--json"], 2, "usage"),
        (&["--json", "log-in", "--browser", "okta", "--user", "a"], 2, "usage"),
        (&["--json", "log-in", "--browser", "myspace"], 2, "usage"),
        (&["pending", "--json", "--retry", "--discard", "x"], 2, "usage"),
        (&["switch", "--json"], 2, "usage"),
        (&["log-in", "--json", "--tenant", "a b"], 2, "usage"),
        (&["token", "--json"], 3, "notLoggedIn"),
        (&["pending", "--discard", "x", "--json"], 1, "failed"),
    ] {
        let ran = machine.run(arguments).exits(exit);
        let error = &ran.json()["error"];
        let message = error["message"].as_str().unwrap();
        assert_eq!(error["code"], code, "{arguments:?}");
        assert!(message.ends_with('.') && !message.contains('\n'), "{message}");
        assert_eq!(ran.err, format!("userfront: {message}\n"), "{arguments:?}");
    }
    // Also of one account among several.
    machine.log_in("admin@example.com").exits(0);
    machine.keyring.lock()?;
    let failed = machine.run(&["log-out", "--all", "--json"]).exits(4).json();
    assert_eq!(failed["loggedOut"][0]["error"]["code"], "keyring");
    // For people it is the library's text, on standard error.
    let ran = machine.run(&["list", "--nope"]).fails(2, "Usage: userfront list");
    assert_eq!(ran.out, "");
    Ok(())
}
