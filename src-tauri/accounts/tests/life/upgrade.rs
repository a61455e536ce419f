//! Lists of each format: one account active, one pending, one logging out, one leftover entry. The files were
//! written by the command line against its sandbox, that of format 1 by the one of commit 3274040; the phase
//! of the second account, the leftover entry and the recent log-out were set by hand. That of format 3 is
//! that of format 2 with the reason and the log-out as they are written now; that of format 4 is that of
//! format 3 with a pinned account.

use std::sync::Arc;

use accounts::model::activity::Program;
use accounts::model::reason::Reason;
use accounts::model::registry::{Phase, Registry, VERSION};
use accounts::model::registry_error::RegistryError;
use accounts::model::session_outcome::SessionOutcome;

use accounts::ports::{CallFailure, RegistryStorage as _};
use accounts::storage::registry_file::{DOCUMENT, FileRegistry};
use accounts::{AccountId, Password};
use tempfile::TempDir;

use crate::fakes::Disk;
use crate::world::{PASSWORD, SERVICE, World, tenant};

const V1: &str = include_str!("fixtures/accounts.v1.json");
const V2: &str = include_str!("fixtures/accounts.v2.json");
const V3: &str = include_str!("fixtures/accounts.v3.json");
const V4: &str = include_str!("fixtures/accounts.v4.json");

/// The fixture on a real disk, as this program reads it.
async fn read(text: &str) -> Result<Registry, RegistryError> {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(DOCUMENT), text).unwrap();
    FileRegistry::new(folder.path().to_owned()).read().await.map(Arc::unwrap_or_clone)
}

/// A user of the sandbox logs in elsewhere on this machine: the session, and the two tokens.
async fn session_of(world: &World, name: &str) -> (AccountId, String, [String; 2]) {
    let other = World { disk: Disk::default(), ..world.clone() };
    let password = Password::new(PASSWORD);
    other.process([]).accounts.log_in_with_password(&world.tenant, name, &password).await.unwrap();
    let account = other.registry().accounts.remove(0);
    let tokens = [format!("access.{}", account.id), format!("refresh.{}", account.id)].map(|entry| {
        let token = world.tokens_in(&entry).remove(0);
        world.keyring.remove(SERVICE, &entry);
        token
    });
    (account.id, account.session.to_string(), tokens)
}

