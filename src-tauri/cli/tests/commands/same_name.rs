//! Two accounts of one name and one tenant, wherever one is named.

use serde_json::{Value, json};
use test_rig::RigError;

use crate::list::{on_columns, plain};
use crate::machine::{Machine, PASSWORD, Ran, SERVICE};

const NAMES: [&str; 2] = ["admin@example.com", "member@example.com"];

fn fakes() -> Result<Machine, RigError> {
    let machine = Machine::new()?;
    for name in NAMES {
        machine.log_in(name).exits(0);
    }
    machine.change_registry(|registry| each(registry, |profile| profile["name"] = json!("Mira")));
    Ok(machine)
}

fn each(registry: &mut Value, change: impl Fn(&mut Value)) {
    for account in registry["accounts"].as_array_mut().unwrap() {
        change(&mut account["profile"]);
    }
}

/// The lines with the name in them: each another one, and `count` of them.
#[track_caller]
fn are_told_apart(ran: &Ran, count: usize) {
    let lines: Vec<_> = ran.out.lines().chain(ran.err.lines()).filter(|line| line.contains("Mira")).collect();
    assert_eq!(lines.len(), count, "{}{}", ran.out, ran.err);
    for (nth, line) in lines.iter().enumerate() {
        let words = |line: &str| line.trim_start_matches(['*', ' ']).to_owned();
        assert!(lines[..nth].iter().all(|other| words(other) != words(line)), "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_are_told_apart_in_every_list_and_sentence() -> Result<(), RigError> {
    let machine = fakes()?;
    are_told_apart(&machine.run(&["list"]).exits(0), 2);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    // One after the other: the second is told from what is said of the first.
    let ran = machine.run(&["log-out", NAMES[0], NAMES[1]]).exits(5);
    for name in NAMES {
        let sentence = format!("Logged out of Mira ({name}) on this computer.");
        assert!(ran.out.contains(&sentence), "{}", ran.out);
    }
    are_told_apart(&machine.run(&["pending"]).exits(0), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_are_told_apart_when_all_are_logged_out() -> Result<(), RigError> {
    let machine = fakes()?;
    let ran = machine.run(&["log-out", "--all"]).exits(0);
    are_told_apart(&ran, 2);
    assert!(ran.out.contains(&format!("Logged out of Mira ({}).", NAMES[1])), "{}", ran.out);
    let activity = machine.on_disk();
    assert!(activity.contains(&format!("\"Mira ({})\"", NAMES[0])), "the activity tells them apart, too");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_that_share_all_but_their_id_are_listed_by_it() -> Result<(), RigError> {
    let machine = fakes()?;
    machine.change_registry(|registry| {
        each(registry, |profile| {
            profile["email"] = json!("mira@example.com");
            profile["username"] = json!(null);
        });
    });
    let list = machine.run(&["list"]).exits(0);
    are_told_apart(&list, 2);
    let ids = machine.run(&["list", "--json"]).exits(0).json();
    for account in ids["accounts"].as_array().unwrap() {
        assert!(list.out.contains(account["id"].as_str().unwrap()), "{}", list.out);
    }
    // An interrupted log-in is undone, and said to be of one of them.
    machine.change_registry(|registry| registry["accounts"][0]["phase"] = json!("arriving"));
    let ran = machine.run(&["list"]).exits(0);
    let user = ids["accounts"][0]["id"].as_str().unwrap();
    let short: String = user.split_once(':').unwrap().1.chars().take(8).collect();
    assert!(ran.err.contains(&format!("the log-in of Mira ({short}) was cut off")), "{}", ran.err);
    Ok(())
}

#[test]
fn accounts_of_two_tenants_are_told_apart_on_a_narrow_terminal() -> Result<(), RigError> {
    let mut machine = Machine::new()?;
    machine.environment.set("TERM", "xterm");
    machine.log_in(NAMES[0]).exits(0);
    let other = ["log-in", "--tenant", "sso01234", "--user", "admin", "--password-stdin"];
    machine.typing(&other, &format!("{PASSWORD}\n")).exits(0);
    // The longest health.
    let clear = ["clear", "service", SERVICE];
    assert!(machine.environment.command("secret-tool").args(clear).status().unwrap().success());
    let accounts = machine.run(&["list", "--json"]).exits(0).json()["accounts"].clone();
    let id = |nth: usize| accounts[nth]["id"].as_str().unwrap();
    for (columns, headings) in [
        (100, "Name E-mail Tenant Mode Health"),
        (60, "Name Tenant Mode Health"),
        (53, "Name Tenant Health"),
        // By the ID, which no terminal that is narrow has room for.
        (45, "Name ID Health"),
        (20, "Name ID Health"),
    ] {
        let lines: Vec<_> = on_columns(&machine, columns, "").iter().map(|line| plain(line)).collect();
        assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>().join(" "), headings, "{lines:#?}");
        let told: Vec<_> = lines[1..].iter().map(|line| line.trim_start_matches(['*', ' '])).collect();
        assert!(told.len() == 2 && told[0] != told[1], "{lines:#?}");
        assert!(told.iter().all(|line| line.ends_with("sign-in missing from the keyring")), "{lines:#?}");
        for (nth, line) in told.iter().enumerate() {
            assert_eq!(line.contains(id(nth)), columns < 50, "{lines:#?}");
        }
    }
    Ok(())
}
