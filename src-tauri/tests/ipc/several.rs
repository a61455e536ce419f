//! The result page of a log-out of several, and the notice of *Try again*.

use accounts::ports::StoreStatus;
use sandbox::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::Bridge;

const USERS: [&str; 3] = ["admin@example.com", "member@example.com", "viewer@example.com"];

/// The rows of the result page: what each log-out came to.
fn outcomes(snapshot: &Value) -> Vec<String> {
    let results = snapshot["view"]["results"].as_array().cloned().unwrap_or_default();
    let mut outcomes: Vec<_> =
        results.iter().map(|row| row["outcome"].as_str().unwrap_or("under way").to_owned()).collect();
    outcomes.sort();
    outcomes
}

fn with_three_accounts() -> (Bridge, [String; 3]) {
    let bridge = Bridge::for_tenant(None);
    let ids = USERS.map(|user| bridge.log_in_to("demo1234", user));
    (bridge, ids)
}

#[test]
fn log_out_of_all_shows_a_row_for_each_and_what_comes_of_it_later() {
    let (bridge, _) = with_three_accounts();
    let fault = FaultRule {
        times: std::num::NonZeroU32::new(1),
        ..FaultRule::new("auth/logout", Fault::status(503))
    };
    bridge.sandbox.set_faults(vec![fault]);
    bridge.call("log_out_all", json!({})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(snapshot["view"]["name"], "logOutResults", "{snapshot}");
    assert_eq!(snapshot["notice"], Value::Null, "the page says it");
    assert_eq!(outcomes(&snapshot), ["ended", "ended", "pending"], "{snapshot}");
    let rows = snapshot["view"]["results"].as_array().unwrap();
    let pending = rows.iter().find(|row| row["outcome"] == "pending").unwrap();
    let id = snapshot["pendingRevocations"][0]["id"].clone();
    assert_eq!(pending["pending"], id);
    bridge.call("retry_revocation", json!({"id": id})).unwrap();
    let all = |snapshot: &Value| outcomes(snapshot) == ["ended", "ended", "ended"];
    let snapshot = bridge.wait_until("all have ended", all);
    assert_eq!(snapshot["pendingRevocations"], json!([]));
    assert!(bridge.keyring.names().is_empty());
    // Behind the page is the login screen of the account that was shown.
    bridge.call("leave_view", json!({})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(snapshot["view"]["name"], "login");
    assert_eq!(snapshot["view"]["form"]["emailOrUsername"], USERS[2], "{snapshot}");
}

#[test]
fn log_out_of_several_leaves_the_others_and_the_account_in_view() {
    let (bridge, [admin, member, viewer]) = with_three_accounts();
    bridge.call("log_out_several", json!({"accounts": [admin, member]})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(outcomes(&snapshot), ["ended", "ended"], "{snapshot}");
    let left = snapshot["accounts"].as_array().unwrap();
    assert_eq!((left.len(), &left[0]["id"]), (1, &json!(viewer)));
    bridge.call("leave_view", json!({})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!((&snapshot["view"]["name"], &snapshot["view"]["id"]), (&json!("account"), &json!(viewer)));
    let alive = bridge.sandbox.sessions().into_iter().filter(|session| session.alive).count();
    assert_eq!(alive, 1);
}

#[test]
fn one_of_several_that_stays_logged_in_says_why_and_can_be_tried_again() {
    let (bridge, [admin, member, _]) = with_three_accounts();
    bridge.keyring.set_status(StoreStatus::Locked);
    bridge.call("log_out_several", json!({"accounts": [admin, member]})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(outcomes(&snapshot), ["stillLoggedIn", "stillLoggedIn"], "{snapshot}");
    let row = &snapshot["view"]["results"][0];
    assert_eq!((&row["why"]["code"], &row["isIn"]), (&json!("keyringLocked"), &json!(true)), "{row}");
    bridge.keyring.set_status(StoreStatus::Ok);
    bridge.call("log_out", json!({"account": admin, "redirect": false})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(outcomes(&snapshot), ["ended", "stillLoggedIn"], "{snapshot}");
}

#[test]
fn the_result_page_that_was_left_is_not_opened_again_by_a_late_result() {
    let (bridge, [admin, member, viewer]) = with_three_accounts();
    bridge.call("log_out_several", json!({"accounts": [admin, member]})).unwrap();
    bridge.call("switch_account", json!({"account": viewer})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!((&snapshot["view"]["name"], &snapshot["view"]["id"]), (&json!("account"), &json!(viewer)));
    bridge.call("log_out", json!({"account": viewer, "redirect": true})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(snapshot["view"]["name"], "login");
    assert_eq!(snapshot["notice"]["kind"], "loggedOut", "a log-out of one is a notice: {snapshot}");
}

#[test]
fn a_retried_revocation_that_succeeds_is_reported() {
    let bridge = Bridge::for_tenant(None);
    let account = bridge.log_in_to("demo1234", USERS[0]);
    bridge.sandbox.set_faults(vec![FaultRule::new("auth/logout", Fault::status(503))]);
    bridge.call("log_out", json!({"account": account, "redirect": true})).unwrap();
    bridge.call("dismiss_notice", json!({})).unwrap();
    let snapshot = bridge.snapshot();
    let id = json!({"id": snapshot["pendingRevocations"][0]["id"]});
    assert!(id["id"].is_string() && snapshot["notice"].is_null(), "{snapshot}");
    bridge.call("retry_revocation", id.clone()).unwrap();
    assert_eq!(bridge.snapshot()["notice"], Value::Null, "it did not work");
    bridge.sandbox.set_faults(Vec::new());
    bridge.call("retry_revocation", id).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(snapshot["notice"], json!({"kind": "sessionOver", "accountName": "Alva Admin"}), "{snapshot}");
    assert_eq!(snapshot["pendingRevocations"], json!([]));
}
