//! The notices of *Log out of all* and of *Try again*.

use sandbox::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::Bridge;

const USERS: [&str; 3] = ["admin@example.com", "member@example.com", "viewer@example.com"];

/// Each account with what its log-out came to, in the order of their names.
fn results(snapshot: &Value) -> Vec<(String, String)> {
    let results = snapshot["notice"]["results"].as_array().cloned().unwrap_or_default();
    let text = |result: &Value, field: &str| result[field].as_str().unwrap_or_default().to_owned();
    let mut results: Vec<_> =
        results.iter().map(|result| (text(result, "accountName"), text(result, "outcome"))).collect();
    results.sort();
    results
}

fn outcomes(snapshot: &Value) -> Vec<String> {
    results(snapshot).into_iter().map(|(_, outcome)| outcome).collect()
}

#[test]
fn log_out_of_all_reports_how_each_log_out_ended() {
    let bridge = Bridge::for_tenant(None);
    for user in USERS {
        bridge.log_in_to("demo1234", user);
    }
    let fault = FaultRule {
        times: std::num::NonZeroU32::new(1),
        ..FaultRule::new("auth/logout", Fault::status(503))
    };
    bridge.sandbox.set_faults(vec![fault]);
    bridge.call("log_out_all", json!({})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(snapshot["notice"]["kind"], "loggedOutOfSeveral", "{snapshot}");
    let mut told = outcomes(&snapshot);
    told.sort();
    assert_eq!(told, ["ended", "ended", "pending"], "{snapshot}");
    // What becomes of the one that is pending is told in the same place.
    let id = snapshot["pendingRevocations"][0]["id"].clone();
    bridge.call("retry_revocation", json!({"id": id})).unwrap();
    let all = |snapshot: &Value| outcomes(snapshot) == ["ended", "ended", "ended"];
    let snapshot = bridge.wait_until("all have ended", all);
    assert_eq!(snapshot["pendingRevocations"], json!([]));
    assert!(bridge.keyring.names().is_empty());
}

#[test]
fn a_log_out_that_ends_late_is_in_the_shared_notice() {
    let bridge = Bridge::for_tenant(None);
    for user in USERS {
        bridge.log_in_to("demo1234", user);
    }
    let once = std::num::NonZeroU32::new(1);
    let late = FaultRule { times: once, ..FaultRule::new("auth/logout", Fault::Delay { ms: 600 }) };
    bridge.sandbox.set_faults(vec![late]);
    bridge.call("log_out_all", json!({})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(results(&snapshot).len(), 3, "{snapshot}");
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
