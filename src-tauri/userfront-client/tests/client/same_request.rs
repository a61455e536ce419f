//! The official client and ours do the same against the same sandboxes; their requests are compared field by
//! field.
//!
//! `official/same-request.mjs` drives the official client under Node, [`ours`] does the same with ours. It
//! compares method, path, query, body (to the byte, with placeholders for secrets that differ between runs),
//! and these headers: scheme and kind of the authorization, content type, origin and the caller's name.
//! [`EXPLAINED`] must explain each difference, word by word; an explanation without a difference fails the
//! test too. The table is printed.

mod ours;
mod table;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use sandbox::{ADMIN_BACKUP_CODES, ADMIN_TOTP_SECRET, Mode, Options, RecordedRequest, Sandbox};
use serde_json::Value;

/// The tenants' site: the official client's page, and our tenant's domain.
const DOMAIN: &str = "app.example.com";

struct Action {
    official: String,
    ours: String,
    requests: Vec<RecordedRequest>,
    url: Option<String>,
    /// `<placeholder>` → its value.
    secrets: BTreeMap<String, String>,
}

struct Explained {
    /// `None`: in every action.
    action: Option<&'static str>,
    field: &'static str,
    official: &'static str,
    ours: &'static str,
    why: &'static str,
}

const EXPLAINED: &[Explained] = &[
    Explained {
        action: None,
        field: "x-userfront-source",
        official: "core-js",
        ours: "userfront-accounts",
        why: "a client says which one it is",
    },
    Explained {
        action: Some("setMode(), without a domain"),
        field: "origin",
        official: "https://app.example.com",
        ours: "-",
        why: "a browser names its page; a program without a domain has none to name",
    },
    Explained {
        action: Some("user.update({})"),
        field: "requests",
        official: "",
        ours: "GET /v0/self",
        why: "neither changes anything; ours answers with the user all the same",
    },
    Explained {
        action: Some("login({method: \"password\"}), after a second factor"),
        field: "authorization",
        official: "Bearer first-factor token",
        ours: "-",
        why: "the official client keeps a first-factor token that was used, and sends it along; ours has \
              dropped it",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_and_ours_send_the_same_requests() {
    let start = |mode| Sandbox::start(&Options { mode, ..Options::default() }).unwrap();
    let (test, live) = (start(Mode::Test), start(Mode::Live));
    let official = official(&test, &live);
    test.reset();
    live.reset();
    let ours = ours::actions(&test, &live).await;
    let names = |actions: &[Action]| actions.iter().map(|action| action.official.clone()).collect::<Vec<_>>();
    assert_eq!(names(&official), names(&ours), "both do the same, in the same order");

    let rows: Vec<_> =
        official.iter().zip(&ours).map(|(official, ours)| table::compare(official, ours)).collect();
    let table = table::print(&rows, EXPLAINED);
    // Written past the test's capture: readers of the run look for the table.
    writeln!(std::io::stdout().lock(), "{table}").unwrap();
    let faults = table::faults(&rows, EXPLAINED);
    assert!(faults.is_empty(), "{table}\n{faults:#?}");
}

#[test]
fn a_difference_is_seen_in_every_field_and_an_idle_explanation_too() {
    let request = || RecordedRequest {
        method: "PUT".to_owned(),
        path: "/v0/self".to_owned(),
        query: String::new(),
        headers: serde_json::Map::from_iter([("authorization".to_owned(), "Bearer uf_1".into())]),
        body: r#"{"a":"11","b":"2"}"#.to_owned(),
    };
    let action = |request: RecordedRequest, secret: &str| Action {
        official: "call".to_owned(),
        ours: String::new(),
        requests: vec![request],
        url: Some(format!("https://x.example/{secret}")),
        secrets: BTreeMap::from([("<secret>".to_owned(), secret.to_owned())]),
    };
    let faults = |ours: Action, explained: &[Explained]| {
        table::faults(&[table::compare(&action(request(), "11"), &ours)], explained)
    };
    assert_eq!(faults(action(request(), "11"), &[]), Vec::<String>::new());
    let other_secret = RecordedRequest { body: r#"{"a":"33","b":"2"}"#.to_owned(), ..request() };
    assert_eq!(faults(action(other_secret, "33"), &[]), Vec::<String>::new(), "a secret may differ");

    let header = |name: &str, value: &str| {
        let mut request = request();
        request.headers.insert(name.to_owned(), value.into());
        request
    };
    for (field, changed) in [
        ("requests", RecordedRequest { method: "POST".to_owned(), ..request() }),
        ("requests", RecordedRequest { path: "/v0/self/".to_owned(), ..request() }),
        ("query", RecordedRequest { query: "a=b".to_owned(), ..request() }),
        ("body", RecordedRequest { body: r#"{"b":"2","a":"11"}"#.to_owned(), ..request() }),
        ("body", RecordedRequest { body: r#"{"a":"11"}"#.to_owned(), ..request() }),
        ("authorization", header("authorization", "bearer uf_1")),
        ("authorization", header("authorization", "Bearer e.eyJ0eXBlIjoicmVmcmVzaCJ9.s")),
        ("content-type", header("content-type", "text/plain")),
        ("origin", header("origin", "https://x.example")),
        ("x-origin", header("x-origin", "https://x.example")),
        ("x-application-id", header("x-application-id", "https://x.example")),
        ("x-userfront-source", header("x-userfront-source", "x")),
    ] {
        let found = faults(action(changed, "11"), &[]);
        assert!(matches!(&found[..], [fault] if fault.starts_with(&format!("call: {field}: "))), "{found:?}");
    }
    let elsewhere = Action { url: Some("https://y.example/11".to_owned()), ..action(request(), "11") };
    assert_eq!(faults(elsewhere, &[]).len(), 1);
    let twice = Action { requests: vec![request(), request()], ..action(request(), "11") };
    assert_eq!(faults(twice, &[]).len(), 1);

    let explain = |action| [Explained { action, field: "origin", official: "-", ours: "x", why: "why" }];
    assert_eq!(faults(action(header("origin", "x"), "11"), &explain(Some("call"))), Vec::<String>::new());
    assert_eq!(faults(action(header("origin", "x"), "11"), &explain(None)), Vec::<String>::new());
    for idle in [explain(Some("call")), explain(None), explain(Some("another call"))] {
        assert_eq!(faults(action(request(), "11"), &idle).len(), 1, "it explains nothing");
    }
    assert_eq!(
        faults(action(header("origin", "y"), "11"), &explain(None)).len(),
        2,
        "it explains another value"
    );
}

fn official(test: &Sandbox, live: &Sandbox) -> Vec<Action> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(
        crate_folder.join("../sandbox/conformance/node_modules/@userfront/core/package.json").is_file(),
        "the official client is not installed: run `cargo xtask test`, which installs it, or \
         `npm ci` in src-tauri/sandbox/conformance"
    );
    let output = Command::new("node")
        .arg("same-request.mjs")
        .current_dir(crate_folder.join("tests/official"))
        .env("SANDBOX_TEST", test.api_base())
        .env("SANDBOX_LIVE", live.api_base())
        .env("ADMIN_TOTP_SECRET", ADMIN_TOTP_SECRET)
        .env("ADMIN_BACKUP_CODE", ADMIN_BACKUP_CODES[0])
        .output()
        .expect("Node runs: install Node 20 or later");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let done: Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    let (test, live) = (test.requests(), live.requests());
    let action = |done: &Value| {
        let number = |key: &str| usize::try_from(done[key].as_u64().unwrap()).unwrap();
        let recorded = if done["sandbox"] == "live" { &live } else { &test };
        let secrets = done["secrets"].as_object().unwrap().iter();
        Action {
            official: done["call"].as_str().unwrap().to_owned(),
            ours: String::new(),
            requests: recorded[number("from")..number("to")].to_vec(),
            url: done["url"].as_str().map(str::to_owned),
            secrets: secrets
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect(),
        }
    };
    done.as_array().unwrap().iter().map(action).collect()
}
