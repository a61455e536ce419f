//! Logging out of several accounts by their names, and of a tenant's.

use serde_json::{Value, json};
use test_rig::RigError;

use crate::machine::{Machine, PASSWORD, Ran, SERVICE};

const NAMES: [&str; 3] = ["admin@example.com", "member@example.com", "viewer@example.com"];

/// Three accounts of one tenant, and one of another whose e-mail address the first has, too.
fn of_two_tenants() -> Result<Machine, RigError> {
    let machine = Machine::new()?;
    for name in NAMES {
        machine.log_in(name).exits(0);
    }
    let other = ["log-in", "--tenant", "sso01234", "--user", "admin", "--password-stdin"];
    machine.typing(&other, &format!("{PASSWORD}\n")).exits(0);
    Ok(machine)
}

fn listed(machine: &Machine) -> Vec<Value> {
    machine.run(&["list", "--json"]).exits(0).json()["accounts"].as_array().unwrap().clone()
}

fn id(machine: &Machine, nth: usize) -> String {
    listed(machine)[nth]["id"].as_str().unwrap().to_owned()
}

fn outcomes(ran: &Ran) -> Vec<Value> {
    ran.json()["loggedOut"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_unclear_stops_before_any_log_out_and_all_are_named() -> Result<(), RigError> {
    let machine = of_two_tenants()?;
    let names = ["log-out", NAMES[1], "nobody@example.com", NAMES[0], "another"];
    let ran =
        machine.run(&names).fails(3, "No account was logged out. There is no account nobody@example.com");
    assert!(ran.err.contains("\nThere is no account another here."), "{}", ran.err);
    assert!(ran.err.contains("\nadmin@example.com may be any of these"), "{}", ran.err);
    for tenant in ["demo1234:", "sso01234:"] {
        assert!(ran.err.contains(tenant), "the candidates: {}", ran.err);
    }
    let ran = machine.run(&[&names[..], &["--json"]].concat()).exits(3).json();
    assert_eq!(ran["error"]["code"], "notLoggedIn");
    let message = ran["error"]["message"].as_str().unwrap();
    assert!(["nobody@", "another", "admin@"].iter().all(|name| message.contains(name)), "{message}");
    machine.run(&["log-out", NAMES[1], NAMES[0], "--json"]).exits(2);
    assert_eq!((machine.calls("GET", "auth/logout").await, listed(&machine).len()), (0, 4));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclear_name_finishes_and_retries_nothing() -> Result<(), RigError> {
    let machine = of_two_tenants()?;
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    machine.run(&["log-out", NAMES[2]]).exits(5);
    machine.sandbox.set_faults(&json!([])).await?;
    // Due for a retry, and a log-out that was cut off.
    machine.change_registry(|registry| {
        registry["pending"][0]["lastTry"] = json!(1_000_000_000);
        registry["pending"][0]["nextTry"] = json!(1_000_000_000);
        registry["accounts"][1]["phase"] = json!("leaving");
    });
    let before = std::fs::read(machine.home.join("accounts.json")).unwrap();
    let calls = machine.sandbox.requests().await?.len();
    for names in [&["nobody"][..], &[NAMES[1], "nobody"], &["--tenant", "nowhere1"]] {
        let ran = machine.run(&[&["log-out"], names].concat()).exits(3);
        assert_eq!(ran.out, "");
        assert_eq!(machine.sandbox.requests().await?.len(), calls, "{names:?}");
        assert_eq!(std::fs::read(machine.home.join("accounts.json")).unwrap(), before, "{names:?}");
    }
    // Without a name it is finished.
    machine.run(&["log-out"]).exits(0);
    assert_eq!(machine.left().await, (1, 2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_logged_out_each_once_and_the_rest_stay() -> Result<(), RigError> {
    let machine = of_two_tenants()?;
    let (first, second) = (id(&machine, 0), id(&machine, 1));
    let ran = machine.run(&["log-out", &first, NAMES[1], &second, &first, "--json"]).exits(0);
    let outcomes = outcomes(&ran);
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| outcome["revocation"] == "revoked"), "{outcomes:?}");
    assert_eq!(machine.calls("GET", "auth/logout").await, 2);
    let left: Vec<_> = listed(&machine).iter().map(|account| account["tenantId"].clone()).collect();
    assert_eq!(left, ["demo1234", "sso01234"]);
    assert_eq!(machine.left().await, (2, 4));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_accounts_are_logged_out_and_no_others() -> Result<(), RigError> {
    let machine = of_two_tenants()?;
    machine.run(&["log-out", "--tenant", "nowhere1"]).fails(3, "No account of the tenant nowhere1");
    for more in [&["--all"][..], &["--erase"], &[NAMES[1]]] {
        machine.run(&[&["log-out", "--tenant", "demo1234"], more].concat()).exits(2);
    }
    machine.run(&["log-out", "--tenant", ""]).exits(2);
    assert_eq!(machine.calls("GET", "auth/logout").await, 0);
    let ran = machine.run(&["log-out", "--tenant", "demo1234", "--json"]).exits(0);
    assert_eq!(outcomes(&ran).len(), 3);
    let left = listed(&machine);
    assert_eq!((left.len(), &left[0]["tenantId"]), (1, &json!("sso01234")));
    let ran = machine.run(&["log-out", "--tenant", "sso01234"]).exits(0);
    assert!(ran.out.starts_with("Logged out of Alva Admin"), "{}", ran.out);
    machine.run(&["log-out", "--tenant", "sso01234", "--json"]).exits(3);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_id_at_several_apis_is_ambiguous() -> Result<(), RigError> {
    let machine = of_two_tenants()?;
    let here = listed(&machine)[0]["apiHost"].as_str().unwrap().to_owned();
    machine.change_registry(|registry| {
        let account = &mut registry["accounts"][1];
        account["id"] = json!(account["id"].as_str().unwrap().replace(&here, "api.other.example"));
        account["tenant"]["api"] = json!("https://api.other.example/v0/");
    });
    let calls = machine.sandbox.requests().await?.len();
    let ran = machine.run(&["log-out", "--tenant", "demo1234"]);
    let ran = ran.fails(2, "There is a tenant demo1234 at each of several APIs");
    for (words, lines) in [("  api.other.example  ", 1), (&format!("  {here}  "), 2)] {
        assert_eq!(ran.err.lines().filter(|line| line.contains(words)).count(), lines, "{}", ran.err);
    }
    let error = machine.run(&["log-out", "--tenant", "demo1234", "--json"]).exits(2).json();
    assert_eq!(error["error"]["code"], "usage");
    assert_eq!((machine.sandbox.requests().await?.len(), machine.left().await), (calls, (4, 8)));
    // Another tenant is as clear as before.
    machine.run(&["log-out", "--tenant", "sso01234"]).exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_log_outs_the_worst_exit_counts_and_none_stops_the_others() -> Result<(), RigError> {
    let machine = of_two_tenants()?;
    // Nothing can end this one's session.
    for entry in machine.keyring.search(SERVICE)? {
        if entry.user().contains("sso01234") {
            let mut clear = machine.environment.command("secret-tool");
            let cleared =
                clear.args(["clear", "service", SERVICE, "username", entry.user()]).status().unwrap();
            assert!(cleared.success());
        }
    }
    let lost = id(&machine, 3);
    let ran = machine.run(&["log-out", &lost, NAMES[1], "--json"]).exits(1);
    let revocations: Vec<_> = outcomes(&ran).iter().map(|it| it["revocation"].clone()).collect();
    assert_eq!(revocations, ["impossible", "revoked"]);
    machine.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"status": 503}}])).await?;
    let ran = machine.run(&["log-out", "--tenant", "demo1234", "--json"]).exits(5);
    assert!(outcomes(&ran).iter().all(|it| it["revocation"] == "pending"), "{}", ran.out);
    Ok(())
}
