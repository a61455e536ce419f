//! Foreign entries: two data folders share one keyring, and the user chooses what to do.

use accounts::model::claims::session_of;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::registry::Phase;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{CallFailure, StoreError, StoreStatus};
use accounts::recovery::foreign::{At, ForeignError};
use accounts::{AccessToken, AccountId, EntryName, Health, Password, SessionToken};
use credential_store::effects::Fault;
use sandbox::RefreshSession;

use crate::world::{PASSWORD, SERVICE, World};

const DOWN: CallFailure = CallFailure::ServerFault { status: 503, retry_after: None };

/// Two lists on one keyring, and the account that is logged in in the other list.
pub(crate) async fn account_in_other_list() -> (World, World, AccountId) {
    let (world, other) = World::new().and_another_list();
    let (_, id) = other.logged_in().await;
    (world, other, id)
}

pub(crate) fn entry_names(id: &AccountId) -> Vec<String> {
    vec![EntryName::access(id).to_string(), EntryName::refresh(id).to_string()]
}

fn session_in(world: &World, entry: &EntryName) -> String {
    let token = SessionToken::Access(AccessToken::new(world.tokens_in(entry.as_str()).remove(0)));
    session_of(&token).unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn start_names_entries_of_another_list_and_changes_none() {
    let (world, other, id) = account_in_other_list().await;
    let before = other.holding();
    for _ in 0..2 {
        let process = world.quiet_start().await;
        assert_eq!(process.named().await, entry_names(&id));
        let overview = process.accounts.overview().await;
        assert!(overview.foreign.iter().all(|foreign| foreign.account.as_ref() == Some(&id)));
    }
    assert_eq!(other.holding(), before);
    assert_eq!(world.revocations(), 0);
    world.assert_settled("the new list");
    other.quiet_start().await.log_out(&id).await.unwrap();
    other.assert_settled("the other list");
    assert_eq!(world.start().await.named().await, Vec::<String>::new(), "gone");
}

#[tokio::test(start_paused = true)]
async fn foreign_entries_are_named_while_the_keyring_is_locked() {
    let (world, _other, id) = account_in_other_list().await;
    world.keyring.set_status(StoreStatus::Locked);
    let process = world.start().await;
    assert_eq!(process.named().await, entry_names(&id));
    let entry = EntryName::access(&id);
    let locked = Err(ForeignError::Store(StoreError::Locked));
    assert_eq!(process.accounts.take_over(&entry, &At::default()).await, locked);
    assert!(world.registry().accounts.is_empty());
    assert_eq!(world.keyring.dialogs(), 0);
}

#[tokio::test(start_paused = true)]
async fn take_over_adds_an_account_with_the_same_session() {
    for k in 1..3 {
        let (world, _other, id) = account_in_other_list().await;
        let session = session_in(&world, &EntryName::access(&id));
        let process = world.process([(k, Fault::Crash)]);
        let taking = async {
            process.accounts.restore().await.unwrap();
            process.accounts.take_over(&EntryName::refresh(&id), &At::default()).await
        };
        process.until_crash(taking).await;
        let process = world.quiet_start().await;
        world.assert_settled("taken over, or not");
        let registry = world.registry();
        if let Some(account) = registry.account(&id) {
            assert_eq!((account.session.as_str(), account.phase), (session.as_str(), Phase::Active));
            assert_eq!(process.named().await, Vec::<String>::new());
        } else {
            process.accounts.take_over(&EntryName::access(&id), &At::default()).await.unwrap();
            let arrived = world.registry().account(&id).unwrap().access_expires_here_at;
            assert_eq!(arrived.0, 0, "nobody knows when its token came");
        }
        assert_eq!(world.registry().active, Some(id.clone()));
        process.accounts.refresh(&id).await.unwrap();
        assert_eq!(session_in(&world, &EntryName::access(&id)), session, "one session for both lists");
        process.log_out(&id).await.unwrap();
        world.assert_settled("logged out");
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn other_list_reports_missing_tokens_after_a_foreign_log_out() {
    let (world, other, id) = account_in_other_list().await;
    let other = World { tokens_removed: true, ..other };
    let process = world.start().await;
    process.accounts.log_out_foreign(&EntryName::access(&id), &At::default()).await.unwrap();
    assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
    let overview = other.quiet_start().await.accounts.overview().await;
    let account = overview.registry.account(&id).unwrap();
    assert_ne!(Health::of(account, overview.now), Health::Ok);
}

#[tokio::test(start_paused = true)]
async fn foreign_log_out_finishes_after_any_crash() {
    for k in 1..8 {
        let what = format!("crash after effect {k}");
        let (world, other, id) = account_in_other_list().await;
        let process = world.process([(k, Fault::Crash)]);
        let logging_out = async {
            process.accounts.restore().await.unwrap();
            process.accounts.log_out_foreign(&EntryName::refresh(&id), &At::default()).await
        };
        process.until_crash(logging_out).await;
        world.assert_invariant(&what);
        let process = world.quiet_start().await;
        world.assert_settled(&what);
        if !world.entries().is_empty() {
            assert_eq!(other.holding().1.len(), 1, "{what}: it was not chosen yet");
            let done = process.accounts.log_out_foreign(&EntryName::access(&id), &At::default()).await;
            assert_eq!(done.unwrap().session, SessionOutcome::Revoked, "{what}");
        }
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{what}");
        assert_eq!(process.named().await, Vec::<String>::new(), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn unconfirmed_foreign_log_out_is_pending() {
    let (world, other, id) = account_in_other_list().await;
    world.network.fail_log_outs(DOWN);
    let process = world.start().await;
    let done = process.accounts.log_out_foreign(&EntryName::access(&id), &At::default()).await.unwrap();
    assert!(done.session == SessionOutcome::Pending, "{done:?}");
    assert_eq!(done.deletion, Deletion::Deleted);
    world.assert_invariant("pending");
    world.quiet_start().await;
    world.assert_settled("ended");
    assert!(world.sessions_alive().is_empty());
    other.quiet_start().await;
    assert_eq!(other.registry().account(&id).map(|account| account.tokens_missing), Some(true));
}

#[tokio::test(start_paused = true)]
async fn foreign_log_out_does_not_start_while_the_keyring_is_locked() {
    let (world, other, id) = account_in_other_list().await;
    let process = world.start().await;
    let before = other.holding();
    world.keyring.set_status(StoreStatus::Locked);
    let done = process.accounts.log_out_foreign(&EntryName::access(&id), &At::default()).await;
    assert_eq!(done, Err(ForeignError::Store(StoreError::Locked)));
    world.keyring.set_status(StoreStatus::Ok);
    assert_eq!(other.holding(), before);
}

#[tokio::test(start_paused = true)]
async fn ignored_foreign_entries_stay_unnamed_until_undo() {
    let (world, other, id) = account_in_other_list().await;
    let before = other.holding();
    let process = world.start().await;
    let entry = EntryName::access(&id);
    assert_eq!(process.accounts.undo_leave(&entry).await, Err(ForeignError::Unknown));
    process.accounts.leave_foreign(&entry).await.unwrap();
    for process in [process, world.quiet_start().await] {
        assert_eq!(process.named().await, Vec::<String>::new(), "both entries");
        assert_eq!(process.accounts.overview().await.foreign.len(), 2, "and shown where it can be undone");
    }
    assert_eq!(other.holding(), before);
    let process = world.start().await;
    process.accounts.undo_leave(&EntryName::refresh(&id)).await.unwrap();
    assert_eq!(process.named().await, entry_names(&id));
    process.accounts.leave_foreign(&entry).await.unwrap();
    process.accounts.take_over(&entry, &At::default()).await.unwrap();
    assert!(world.registry().left_entries.is_empty());
}

#[tokio::test(start_paused = true)]
async fn token_is_sent_only_to_the_host_of_its_entry() {
    let (world, other) = World::new().and_another_list();
    let api = "https://eu.example.com/own/v1/";
    let at = World { tenant: crate::world::tenant(api), ..other.clone() };
    let (_, id) = at.logged_in().await;
    let process = world.start().await;
    let entry = EntryName::access(&id);
    let to = |api: &str| At { api: Some(api.parse().unwrap()), domain: None };
    let asked = world.server.requests().len();
    let unknown = ForeignError::ApiUnknown { host: "eu.example.com".to_owned() };
    let elsewhere = ForeignError::OtherHost { host: "eu.example.com".to_owned() };
    for (at, error) in [(At::default(), unknown), (to("https://api.userfront.com/v0/"), elsewhere)] {
        assert_eq!(process.accounts.take_over(&entry, &at).await, Err(error.clone()));
        assert_eq!(process.accounts.log_out_foreign(&entry, &at).await, Err(error));
    }
    assert_eq!(world.server.requests().len(), asked);
    assert!(world.registry().accounts.is_empty());
    let domain = Some("app.example.com".parse().unwrap());
    process.accounts.take_over(&entry, &At { domain: domain.clone(), ..to(api) }).await.unwrap();
    let tenant = world.registry().account(&id).unwrap().tenant.clone();
    assert_eq!((tenant.api.as_str(), tenant.domain), (api, domain));
}

#[tokio::test(start_paused = true)]
async fn take_over_in_live_mode_needs_the_domain() {
    let (world, other) = World::live().and_another_list();
    let (_, id) = other.logged_in().await;
    let process = world.quiet_start().await;
    let entry = EntryName::access(&id);
    let refused = process.accounts.take_over(&entry, &At::default()).await;
    assert_eq!(refused, Err(ForeignError::DomainUnknown));
    assert!(world.registry().accounts.is_empty());
    let at = At { domain: Some("app.example.com".parse().unwrap()), ..At::default() };
    assert_eq!(process.accounts.take_over(&entry, &at).await, Ok(id.clone()));
    assert_eq!(world.registry().accounts[0].tenant.domain, at.domain);
    // A log-out works without the domain. At worst the revocation is pending.
    let (world, other) = World::live().and_another_list();
    let (_, id) = other.logged_in().await;
    let process = world.quiet_start().await;
    process.accounts.log_out_foreign(&EntryName::access(&id), &At::default()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn take_over_refuses_entries_with_wrong_unreadable_or_mixed_tokens() {
    let (world, other, id) = account_in_other_list().await;
    let member = {
        let password = Password::new(PASSWORD);
        let process = other.process([]);
        process.accounts.log_in_with_password(&other.tenant, "member@example.com", &password).await.unwrap();
        other.registry().accounts[1].id.clone()
    };
    let token_of = |id: &AccountId, kind: &str| world.tokens_in(&format!("{kind}.{id}")).remove(0);
    let put = |name: String, token: &str| {
        world.keyring.remove(SERVICE, &name);
        world.keyring.add(SERVICE, &name, token);
    };
    let process = world.start().await;
    let take = async || process.accounts.take_over(&EntryName::access(&id), &At::default()).await;
    let (access, refresh) = (token_of(&id, "access"), token_of(&id, "refresh"));
    put(format!("access.{id}"), &token_of(&member, "access"));
    assert_eq!(take().await, Err(ForeignError::NotItsOwn));
    put(format!("access.{id}"), "no.token.atall");
    assert_eq!(take().await, Err(ForeignError::Unreadable));
    put(format!("access.{id}"), &access);
    // Another session of the same user.
    other.process([]).log_in(&other).await.unwrap();
    put(format!("access.{id}"), &access);
    assert_ne!(token_of(&id, "refresh"), refresh);
    assert_eq!(take().await, Err(ForeignError::Mixed));
    let note = EntryName::listed("note");
    assert_eq!(process.accounts.take_over(&note, &At::default()).await, Err(ForeignError::Unreadable));
    assert_eq!(process.accounts.leave_foreign(&note).await, Err(ForeignError::Unknown));
    assert!(world.registry().accounts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn failed_log_out_or_take_over_stops_naming_deleted_entries() {
    for log_out in [true, false] {
        let (world, other, id) = account_in_other_list().await;
        let process = world.start().await;
        let there = other.process([]);
        there.accounts.restore().await.unwrap();
        there.log_out(&id).await.unwrap();
        assert_eq!(process.named().await, entry_names(&id));
        let (entry, at) = (EntryName::access(&id), At::default());
        let unknown = if log_out {
            process.accounts.log_out_foreign(&entry, &at).await.unwrap_err()
        } else {
            process.accounts.take_over(&entry, &at).await.unwrap_err()
        };
        assert_eq!((unknown, process.named().await), (ForeignError::Unknown, Vec::new()));
    }
}

#[tokio::test(start_paused = true)]
async fn older_foreign_session_is_named_and_can_be_logged_out_alone() {
    for down in [false, true] {
        let (world, other) = World::refreshing(RefreshSession::Rename).and_another_list();
        let (process, id) = other.logged_in().await;
        process.accounts.refresh(&id).await.unwrap();
        process.accounts.in_peace().await;
        let older = other.registry().superseded[0].clone();
        let process = world.start().await;
        assert!(process.named().await.contains(&older.entry.to_string()));
        assert_eq!(world.sessions_alive().len(), 2);
        if down {
            world.network.fail_log_outs(DOWN);
        }
        let done = process.accounts.log_out_foreign(&older.entry, &At::default()).await.unwrap();
        let is_pending = done.session == SessionOutcome::Pending;
        assert_eq!((is_pending, done.deletion), (down, Deletion::Deleted));
        world.quiet_start().await;
        world.assert_settled("logged out of the older session");
        assert!(world.registry().pending.is_empty() && !world.entries().contains(&older.entry.to_string()));
        assert!(!world.sessions_alive().contains(older.session.as_str()));
        assert_eq!(world.sessions_alive().len(), 1, "the later one is the other list's");
        let gone = process.accounts.log_out_foreign(&older.entry, &At::default()).await;
        assert_eq!(gone, Err(ForeignError::Unknown));
    }
}
