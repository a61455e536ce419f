//! Userfront's official client and toolkit against the sandbox (`conformance/`): the client under Node, the
//! toolkit in a real Chromium.

use std::{
    io::{self, Write as _},
    path::Path,
    process::Command,
};

use userfront_sandbox::{Mode, Options, Sandbox};

/// Runs one file of tests against a sandbox of its own. A runner that found nothing to run is content, too:
/// so the number of tests is said.
fn run(file: &str, tests: usize, mode: Mode) -> Sandbox {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    assert!(
        folder.join("node_modules/@userfront/core/package.json").is_file(),
        "the official client is not installed: run `cargo xtask test`, which installs it, or \
         `npm ci` in src-tauri/sandbox/conformance"
    );
    let sandbox = Sandbox::start(&Options { mode, ..Options::default() }).expect("a sandbox");
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap", file])
        .current_dir(folder)
        .env("SANDBOX_URL", sandbox.api_base())
        .output()
        .expect("Node runs: install Node 20 or later");
    let report =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{report}");
    assert!(report.contains(&format!("# pass {tests}\n")) && report.contains("# fail 0\n"), "{report}");
    sandbox
}

/// Debian's. `cargo xtask test` installs it.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Runs one file of tests of the toolkit's forms, where there is a Chromium to run them in.
fn run_in_chromium(file: &str, tests: usize) {
    if Path::new(CHROMIUM).is_file() {
        run(&format!("toolkit/{file}"), tests, Mode::Test);
        return;
    }
    // Past the test harness, which shows what is printed only when a test fails.
    writeln!(
        io::stderr(),
        "skipped: Userfront's toolkit against the sandbox ({file}): there is no {CHROMIUM}; on Debian, \
         `apt-get install chromium` brings it"
    )
    .expect("standard error is open");
}

#[test]
fn the_official_log_in_form_logs_in_by_each_factor_and_the_button_logs_out() {
    run_in_chromium("log-in.test.mjs", 17);
}

#[test]
fn the_official_forms_come_back_from_single_sign_on() {
    run_in_chromium("single-sign-on.test.mjs", 11);
}

#[test]
fn the_official_forms_ask_for_second_factors_and_set_them_up() {
    run_in_chromium("second-factors.test.mjs", 9);
}

#[test]
fn the_official_sign_up_form_makes_users_in_each_way() {
    run_in_chromium("sign-up.test.mjs", 11);
}

#[test]
fn the_official_password_form_resets_and_changes_passwords() {
    run_in_chromium("reset.test.mjs", 6);
}

#[test]
fn the_official_client_logs_in_reads_the_user_refreshes_and_logs_out() {
    let sandbox = run("official-client.test.mjs", 8, Mode::Test);
    assert_eq!(sandbox.sessions().len(), 1);
    assert!(!sandbox.sessions()[0].alive);
}

#[test]
fn the_official_client_logs_in_by_each_method_and_edits_its_account() {
    run("auth-methods.test.mjs", 18, Mode::Test);
}

#[test]
fn the_official_client_works_in_live_mode() {
    let sandbox = run("live-mode.test.mjs", 3, Mode::Live);
    let page = |path: &str| sandbox.requests_to("GET", path).len();
    assert_eq!((page("auth/saml/idp/login"), page("auth/saml/idp/logout")), (2, 2));
}
