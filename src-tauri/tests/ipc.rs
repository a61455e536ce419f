//! The bridge: the commands that the webview may call, the form of an error, log-ins and log-outs. No window
//! and no keyring daemon: Tauri's mock runtime with the real capabilities, the fake keyring, a real server on
//! loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "ipc/foreign.rs"]
mod foreign;
#[path = "ipc/links.rs"]
mod links;
#[path = "ipc/log_out.rs"]
mod log_out;
#[path = "ipc/login_screen.rs"]
mod login_screen;
#[path = "ipc/official.rs"]
mod official;
#[path = "ipc/pictures.rs"]
mod pictures;
#[path = "ipc/settings.rs"]
mod settings;
#[path = "ipc/several.rs"]
mod several;
#[path = "ipc/switching.rs"]
mod switching;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use accounts::ports::StoreStatus;
use accounts::storage::environment::Environment;
use credential_store::effects::Effects;
use credential_store::memory::{Items, MemoryKeyring};
use sandbox::{Factor, Fault, FaultRule, Options, Sandbox, TenantChange};
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, Listener, Manager, WebviewWindow, WebviewWindowBuilder};
use tempfile::TempDir;
use userfront_accounts::{assemble, context, ipc};

const PASSWORD: &str = "testmodepassword";

struct Bridge {
    app: App<MockRuntime>,
    sandbox: Sandbox,
    keyring: Items,
    home: TempDir,
    /// A message for each snapshot that the window is sent.
    snapshots: Receiver<()>,
}

/// How long a test waits for the next snapshot before it fails.
const LIMIT: Duration = Duration::from_mins(1);

impl Bridge {
    fn new() -> Self {
        Self::for_tenant(Some("demo1234"))
    }

    /// An app whose environment names this tenant, or none.
    fn for_tenant(tenant: Option<&str>) -> Self {
        Self::on(Sandbox::start(&Options::default()).unwrap(), Items::new(), tenant)
    }

    /// An app with a list of its own, at this server and on this keyring.
    fn on(sandbox: Sandbox, keyring: Items, tenant: Option<&str>) -> Self {
        Self::in_home(TempDir::new().unwrap(), sandbox, keyring, |environment| {
            environment.tenant = Ok(tenant.map(|id| id.parse().unwrap()));
        })
    }

    /// The same with whatever else is set.
    fn set(sandbox: Sandbox, keyring: Items, set: impl FnOnce(&mut Environment)) -> Self {
        Self::in_home(TempDir::new().unwrap(), sandbox, keyring, set)
    }

    fn in_home(home: TempDir, sandbox: Sandbox, keyring: Items, set: impl FnOnce(&mut Environment)) -> Self {
        let mut environment = Environment {
            home: home.path().join("data"),
            service: "desktop.userfront.accounts.test".to_owned(),
            service_is_set: true,
            api: Ok(sandbox.api_base().parse().unwrap()),
            tenant: Ok(None),
        };
        set(&mut environment);
        let store =
            Arc::new(MemoryKeyring::new(environment.service.clone(), keyring.clone(), Effects::new()));
        let app = mock_builder().plugin(ipc::plugin()).build(context()).unwrap();
        let (tell, snapshots) = channel();
        app.listen_any("snapshot", move |_| tell.send(()).unwrap_or_default());
        assemble(app.handle(), environment, store).unwrap();
        let bridge = Self { app, sandbox, keyring, home, snapshots };
        // Until then there is no step, and the start itself would meet a keyring that a test locks.
        bridge.wait_until("the first view", |snapshot| snapshot["view"]["name"] != "starting");
        bridge
    }

    fn window(&self) -> WebviewWindow<MockRuntime> {
        self.app.get_webview_window("main").unwrap()
    }

