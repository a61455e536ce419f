//! Completions of commands and account names in the real shells, and the man page.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use test_rig::RigError;

use crate::conversation::Conversation;
use crate::machine::{Machine, PROGRAM};
use crate::terminal::on_terminal;

/// Its e-mail address is not known: the user name is what means it, and no word of a shell.
const HOSTILE: &str = "o'brien; touch $HOME/pwned `id` *";

/// Three accounts, the second of which goes by its user name.
fn with_accounts() -> Result<Machine, RigError> {
    let mut machine = Machine::new()?;
    machine.environment.set("TERM", "xterm");
    let folder = Path::new(PROGRAM).parent().unwrap();
    machine.environment.set("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    for name in ["admin@example.com", "member@example.com", "viewer@example.com"] {
        machine.log_in(name).exits(0);
    }
    machine.change_registry(|registry| {
        registry["accounts"][1]["profile"]["email"] = json!(null);
        registry["accounts"][1]["profile"]["username"] = json!(HOSTILE);
    });
    Ok(machine)
}

fn is_installed(shell: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {shell}")]).output();
    found.is_ok_and(|found| found.status.success())
}

/// What a shell prints for a script.
fn prints(machine: &Machine, shell: &str, arguments: &[&str], script: &str) -> String {
    let mut command = machine.environment.command(shell);
    let ran = Conversation::begin(command.args(arguments).args(["-c", script])).ends();
    assert_eq!(ran.err, "", "{}", ran.out);
    ran.out
}

/// A shell at its prompt, with the completions.
fn at_prompt(machine: &Machine, shell: &str, set_up: &str) -> Conversation {
    let mut talk = on_terminal(machine, &format!("stty cols 200 rows 50; exec {shell}"));
    talk.types("PS1='re''ady> '");
    talk.hears("ready> ");
    talk.types(&format!("{set_up}; echo se''t up"));
    talk.hears("set up");
    talk.hears("ready> ");
    talk
}

fn completes(machine: &Machine, talk: &mut Conversation) {
    for (typed, active) in [
        ("userfront swi\tadm\t", 0),
        ("userfront switch o\t", 1),
        ("userfront switch viewer@\t", 2),
        ("userfront switch admin@exam\t", 0),
        ("userfront --json switch vie\t", 2),
    ] {
        talk.types(typed);
        talk.hears("ready> ");
        let accounts = machine.run(&["list", "--json"]).exits(0).json();
        assert_eq!(accounts["accounts"][active]["active"], true, "{typed:?}");
    }
    assert!(!machine.environment.folder().join("pwned").exists());
}

#[test]
fn bash_completes_account_names_and_quotes_them() -> Result<(), RigError> {
    let machine = with_accounts()?;
    let mut talk = at_prompt(&machine, "bash --norc --noprofile -i", "source <(userfront completions bash)");
    completes(&machine, &mut talk);
    // Behind an ID's colon, where no shorter name means the account, and within quotes.
    let accounts = machine.run(&["list", "--json"]).exits(0).json();
    machine.change_registry(|registry| {
        let profile = &mut registry["accounts"][0]["profile"];
        profile["email"] = json!("viewer@example.com");
        profile["username"] = json!(null);
    });
    let id = accounts["accounts"][0]["id"].as_str().unwrap();
    let (begin, _) = id.split_at("demo1234:".len() + 4);
    for typed in [format!("userfront switch {begin}\t"), format!("userfront switch '{begin}\t")] {
        machine.run(&["switch", HOSTILE]).exits(0);
        talk.types(&typed);
        talk.hears("ready> ");
        let active = machine.run(&["status", "--json"]).exits(0).json();
        assert_eq!(active["active"]["id"], id, "{typed:?}");
    }
    talk.types("exit");
    talk.ends();
    Ok(())
}

#[test]
fn zsh_completes_account_names_and_quotes_them() -> Result<(), RigError> {
    if !is_installed("zsh") {
        return Ok(());
    }
    let machine = with_accounts()?;
    let set_up = "autoload -U compinit; compinit -u -D; source <(userfront completions zsh)";
    let mut talk = at_prompt(&machine, "zsh -f -i", set_up);
    completes(&machine, &mut talk);
    talk.types("exit");
    talk.ends();
    Ok(())
}

