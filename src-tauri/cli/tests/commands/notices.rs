//! Notices on standard error and in `status`; standard output stays clean.

use serde_json::json;
use test_rig::RigError;

use crate::machine::Machine;

#[tokio::test(flavor = "multi_thread")]
async fn status_names_lost_sessions_and_a_repaired_account_list() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    let quiet = machine.run(&["status", "--json"]).exits(0).json();
    assert_eq!((&quiet["lost"], &quiet["mended"]), (&json!([]), &json!(null)));
    machine.change_registry(|registry| {
        let account = registry["accounts"][0]["id"].clone();
        let (name, session, until) = ("Mira", "s1", 1_900_000_000);
        registry["lost"] =
            json!([{"account": account, "accountName": name, "session": session, "aliveUntil": until}]);
        registry["mended"] = json!({"keptAs": "accounts.damaged-1.json", "fromLastGood": true});
    });
    let status = machine.run(&["status", "--json"]).exits(0).json();
    assert_eq!(
        (&status["lost"][0]["accountName"], &status["lost"][0]["session"]),
        (&json!("Mira"), &json!("s1"))
    );
    assert_eq!(status["mended"]["keptAs"], "accounts.damaged-1.json");
    let lines = machine.run(&["status"]).exits(0).out;
    for words in ["A session of Mira", "nothing here can end it", "was damaged", "accounts.damaged-1.json"] {
        assert!(lines.contains(words), "{lines}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_rolls_back_a_log_in_says_so() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.change_registry(|registry| registry["accounts"][0]["phase"] = json!("arriving"));
    let ran = machine.run(&["list", "--json"]).fails(0, "was cut off, and is undone");
    let list = ran.json();
    assert_eq!(
        (&list["accounts"], &list["foreign"], &list["elsewhere"]),
        (&json!([]), &json!([]), &json!([]))
    );
    assert_eq!(machine.run(&["list"]).exits(0).err, "", "once");
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_to_an_account_that_is_not_logged_in_fails() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.log_in("member@example.com").exits(0);
    machine.keyring.lock()?;
    machine.change_registry(|registry| registry["accounts"][0]["phase"] = json!("leaving"));
    machine.run(&["switch", "admin@example.com"]).fails(3, "Nothing was switched");
    let status = machine.run(&["status", "--json"]).exits(0).json();
    assert_eq!(status["active"]["email"], "member@example.com");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failed_log_out_names_its_account() -> Result<(), RigError> {
    let machine = Machine::new()?;
    machine.log_in("admin@example.com").exits(0);
    machine.log_in("member@example.com").exits(0);
    let list = machine.run(&["list", "--json"]).exits(0).json();
    machine.keyring.lock()?;
    let ran = machine.run(&["log-out", "--all", "--json"]).exits(4);
    let failed = ran.json();
    for nth in 0..2 {
        let id = &list["accounts"][nth]["id"];
        assert_eq!(&failed["loggedOut"][nth]["account"], id, "in the order of the list");
        assert!(ran.err.contains(id.as_str().unwrap()), "{}", ran.err);
    }
    Ok(())
}
