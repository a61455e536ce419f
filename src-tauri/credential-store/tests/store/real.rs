//! The promises on real keyrings, and cases without a fake: the name, parts, restarts, other programs.

use std::error::Error;
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use async_trait::async_trait;
use credential_store::{Keyring, Limits};
use test_rig::{Inside, SecretServiceKind};

use crate::kinds::on_every_daemon;
use crate::promises::{self, Daemon, Outside, name, secret, text};

on_every_daemon! { Unlocked:
    a_real_keyring_keeps_the_promises
    duplicates_are_one_entry
    an_oversize_secret_is_split_and_comes_back_whole
    the_limit_of_the_writer_is_not_the_readers
    a_part_that_is_there_twice_is_torn
    a_replaced_secret_outlives_the_daemon
    what_is_locked_at_the_start_is_not_taken_for_absent
    what_is_deleted_by_others_while_it_is_listed_is_no_error
    what_is_replaced_by_others_is_there_all_the_while
    a_strangers_newer_item_is_not_taken_for_ours
}

pub(crate) const SERVICE: &str = "userfront.test";

pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// As once the user has asked for something.
pub(crate) fn keyring() -> Keyring {
    keyring_within(Limits::default())
}

pub(crate) fn keyring_within(limits: Limits) -> Keyring {
    let keyring = Keyring::new(SERVICE.to_owned(), limits);
    keyring.allow_questions();
    keyring
}

#[async_trait(?Send)]
impl Outside for Inside {
    async fn lock(&self) {
        (**self).lock().unwrap();
    }

    async fn unlock(&self) {
        (**self).unlock().unwrap();
    }

    async fn add_duplicate(&self, name: &str, secret: &str) {
        // The keyring dates its items to the second.
        tokio::time::sleep(Duration::from_millis(1100)).await;
        (**self).add_duplicate(SERVICE, name, secret).unwrap();
    }

    fn items(&self) -> Vec<(String, String)> {
        let found = self.search(SERVICE).unwrap();
        let mut items: Vec<_> =
            found.into_iter().map(|entry| (entry.user().to_owned(), entry.secret)).collect();
        items.sort();
        items
    }
}

#[async_trait(?Send)]
impl Daemon for Inside {
    fn name(&self) -> &'static str {
        match self.kind() {
            SecretServiceKind::GnomeKeyring => "GNOME Keyring",
            SecretServiceKind::Oo7 => "oo7",
        }
    }

    async fn plant(&self, name: &str, secret: &str) {
        tokio::time::sleep(Duration::from_millis(1100)).await;
        (**self).plant(SERVICE, name, &[("application", "another")], secret).unwrap();
    }

    async fn restart_unlocked(&self) {
        (**self).restart_unlocked().unwrap();
    }

    async fn restart_locked(&self) {
        (**self).restart_locked().unwrap();
    }

    fn kill(&self) {
        (**self).kill().unwrap();
    }

    fn stop(&self) {
        (**self).stop().unwrap();
    }

    fn cont(&self) {
        (**self).cont().unwrap();
    }
}

async fn a_real_keyring_keeps_the_promises(daemon: &dyn Daemon) -> Outcome {
    let keyring = keyring();
    assert_eq!(keyring.name(), "Secret Service", "not known yet");
    promises::all(&keyring, daemon).await;
    assert_eq!(keyring.name(), daemon.name());
    Ok(())
}

async fn duplicates_are_one_entry(daemon: &dyn Daemon) -> Outcome {
    promises::duplicates_are_one_entry(&keyring(), daemon).await;
    Ok(())
}

async fn an_oversize_secret_is_split_and_comes_back_whole(daemon: &dyn Daemon) -> Outcome {
    let small = keyring_within(Limits { item_bytes: 200, ..Limits::default() });
    let entry = name("access.a");
    for length in [200, 201, 1_000, 399, 10] {
        let token = "t".repeat(length);
        small.write(&entry, &secret(&token)).await?;
        assert_eq!(text(&small, &entry).await?.as_deref(), Some(&*token));
        let parts = if length <= 200 { 1 } else { 1 + length.div_ceil(200) };
        let mut items = daemon.items_once(&|items| items.len() == parts).await;
        if items.len() > parts && daemon.name() == "KeePassXC" {
            // Busy, it takes longer than a delete waits for its prompt. The next write removes what stayed.
            small.write(&entry, &secret(&token)).await?;
            items = daemon.items_once(&|items| items.len() == parts).await;
        }
        assert_eq!(items.len(), parts, "{length}");
        assert!(items.iter().all(|(_, secret)| secret.len() <= 200));
        assert_eq!(small.entries().await?, slice::from_ref(&entry));
    }
    assert_eq!(small.delete(&[entry]).await?, Deletion::Deleted);
    daemon.holds(&[]).await;
    Ok(())
}

