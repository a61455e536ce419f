//! `switch` without a name: a list to pick from on a terminal, and a usage error elsewhere.

use test_rig::RigError;

use crate::conversation::Conversation;
use crate::machine::{DEFAULT_SIGNALS, Machine, PROGRAM, signal};
use crate::prompts::{READ, echoes_and_has_no_leftovers};
use crate::terminal::on_terminal;

const DOWN: &str = "\u{1b}[B";
const UP: &str = "\u{1b}[A";
const ESCAPE: &str = "\u{1b}";
const CTRL_C: &str = "\u{3}";

/// Three accounts, of which the last is active.
fn with_accounts() -> Result<Machine, RigError> {
    let mut machine = Machine::new()?;
    machine.environment.set("TERM", "xterm");
    for name in ["admin@example.com", "viewer@example.com", "member@example.com"] {
        machine.log_in(name).exits(0);
    }
    Ok(machine)
}

fn active(machine: &Machine) -> String {
    let status = machine.run(&["status", "--json"]).exits(0).json();
    status["active"]["email"].as_str().unwrap().to_owned()
}

/// A picker that shows its list, and the ID of its process. Afterwards the shell says how it ended and how
/// the terminal is.
fn picks(machine: &Machine) -> (Conversation, u32) {
    let switch = format!("sh -c 'echo process $$; exec \"{PROGRAM}\" switch'");
    let script =
        format!("stty rows 24 cols 100; trap : INT QUIT; {switch}; echo \"it was $?\"; stty -a; {READ}");
    let mut talk = on_terminal(machine, &script);
    let process = talk.hears_after("process ").parse().unwrap();
    talk.hears("Switch to:");
    talk.hears("Escape to cancel");
    (talk, process)
}

fn ends_with(mut talk: Conversation, exit: i32) -> String {
    talk.hears(&format!("it was {exit}"));
    echoes_and_has_no_leftovers(&mut talk);
    talk.ends().exits(0).out
}

#[test]
fn an_account_is_picked_by_what_is_typed_and_by_the_arrows() -> Result<(), RigError> {
    let machine = with_accounts()?;
    for (keys, then) in [
        // Every word, in any order, without accents.
        ("vaino\r", "viewer@example.com"),
        ("demo alva\r", "admin@example.com"),
        // It begins at the active account.
        (&format!("{DOWN}\r"), "viewer@example.com"),
        (&format!("{DOWN}{DOWN}{UP}\r"), "member@example.com"),
        // What finds nothing is taken back.
        ("zz\r\u{7f}\u{7f}alva\r", "admin@example.com"),
    ] {
        let (mut talk, _) = picks(&machine);
        talk.write(keys).unwrap();
        talk.hears("is the active account now.");
        ends_with(talk, 0);
        assert_eq!(active(&machine), then, "{keys:?}");
    }
    Ok(())
}

#[test]
fn escape_and_ctrl_c_leave_all_as_it_was() -> Result<(), RigError> {
    let machine = with_accounts()?;
    for (key, exit, words) in [(ESCAPE, 1, "Nothing was switched."), (CTRL_C, 130, "")] {
        let (mut talk, _) = picks(&machine);
        talk.write(&format!("alva{key}")).unwrap();
        talk.hears(words);
        ends_with(talk, exit);
        assert_eq!(active(&machine), "member@example.com");
    }
    Ok(())
}

#[test]
fn each_signal_that_ends_the_picker_restores_the_terminal() -> Result<(), RigError> {
    let machine = with_accounts()?;
    for (name, exit) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let (mut talk, process) = picks(&machine);
        talk.write("al").unwrap();
        talk.hears("Alva");
        signal(name, process);
        let shown = ends_with(talk, exit);
        let after =
            |sequence: &str| shown.rfind(sequence).unwrap_or_else(|| panic!("{sequence:?}: {shown:?}"));
        assert!(shown.rfind("\u{1b}[?25l").is_none_or(|hidden| hidden < after("\u{1b}[?25h")), "{shown:?}");
        assert!(after("\u{1b}[?2004h") < after("\u{1b}[?2004l"), "{shown:?}");
        assert_eq!(active(&machine), "member@example.com", "{name}");
    }
    Ok(())
}

#[test]
fn a_list_in_a_narrow_terminal_has_a_line_for_each_account() -> Result<(), RigError> {
    let machine = with_accounts()?;
    let mut talk = on_terminal(&machine, &format!("stty rows 10 cols 40; '{PROGRAM}' switch"));
    talk.hears("Switch to:");
    for name in ["Alva", "Väinö"] {
        let line = talk.hears_after(name);
        assert!(line.contains("  test  ok"), "{line}");
    }
    talk.write(ESCAPE).unwrap();
    talk.ends().exits(1);
    Ok(())
}

#[test]
fn without_a_terminal_it_asks_for_a_name_in_words() -> Result<(), RigError> {
    let machine = with_accounts()?;
    let words = "There is no terminal to choose an account on. Give ACCOUNT";
    machine.run(&["switch"]).fails(2, words);
    let dumb = on_terminal(&machine, &format!("TERM=dumb '{PROGRAM}' switch")).ends().exits(2);
    assert!(dumb.out.contains(words), "{}", dumb.out);
    let mut unheard = machine.environment.command("/usr/bin/env");
    unheard.args([DEFAULT_SIGNALS, "script", "--quiet", "--return", "--flush", "--command"]);
    unheard.args([&format!("'{PROGRAM}' switch 2>/dev/null"), "/dev/null"]);
    Conversation::on_terminal(&mut unheard).ends().exits(2);
    assert_eq!(active(&machine), "member@example.com");
    Ok(())
}