#[test]
fn fish_completes_account_names_and_quotes_them() -> Result<(), RigError> {
    if !is_installed("fish") {
        return Ok(());
    }
    let machine = with_accounts()?;
    let complete = |line: &str| {
        let script = format!("userfront completions fish | source; complete --do-complete '{line}' --escape");
        prints(&machine, "fish", &["--no-config"], &script)
    };
    assert!(complete("userfront swi").starts_with("switch\t"));
    let accounts = complete("userfront switch ");
    assert!(accounts.contains("admin@example.com\tAlva Admin, demo1234 at "), "{accounts}");
    let hostile = complete("userfront log-out o");
    let word = hostile.split('\t').next().unwrap();
    // As fish reads it.
    assert_eq!(prints(&machine, "fish", &["--no-config"], &format!("printf %s {word}")), HOSTILE);
    assert!(complete("userfront log-out --tenant d").starts_with("demo1234"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completion_asks_neither_the_keyring_nor_a_server_and_changes_nothing() -> Result<(), RigError> {
    let machine = with_accounts()?;
    let ask = |word: &str| {
        let script = "USERFRONT_COMPLETE=fish exec \"$@\"";
        machine.run_in_shell(script, &["--", "userfront", "log-out", word])
    };
    // A program that hangs on it would not answer.
    machine.keyring.stop()?;
    let calls = machine.sandbox.requests().await?.len();
    let before = machine.on_disk();
    let ran = ask("").exits(0);
    assert_eq!((ran.out.lines().filter(|line| line.contains("demo1234")).count(), ran.err.as_str()), (3, ""));
    assert!(!ran.out.contains("eyJ"));
    assert_eq!(machine.sandbox.requests().await?.len(), calls);
    assert_eq!(machine.on_disk(), before);
    // A damaged list is left as it is, and one that is not there is not made.
    std::fs::write(machine.home.join("accounts.json"), "{").unwrap();
    let before = machine.on_disk();
    assert!(!ask("").exits(0).out.contains("demo1234"));
    assert_eq!(machine.on_disk(), before);
    std::fs::remove_dir_all(&machine.home).unwrap();
    ask("").exits(0);
    assert!(!machine.home.exists());
    machine.keyring.cont()?;
    Ok(())
}

#[test]
fn a_name_that_looks_like_an_option_is_never_offered() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let id = machine.run(&["list", "--json"]).exits(0).json()["accounts"][0]["id"].clone();
    let ask = || {
        let script = "USERFRONT_COMPLETE=fish exec \"$@\"";
        let ran = machine.run_in_shell(script, &["--", "userfront", "log-out", ""]).exits(0);
        let of_account = |line: &&str| line.contains("\tAlva Admin, ");
        ran.out.lines().filter(of_account).map(str::to_owned).collect::<Vec<_>>()
    };
    for name in ["--all", "--erase", "-h", "-"] {
        for [email, username] in [[json!(null), json!(name)], [json!(name), json!(null)]] {
            machine.change_registry(|registry| {
                registry["accounts"][0]["profile"]["email"] = email;
                registry["accounts"][0]["profile"]["username"] = username;
            });
            let offered = ask();
            let words: Vec<_> = offered.iter().map(|line| line.split('\t').next().unwrap()).collect();
            assert_eq!(words, [id.as_str().unwrap()], "{name}");
        }
    }
    Ok(())
}

#[test]
fn man_pages_are_made_of_the_help_and_need_no_account() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let page = machine.run(&["man"]).exits(0).out;
    for words in [".TH userfront 1", "log\\-out", "Exit codes: 0 done", ".SH SUBCOMMANDS"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = machine.run(&["man", "log-out"]).exits(0).out;
    assert!(page.contains(".TH userfront-log-out 1") && page.contains("\\-\\-tenant"), "{page}");
    machine.run(&["man", "nothing"]).fails(2, "There is no command nothing.");
    machine.run(&["completions", "csh"]).exits(2);
    for shell in ["bash", "zsh", "fish"] {
        assert!(machine.run(&["completions", shell]).exits(0).out.contains("USERFRONT_COMPLETE"));
    }
    assert!(!machine.home.exists(), "nothing is made");
    Ok(())
}
