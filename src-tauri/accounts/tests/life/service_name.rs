//! The keyring service of a data folder: found under the name that it had before, and used under no other.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accounts::model::account::EntryName;
use accounts::model::activity::Program;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::registry::Registry;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{CredentialStore, EntryElsewhere, StoreError, StoreStatus};
use accounts::storage::environment::Environment;
use accounts::storage::folders::IDENTIFIER;
use accounts::storage::registry_file::FileRegistry;
use accounts::storage::service_name::{BEFORE, FolderStore, NAME};
use accounts::{AccountId, Accounts};
use credential_store::effects::Effects;
use credential_store::memory::{Items, MemoryKeyring};
use sha2::{Digest, Sha256};

use crate::world::{Process, World};

const ID: &str = "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com";

/// The name as programs up to commit 3274040 derived it, written out here: entries of that time must be
/// found.
fn old_name(home: &str) -> String {
    let absolute = std::path::absolute(home).unwrap();
    let digest = Sha256::digest(absolute.to_string_lossy().as_bytes());
    let digits: Vec<_> = digest[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("desktop.userfront.accounts.{}", digits.concat())
}

fn environment(home: Option<&str>) -> Environment {
    let home: Option<OsString> = home.map(Into::into);
    Environment::read(|name| home.clone().filter(|_| name == "USERFRONT_ACCOUNTS_HOME")).unwrap()
}

/// The keyring as a program sees it that is started with this spelling of its data folder.
fn keyring(items: &Items, environment: Environment) -> FolderStore {
    let items = items.clone();
    FolderStore::new(environment, move |service| {
        Arc::new(MemoryKeyring::new(service, items.clone(), Effects::new()))
    })
}

fn spelt(items: &Items, home: &str) -> FolderStore {
    keyring(items, environment(Some(home)))
}

/// The service that is used, once the keyring has been asked.
async fn service_of(items: &Items, home: &str) -> String {
    let store = spelt(items, home);
    store.entries().await.unwrap();
    store.service()
}

fn entries() -> [EntryName; 2] {
    let id: AccountId = ID.parse().unwrap();
    [EntryName::access(&id), EntryName::refresh(&id)]
}

fn with_entries(services: &[&str]) -> Items {
    let items = Items::new();
    for service in services {
        for entry in entries() {
            items.add(service, entry.as_str(), "secret");
        }
    }
    items
}

/// A data folder whose list has one account.
async fn folder_with_a_list() -> (tempfile::TempDir, PathBuf) {
    use accounts::ports::RegistryStorage as _;
    let outer = tempfile::tempdir().unwrap();
    let folder = fs::canonicalize(outer.path()).unwrap().join("data");
    let account: accounts::model::registry::Account = serde_json::from_value(serde_json::json!({
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

fn written_in(folder: &Path) -> String {
    fs::read_to_string(folder.join(NAME)).unwrap()
}

#[tokio::test]
async fn a_data_folder_uses_the_service_name_of_its_earlier_spelling() {
    let (outer, folder) = folder_with_a_list().await;
    for spelt in spellings(outer.path(), &folder) {
        let before = old_name(&spelt);
        let items = with_entries(&[&before]);
        assert_eq!(service_of(&items, &spelt).await, before, "{spelt}");
        assert_eq!(written_in(&folder), format!("{before}\n"), "{spelt}");
        // From then on every spelling is the same folder, and the keyring is not asked.
        for other in [folder.display().to_string(), format!("{}/", folder.display())] {
            assert_eq!(service_of(&Items::new(), &other).await, before, "{spelt}, then {other}");
        }
        fs::remove_file(folder.join(NAME)).unwrap();
    }
}

#[tokio::test]
async fn a_data_folder_spelt_otherwise_after_an_upgrade_keeps_its_service_name() {
    let (outer, folder) = folder_with_a_list().await;
    let plain = folder.to_str().unwrap();
    let link = spellings(outer.path(), &folder).into_iter().nth(4).unwrap();
    for (before, after) in [(plain.to_owned(), link), (format!("{plain}/"), plain.to_owned())] {
        let service = old_name(&before);
        assert_eq!(service_of(&with_entries(&[&service]), &after).await, service, "{before}, then {after}");
        fs::remove_file(folder.join(NAME)).unwrap();
    }
}

#[tokio::test]
async fn the_store_reads_and_writes_nothing_until_the_service_name_is_known() {
    let (_outer, folder) = folder_with_a_list().await;
    let with_slash = format!("{}/", folder.display());
    let real = old_name(folder.to_str().unwrap());
    for (trouble, error) in [(StoreStatus::Locked, StoreError::Locked), (StoreStatus::Hung, StoreError::Hung)]
    {
        let items = with_entries(&[&real]);
        items.set_status(trouble.clone());
        let store = spelt(&items, &with_slash);
        let [access, _] = entries();
        assert_eq!(store.status().await, trouble);
        assert_eq!(store.entries().await, Err(error.clone()), "a guess lists nothing");
        assert_eq!(store.read(&access).await.map(|_| ()), Err(error.clone()));
        assert_eq!(store.write(&access, &"new".to_owned().into()).await, Err(error.clone()));
        assert_eq!(store.delete(std::slice::from_ref(&access)).await, Err(error));
        assert!(!folder.join(NAME).exists(), "{trouble:?}: it is not written down");
        items.set_status(StoreStatus::Ok);
        assert_eq!(store.entries().await, Ok(entries().to_vec()));
        assert_eq!((store.service(), written_in(&folder)), (real.clone(), format!("{real}\n")));
        fs::remove_file(folder.join(NAME)).unwrap();
    }
}

#[tokio::test]
async fn the_store_writes_nothing_while_the_list_cannot_be_read() {
    let (_outer, folder) = folder_with_a_list().await;
    fs::write(folder.join("accounts.json"), r#"{"version": 999}"#).unwrap();
    let items = Items::new();
    let store = spelt(&items, &format!("{}/", folder.display()));
    assert_eq!(store.status().await, StoreStatus::Ok);
    let [access, _] = entries();
    let written = store.write(&access, &"new".to_owned().into()).await;
    assert!(matches!(written, Err(StoreError::Refused(_))), "{written:?}");
    assert!(items.names().is_empty() && !folder.join(NAME).exists());
}

#[tokio::test]
async fn entries_of_another_spelling_are_reported_and_not_deleted() {
    let (_outer, folder) = folder_with_a_list().await;
    let plain = folder.to_str().unwrap().to_owned();
    let with_slash = format!("{plain}/");
    let (own, other) = (old_name(&with_slash), old_name(&plain));
    let items = with_entries(&[&own, &other]);
    let named: Vec<_> =
        entries().into_iter().map(|entry| EntryElsewhere { service: other.clone(), entry }).collect();
    // Also by later starts, which read the name from the folder.
    for spelling in [&with_slash, &plain] {
        let store = spelt(&items, spelling);
        assert_eq!(store.entries_elsewhere().await.as_ref(), Ok(&named), "{spelling}");
        assert_eq!(store.service(), own);
        assert_eq!(written_in(&folder), format!("{own}\n"));
        assert_eq!(std::fs::read_to_string(folder.join(BEFORE)).unwrap(), format!("{other}\n"));
    }
    let store = spelt(&items, &plain);
    assert_eq!(store.delete(&entries()).await, Ok(Deletion::Deleted));
    assert_eq!(store.entries_elsewhere().await, Ok(named));
    for entry in entries() {
        items.remove(&other, entry.as_str());
    }
    assert_eq!(store.entries_elsewhere().await, Ok(Vec::new()), "until it is gone");
}

#[tokio::test]
async fn a_new_folder_keeps_its_first_service_name_and_replaces_a_damaged_one() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("new");
    let spelt = format!("{}/", folder.display());
    let items = Items::new();
    let service = service_of(&items, &spelt).await;
    assert_eq!(service, old_name(&spelt));
    assert_eq!(service_of(&items, folder.to_str().unwrap()).await, service);
    for damaged in ["", "a b", "\0", "a\n\nb", "a\nb c"] {
        fs::write(folder.join(NAME), damaged).unwrap();
        assert_eq!(service_of(&items, &spelt).await, service, "{damaged:?}");
        assert_eq!(written_in(&folder).trim(), service, "{damaged:?}");
    }
}

#[tokio::test]
async fn a_program_with_a_set_service_name_reads_no_other_service() {
    let told =
        Environment { service: "mine".to_owned(), service_is_set: true, ..environment(Some("/nowhere")) };
    let items = with_entries(&["mine", &old_name("/nowhere")]);
    let store = keyring(&items, told);
    assert_eq!(store.entries().await, Ok(entries().to_vec()));
    assert_eq!((store.service().as_str(), store.entries_elsewhere().await), ("mine", Ok(Vec::new())));
    assert_eq!(environment(None).service, IDENTIFIER);
}

/// The app, with its list in a folder and its tokens under the service of that folder.
fn app(world: &World, home: &str) -> Process {
    let store = Arc::new(spelt(&world.keyring, home));
    let registry = Arc::new(FileRegistry::new(home.into()));
    let effects = Effects::new();
    let ports = accounts::ports::Ports { store, registry, ..world.ports(&effects) };
    Process { accounts: Accounts::new(ports, Program::App), effects }
}

#[tokio::test]
async fn an_app_that_starts_with_a_locked_keyring_ends_the_session_after_unlock() {
    let outer = tempfile::tempdir().unwrap();
    let plain = fs::canonicalize(outer.path()).unwrap().join("data").display().to_string();
    let (world, with_slash) = (World::new(), format!("{plain}/"));
    let before = app(&world, &plain);
    let id = before.log_in(&world).await.unwrap();
    fs::remove_file(Path::new(&plain).join(NAME)).unwrap();
    world.keyring.set_status(StoreStatus::Locked);
    let process = app(&world, &with_slash);
    process.accounts.restore().await.unwrap();
    assert_eq!(process.accounts.unlock().await, StoreStatus::Ok);
    process.accounts.restore().await.unwrap();
    let account = process.accounts.overview().await.registry.account(&id).cloned().unwrap();
    assert!(!account.tokens_missing);
    let done = process.log_out(&id).await.unwrap();
    assert_eq!((done.session, done.deletion), (SessionOutcome::Revoked, Deletion::Deleted));
    assert!(world.sessions_alive().is_empty() && world.keyring.names().is_empty());
}

#[tokio::test]
async fn the_app_reports_entries_of_another_spelling_and_erasing_keeps_them() {
    let outer = tempfile::tempdir().unwrap();
    let plain = fs::canonicalize(outer.path()).unwrap().join("data").display().to_string();
    let (world, with_slash) = (World::new(), format!("{plain}/"));
    let id = app(&world, &with_slash).log_in(&world).await.unwrap();
    fs::remove_file(Path::new(&plain).join(NAME)).unwrap();
    // As the old program left it that was logged in by one spelling, and then by the other.
    let older = EntryElsewhere { service: old_name(&plain), entry: EntryName::access(&id) };
    world.keyring.add(&older.service, older.entry.as_str(), "of an older session");
    let process = app(&world, &with_slash);
    process.accounts.restore().await.unwrap();
    assert_eq!(process.accounts.overview().await.elsewhere, std::slice::from_ref(&older));
    process.log_out(&id).await.unwrap();
    let erased = process.accounts.erase_entries().await.unwrap();
    assert_eq!((erased.elsewhere, erased.foreign), (vec![older], Vec::new()));
}
