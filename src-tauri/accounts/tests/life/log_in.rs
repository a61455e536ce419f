//! A log-in is stored completely, or it leaves nothing behind.

use accounts::base::refresh_outcome::Refreshed;
use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::LogInError;
use accounts::log_out::pending_revocations::Occasion;
use accounts::model::activity::{Event, Line};
use accounts::model::registry::Phase;
use accounts::ports::not_stored::NotStored;
use accounts::ports::{CallFailure, FactorError, StoreError, StoreStatus};
use accounts::{Password, Profile};
use credential_store::effects::Fault;

use crate::world::{World, tenant};

#[tokio::test(start_paused = true)]
async fn log_in_stores_two_tokens_and_no_secret_outside_the_keyring() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let mut entries = world.entries();
    entries.sort();
    assert_eq!(entries, [format!("access.{id}"), format!("refresh.{id}")]);
    let registry = world.registry();
    let account = registry.account(&id).unwrap();
    assert_eq!((account.phase, registry.active.as_ref()), (Phase::Active, Some(&id)));
    assert_eq!(account.profile.email.as_deref(), Some("admin@example.com"));
    assert!(!serde_json_text(&registry).contains("eyJ"));
    process.accounts.renew_profile(&id).await.unwrap();
    assert_eq!(world.registry().account(&id).unwrap().profile.tenant_name.as_deref(), Some("Demo Workspace"));
    assert_ne!(world.registry().account(&id).unwrap().profile, Profile::default());
    world.assert_settled("a log-in");
}

fn serde_json_text(registry: &accounts::model::registry::Registry) -> String {
    serde_json::to_string(registry).unwrap()
}