    /// What a user does follows from what is shown, so the window first gets the current snapshot.
    fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        self.snapshot();
        self.invoke(command, arguments)
    }

    fn snapshot(&self) -> Value {
        self.invoke("snapshot", json!({})).unwrap()
    }

    fn invoke(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        invoke(&self.window(), &format!("plugin:accounts|{command}"), arguments, "tauri://localhost")
    }

    fn log_in(&self) -> Result<Value, Value> {
        self.call("choose_tenant", json!({"tenantId": "demo1234", "apiUrl": "", "domain": ""}))?;
        self.call("log_in", json!({"emailOrUsername": "admin@example.com", "password": PASSWORD}))
    }

    /// `GET self` tells it, after a log-in and beside it; what it says is written into the list.
    fn wait_for_tenant_name(&self) {
        let is_named = |snapshot: &Value| snapshot["accounts"][0]["tenantName"] == "Demo Workspace";
        self.wait_until("GET self tells the tenant's name", is_named);
    }

    /// Waits until a snapshot is as it should be; looks again whenever the window is sent one.
    fn wait_until(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        loop {
            let snapshot = self.snapshot();
            if holds(&snapshot) {
                return snapshot;
            }
            assert!(self.snapshots.recv_timeout(LIMIT).is_ok(), "{what}: {snapshot}");
        }
    }

    fn code(&self, command: &str, arguments: Value) -> String {
        let error = self.call(command, arguments).unwrap_err();
        assert!(error["cause"]["kind"].is_string(), "{error}");
        error["code"].as_str().unwrap().to_owned()
    }
}

fn invoke(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    arguments: Value,
    origin: &str,
) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: origin.parse().unwrap(),
        body: InvokeBody::Json(arguments),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

fn is_denied(answer: &Result<Value, Value>) -> bool {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    answer.as_ref().is_err_and(|error| text(error).contains("not allowed"))
}

#[test]
fn the_webview_may_call_only_the_listed_commands() {
    let bridge = Bridge::new();
    for command in ipc::COMMANDS {
        let answer = bridge.call(command, json!({"account": "x", "id": "x"}));
        let text = format!("{answer:?}");
        assert!(!is_denied(&answer) && !text.contains("not found"), "{command}: {text}");
    }
    let window = bridge.window();
    // For the keys that zoom, which Tauri's own script listens to.
    let zoomed =
        invoke(&window, "plugin:webview|set_webview_zoom", json!({"value": 1.2}), "tauri://localhost");
    assert!(zoomed.is_ok(), "{zoomed:?}");
    for command in [
        "plugin:event|emit",
        "plugin:event|emit_to",
        "plugin:window|close",
        "plugin:window|set_title",
        "plugin:webview|create_webview_window",
        "plugin:app|version",
        "plugin:path|resolve_directory",
        "plugin:accounts|token",
        "snapshot",
        "log_out",
    ] {
        let answer = invoke(&window, command, json!({}), "tauri://localhost");
        let is_unknown = |error: &Value| error.as_str().is_some_and(|text| text.contains("not found"));
        let refused = is_denied(&answer) || answer.as_ref().is_err_and(is_unknown);
        assert!(refused, "{command}: {answer:?}");
    }
}

#[test]
fn no_other_page_and_no_other_window_may_call_anything() {
    let bridge = Bridge::new();
    for origin in ["https://evil.example/", "http://127.0.0.1:80/", "https://tauri.localhost.evil.example/"] {
        for command in ipc::COMMANDS {
            let answer = invoke(&bridge.window(), &format!("plugin:accounts|{command}"), json!({}), origin);
            assert!(is_denied(&answer), "{command} from {origin}: {answer:?}");
        }
    }
    let other =
        WebviewWindowBuilder::new(&bridge.app, "other", tauri::WebviewUrl::default()).build().unwrap();
    for command in ipc::COMMANDS {
        let answer = invoke(&other, &format!("plugin:accounts|{command}"), json!({}), "tauri://localhost");
        assert!(is_denied(&answer), "{command} from another window: {answer:?}");
    }
}

#[test]
fn the_content_security_policy_is_strict() {
    let config: Value = serde_json::from_str(include_str!("../../tauri.conf.json")).unwrap();
    let policy = config["app"]["security"]["csp"].to_string();
    assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("https:"), "{policy}");
    assert_eq!(config["app"]["security"]["csp"]["default-src"], "'none'");
    assert_eq!(config["app"]["withGlobalTauri"], false);
    assert!(config["build"].get("devUrl").is_none());
}

