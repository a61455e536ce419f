//! Settings: the user's, and those of the environment.

use accounts::storage::environment::Environment;
use sandbox::{Options, Sandbox};
use serde_json::json;

use super::{Bridge, Items, PASSWORD};

#[test]
fn a_malformed_environment_setting_is_shown_and_stops_only_log_ins_in_need() {
    let sandbox = Sandbox::start(&Options::default()).unwrap();
    let api = sandbox.api_base().clone();
    let set = [("USERFRONT_API_URL", "nonsense"), ("USERFRONT_TENANT", "a b")];
    let bridge = Bridge::set(sandbox, Items::new(), |environment| {
        let read = Environment::read(|name| {
            let value = set.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).into());
            value.or_else(|| std::env::var_os(name))
        });
        let read = read.unwrap();
        (environment.api, environment.tenant) = (read.api, read.tenant);
    });
    let snapshot = bridge.snapshot();
    let cause = |variable: &str, why: &str| json!({"kind": "environment", "variable": variable, "why": {"kind": why}});
    let causes =
        [cause("USERFRONT_API_URL", "apiUrlMalformed"), cause("USERFRONT_TENANT", "tenantIdMalformed")];
    assert_eq!(snapshot["notice"], json!({"kind": "warning", "causes": causes}));
    assert_eq!(snapshot["view"]["name"], "login");
    // No API is assumed, Userfront's own least of all.
    let choose = |api: &str| json!({"tenantId": "demo1234", "apiUrl": api, "domain": ""});
    assert_eq!(bridge.call("choose_tenant", choose("")).unwrap_err()["code"], "apiUrl");
    bridge.call("choose_tenant", choose(&api)).unwrap();
    bridge.call("log_in", json!({"emailOrUsername": "admin", "password": PASSWORD})).unwrap();
    let account = bridge.snapshot()["accounts"][0]["id"].clone();
    bridge.call("log_out", json!({"account": account, "redirect": true})).unwrap();
    assert_eq!(bridge.snapshot()["accounts"], json!([]));
}

#[test]
fn a_change_of_settings_is_kept_and_names_only_known_settings() {
    let bridge = Bridge::new();
    let verifies = || bridge.snapshot()["settings"]["verifyRevocation"].clone();
    let change = |change| bridge.call("set_settings", json!({"change": change}));
    assert_eq!(verifies(), true);
    change(json!({"verifyRevocation": false})).unwrap();
    change(json!({})).unwrap();
    assert_eq!(verifies(), false);
    assert!(change(json!({"verifyRevocation": true, "probe": true})).is_err());
    let text = std::fs::read_to_string(bridge.home.path().join("data/settings.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["probe"], false, "its name on the disk is the earlier one");
}

#[test]
fn no_token_is_copied_while_the_setting_is_off() {
    let bridge = Bridge::new();
    bridge.log_in().unwrap();
    let account = bridge.snapshot()["accounts"][0]["id"].clone();
    bridge.call("set_settings", json!({"change": {"copyToken": false}})).unwrap();
    let refused = bridge.call("copy_token", json!({"account": account})).unwrap_err();
    assert_eq!(refused["cause"]["kind"], "copyTokenOff");
    assert_eq!(bridge.snapshot()["notice"], json!(null));
}