// The writer does not parse what it has written.
#[tokio::test]
async fn a_list_is_the_same_to_its_writer_and_to_others() {
    for fixture in [V1, V2, V3, V4] {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join(DOCUMENT), fixture).unwrap();
        let writer = FileRegistry::new(folder.path().to_owned());
        let change = |registry: &mut Registry| {
            registry.next_generation();
        };
        let written = writer.update(Box::new(change)).await.unwrap();
        assert_eq!(writer.read().await.unwrap(), written);
        assert_eq!(FileRegistry::new(folder.path().to_owned()).read().await.unwrap(), written);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_any_format_is_read_and_its_open_work_is_finished() {
    for fixture in [V1, V2, V3, V4] {
        assert_finished(fixture).await;
    }
}

async fn assert_finished(fixture: &str) {
    let world = World { tenant: tenant("http://127.0.0.1:44279/v0/"), unsure: true, ..World::new() };
    let read_as_it_is = read(fixture).await.unwrap();
    assert_eq!((read_as_it_is.version, read_as_it_is.accounts.len()), (VERSION, 2));
    let (active, s1, [access, refresh]) = session_of(&world, "admin@example.com").await;
    let (logging_out, s2, logging_out_tokens) = session_of(&world, "viewer@example.com").await;
    let (pending, s3, pending_tokens) = session_of(&world, "member@example.com").await;
    let old = |nth: usize| read_as_it_is.accounts[nth].session.to_string();
    let text = fixture
        .replace(&old(0), &s1)
        .replace(&old(1), &s2)
        .replace(read_as_it_is.pending[0].session.as_str(), &s3);
    world.disk.replace_registry(read(&text).await.unwrap());
    let registry = world.registry();
    let ids: Vec<_> = registry.accounts.iter().map(|account| account.id.clone()).collect();
    assert_eq!(
        (&ids[..], &registry.pending[0].account),
        (&[active.clone(), logging_out.clone()][..], &pending)
    );
    world.keyring.add(SERVICE, &format!("access.{active}"), access);
    world.keyring.add(SERVICE, &format!("refresh.{active}"), refresh);
    world.keyring.add(SERVICE, &format!("access.{logging_out}"), &logging_out_tokens[0]);
    world.keyring.add(SERVICE, &format!("refresh.{logging_out}"), &logging_out_tokens[1]);
    world.keyring.add(SERVICE, registry.pending[0].entry.as_str(), pending_tokens.join("\n"));
    // The older program would have deleted this one; it holds what that list could not delete.
    world.keyring.add(SERVICE, registry.leftovers[0].entry.as_str(), &pending_tokens[0]);
    world.assert_invariant("as it was left");

    let process = world.quiet_start().await;
    world.assert_settled("finished");
    assert_eq!(process.named().await, Vec::<String>::new());
    let registry = world.registry();
    assert_eq!(registry.accounts.len(), 1);
    assert_eq!((&registry.accounts[0].id, registry.accounts[0].phase), (&active, Phase::Active));
    assert_eq!(world.sessions_alive(), [s1].into());
    assert_eq!(process.log_out(&active).await.unwrap().session, SessionOutcome::Revoked);
    assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
    assert!(world.disk.activity().iter().all(|line| line.by == Program::App));
}

#[tokio::test]
async fn a_pending_reason_is_read_from_a_sentence_and_from_a_kind() {
    let reason = async |fixture| read(fixture).await.unwrap().pending.remove(0).reason;
    let sentence = || Reason::Text("The server has a fault (HTTP 503).".to_owned());
    assert_eq!([reason(V1).await, reason(V2).await], [sentence(), sentence()]);
    let kind = Reason::Server(CallFailure::ServerFault { status: 503, retry_after: None });
    assert_eq!(reason(V3).await, kind);
    let written = serde_json::to_value(read(V3).await.unwrap()).unwrap();
    assert_eq!(written["pending"], serde_json::from_str::<serde_json::Value>(V3).unwrap()["pending"]);
}

/// Those of format 2 have another name and another form. They would count for a minute only.
#[tokio::test]
async fn recent_log_outs_are_kept_as_they_are_and_those_of_format_2_are_dropped() {
    let kept = read(V3).await.unwrap();
    let [recent] = &kept.recent_log_outs[..] else { panic!("{:?}", kept.recent_log_outs) };
    assert_eq!((&recent.account, recent.generation), (&kept.pending[0].account, 6));
    assert_eq!(recent.outcome.session, SessionOutcome::Pending);
    assert_eq!(recent.outcome.alive_until, kept.pending[0].session_ends_at);
    let written = serde_json::to_value(&kept).unwrap();
    assert_eq!(written["logOuts"], serde_json::from_str::<serde_json::Value>(V3).unwrap()["logOuts"]);
    let upgraded = read(V2).await.unwrap();
    assert_eq!((upgraded.version, &upgraded.recent_log_outs[..]), (VERSION, &[][..]));
}

#[tokio::test]
async fn an_account_stays_pinned_when_the_list_is_read_and_written() {
    let pinned = read(V4).await.unwrap();
    assert_eq!(pinned.pinned, [pinned.accounts[0].id.clone()]);
    assert_eq!(read(V3).await.unwrap().pinned, []);
    assert_eq!(serde_json::to_value(&pinned).unwrap()["pinned"], serde_json::json!([pinned.accounts[0].id]));
}

#[tokio::test]
async fn a_newer_list_is_refused_with_a_message_and_left_unchanged() {
    let folder = TempDir::new().unwrap();
    let newer = V1.replacen("\"version\": 1", &format!("\"version\": {}", VERSION + 1), 1);
    std::fs::write(folder.path().join(DOCUMENT), &newer).unwrap();
    let registry = FileRegistry::new(folder.path().to_owned());
    assert_eq!(registry.read().await, Err(RegistryError::TooNew { format: VERSION + 1 }));
    let written = registry.update(Box::new(|registry| registry.accounts.clear())).await;
    assert!(written.unwrap_err().to_string().contains("newer version"));
    assert_eq!(std::fs::read_to_string(folder.path().join(DOCUMENT)).unwrap(), newer);
}
