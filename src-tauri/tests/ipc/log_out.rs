//! A log-out over the bridge, and where it leads.

use serde_json::{Value, json};

use crate::{Bridge, PASSWORD};

#[test]
fn a_log_in_and_a_log_out_cross_the_bridge_without_a_token() {
    let bridge = Bridge::new();
    bridge.log_in().unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(snapshot["view"]["name"], "account", "{snapshot}");
    let id = snapshot["view"]["id"].as_str().unwrap().to_owned();
    assert_eq!(snapshot["accounts"][0]["email"], "admin@example.com");
    bridge.wait_for_tenant_name();
    bridge.call("add_account", json!({})).unwrap();
    assert_eq!(bridge.snapshot()["view"]["canGoBack"], true);
    bridge.call("leave_login", json!({})).unwrap();
    let before = bridge.snapshot();
    bridge.call("log_out", json!({"account": id, "redirect": true})).unwrap();
    let after = bridge.snapshot();
    assert_eq!(after["view"]["name"], "login");
    assert_eq!(after["view"]["tenant"]["name"], "Demo Workspace", "the same tenant is offered again");
    assert_eq!(after["notice"]["kind"], "loggedOut", "{after}");
    assert!(after["revision"].as_u64() > before["revision"].as_u64());
    for crossed in [snapshot, before, after] {
        let text = crossed.to_string();
        assert!(!text.contains("eyJ") && !text.contains(PASSWORD), "{text}");
    }
    assert!(bridge.sandbox.sessions().iter().all(|session| !session.alive));
    assert!(bridge.keyring.names().is_empty());
    assert!(bridge.home.path().join("data/accounts.json").is_file());
}

#[test]
fn an_unwritten_log_out_shows_the_problem_of_the_list() {
    let bridge = Bridge::new();
    bridge.log_in().unwrap();
    let id = bridge.snapshot()["view"]["id"].as_str().unwrap().to_owned();
    bridge.wait_for_tenant_name();
    let lock = bridge.home.path().join("data/accounts.lock");
    // As good as a disk that is full: the list cannot be locked, and so not be written.
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    bridge.call("log_out", json!({"account": id, "redirect": true})).unwrap();
    let after = bridge.snapshot();
    assert_eq!(after["registryProblem"], json!({"kind": "listUnwritable"}), "{after}");
    assert_eq!((&after["accounts"], &after["notice"]["kind"]), (&json!([]), &json!("loggedOut")), "{after}");
    assert!(bridge.sandbox.sessions().iter().all(|session| !session.alive));
}

#[test]
fn an_old_log_out_shows_no_notice_after_a_start_with_an_unreadable_list() {
    let Bridge { app, sandbox, keyring, home, .. } = {
        let bridge = Bridge::new();
        bridge.log_in().unwrap();
        let id = bridge.snapshot()["view"]["id"].clone();
        bridge.call("log_out", json!({"account": id, "redirect": true})).unwrap();
        bridge
    };
    drop(app);
    let list = home.path().join("data/accounts.json");
    let aside = list.with_extension("aside");
    std::fs::rename(&list, &aside).unwrap();
    std::fs::create_dir(&list).unwrap();
    let bridge = Bridge::in_home(home, sandbox, keyring, |_| {});
    assert_eq!(bridge.snapshot()["registryProblem"], json!({"kind": "listUnreadable"}));
    std::fs::remove_dir(&list).unwrap();
    std::fs::rename(&aside, &list).unwrap();
    bridge.log_in().unwrap();
    let after = bridge.snapshot();
    assert_eq!(after["view"]["name"], "account", "{after}");
    assert_ne!(after["notice"]["kind"], "loggedOut", "{after}");
}

#[test]
fn a_log_out_may_lead_to_the_sign_up_or_password_reset_form() {
    let bridge = Bridge::new();
    for (path, step) in [("/signup", "signUp"), ("/reset?from=app", "forgottenPassword")] {
        bridge.log_in().unwrap();
        let id = bridge.snapshot()["view"]["id"].as_str().unwrap().to_owned();
        bridge.call("log_out", json!({"account": id, "redirect": path})).unwrap();
        let is_there = |snapshot: &Value| snapshot["view"]["step"]["kind"] == step;
        let snapshot = bridge.wait_until(path, is_there);
        assert_eq!(snapshot["view"]["name"], "login");
        assert_eq!(snapshot["notice"]["kind"], "loggedOut", "and the log-out is said");
        bridge.call("leave_step", json!({})).unwrap();
    }
}