#[tokio::test(start_paused = true)]
async fn wrong_password_leaves_nothing() {
    let world = World::new();
    let process = world.process([]);
    let wrong = process.accounts.log_in_with_password(&world.tenant, "admin", &Password::new("wrong")).await;
    assert!(matches!(wrong, Err(LogInError::Factor(FactorError::Wrong { .. }))), "{wrong:?}");
    let mut elsewhere = world.tenant.clone();
    elsewhere.id = "nowhere1".parse().unwrap();
    let unknown = process.accounts.log_in_with_password(&elsewhere, "admin", &Password::new("x")).await;
    assert!(matches!(unknown, Err(LogInError::Factor(FactorError::UnknownTenant { .. }))), "{unknown:?}");
    assert!(world.entries().is_empty() && world.registry().accounts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn log_in_checks_the_keyring_before_calling_the_server() {
    for (status, error) in [
        (StoreStatus::Locked, StoreError::Locked),
        (StoreStatus::Hung, StoreError::Hung),
        (StoreStatus::Unavailable("no D-Bus".into()), StoreError::Unavailable("no D-Bus".into())),
    ] {
        let world = World::new();
        world.keyring.set_status(status);
        assert_eq!(world.process([]).log_in(&world).await, Err(LogInError::Store(error)));
        assert!(world.server.requests().is_empty(), "no session was made");
        assert_eq!(world.keyring.dialogs(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn log_in_checks_the_disk_before_calling_the_server() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    world.disk.set_full(true);
    let before = world.server.requests().len();
    let error = world.process([]).log_in(&world).await.unwrap_err();
    assert!(matches!(error, LogInError::Registry(_)), "{error:?}");
    assert_eq!(world.server.requests().len(), before, "also for an account that is there already");
    assert!(world.registry().account(&id).is_some());
}

#[tokio::test(start_paused = true)]
async fn failed_token_write_ends_the_new_session_at_once() {
    let world = World::new();
    // 1 registry, 2 server, 3 registry (logging in), 4 refresh entry, 5 access entry
    for k in [4, 5] {
        let error = world.process([(k, Fault::Fail)]).log_in(&world).await.unwrap_err();
        assert!(
            matches!(&error, LogInError::NotStored { cause: NotStored::Store(_), rollback: Rollback::Ended }),
            "{error:?}"
        );
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
        assert!(world.registry().accounts.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn second_log_in_queues_a_revocation_of_the_older_session() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let older = world.registry().account(&id).unwrap().session.clone();
    assert_eq!(process.log_in(&world).await.unwrap(), id);
    let registry = world.registry();
    assert_eq!(registry.accounts.len(), 1);
    assert_ne!(registry.accounts[0].session, older);
    assert_eq!(registry.pending.iter().map(|row| &row.session).collect::<Vec<_>>(), [&older]);
    world.assert_invariant("logged in twice");
    process.accounts.restore().await.unwrap();
    assert!(!world.sessions_alive().contains(older.as_str()));
    assert_eq!(world.sessions_alive().len(), 1);
    world.assert_settled("the older session is dead");
}

#[tokio::test(start_paused = true)]
async fn same_ids_at_another_host_make_another_account() {
    let mut world = World::new();
    let (process, here) = world.logged_in().await;
    world.tenant = tenant("https://eu.example.com/v0/");
    let there = process.log_in(&world).await.unwrap();
    assert_ne!(here, there);
    assert_eq!(world.entries().len(), 4);
    process.log_out(&there).await.unwrap();
    assert_eq!(world.registry().accounts.iter().map(|account| &account.id).collect::<Vec<_>>(), [&here]);
    assert_eq!(world.entries().len(), 2);
    assert_eq!(world.sessions_alive().len(), 1);
    world.assert_settled("one of two is logged out");
}

#[tokio::test(start_paused = true)]
async fn rejected_user_name_is_not_stored() {
    let world = World::new();
    let process = world.process([]);
    let wrong =
        process.accounts.log_in_with_password(&world.tenant, "my-password", &Password::new("x")).await;
    assert!(wrong.is_err());
    assert!(!serde_json_text(&world.registry()).contains("my-password"));
    process.log_in(&world).await.unwrap();
    let last = world.registry().last_tenant.unwrap();
    assert_eq!(last.email_or_username.as_deref(), Some("admin@example.com"));
}

#[tokio::test(start_paused = true)]
async fn leftover_entry_is_kept_once_a_new_log_in_uses_the_same_entry() {
    let world = World::new();
    let (_, id) = world.logged_in().await;
    // 1 tombstone, 2 server, 3 registry (dead), 4 access entry
    world.process([(4, Fault::Lie)]).log_out(&id).await.unwrap();
    assert_eq!(world.registry().leftovers.len(), 1);
    let process = world.process([]);
    process.log_in(&world).await.unwrap();
    process.accounts.restore().await.unwrap();
    world.assert_settled("logged in again");
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!(outcome.session, accounts::model::session_outcome::SessionOutcome::Revoked);
}

#[tokio::test(start_paused = true)]
async fn log_in_works_after_a_log_out_on_a_full_disk() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.disk.set_full(true);
    process.log_out(&id).await.unwrap();
    world.disk.set_full(false);
    process.log_in(&world).await.unwrap();
    assert!(world.registry().pending.is_empty(), "the older session is known to be dead");
    assert_eq!(process.accounts.overview().await.registry.accounts.len(), 1);
    process.log_out(&id).await.unwrap();
    world.assert_settled("logged out of the second one");
}

#[tokio::test(start_paused = true)]
async fn log_in_without_a_refresh_token_removes_the_older_refresh_token() {
    let world = World { tokens_removed: true, ..World::new() };
    let (process, id) = world.logged_in().await;
    world.network.withhold_refresh_tokens();
    process.log_in(&world).await.unwrap();
    assert_eq!(process.accounts.refresh(&id).await, Ok(Refreshed::NoRefreshToken));
    assert!(!world.registry().account(&id).unwrap().signed_out_by_server);
    process.accounts.retry_pending(Occasion::Due).await.unwrap();
    assert_eq!(world.entries(), [format!("access.{id}")]);
    assert_eq!(world.sessions_alive().len(), 1, "the older session had kept its tokens, and is over");
    world.assert_settled("logged in again");
}

#[tokio::test(start_paused = true)]
async fn log_in_fails_if_the_older_refresh_token_cannot_be_deleted() {
    let world = World { tokens_removed: true, ..World::new() };
    world.logged_in().await;
    world.network.withhold_refresh_tokens();
    // 1 registry, 2 server, 3 registry (logging in), 4 the older session's tokens, 5 the deletion
    let error = world.process([(5, Fault::Lie)]).log_in(&world).await.unwrap_err();
    assert!(
        matches!(&error, LogInError::NotStored { cause: NotStored::Store(_), rollback: Rollback::Ended }),
        "{error:?}"
    );
    world.quiet_start().await;
    world.assert_settled("not kept");
    assert!(world.sessions_alive().is_empty());
}

/// The account names in the activity lines about unanswered log-ins.
fn unanswered(world: &World) -> Vec<String> {
    let is_nobodys = |line: &Line| {
        assert_eq!((line.account.is_none(), line.tenant()), (true, Some(&world.tenant.id)));
        line.account_name.clone()
    };
    let lines = world.disk.activity();
    lines.iter().filter(|line| matches!(line.event, Event::LogInUnanswered { .. })).map(is_nobodys).collect()
}

#[tokio::test(start_paused = true)]
async fn log_in_with_a_lost_answer_is_recorded() {
    let strange = |status| CallFailure::Unintelligible { status, detail: "half an object".into() };
    for (failure, may_have_taken_effect) in [
        (CallFailure::TimedOut, true),
        (CallFailure::BrokeOff { detail: "reset".into() }, true),
        (strange(200), true),
        (strange(302), true),
        (strange(401), true),
        (CallFailure::ServerFault { status: 500, retry_after: None }, true),
        (CallFailure::ServerFault { status: 502, retry_after: None }, true),
        (CallFailure::ServerFault { status: 504, retry_after: None }, true),
        (CallFailure::Refused { status: 408, message: "Timed out".into() }, true),
        (CallFailure::Unreachable { detail: "refused".into() }, false),
        (CallFailure::Refused { status: 409, message: "No".into() }, false),
        (CallFailure::TooManyRequests { retry_after: None }, false),
        (CallFailure::ServerFault { status: 503, retry_after: None }, false),
    ] {
        let world = World::new();
        let process = world.process([]);
        world.network.fail(may_have_taken_effect, failure.clone());
        let error = process.log_in(&world).await.unwrap_err();
        if may_have_taken_effect {
            let words = error.to_string();
            assert!(words.contains("its session is alive"), "{words}");
            assert_eq!(error, LogInError::AnswerLost { failure: failure.clone() });
        } else {
            assert_eq!(error, LogInError::Factor(FactorError::Failed(failure.clone())));
        }
        assert_eq!(unanswered(&world).len(), usize::from(may_have_taken_effect), "{failure:?}");
    }
    let world = World::new();
    let process = world.process([]);
    let wrong = Password::new("wrong");
    process.accounts.log_in_with_password(&world.tenant, "admin", &wrong).await.unwrap_err();
    assert!(unanswered(&world).is_empty(), "it was answered");
}

/// If an answer is incomplete, the token in it is used to end its session.
#[tokio::test(start_paused = true)]
async fn log_in_answer_with_only_a_refresh_token_ends_its_session() {
    for server_answers in [true, false] {
        let world = World::new();
        let process = world.process([]);
        world.network.withhold_access_tokens();
        if !server_answers {
            world.network.fail_log_outs(CallFailure::TimedOut);
        }
        let error = process.log_in(&world).await.unwrap_err();
        let expected = if server_answers { Rollback::Ended } else { Rollback::Pending };
        assert!(matches!(&error, LogInError::Tokens { rollback, .. } if *rollback == expected), "{error:?}");
        assert_eq!(world.sessions_alive().len(), usize::from(!server_answers));
        world.assert_invariant("half an answer");
        world.quiet_start().await;
        world.assert_settled("half an answer");
        assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn unanswered_log_in_records_only_a_known_user_name() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    process.log_out(&id).await.unwrap();
    world.network.fail(true, CallFailure::TimedOut);
    process.log_in(&world).await.unwrap_err();
    let password = Password::new("x");
    process.accounts.log_in_with_password(&world.tenant, "my-password", &password).await.unwrap_err();
    assert_eq!(unanswered(&world), ["admin@example.com", "demo1234"]);
}

#[tokio::test(start_paused = true)]
async fn account_logged_out_during_a_registry_write_stays_hidden() {
    let mut world = World::new();
    let (process, first) = world.logged_in().await;
    world.tenant = tenant("https://eu.example.com/v0/");
    let second = process.log_in(&world).await.unwrap();
    world.disk.set_full(true);
    process.log_out(&first).await.unwrap();
    world.disk.set_full(false);
    let pause = world.disk.pause_next_write();
    let resuming = tokio::spawn({
        let accounts = process.accounts.clone();
        async move { accounts.resume().await }
    });
    pause.reached.notified().await;
    world.disk.set_full(true);
    process.log_out(&second).await.unwrap();
    assert!(process.accounts.overview().await.registry.accounts.is_empty());
    world.disk.set_full(false);
    pause.go_on.notify_one();
    resuming.await.unwrap().unwrap();
    assert!(process.accounts.overview().await.registry.accounts.is_empty(), "logged out of both");
    process.accounts.resume().await.unwrap();
    assert!(world.registry().accounts.is_empty());
}
