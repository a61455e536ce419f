//! Userfront's official client against the sandbox (`conformance/`).

use std::{path::Path, process::Command};

use userfront_sandbox::{Options, Sandbox};

#[test]
fn the_official_client_logs_in_reads_the_user_refreshes_and_logs_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    assert!(
        folder.join("node_modules/@userfront/core/package.json").is_file(),
        "the official client is not installed: run `cargo xtask test`, which installs it, or \
         `npm ci` in src-tauri/sandbox/conformance"
    );
    let sandbox = Sandbox::start(&Options::default()).expect("a sandbox");
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap", "official-client.test.mjs"])
        .current_dir(folder)
        .env("SANDBOX_URL", sandbox.api_base())
        .output()
        .expect("Node runs: install Node 20 or later");
    let report =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{report}");
    // A runner that found nothing to run is content, too.
    assert!(report.contains("# pass 8") && report.contains("# fail 0"), "{report}");
    assert_eq!(sandbox.sessions().len(), 1);
    assert!(!sandbox.sessions()[0].alive);
}