#[test]
fn an_error_has_a_code_a_cause_and_a_detail() {
    let bridge = Bridge::new();
    let form = |id: &str, api: &str, domain: &str| json!({"tenantId": id, "apiUrl": api, "domain": domain});
    let error = bridge.call("choose_tenant", form("a b", "", "")).unwrap_err();
    let cause = json!({"kind": "tenantIdMalformed"});
    let expected =
        json!({"code": "tenantId", "cause": cause, "context": [], "detail": null, "retryAfter": null});
    assert_eq!(error, expected);
    assert_eq!(bridge.code("choose_tenant", form("demo1234", "http://api.userfront.com/", "")), "apiUrl");
    assert_eq!(bridge.code("choose_tenant", form("demo1234", "", "https://x/")), "domain");
    assert_eq!(bridge.code("choose_tenant", form("nowhere1", "", "")), "tenantId");
    bridge.call("choose_tenant", form("demo1234", "", "")).unwrap();
    let wrong = json!({"emailOrUsername": "admin", "password": "wrong-canary"});
    let error = bridge.call("log_in", wrong).unwrap_err();
    assert_eq!(error["code"], "credentials");
    assert!(!error.to_string().contains("canary"));
    bridge.keyring.set_status(StoreStatus::Locked);
    assert_eq!(
        bridge.code("log_in", json!({"emailOrUsername": "admin", "password": PASSWORD})),
        "keyringLocked"
    );
    let unknown = json!({"account": "demo1234:nobody@test.api.userfront.com", "redirect": true});
    assert_eq!(bridge.code("log_out", unknown), "failed");
}

/// `sso01234` is chosen; its only auth methods are two providers of its own.
fn with_two_providers() -> Bridge {
    let bridge = Bridge::new();
    let custom = |id: &str| Factor { provider_id: Some(id.to_owned()), ..Factor::new("custom", "custom") };
    let first_factors = Some(vec![custom("acme"), custom("umbrella")]);
    assert!(bridge.sandbox.set_tenant("sso01234", TenantChange { first_factors, ..TenantChange::default() }));
    let form = json!({"tenantId": "sso01234", "apiUrl": "", "domain": ""});
    bridge.call("choose_tenant", form).unwrap();
    bridge
}

#[test]
fn each_of_two_custom_providers_can_be_chosen() {
    let bridge = with_two_providers();
    let step = |id: &str| json!({"kind": "firstFactor", "strategy": "custom", "channel": "custom", "providerId": id});
    assert_eq!(bridge.snapshot()["view"]["step"], step("acme"));
    let chosen = |id: Option<&str>| json!({"strategy": "custom", "channel": "custom", "providerId": id});
    for id in ["umbrella", "acme"] {
        bridge.call("choose_factor", chosen(Some(id))).unwrap();
        assert_eq!(bridge.snapshot()["view"]["step"], step(id));
    }
    for none in [None, Some("other")] {
        assert_eq!(bridge.code("choose_factor", chosen(none)), "failed");
    }
}

#[test]
fn a_locked_keyring_is_reported_before_a_browser_opens() {
    let bridge = with_two_providers();
    bridge.keyring.set_status(StoreStatus::Locked);
    assert_eq!(bridge.code("log_in_with_provider", json!({"providerId": "acme"})), "keyringLocked");
    assert_eq!(bridge.snapshot()["view"]["step"]["kind"], "firstFactor", "no browser is awaited");
}

#[test]
fn an_unusable_answer_of_the_server_is_reported_as_a_cause() {
    let bridge = Bridge::new();
    let form = json!({"tenantId": "demo1234", "apiUrl": "", "domain": ""});
    let faults = [
        (Fault::status(500), json!({"kind": "serverFault", "status": 500})),
        (
            Fault::Status { status: 429, retry_after: Some("7".to_owned()), html: false },
            json!({"kind": "tooManyRequests", "seconds": 7}),
        ),
        (Fault::Garbage, json!({"kind": "unintelligible"})),
        (Fault::Reset, json!({"kind": "brokeOff"})),
    ];
    for (fault, cause) in faults {
        bridge.sandbox.set_faults(vec![FaultRule::new("/mode", fault)]);
        let error = bridge.call("choose_tenant", form.clone()).unwrap_err();
        assert_eq!(error["cause"], cause, "{error}");
    }
    let nobody_there = json!({"tenantId": "demo1234", "apiUrl": "http://127.0.0.1:9/v0/", "domain": ""});
    let error = bridge.call("choose_tenant", nobody_there).unwrap_err();
    assert_eq!(error["cause"], json!({"kind": "unreachable"}), "{error}");
}
