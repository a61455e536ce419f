//! The login screen: after a log-out it is that of the account. Late answers, and log-outs elsewhere, change
//! no other.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use accounts::model::destination::Redirect;
use sandbox::{Fault, FaultRule, Options, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Bridge, Items, LIMIT, PASSWORD};

const ADMIN: &str = "admin@example.com";
const MEMBER: &str = "member@example.com";

impl Bridge {
    /// Logs in with a password; the account's ID.
    pub(crate) fn log_in_to(&self, tenant: &str, name: &str) -> String {
        self.call("add_account", json!({})).unwrap();
        self.choose(tenant);
        self.call("choose_factor", json!({"strategy": "password", "channel": "email"})).unwrap();
        self.call("log_in", json!({"emailOrUsername": name, "password": PASSWORD})).unwrap();
        self.snapshot()["view"]["id"].as_str().unwrap().to_owned()
    }

    fn log_out(&self, account: &str) {
        self.call("log_out", json!({"account": account, "redirect": true})).unwrap();
    }

    /// As `userfront log-out` does it.
    fn log_out_elsewhere(&self, account: &str) {
        let (accounts, account) = (self.other_program(), account.parse().unwrap());
        tauri::async_runtime::block_on(accounts.log_out(&account, &Redirect::Follow)).unwrap();
    }

    /// Holds the server's answer to a call of this path until something else is done. The call's answer.
    fn meanwhile(&self, path: &str, call: (&str, Value), deed: impl FnOnce()) -> Result<Value, Value> {
        self.sandbox.set_faults(vec![FaultRule::new(path, Fault::Held).times(NonZeroU32::MIN)]);
        let asked = || self.sandbox.requests().iter().filter(|request| request.path.ends_with(path)).count();
        let before = asked();
        let (window, (command, arguments)) = (self.window(), call);
        let command = format!("plugin:accounts|{command}");
        let late =
            std::thread::spawn(move || crate::invoke(&window, &command, arguments, "tauri://localhost"));
        wait_for_call(path, || asked() > before);
        deed();
        assert!(!late.is_finished(), "the answer is late");
        self.sandbox.set_faults(Vec::new());
        late.join().unwrap()
    }
}

