//! Links over the bridge: what they lead to, when they ask, and for which tenant they and what is typed are
//! used.

use std::sync::Arc;

use accounts::model::activity::Program;
use accounts::ports::{Observer, Ports, StoreStatus};
use accounts::storage::activity_file::ActivityFile;
use accounts::storage::registry_file::FileRegistry;
use accounts::storage::settings_file::SettingsFile;
use accounts::storage::system_clock::SystemClock;
use accounts::{Accounts, Tenant};
use credential_store::effects::Effects;
use credential_store::memory::MemoryKeyring;
use sandbox::{Fault, FaultRule, TenantChange};
use serde_json::{Value, json};
use userfront_client::{ClientName, Limits, UserfrontClient};

use crate::{Bridge, PASSWORD};

const ADMIN: &str = "admin@example.com";
const MEMBER: &str = "member@example.com";

impl Bridge {
    fn choose_demo(&self) {
        let form = json!({"tenantId": "demo1234", "apiUrl": "", "domain": ""});
        self.call("choose_tenant", form).unwrap();
    }

    /// Has a link sent by which this user logs in; its query.
    fn ask_for_link(&self, email: &str) -> String {
        self.call("add_account", json!({})).unwrap();
        self.choose_demo();
        self.call("choose_factor", json!({"strategy": "link", "channel": "email"})).unwrap();
        self.call("send_link", json!({"email": email})).unwrap();
        self.sent_link()
    }

    /// The query of the link that test mode shows.
    fn sent_link(&self) -> String {
        let snapshot = self.snapshot();
        let link = snapshot["view"]["step"]["testLink"].as_str().unwrap();
        link.split_once('?').unwrap().1.to_owned()
    }

    /// A link comes by our own scheme, for the tenant that is shown.
    fn use_link(&self, query: &str) {
        self.call("use_link", json!({"link": format!("userfront-accounts:login?{query}")})).unwrap();
    }

    fn arrived(&self) -> Value {
        self.snapshot()["arrivedLink"].clone()
    }

    /// How often a link was sent to the server.
    fn links_used(&self) -> usize {
        let requests = self.sandbox.requests();
        requests.iter().filter(|it| it.method == "PUT" && it.path.ends_with("auth/link")).count()
    }

    /// The tenant and the step that the window shows.
    pub(crate) fn shows(&self) -> (String, String) {
        let view = &self.snapshot()["view"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&view["tenant"]["tenantId"]), text(&view["step"]["kind"]))
    }

    /// Another program of ours, on the same list.
    pub(crate) fn other_program(&self) -> Accounts {
        let home = self.home.path().join("data");
        let keyring =
            MemoryKeyring::new("desktop.userfront.accounts.test", self.keyring.clone(), Effects::new());
        Accounts::new(
            Ports {
                store: Arc::new(keyring),
                userfront: Arc::new(UserfrontClient::new(ClientName::default(), Limits::default())),
                registry: Arc::new(FileRegistry::new(home.clone())),
                activity: Arc::new(ActivityFile::new(home.clone())),
                settings: Arc::new(SettingsFile::new(home)),
                clock: Arc::new(SystemClock),
                observer: Arc::new(NoObserver),
            },
            Program::Cli,
        )
    }

    /// It turns to another tenant, as `userfront log-in` does.
    fn other_program_turns_to(&self, id: &str) {
        let accounts = self.other_program();
        let api = self.sandbox.api_base().parse().unwrap();
        let tenant = Tenant { id: id.parse().unwrap(), api, domain: None };
        tauri::async_runtime::block_on(accounts.auth_config(&tenant)).unwrap();
    }
}

struct NoObserver;

impl Observer for NoObserver {
    fn changed(&self) {}
}

#[test]
fn a_reset_link_without_a_type_leads_to_the_new_password() {
    let bridge = Bridge::new();
    let change = TenantChange { reset_links_have_type: Some(false), ..TenantChange::default() };
    assert!(bridge.sandbox.set_tenant("demo1234", change));
    bridge.choose_demo();
    bridge.call("show_forgotten_password", json!({})).unwrap();
    bridge.call("send_reset_link", json!({"email": MEMBER})).unwrap();
    let query = bridge.sent_link();
    assert!(!query.contains("type="), "{query}");
    bridge.use_link(&query);
    assert_eq!(bridge.shows().1, "newPassword");
    bridge.call("reset_password", json!({"password": "another password 1"})).unwrap();
    assert_eq!(bridge.snapshot()["view"]["name"], "account");
    // One that nobody asked for says by its path what it is for.
    let link = format!("http://localhost:3000/reset?{query}");
    bridge.call("use_link", json!({"link": link})).unwrap();
    let arrived = bridge.arrived();
    assert_eq!((&arrived["purpose"], &arrived["askedEmail"]), (&json!("reset"), &Value::Null));
    bridge.call("take_arrived_link", json!({"id": arrived["id"]})).unwrap();
    assert_eq!(bridge.shows().1, "newPassword");
    assert_eq!(bridge.links_used(), 0, "none of them is used as a log-in link");
}

#[test]
fn a_requested_link_asks_after_the_user_took_another_step() {
    let bridge = Bridge::new();
    bridge.log_in().unwrap();
    let account = bridge.snapshot()["view"]["id"].clone();
    let password = json!({"emailOrUsername": ADMIN, "password": PASSWORD});
    for (email, way, arguments) in [
        ("viewer@example.com", "choose_tenant", json!({"tenantId": "demo1234", "apiUrl": "", "domain": ""})),
        ("viewer@example.com", "add_account", json!({})),
        ("viewer@example.com", "leave_login", json!({})),
        (MEMBER, "switch_account", json!({"account": account})),
        (MEMBER, "log_in_again", json!({"account": account})),
        (MEMBER, "leave_step", json!({})),
        (MEMBER, "log_in", password),
    ] {
        let query = bridge.ask_for_link(email);
        bridge.call(way, arguments).unwrap();
        bridge.use_link(&query);
        let arrived = bridge.arrived();
        assert!(arrived["id"].is_number() && arrived["askedEmail"].is_null(), "after {way}: {arrived}");
        bridge.call("ignore_arrived_link", json!({"id": arrived["id"]})).unwrap();
    }
    assert_eq!(bridge.links_used(), 0);
}

