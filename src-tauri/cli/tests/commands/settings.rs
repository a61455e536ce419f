//! Settings of the environment that cannot be used.

use test_rig::RigError;

use crate::machine::{Machine, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_log_in_variable_stops_log_ins_alone() -> Result<(), RigError> {
    let mut machine = Machine::new()?;
    let api = machine.sandbox.api_base().to_owned();
    let log_in = |machine: &Machine, rest: &[&str]| {
        let begin = ["log-in", "--user", "admin", "--password-stdin"];
        machine.typing(&[&begin, rest].concat(), &format!("{PASSWORD}\n"))
    };
    log_in(&machine, &["--tenant", "demo1234"]).exits(0);
    machine.environment.set("USERFRONT_API_URL", "http://api.userfront.com/v0/");
    machine.environment.set("USERFRONT_TENANT", "a b");
    for command in ["list", "status", "token", "refresh", "pending", "foreign"] {
        machine.run(&[command]).exits(0);
    }
    log_in(&machine, &["--api-url", &api]).fails(2, "Set it right, or give --tenant.");
    log_in(&machine, &["--tenant", "demo1234"]).fails(2, "Set it right, or give --api-url.");
    // Arguments replace both variables.
    log_in(&machine, &["--tenant", "demo1234", "--api-url", &api]).exits(0);
    machine.run(&["log-out"]).exits(0);
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relative_data_folder_is_refused() -> Result<(), RigError> {
    let mut machine = Machine::new()?;
    machine.environment.set("USERFRONT_ACCOUNTS_HOME", "accounts");
    let ran = machine.run(&["list", "--json"]).fails(2, "USERFRONT_ACCOUNTS_HOME is not an absolute path");
    assert_eq!(ran.json()["error"]["code"], "usage");
    assert!(!std::path::Path::new("accounts/accounts.json").exists());
    Ok(())
}
