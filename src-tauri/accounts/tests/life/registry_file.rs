//! The registry on a real disk.

use std::fs;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Instant;

use accounts::model::registry::{Registry, VERSION};
use accounts::model::registry_error::{Action, RegistryError};
use accounts::ports::{Change, RegistryStorage};
use accounts::storage::registry_file::FileRegistry;
use tempfile::TempDir;
use tokio::sync::oneshot;

fn folder() -> (TempDir, FileRegistry) {
    let folder = TempDir::new().unwrap();
    let registry = FileRegistry::new(folder.path().join("home"));
    (folder, registry)
}

async fn draw(registry: &FileRegistry) -> Result<Arc<Registry>, RegistryError> {
    registry
        .update(Box::new(|registry| {
            registry.next_generation();
        }))
        .await
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
}

#[tokio::test]
async fn a_new_registry_is_empty_and_then_keeps_written_changes() {
    let (folder, registry) = folder();
    assert_eq!(*registry.read().await.unwrap(), Registry::default());
    assert!(!folder.path().join("home").exists(), "reading makes nothing");
    draw(&registry).await.unwrap();
    let elsewhere = FileRegistry::new(folder.path().join("home"));
    assert_eq!(elsewhere.read().await.unwrap().generation, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_registry_files() {
    let (folder, registry) = folder();
    draw(&registry).await.unwrap();
    let home = folder.path().join("home");
    assert_eq!(mode(&home), 0o700);
    for entry in fs::read_dir(&home).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn concurrent_writers_lose_no_update() {
    let (folder, _) = folder();
    let writers = (0..8).map(|_| {
        let registry = FileRegistry::new(folder.path().join("home"));
        tokio::spawn(async move {
            for _ in 0..10 {
                draw(&registry).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(FileRegistry::new(folder.path().join("home")).read().await.unwrap().generation, 80);
}

/// A write of these changes together: they come while another change holds the registry.
async fn update_together(
    registry: &FileRegistry,
    changes: Vec<Change>,
) -> Vec<Result<Arc<Registry>, RegistryError>> {
    let (tell, runs) = oneshot::channel();
    let (go_on, told) = mpsc::channel();
    let first = move |_: &mut Registry| {
        tell.send(()).unwrap();
        told.recv().unwrap();
    };
    let begin = |change: Change| {
        let registry = registry.clone();
        tokio::spawn(async move { registry.update(change).await })
    };
    let first = begin(Box::new(first));
    runs.await.unwrap();
    let others: Vec<_> = changes.into_iter().map(begin).collect();
    // Each begins, and waits for the first.
    tokio::task::yield_now().await;
    go_on.send(()).unwrap();
    first.await.unwrap().unwrap();
    let mut written = Vec::new();
    for other in others {
        written.push(other.await.unwrap());
    }
    written
}

#[tokio::test]
async fn changes_that_come_during_a_write_are_written_together() {
    let (folder, registry) = folder();
    let document = folder.path().join("home/accounts.json");
    let (see, seen) = mpsc::channel();
    let draw_and_see = || -> Change {
        let (see, document) = (see.clone(), document.clone());
        Box::new(move |registry| {
            registry.next_generation();
            see.send(fs::read(&document).unwrap()).unwrap();
        })
    };
    let written = update_together(&registry, (0..20).map(|_| draw_and_see()).collect()).await;
    let seen: Vec<_> = seen.try_iter().collect();
    assert_eq!(seen.len(), 20);
    assert!(seen.iter().all(|document| *document == seen[0]), "one write for all");
    assert!(written.iter().all(|written| written.as_ref().unwrap().generation == 20));
    assert_eq!(registry.read().await.unwrap().generation, 20);
}

#[tokio::test]
async fn a_change_that_panics_fails_those_written_with_it_and_no_later_one() {
    let (_folder, registry) = folder();
    let draws: Change = Box::new(|registry| {
        registry.next_generation();
    });
    let panics: Change = Box::new(|_| panic!("planned by a test"));
    let written = update_together(&registry, vec![draws, panics]).await;
    assert!(written.iter().all(|written| matches!(written, Err(RegistryError::Io { .. }))), "{written:?}");
    assert_eq!(registry.read().await.unwrap().generation, 0, "and nothing was written");
    assert_eq!(draw(&registry).await.unwrap().generation, 1);
}

#[tokio::test]
async fn a_damaged_registry_is_kept_aside_and_mended_from_the_last_good_copy() {
    let (folder, registry) = folder();
    draw(&registry).await.unwrap();
    let document = folder.path().join("home/accounts.json");
    let mut drawn = 1;
    for damage in
        ["", "[99]", "{\"version\": 1, \"accounts\": [", "{}", "null", "{\"version\":1,\"accounts\":7}"]
    {
        fs::write(&document, damage).unwrap();
        let mended = registry.read().await.unwrap();
        assert!(mended.generation >= drawn, "{damage}");
        drawn = mended.generation;
        let how = mended.mended.clone().unwrap();
        assert!(how.from_last_good);
        let kept = folder.path().join("home").join(how.kept_as.unwrap());
        assert_eq!(fs::read_to_string(kept).unwrap(), damage);
    }
    fs::remove_file(&document).unwrap();
    let mended = registry.read().await.unwrap();
    assert!(mended.generation >= drawn);
    assert_eq!(mended.mended.clone().unwrap().kept_as, None, "a missing one is mended too");
}

#[tokio::test]
async fn every_change_of_another_process_is_seen_even_if_it_is_as_long_and_as_old() {
    let (folder, registry) = folder();
    let elsewhere = FileRegistry::new(folder.path().join("home"));
    for _ in 0..200 {
        let written = draw(&elsewhere).await.unwrap();
        let read = registry.read().await.unwrap();
        assert_eq!(read, written);
        let again = registry.read().await.unwrap();
        assert!(Arc::ptr_eq(&read, &again), "an unchanged list is not parsed again");
    }
    let document = folder.path().join("home/accounts.json");
    let (then, text) =
        (fs::metadata(&document).unwrap().modified().unwrap(), fs::read_to_string(&document).unwrap());
    fs::write(&document, text.replace("\"generation\": 200", "\"generation\": 201")).unwrap();
    fs::File::options().write(true).open(&document).unwrap().set_modified(then).unwrap();
    assert_eq!(registry.read().await.unwrap().generation, 201);
}

#[tokio::test]
async fn the_generation_never_falls_when_the_copy_is_behind_or_missing() {
    let (folder, registry) = folder();
    let [document, copy] =
        ["accounts.json", "accounts.last-good.json"].map(|name| folder.path().join("home").join(name));
    draw(&registry).await.unwrap();
    let behind = fs::read(&copy).unwrap();
    let mut drawn = draw(&registry).await.unwrap().generation;
    for copy_is_there in [true, true, false, true] {
        fs::write(&document, "x").unwrap();
        if copy_is_there { fs::write(&copy, &behind) } else { fs::remove_file(&copy) }.unwrap();
        let next = draw(&registry).await.unwrap().generation;
        assert!(next > drawn, "{next} after {drawn}");
        drawn = next;
    }
}

#[tokio::test]
async fn a_registry_without_a_good_copy_begins_empty_and_reports_the_loss() {
    let (folder, registry) = folder();
    draw(&registry).await.unwrap();
    for name in ["accounts.json", "accounts.last-good.json"] {
        fs::write(folder.path().join("home").join(name), "x").unwrap();
    }
    let mended = registry.read().await.unwrap();
    assert_eq!(mended.accounts, []);
    assert!(!mended.mended.clone().unwrap().from_last_good);
}

#[tokio::test]
async fn a_registry_of_a_newer_format_is_left_unchanged() {
    let (folder, registry) = folder();
    draw(&registry).await.unwrap();
    let document = folder.path().join("home/accounts.json");
    let format = VERSION + 1;
    let newer = format!(r#"{{"version": {format}, "accounts": "another shape"}}"#);
    fs::write(&document, &newer).unwrap();
    assert_eq!(registry.read().await, Err(RegistryError::TooNew { format }));
    assert_eq!(draw(&registry).await, Err(RegistryError::TooNew { format }));
    assert_eq!(fs::read_to_string(&document).unwrap(), newer);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_an_error_that_names_the_cause() {
    let folder = TempDir::new().unwrap();
    let in_the_way = folder.path().join("home");
    fs::write(&in_the_way, "a file in place of the folder").unwrap();
    let registry = FileRegistry::new(in_the_way);
    let error = draw(&registry).await.unwrap_err();
    assert!(matches!(&error, RegistryError::Io { action: Action::Written, .. }), "{error:?}");
}

#[tokio::test]
async fn lock_account_waits_and_then_reports_busy() {
    let (folder, registry) = folder();
    let id = "demo1234:user@test.api.userfront.com".parse().unwrap();
    let stored = registry.lock_account(&id).await.unwrap();
    let other = FileRegistry::new(folder.path().join("home"));
    let asked_at = Instant::now();
    assert!(matches!(other.lock_account(&id).await, Err(RegistryError::Busy)));
    assert!(asked_at.elapsed().as_secs() >= 5);
    drop(stored);
    other.lock_account(&id).await.unwrap();
}
