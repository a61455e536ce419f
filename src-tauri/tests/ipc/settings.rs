//! Settings of the environment that cannot be read.

use accounts::storage::environment::Environment;
use sandbox::{Options, Sandbox};
use serde_json::json;

use super::{Bridge, Items, PASSWORD};

#[test]
fn a_setting_for_log_ins_that_cannot_be_read_is_said_and_stops_log_ins_to_unnamed_places_alone() {
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
    // Nothing is filled in, Userfront's own API least of all.
    let choose = |api: &str| json!({"tenantId": "demo1234", "apiUrl": api, "domain": ""});
    assert_eq!(bridge.call("choose_tenant", choose("")).unwrap_err()["code"], "apiUrl");
    bridge.call("choose_tenant", choose(&api)).unwrap();
    bridge.call("log_in", json!({"emailOrUsername": "admin", "password": PASSWORD})).unwrap();
    let account = bridge.snapshot()["accounts"][0]["id"].clone();
    bridge.call("log_out", json!({"account": account, "redirect": true})).unwrap();
    assert_eq!(bridge.snapshot()["accounts"], json!([]));
}
