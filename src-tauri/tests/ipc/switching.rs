//! The order of the list, pins, and switching back.

use sandbox::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::{Bridge, invoke};

const ADMIN: &str = "admin@example.com";
const MEMBER: &str = "member@example.com";
const VIEWER: &str = "viewer@example.com";

fn shown(snapshot: &Value) -> &Value {
    &snapshot["view"]["id"]
}

#[test]
fn accounts_are_listed_pinned_first_then_by_tenant_and_name() {
    let bridge = Bridge::for_tenant(None);
    let viewer = bridge.log_in_to("demo1234", VIEWER);
    let other = bridge.log_in_to("sso01234", ADMIN);
    let admin = bridge.log_in_to("demo1234", ADMIN);
    let member = bridge.log_in_to("demo1234", MEMBER);
    let is_named = |snapshot: &Value| {
        snapshot["accounts"].as_array().unwrap().iter().all(|account| account["tenantName"].is_string())
    };
    let snapshot = bridge.wait_until("every tenant has told its name", is_named);
    let by_name = [&admin, &member, &viewer, &other].map(|id| json!(id));
    assert_eq!(ids(&snapshot), by_name, "{snapshot}");
    for id in [&other, &viewer] {
        bridge.call("set_pinned", json!({"account": id, "pinned": true})).unwrap();
    }
    let snapshot = bridge.snapshot();
    assert_eq!(ids(&snapshot), [&other, &viewer, &admin, &member].map(|id| json!(id)), "in that order");
    let pinned: Vec<_> = snapshot["accounts"].as_array().unwrap().iter().map(|it| &it["pinned"]).collect();
    assert_eq!(pinned, [true, true, false, false]);
    bridge.call("set_pinned", json!({"account": other, "pinned": false})).unwrap();
    assert_eq!(ids(&bridge.snapshot()), [&viewer, &admin, &member, &other].map(|id| json!(id)));
}

fn ids(snapshot: &Value) -> Vec<Value> {
    snapshot["accounts"].as_array().unwrap().iter().map(|account| account["id"].clone()).collect()
}

#[test]
fn switching_back_goes_to_and_fro_between_the_last_two_accounts() {
    let bridge = Bridge::for_tenant(None);
    let admin = bridge.log_in_to("demo1234", ADMIN);
    bridge.call("switch_back", json!({})).unwrap();
    assert_eq!(*shown(&bridge.snapshot()), json!(admin), "there is no other");
    let member = bridge.log_in_to("demo1234", MEMBER);
    let viewer = bridge.log_in_to("demo1234", VIEWER);
    for expected in [&member, &viewer, &member] {
        bridge.call("switch_back", json!({})).unwrap();
        assert_eq!(*shown(&bridge.snapshot()), json!(expected));
    }
    // From the login screen it is the account that was left; from another view, the one before.
    bridge.call("add_account", json!({})).unwrap();
    assert_eq!(bridge.snapshot()["view"]["name"], "login");
    bridge.call("switch_back", json!({})).unwrap();
    assert_eq!(*shown(&bridge.snapshot()), json!(member));
    bridge.call("show_activity", json!({})).unwrap();
    bridge.call("switch_back", json!({})).unwrap();
    assert_eq!(*shown(&bridge.snapshot()), json!(viewer));
    // One that is logged out is not gone back to.
    bridge.call("log_out", json!({"account": member, "redirect": true})).unwrap();
    bridge.call("switch_back", json!({})).unwrap();
    assert_eq!(*shown(&bridge.snapshot()), json!(viewer));
}

#[test]
fn a_switch_answers_with_the_place_of_the_first_snapshot_that_shows_it() {
    let bridge = Bridge::for_tenant(None);
    let admin = bridge.log_in_to("demo1234", ADMIN);
    let member = bridge.log_in_to("demo1234", MEMBER);
    let before = bridge.snapshot()["place"].as_u64();
    let place = bridge.call("switch_account", json!({"account": admin})).unwrap();
    assert!(place.as_u64() > before, "{place} after {before:?}");
    let snapshot = bridge.wait_until("it is shown", |snapshot| snapshot["place"] == place);
    assert_eq!(*shown(&snapshot), json!(admin));
    let place = bridge.call("switch_back", json!({})).unwrap();
    let snapshot = bridge.wait_until("it is shown", |snapshot| snapshot["place"] == place);
    assert_eq!(*shown(&snapshot), json!(member));
}

#[test]
fn an_account_shows_its_own_last_lines_of_activity() {
    let bridge = Bridge::for_tenant(None);
    let admin = bridge.log_in_to("demo1234", ADMIN);
    let member = bridge.log_in_to("demo1234", MEMBER);
    bridge.call("refresh", json!({"account": member})).unwrap();
    bridge.call("switch_account", json!({"account": admin})).unwrap();
    let recent = bridge.snapshot()["view"]["recent"].clone();
    let kinds: Vec<_> = recent.as_array().unwrap().iter().map(|line| &line["event"]["kind"]).collect();
    assert_eq!(kinds, ["loggedIn"], "{recent}");
    assert_eq!(recent[0]["accountName"], "Alva Admin");
}

// The fault that other account managers are known for.
#[test]
fn a_switch_during_a_slow_refresh_sends_and_stores_no_token_of_another_account() {
    let bridge = Bridge::for_tenant(None);
    let admin = bridge.log_in_to("demo1234", ADMIN);
    let member = bridge.log_in_to("demo1234", MEMBER);
    let slow = FaultRule { after: true, ..FaultRule::new("auth/refresh", Fault::Delay { ms: 400 }) };
    bridge.sandbox.set_faults(vec![slow]);
    std::thread::scope(|scope| {
        let window = bridge.window();
        let account = admin.clone();
        let refresh = scope.spawn(move || {
            let command = "plugin:accounts|refresh";
            invoke(&window, command, json!({"account": account}), "tauri://localhost")
        });
        let is_under_way =
            |snapshot: &Value| snapshot["inProgress"][0] == json!({"kind": "refreshing", "account": admin});
        bridge.wait_until("the refresh is under way", is_under_way);
        for account in [&admin, &member, &admin, &member] {
            bridge.call("switch_account", json!({"account": account})).unwrap();
        }
        bridge.call("refresh", json!({"account": member})).unwrap();
        refresh.join().unwrap().unwrap();
    });
    assert_eq!(*shown(&bridge.snapshot()), json!(member), "the late answer switches nothing");
    bridge.call("log_out", json!({"account": admin, "redirect": true})).unwrap();
    let alive: Vec<_> = bridge.sandbox.sessions().into_iter().filter(|session| session.alive).collect();
    assert_eq!(alive.len(), 1);
    assert!(member.contains(&alive[0].user_uuid), "the session of the other account: {member}");
    bridge.call("refresh", json!({"account": member})).unwrap();
}