/// The server sends no event of its own: it is looked at until it has been called.
fn wait_for_call(path: &str, is_called: impl Fn() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !is_called() {
        assert!(Instant::now() < deadline, "{path} is called");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn filled_in(snapshot: &Value) -> (&str, &str) {
    let view = &snapshot["view"];
    let text = |value: &'static str, of: &'static str| view[of][value].as_str().unwrap_or_default();
    (text("tenantId", "tenant"), text("emailOrUsername", "form"))
}

#[test]
fn the_login_screen_after_a_log_out_is_that_of_the_account() {
    let bridge = Bridge::for_tenant(None);
    let first = bridge.log_in_to("demo1234", ADMIN);
    bridge.wait_for_tenant_name();
    let second = bridge.log_in_to("sso01234", MEMBER);
    bridge.call("switch_account", json!({"account": first})).unwrap();
    bridge.log_out(&first);
    let answered = |snapshot: &Value| snapshot["view"]["tenant"]["hasAnswered"] == true;
    let snapshot = bridge.wait_until("the tenant answers", answered);
    assert_eq!(
        filled_in(&snapshot),
        ("demo1234", ADMIN),
        "and not the tenant of the last log-in: {snapshot}"
    );
    assert_eq!(snapshot["view"]["tenant"]["name"], "Demo Workspace");
    assert_eq!(snapshot["view"]["step"]["strategy"], "password");
    assert_eq!(snapshot["accounts"][0]["id"], second, "the other account is in sight");
    assert_eq!(snapshot["view"]["canGoBack"], true);
    bridge.call("leave_login", json!({})).unwrap();
    assert_eq!(bridge.snapshot()["view"]["name"], "accounts", "and Back leads to it");
    // From the list as from anywhere.
    bridge.call("switch_account", json!({"account": second})).unwrap();
    bridge.call("show_accounts", json!({})).unwrap();
    bridge.call("log_out", json!({"account": second, "redirect": false})).unwrap();
    assert_eq!(bridge.snapshot()["view"]["name"], "accounts");
    bridge.call("leave_view", json!({})).unwrap();
    let snapshot = bridge.wait_until("the tenant answers", answered);
    assert_eq!(filled_in(&snapshot), ("sso01234", MEMBER));
    assert_eq!(snapshot["view"]["canGoBack"], false, "no account is logged in");
}

#[test]
fn a_tenant_that_does_not_answer_after_a_log_out_can_be_asked_again() {
    let bridge = Bridge::for_tenant(None);
    let first = bridge.log_in_to("demo1234", ADMIN);
    bridge.log_in_to("sso01234", MEMBER);
    bridge.call("switch_account", json!({"account": first})).unwrap();
    bridge.sandbox.set_faults(vec![FaultRule::new("/mode", Fault::Reset)]);
    bridge.log_out(&first);
    let snapshot = bridge.snapshot();
    assert_eq!(filled_in(&snapshot), ("demo1234", ADMIN), "{snapshot}");
    let tenant = &snapshot["view"]["tenant"];
    assert_eq!((&tenant["hasAnswered"], &tenant["mode"]), (&json!(false), &json!("test")), "{tenant}");
    let at_work = |snapshot: &Value| !snapshot["inProgress"].to_string().contains("choosingTenant");
    let form = bridge.wait_until("the call ends", at_work)["view"]["form"].clone();
    bridge.sandbox.set_faults(Vec::new());
    bridge.call("choose_tenant", form).unwrap();
    assert_eq!(bridge.shows(), ("demo1234".to_owned(), "firstFactor".to_owned()));
    assert_eq!(bridge.snapshot()["view"]["tenant"]["hasAnswered"], true);
}

#[test]
fn a_late_answer_after_back_or_change_touches_no_other_step_or_tenant() {
    let bridge = Bridge::for_tenant(None);
    let at = |tenant: &str, step: &str| (tenant.to_owned(), step.to_owned());
    let form = |tenant: &str| json!({"tenantId": tenant, "apiUrl": "", "domain": ""});
    bridge.choose("sso01234");
    // A tenant that answers late, when another one has been chosen.
    bridge
        .meanwhile("demo1234/mode", ("choose_tenant", form("demo1234")), || bridge.choose("mfa01234"))
        .unwrap();
    assert_eq!(bridge.shows().0, "mfa01234");
    // Something sent, after *Back*.
    bridge.choose("demo1234");
    bridge.call("show_forgotten_password", json!({})).unwrap();
    let reset = ("send_reset_link", json!({"email": ADMIN}));
    bridge
        .meanwhile("auth/reset/link", reset, || drop(bridge.call("leave_step", json!({})).unwrap()))
        .unwrap();
    assert_eq!(bridge.shows(), at("demo1234", "firstFactor"));
    // A wrong password, after *change*: its error is of no other tenant.
    let password = |password: &str| ("log_in", json!({"emailOrUsername": ADMIN, "password": password}));
    let change = || drop(bridge.call("change_tenant", json!({})).unwrap());
    assert_eq!(bridge.meanwhile("auth/basic", password("wrong"), change), Ok(Value::Null));
    assert_eq!(bridge.shows().0, "");
    // A log-in that takes place after another tenant has been chosen.
    bridge.choose("demo1234");
    let elsewhere = || {
        change();
        bridge.choose("sso01234");
        bridge.call("show_sign_up", json!({"way": "password"})).unwrap();
    };
    bridge.meanwhile("auth/basic", password(PASSWORD), elsewhere).unwrap();
    assert_eq!(bridge.shows(), at("sso01234", "signUp"));
    let snapshot = bridge.snapshot();
    assert_eq!(
        (&snapshot["view"]["canGoBack"], snapshot["accounts"].as_array().map(Vec::len)),
        (&json!(true), Some(1))
    );
    // And a tenant that a log-out asks: another one was chosen meanwhile.
    bridge.call("leave_login", json!({})).unwrap();
    let account = bridge.snapshot()["view"]["id"].clone();
    let log_out = ("log_out", json!({"account": account, "redirect": true}));
    bridge.call(log_out.0, log_out.1).unwrap();
    bridge.choose("mfa01234");
    let asked = |snapshot: &Value| !snapshot["inProgress"].to_string().contains("choosingTenant");
    bridge.wait_until("the call ends", asked);
    assert_eq!(bridge.shows().0, "mfa01234");
}

#[test]
fn a_log_out_elsewhere_closes_no_open_form_of_another_account() {
    let bridge = Bridge::for_tenant(None);
    let first = bridge.log_in_to("demo1234", ADMIN);
    let second = bridge.log_in_to("demo1234", MEMBER);
    bridge.call("show_profile", json!({"account": second})).unwrap();
    bridge.log_out_elsewhere(&first);
    let said = |snapshot: &Value| snapshot["notice"]["kind"] == "loggedOut";
    let snapshot = bridge.wait_until("it is said", said);
    assert_eq!((&snapshot["view"]["name"], &snapshot["view"]["id"]), (&json!("profile"), &json!(second)));
    // A login form is no less open.
    bridge.call("add_account", json!({})).unwrap();
    bridge.choose("sso01234");
    bridge.call("show_sign_up", json!({"way": "password"})).unwrap();
    bridge.log_out_elsewhere(&second);
    let gone = |snapshot: &Value| snapshot["accounts"] == json!([]);
    bridge.wait_until("it is gone", gone);
    assert_eq!(bridge.shows(), ("sso01234".to_owned(), "signUp".to_owned()));
    // The window that shows the account goes where its log-out leads.
    let third = bridge.log_in_to("demo1234", ADMIN);
    bridge.choose_other_and_return(&third);
    bridge.log_out_elsewhere(&third);
    let snapshot = bridge.wait_until("it is gone", gone);
    assert_eq!(filled_in(&snapshot), ("demo1234", ADMIN), "{snapshot}");
}

impl Bridge {
    /// The last tenant is then another one.
    fn choose_other_and_return(&self, account: &str) {
        self.call("add_account", json!({})).unwrap();
        self.choose("mfa01234");
        self.call("leave_login", json!({})).unwrap();
        assert_eq!(self.snapshot()["view"]["id"], account);
    }
}

#[test]
fn an_earlier_log_in_without_an_answer_is_reported_with_its_time() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let line = json!({"at": 1_764_252_180, "tenant": "demo1234", "accountName": "demo1234",
        "what": "logInUnanswered", "interrupted": true, "by": "app"});
    std::fs::write(data.join("activity.jsonl"), format!("{line}\n")).unwrap();
    let sandbox = Sandbox::start(&Options::default()).unwrap();
    let bridge = Bridge::in_home(home, sandbox, Items::new(), |_| {});
    let snapshot = bridge.wait_until("it is reported", |snapshot| snapshot["notice"].is_object());
    let notice = json!({"kind": "logInUnanswered", "accountName": null, "tenantId": "demo1234",
        "at": 1_764_252_180});
    assert_eq!(snapshot["notice"], notice);
}

#[test]
fn a_log_in_without_an_answer_is_reported_in_any_view() {
    let bridge = Bridge::for_tenant(None);
    bridge.choose("demo1234");
    bridge.call("choose_factor", json!({"strategy": "password", "channel": "email"})).unwrap();
    bridge.sandbox.set_faults(vec![FaultRule::new("auth/basic", Fault::Delay { ms: 60_000 })]);
    let window = bridge.window();
    let log_in = json!({"emailOrUsername": ADMIN, "password": PASSWORD});
    let late = std::thread::spawn(move || {
        crate::invoke(&window, "plugin:accounts|log_in", log_in, "tauri://localhost")
    });
    wait_for_call("auth/basic", || !bridge.sandbox.requests_to("POST", "auth/basic").is_empty());
    bridge.call("change_tenant", json!({})).unwrap();
    let window = bridge.window();
    // The machine at the other end goes away.
    let Bridge { app: _app, sandbox, keyring: _keyring, home: _home, .. } = bridge;
    sandbox.stop();
    assert_eq!(late.join().unwrap(), Ok(Value::Null), "no error in the form of another tenant");
    let snapshot =
        crate::invoke(&window, "plugin:accounts|snapshot", json!({}), "tauri://localhost").unwrap();
    let context = &snapshot["notice"]["error"]["context"];
    assert_eq!(context, &json!([{"kind": "mayBeAlive"}]), "{snapshot}");
}
