//! A keyring that is missing, dies or hangs, on real keyrings of both kinds.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use credential_store::{Keyring, Limits};
use test_rig::{KeyringOptions, Presence, enter};

use crate::kinds::{On, on_each_kind};
use crate::promises::{Daemon, Outside, name, secret, text};
use crate::real::{Outcome, keyring, keyring_within};

on_each_kind! {
    a_daemon_that_the_bus_brings_back_is_used_again
}

mod away {
    use super::without_a_daemon_it_is_unavailable_until_one_comes;

    crate::kinds::on_every_daemon! { NoDaemon:
        without_a_daemon_it_is_unavailable_until_one_comes
    }
}

mod there {
    use super::{
        a_daemon_killed_while_it_stands_still_frees_the_thread,
        a_daemon_that_stands_still_is_hung_and_recovers,
    };

    crate::kinds::on_every_daemon! { Unlocked:
        a_daemon_that_stands_still_is_hung_and_recovers
        a_daemon_killed_while_it_stands_still_frees_the_thread
    }
}

const CANARY: &str = "eyJcanary";

/// Everything that this process logs from here on, from every crate and thread, at the finest level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn start() -> Result<Self, tracing::subscriber::SetGlobalDefaultError> {
        let log = Self::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
        tracing::subscriber::set_global_default(lines.with_writer(move || writer.clone()).finish())?;
        Ok(log)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// All four calls report an unavailable keyring, with a reason and without a secret.
async fn is_unavailable(keyring: &Keyring) {
    let entry = name("access.a");
    let began = Instant::now();
    let StoreStatus::Unavailable(reason) = keyring.status().await else {
        panic!("{:?}", keyring.status().await)
    };
    assert!(!reason.is_empty());
    let errors = [
        text(keyring, &entry).await.unwrap_err(),
        keyring.write(&entry, &secret(CANARY)).await.unwrap_err(),
        keyring.delete(&[entry]).await.unwrap_err(),
        keyring.entries().await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    assert!(matches!(keyring.unlock().await, StoreStatus::Unavailable(_)));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

async fn without_a_daemon_it_is_unavailable_until_one_comes(daemon: &dyn Daemon) -> Outcome {
    let keyring = keyring();
    is_unavailable(&keyring).await;
    daemon.restart_unlocked().await;
    assert_eq!(keyring.status().await, StoreStatus::Ok);
    keyring.write(&name("a"), &secret("s")).await?;
    daemon.holds(&[("a", "s")]).await;
    Ok(())
}

#[tokio::test]
async fn without_a_bus_it_is_unavailable() -> Outcome {
    let Some(_inside) = enter("troubles::without_a_bus_it_is_unavailable", Presence::NoBus)? else {
        return Ok(());
    };
    is_unavailable(&keyring()).await;
    Ok(())
}

async fn a_daemon_that_the_bus_brings_back_is_used_again(on: On) -> Outcome {
    let options = KeyringOptions { activate: true, ..KeyringOptions::default() };
    let Some(inside) = on.enter(options)? else { return Ok(()) };
    let keyring = keyring();
    let entry = name("access.a");
    keyring.write(&entry, &secret("s")).await?;

    (*inside).restart_unlocked()?;
    assert_eq!(text(&keyring, &entry).await?, Some("s".to_owned()), "a new session, at the first try");
    (*inside).restart_unlocked()?;
    keyring.write(&entry, &secret("t")).await?;
    (*inside).restart_unlocked()?;
    assert_eq!(keyring.delete(std::slice::from_ref(&entry)).await?, Deletion::Deleted);
    keyring.write(&entry, &secret("u")).await?;

    // The bus starts another one, which is locked and knows its items only by hashes.
    (*inside).kill()?;
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &entry).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(std::slice::from_ref(&entry)).await, Err(StoreError::Locked));
    assert_eq!(keyring.entries().await, Err(StoreError::Locked));
    Outside::unlock(&inside).await;
    assert_eq!(text(&keyring, &entry).await?, Some("u".to_owned()));
    Ok(())
}

async fn a_daemon_that_stands_still_is_hung_and_recovers(daemon: &dyn Daemon) -> Outcome {
    let log = Log::start()?;
    // Long enough on a busy machine to tell "at once" from "after the limit".
    let limit = Duration::from_secs(3);
    let keyring = keyring_within(Limits { call: limit, ..Limits::default() });
    keyring.write(&name("a"), &secret("old")).await?;

    daemon.stop();
    let began = Instant::now();
    assert_eq!(keyring.write(&name("a"), &secret(CANARY)).await, Err(StoreError::Hung));
    assert!(began.elapsed() >= limit && began.elapsed() < limit * 4, "{:?}", began.elapsed());
    let began = Instant::now();
    assert_eq!(keyring.status().await, StoreStatus::Hung);
    assert_eq!(text(&keyring, &name("a")).await, Err(StoreError::Hung));
    assert_eq!(keyring.delete(&[name("a")]).await, Err(StoreError::Hung));
    assert_eq!(keyring.entries().await, Err(StoreError::Hung));
    assert_eq!(keyring.unlock().await, StoreStatus::Hung);
    assert!(began.elapsed() < limit / 2, "at once, not after {:?}", began.elapsed());

    daemon.cont();
    while keyring.status().await == StoreStatus::Hung {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not recover");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(keyring.status().await, StoreStatus::Ok);
    // The write had begun, so it took effect. Requests made while the keyring was hung did not.
    assert_eq!(text(&keyring, &name("a")).await?, Some(CANARY.to_owned()));

    daemon.stop();
    assert_eq!(text(&keyring, &name("a")).await, Err(StoreError::Hung));
    daemon.cont();
    let late = |request: &str| format!("the keyring answered after its limit request=\"{request}\"");
    let began = Instant::now();
    while !log.text().contains(&late("read a")) {
        assert!(began.elapsed() < Duration::from_secs(20), "the late answer is not in the log");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let lines = log.text();
    assert!(lines.contains(&late("write a")));
    let bytes = format!("{:?}", CANARY.as_bytes());
    for trace in ["canary", bytes.trim_matches(['[', ']'])] {
        assert!(!lines.contains(trace), "the log holds the secret");
    }
    Ok(())
}

async fn a_daemon_killed_while_it_stands_still_frees_the_thread(daemon: &dyn Daemon) -> Outcome {
    let keyring = keyring();
    keyring.write(&name("a"), &secret("s")).await?;
    daemon.stop();
    assert_eq!(text(&keyring, &name("a")).await, Err(StoreError::Hung));
    daemon.kill();
    let began = Instant::now();
    while keyring.status().await == StoreStatus::Hung {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not recover");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(matches!(keyring.status().await, StoreStatus::Unavailable(_)));
    daemon.restart_unlocked().await;
    assert_eq!(text(&keyring, &name("a")).await?, Some("s".to_owned()));
    Ok(())
}