#[test]
fn accepting_a_link_does_not_accept_a_newer_one() {
    let bridge = Bridge::new();
    bridge.choose_demo();
    bridge.use_link("token=first&uuid=u");
    let first = bridge.arrived();
    bridge.use_link("token=second&uuid=u");
    let second = bridge.arrived();
    assert_ne!(first["id"], second["id"], "the same words, and another question");
    assert_eq!(bridge.code("take_arrived_link", json!({"id": first["id"]})), "failed");
    bridge.call("ignore_arrived_link", json!({"id": first["id"]})).unwrap();
    assert_eq!(bridge.arrived(), second);
    assert_eq!(bridge.links_used(), 0);
    bridge.call("ignore_arrived_link", json!({"id": second["id"]})).unwrap();
    assert_eq!(bridge.arrived(), Value::Null);
}

#[test]
fn a_link_that_could_not_be_used_is_kept_unless_wrong() {
    let bridge = Bridge::new();
    let query = bridge.ask_for_link(ADMIN);
    bridge.call("leave_step", json!({})).unwrap();
    bridge.use_link(&query);
    let arrived = bridge.arrived();
    let id = json!({"id": arrived["id"]});
    bridge.keyring.set_status(StoreStatus::Locked);
    assert_eq!(bridge.code("take_arrived_link", id.clone()), "keyringLocked");
    assert_eq!(bridge.arrived(), arrived);
    bridge.keyring.set_status(StoreStatus::Ok);
    bridge.sandbox.set_faults(vec![FaultRule::new("auth/link", Fault::Reset)]);
    assert_eq!(bridge.code("take_arrived_link", id.clone()), "failed");
    assert_eq!(bridge.arrived(), arrived);
    bridge.sandbox.set_faults(Vec::new());
    bridge.call("take_arrived_link", id).unwrap();
    assert_eq!(bridge.snapshot()["view"]["name"], "account");
    assert_eq!(bridge.arrived(), Value::Null);
    // Used up by now: a wrong one.
    bridge.use_link(&query);
    let id = json!({"id": bridge.arrived()["id"]});
    assert_eq!(bridge.code("take_arrived_link", id.clone()), "link");
    assert_eq!(bridge.arrived(), Value::Null);
    assert_eq!(bridge.code("take_arrived_link", id), "failed");
}

#[test]
fn a_requested_link_from_another_site_asks_and_names_the_address() {
    let bridge = Bridge::new();
    let query = bridge.ask_for_link(ADMIN);
    bridge.call("use_link", json!({"link": format!("https://evil.example/login?{query}")})).unwrap();
    let arrived = bridge.arrived();
    assert_eq!((&arrived["askedEmail"], &arrived["otherSite"]), (&json!(ADMIN), &json!("evil.example")));
    // One for something else is not what was asked for.
    bridge.use_link("token=t&uuid=u&type=reset");
    assert_eq!(bridge.arrived()["askedEmail"], Value::Null);
}

#[test]
fn a_password_typed_for_one_tenant_goes_to_no_other() {
    let bridge = Bridge::for_tenant(None);
    let demo = |step: &str| ("demo1234".to_owned(), step.to_owned());
    // The screen shows the tenant of the last log-in, whichever that is.
    let begin = || {
        bridge.choose_demo();
        bridge.call("add_account", json!({})).unwrap();
    };
    begin();
    bridge.other_program_turns_to("sso01234");
    assert_eq!(bridge.shows(), ("sso01234".to_owned(), "firstFactor".to_owned()));
    // From the first action on it stays.
    begin();
    bridge.call("choose_factor", json!({"strategy": "verificationCode", "channel": "email"})).unwrap();
    bridge.call("send_code", json!({"address": ADMIN})).unwrap();
    bridge.other_program_turns_to("sso01234");
    assert_eq!(bridge.shows(), demo("codeSent"));
    bridge.call("send_again", json!({})).unwrap();
    let code = bridge.snapshot()["view"]["step"]["testCode"].clone();
    bridge.call("confirm_code", json!({"code": code})).unwrap();
    begin();
    bridge.call("show_forgotten_password", json!({})).unwrap();
    bridge.other_program_turns_to("sso01234");
    assert_eq!(bridge.shows(), demo("forgottenPassword"));
    begin();
    bridge.call("show_sign_up", json!({"way": "password"})).unwrap();
    bridge.other_program_turns_to("sso01234");
    assert_eq!(bridge.shows(), demo("signUp"));
    begin();
    bridge.use_link("token=t&uuid=u&type=reset");
    bridge.call("take_arrived_link", json!({"id": bridge.arrived()["id"]})).unwrap();
    bridge.other_program_turns_to("sso01234");
    assert_eq!(bridge.shows(), demo("newPassword"));
    assert_eq!(bridge.code("reset_password", json!({"password": "another password 1"})), "newPassword");
    let requests = bridge.sandbox.requests();
    let elsewhere =
        requests.iter().filter(|it| it.path.contains("sso01234") && !it.path.ends_with("/mode")).count();
    assert_eq!(elsewhere, 0, "{requests:?}");
}