async fn the_limit_of_the_writer_is_not_the_readers(_daemon: &dyn Daemon) -> Outcome {
    let small = keyring_within(Limits { item_bytes: 200, ..Limits::default() });
    let entry = name("access.a");
    for length in [200, 1_000, 10] {
        let token = "t".repeat(length);
        small.write(&entry, &secret(&token)).await?;
        assert_eq!(text(&keyring(), &entry).await?, Some(token));
    }
    assert_eq!(small.delete(&[entry]).await?, Deletion::Deleted);
    Ok(())
}

async fn a_part_that_is_there_twice_is_torn(daemon: &dyn Daemon) -> Outcome {
    let small = keyring_within(Limits { item_bytes: 200, ..Limits::default() });
    let entry = name("access.a");
    small.write(&entry, &secret(&"t".repeat(500))).await?;
    daemon.add_duplicate("access.a#1", "t").await;
    assert_eq!(text(&small, &entry).await?, None, "torn");
    assert_eq!(small.delete(&[entry]).await?, Deletion::Deleted);
    daemon.holds(&[]).await;
    Ok(())
}

async fn a_replaced_secret_outlives_the_daemon(daemon: &dyn Daemon) -> Outcome {
    let keyring = keyring();
    let entry = name("access.a");
    keyring.write(&entry, &secret("first")).await?;
    keyring.write(&entry, &secret("second")).await?;
    daemon.restart_unlocked().await;
    daemon.holds(&[("access.a", "second")]).await;
    daemon.add_duplicate("access.a", "duplicate").await;
    keyring.write(&entry, &secret("third")).await?;
    daemon.restart_unlocked().await;
    daemon.holds(&[("access.a", "third")]).await;
    assert_eq!(keyring.delete(&[entry]).await?, Deletion::Deleted);
    daemon.restart_unlocked().await;
    daemon.holds(&[]).await;
    Ok(())
}

async fn what_is_locked_at_the_start_is_not_taken_for_absent(daemon: &dyn Daemon) -> Outcome {
    let entry = name("access.a");
    keyring().write(&entry, &secret("s")).await?;
    daemon.restart_locked().await;
    let keyring = keyring();
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &entry).await, Err(StoreError::Locked));
    assert_eq!(keyring.entries().await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&entry, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&entry)).await, Err(StoreError::Locked));
    assert_eq!(keyring.status().await, StoreStatus::Locked, "nothing of this has unlocked it");
    daemon.unlock().await;
    assert_eq!(text(&keyring, &entry).await?, Some("s".to_owned()));
    assert_eq!(keyring.delete(&[entry]).await?, Deletion::Deleted);
    Ok(())
}

// A program whose items have more than two attributes finds ours by a search, and may use our names.
async fn a_strangers_newer_item_is_not_taken_for_ours(daemon: &dyn Daemon) -> Outcome {
    let keyring = keyring();
    let entry = name("access.a");
    keyring.write(&entry, &secret("ours")).await?;
    daemon.plant("access.a", "theirs").await;
    daemon.holds(&[("access.a", "ours"), ("access.a", "theirs")]).await;
    assert_eq!(text(&keyring, &entry).await?, Some("ours".to_owned()));
    assert_eq!(keyring.delete(&[entry]).await?, Deletion::Deleted);
    daemon.holds(&[]).await;
    Ok(())
}

async fn what_is_deleted_by_others_while_it_is_listed_is_no_error(_daemon: &dyn Daemon) -> Outcome {
    let (keyring, other) = (keyring(), keyring());
    let stays = name("access.a");
    keyring.write(&stays, &secret("s")).await?;
    let seen = AtomicBool::new(false);
    let others = async {
        for round in 0.. {
            if round >= 100 && seen.load(Ordering::SeqCst) {
                break;
            }
            other.write(&name("comes.and.goes"), &secret("s")).await?;
            other.delete(&[name("comes.and.goes")]).await?;
        }
        Outcome::Ok(())
    };
    let listed = async {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(3) || !seen.load(Ordering::SeqCst) {
            assert!(began.elapsed() < Duration::from_mins(1), "it was there at times");
            let entries = keyring.entries().await?;
            assert!(entries.contains(&stays));
            if entries.len() > 1 {
                seen.store(true, Ordering::SeqCst);
            }
        }
        Outcome::Ok(())
    };
    let (others, listed) = tokio::join!(others, listed);
    others?;
    listed
}

async fn what_is_replaced_by_others_is_there_all_the_while(_daemon: &dyn Daemon) -> Outcome {
    let (keyring, other) = (keyring(), keyring());
    let entry = name("access.a");
    keyring.write(&entry, &secret("0")).await?;
    let replaced = async {
        for count in 1..200 {
            other.write(&entry, &secret(&count.to_string())).await?;
        }
        Outcome::Ok(())
    };
    let read = async {
        let (mut bad, mut reads) = (Vec::new(), 0);
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(4) {
            let read = text(&keyring, &entry).await;
            reads += 1;
            if !matches!(&read, Ok(Some(_))) {
                bad.push(read);
            }
        }
        assert!(bad.is_empty(), "{} of {reads}: {:?}", bad.len(), &bad[..bad.len().min(5)]);
        Outcome::Ok(())
    };
    let (replaced, read) = tokio::join!(replaced, read);
    replaced?;
    read
}
