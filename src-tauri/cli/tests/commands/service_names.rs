//! One data folder in several spellings, and the service names that each had.

use serde_json::json;
use test_rig::RigError;

use crate::foreign::{log_in_in, run_in};
use crate::machine::Machine;

/// The name as programs up to commit 3274040 derived it.
fn service_before(home: &str) -> String {
    use sha2::Digest as _;
    let absolute = std::path::absolute(home).unwrap();
    let digest = sha2::Sha256::digest(absolute.to_string_lossy().as_bytes());
    let digits: Vec<_> = digest[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("desktop.userfront.accounts.{}", digits.concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_spellings_of_a_data_folder_share_one_service_name() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let folder = machine.environment.folder().join("spelt");
    let link = machine.environment.folder().join("link");
    std::os::unix::fs::symlink(&folder, &link).unwrap();
    let plain = folder.display().to_string();
    let spellings =
        [plain.clone(), format!("{plain}/"), format!("{plain}/../spelt"), link.display().to_string()];
    for spelt in &spellings {
        std::fs::create_dir_all(&folder).unwrap();
        let mut before = machine.environment.clone();
        before.set("USERFRONT_ACCOUNTS_HOME", spelt);
        // As a program before this change left it: the list, the entries under that spelling's name, and no
        // file.
        before.set("USERFRONT_ACCOUNTS_SERVICE", service_before(spelt));
        log_in_in(&before, "admin@example.com").exits(0);
        assert!(!folder.join("keyring-service").exists(), "an override is not written down");
        let mut upgraded = before.clone();
        upgraded.set("USERFRONT_ACCOUNTS_SERVICE", "");
        let status = run_in(&upgraded, &["status", "--json"], "").exits(0).json();
        assert_eq!((&status["active"]["health"], &status["foreign"]), (&json!("ok"), &json!([])), "{spelt}");
        for other in &spellings {
            upgraded.set("USERFRONT_ACCOUNTS_HOME", other);
            run_in(&upgraded, &["status"], "").exits(0);
        }
        run_in(&upgraded, &["log-out"], "").exits(0);
        assert_eq!(machine.sandbox.alive().await?.len(), 0, "{spelt}");
        upgraded.set("USERFRONT_ACCOUNTS_HOME", &plain);
        run_in(&upgraded, &["log-out", "--erase"], "").exits(0);
        assert!(!folder.join("keyring-service").exists());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_under_an_older_service_name_are_named_and_can_be_logged_out_of() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let plain = machine.environment.folder().join("spelt").display().to_string();
    let with_slash = format!("{plain}/");
    let mut folder = machine.environment.clone();
    folder.set("USERFRONT_ACCOUNTS_HOME", &plain);
    // As a program before this change did: the second log-in found no tokens.
    for spelt in [&plain, &with_slash] {
        folder.set("USERFRONT_ACCOUNTS_SERVICE", service_before(spelt));
        log_in_in(&folder, "admin@example.com").exits(0);
    }
    let alive = machine.sandbox.alive().await?.len();
    folder.set("USERFRONT_ACCOUNTS_SERVICE", "");
    folder.set("USERFRONT_ACCOUNTS_HOME", &with_slash);
    let status = run_in(&folder, &["status", "--json"], "").exits(0).json();
    let elsewhere = status["elsewhere"].as_array().unwrap();
    assert_eq!(elsewhere.len(), 2, "{status}");
    assert_eq!(elsewhere[0]["service"], json!(service_before(&plain)));
    let entry = elsewhere[0]["entry"].as_str().unwrap();
    let erased = run_in(&folder, &["log-out", "--erase"], "").exits(4);
    assert!(erased.out.contains(&format!("{entry} of {}", service_before(&plain))), "{}", erased.out);
    assert_eq!(machine.sandbox.alive().await?.len(), alive - 1);
    let mut as_told = folder.clone();
    as_told.set("USERFRONT_ACCOUNTS_HOME", machine.environment.folder().join("empty"));
    as_told.set("USERFRONT_ACCOUNTS_SERVICE", service_before(&plain));
    run_in(&as_told, &["foreign", "--log-out", entry], "").exits(0);
    assert_eq!(machine.sandbox.alive().await?.len(), alive - 2);
    Ok(())
}
