use std::collections::HashMap;
use std::ffi::OsString;
use std::sync::Mutex;

use super::*;
use crate::AccountId;
use crate::registry::Registry;

const ID: &str = "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com";

/// The name as programs up to commit 3274040 derived it, written out here: what is in people's keyrings must be found.
fn as_before(home: &str) -> String {
    let absolute = std::path::absolute(home).unwrap();
    let digest = Sha256::digest(absolute.to_string_lossy().as_bytes());
    let digits: Vec<_> = digest[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("desktop.userfront.accounts.{}", digits.concat())
}

fn environment(home: Option<&str>) -> Environment {
    let home: Option<OsString> = home.map(Into::into);
    Environment::read(|name| home.clone().filter(|_| name == "USERFRONT_ACCOUNTS_HOME")).unwrap()
}

/// A keyring: the names under each service, and how often it was listed.
#[derive(Default)]
struct Keyring {
    entries: HashMap<String, Vec<EntryName>>,
    is_locked: bool,
    hangs: bool,
    listings: Mutex<usize>,
}

impl Keyring {
    fn with(service: &str) -> Self {
        let id: AccountId = ID.parse().unwrap();
        let entries = vec![EntryName::access(&id), EntryName::refresh(&id)];
        Self { entries: HashMap::from([(service.to_owned(), entries)]), ..Self::default() }
    }

    async fn service_of(&self, home: &str) -> String {
        service_of(&environment(Some(home)), async |service| {
            *self.listings.lock().unwrap() += 1;
            if self.hangs {
                return Err(StoreError::Hung);
            }
            let entries = self.entries.get(&service).cloned().unwrap_or_default();
            let entries = if self.is_locked { Vec::new() } else { entries };
            Ok(Listed { entries, is_all: !self.is_locked })
        })
        .await
    }
}

/// A data folder whose list has one account.
async fn folder_with_a_list() -> (tempfile::TempDir, PathBuf) {
    let outer = tempfile::tempdir().unwrap();
    let folder = fs::canonicalize(outer.path()).unwrap().join("data");
    let account: crate::registry::Account = serde_json::from_value(serde_json::json!({
        "id": ID, "tenant": {"id": "demo1234", "api": "https://api.userfront.com/v0/"}, "phase": "active",
        "generation": 1, "session": "s1", "revokeEntry": "revoke.demo1234:s1@test.api.userfront.com",
        "accessExpiresAt": 0, "sessionEndsAt": 0, "loggedInAt": 0,
    }))
    .unwrap();
    let add = move |registry: &mut Registry| registry.accounts.push(account);
    FileRegistry::new(folder.clone()).update(Box::new(add)).await.unwrap();
    (outer, folder)
}

/// The folder in each way in which it can be spelt.
fn spellings(outer: &Path, folder: &Path) -> Vec<String> {
    let link = outer.join("link");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder, &link).unwrap();
    let plain = folder.to_str().unwrap();
    let mut all =
        vec![plain.to_owned(), format!("{plain}/"), format!("{plain}/../data"), format!("{plain}/./")];
    if cfg!(unix) {
        all.extend([link.to_str().unwrap().to_owned(), format!("{}/", link.display())]);
    }
    all
}

#[tokio::test]
async fn a_folder_is_found_under_the_name_that_its_spelling_had_before() {
    let (outer, folder) = folder_with_a_list().await;
    for spelt in spellings(outer.path(), &folder) {
        let before = as_before(&spelt);
        let keyring = Keyring::with(&before);
        assert_eq!(keyring.service_of(&spelt).await, before, "{spelt}");
        assert_eq!(fs::read_to_string(folder.join(NAME)).unwrap(), format!("{before}\n"), "{spelt}");
        // From then on every spelling is the same folder, and the keyring is not asked.
        let asked = *keyring.listings.lock().unwrap();
        for other in [folder.display().to_string(), format!("{}/", folder.display())] {
            assert_eq!(keyring.service_of(&other).await, before, "{spelt}, then {other}");
        }
        assert_eq!(*keyring.listings.lock().unwrap(), asked);
        fs::remove_file(folder.join(NAME)).unwrap();
    }
}

#[tokio::test]
async fn so_it_is_when_it_is_spelt_otherwise_after_the_upgrade() {
    let (outer, folder) = folder_with_a_list().await;
    let plain = folder.to_str().unwrap();
    let link = spellings(outer.path(), &folder).into_iter().nth(4).unwrap();
    for (before, after) in [(plain.to_owned(), link), (format!("{plain}/"), plain.to_owned())] {
        let service = as_before(&before);
        assert_eq!(Keyring::with(&service).service_of(&after).await, service, "{before}, then {after}");
        fs::remove_file(folder.join(NAME)).unwrap();
    }
}

#[tokio::test]
async fn what_the_keyring_cannot_say_is_not_written_down() {
    let (_outer, folder) = folder_with_a_list().await;
    let spelt = format!("{}/", folder.display());
    for trouble in ["locked", "hung"] {
        let real = as_before(folder.to_str().unwrap());
        let mut keyring = Keyring::with(&real);
        (keyring.is_locked, keyring.hangs) = (trouble == "locked", trouble == "hung");
        assert_eq!(keyring.service_of(&spelt).await, as_before(&spelt), "{trouble}: the best guess");
        assert!(!folder.join(NAME).exists(), "{trouble}");
        (keyring.is_locked, keyring.hangs) = (false, false);
        assert_eq!(keyring.service_of(&spelt).await, real);
        fs::remove_file(folder.join(NAME)).unwrap();
    }
}

#[tokio::test]
async fn a_new_folder_keeps_its_first_name_and_what_is_no_name_is_replaced() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("new");
    let spelt = format!("{}/", folder.display());
    let keyring = Keyring::default();
    let service = keyring.service_of(&spelt).await;
    assert_eq!((service.clone(), *keyring.listings.lock().unwrap()), (as_before(&spelt), 0));
    assert_eq!(keyring.service_of(folder.to_str().unwrap()).await, service);
    for damaged in ["", "a b", "\0"] {
        fs::write(folder.join(NAME), damaged).unwrap();
        assert_eq!(keyring.service_of(&spelt).await, service, "{damaged:?}");
        assert_eq!(fs::read_to_string(folder.join(NAME)).unwrap().trim(), service, "{damaged:?}");
    }
}

#[test]
fn of_programs_that_start_at_once_one_names_it() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<_> = std::thread::scope(|scope| {
            let begin = |nth: usize| {
                let folder = folder.path();
                scope.spawn(move || write_down(folder, &format!("name-{nth}")).unwrap())
            };
            let threads: Vec<_> = (0..8).map(begin).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
        assert_eq!(write_down(folder.path(), "late").unwrap(), names[0]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing unfinished is left");
    }
}

#[tokio::test]
async fn an_ordinary_installation_and_one_that_is_told_its_name_ask_nobody() {
    let told =
        Environment { service: "mine".to_owned(), service_is_set: true, ..environment(Some("/nowhere")) };
    let nobody = async |_: String| -> Result<Listed, StoreError> { panic!("the keyring is listed") };
    assert_eq!(service_of(&told, nobody).await, "mine");
    assert_eq!(environment(None).service, IDENTIFIER);
}
