//! A sign-in in the keyring that is not in this list, over the bridge: another list has put it there.

use credential_store::memory::Items;
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::Bridge;

/// A new list on the keyring of another one, which has logged in; and the foreign row that it shows.
fn with_foreign_entry() -> (Bridge, Value) {
    with_foreign_entry_at(&Options::default())
}

fn with_foreign_entry_at(options: &Options) -> (Bridge, Value) {
    let Bridge { app, sandbox, keyring, home, .. } = logged_in(options);
    drop((app, home));
    let bridge = Bridge::on(sandbox, keyring, Some("demo1234"));
    let row = foreign(&bridge);
    (bridge, row)
}

fn logged_in(options: &Options) -> Bridge {
    let bridge = Bridge::on(Sandbox::start(options).unwrap(), Items::new(), Some("demo1234"));
    bridge.log_in().unwrap();
    bridge
}

/// The one row that is shown.
fn foreign(bridge: &Bridge) -> Value {
    let snapshot = bridge.snapshot();
    let rows = snapshot["foreign"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{snapshot}");
    rows[0].clone()
}

fn alive(bridge: &Bridge) -> usize {
    bridge.sandbox.sessions().iter().filter(|session| session.alive).count()
}

fn choice(row: &Value, api: &str) -> Value {
    json!({"entry": row["entry"], "apiUrl": api, "domain": ""})
}

#[test]
fn a_foreign_entry_is_shown_without_its_token_and_leaving_can_be_undone() {
    let (bridge, row) = with_foreign_entry();
    assert_eq!(
        (&row["tenantId"], &row["mode"], &row["isLeft"]),
        (&json!("demo1234"), &json!("test"), &json!(false))
    );
    assert_eq!(row["entries"].as_array().unwrap().len(), 2, "{row}");
    assert!(!row.to_string().contains("eyJ"), "{row}");
    let entry = json!({"entry": row["entry"]});
    for (command, is_left) in [("leave_foreign", true), ("undo_leave", false)] {
        bridge.call(command, entry.clone()).unwrap();
        assert_eq!(foreign(&bridge)["isLeft"], is_left);
    }
    assert_eq!(bridge.code("undo_leave", entry), "failed");
    assert_eq!(alive(&bridge), 1);
}

#[test]
fn taking_over_a_foreign_entry_at_its_own_host_makes_an_account() {
    let (bridge, row) = with_foreign_entry();
    assert_eq!(bridge.code("take_over", choice(&row, "https://api.userfront.com/v0/")), "apiUrl");
    assert_eq!(bridge.code("take_over", choice(&row, "ftp://x/")), "apiUrl");
    // The API for new tenants is at its host.
    bridge.call("take_over", choice(&row, "")).unwrap();
    let after = bridge.snapshot();
    assert_eq!((&after["view"]["name"], &after["foreign"]), (&json!("account"), &json!([])), "{after}");
    assert_eq!(alive(&bridge), 1);
}

#[test]
fn a_live_foreign_entry_is_taken_over_only_with_its_domain() {
    let (bridge, row) = with_foreign_entry_at(&Options { mode: sandbox::Mode::Live, ..Options::default() });
    let mut choice = choice(&row, &bridge.sandbox.api_base());
    assert_eq!(bridge.code("take_over", choice.clone()), "domain");
    choice["domain"] = json!("app.example.com");
    bridge.call("take_over", choice).unwrap();
    assert_eq!(bridge.snapshot()["foreign"], json!([]));
}

#[test]
fn logging_out_a_foreign_entry_deletes_the_entry_and_shows_a_notice() {
    let (bridge, row) = with_foreign_entry();
    bridge.call("log_out_foreign", choice(&row, &bridge.sandbox.api_base())).unwrap();
    let after = bridge.snapshot();
    assert_eq!((&after["notice"]["kind"], &after["foreign"]), (&json!("loggedOut"), &json!([])), "{after}");
    assert_eq!((alive(&bridge), bridge.keyring.names().len()), (0, 0));
}

#[test]
fn a_log_in_replaces_a_foreign_entry_only_after_the_user_agrees() {
    let (bridge, _) = with_foreign_entry();
    let error = bridge.log_in().unwrap_err();
    assert_eq!(error["code"], "foreignSignIn", "{error}");
    assert_eq!(alive(&bridge), 1, "the new session was ended");
    let replace = |repeats: bool| json!({"account": error["cause"]["account"], "repeats": repeats});
    bridge.call("replace_foreign", replace(true)).unwrap();
    assert_eq!(bridge.snapshot()["notice"], json!(null));
    bridge.call("replace_foreign", replace(false)).unwrap();
    assert_eq!(bridge.snapshot()["notice"]["kind"], "foreignReplaceable", "one that cannot be repeated");
    bridge.log_in().unwrap();
    let after = bridge.snapshot();
    assert_eq!((&after["view"]["name"], &after["foreign"]), (&json!("account"), &json!([])), "{after}");
}
