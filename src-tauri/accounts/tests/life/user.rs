//! The user's own details.

use accounts::AccountId;
use accounts::base::refresh_outcome::{RefreshFailure, Refreshed};
use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::LogInError;
use accounts::log_in::progress::Progress;
use accounts::model::custom_data::CustomData;
use accounts::model::link::{Link, LinkKind, Verdict};
use accounts::model::token::{OneTimeCode, Password};
use accounts::ports::{CallFailure, CodeAddress, FactorError, UserChange, UserError};
use accounts::profile::EditError;
use serde_json::json;

use crate::world::{PASSWORD, World};

/// The code that the authenticator app of `admin` shows now.
fn admins_code(world: &World) -> String {
    let now = world.clock.now().unsigned_abs();
    sandbox::totp_code(sandbox::ADMIN_TOTP_SECRET, now).unwrap()
}

const HARD: &str = "Åsa 名前 👩‍🚀 مدير";

fn calls(world: &World) -> Vec<String> {
    world.server.requests().iter().map(|request| format!("{} {}", request.method, request.path)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_user_change_is_followed_by_a_refresh_and_shown() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let data: CustomData =
        json!({"note": "x".repeat(4_000), "empty": null, "list": [HARD]}).to_string().parse().unwrap();
    let change =
        UserChange { name: Some(HARD.to_owned()), data: Some(data.clone()), ..UserChange::default() };
    let edited = process.accounts.change_user(&id, &change).await.unwrap();
    assert_eq!(edited.tokens, Ok(Refreshed::Stored));
    let user = edited.user;
    assert_eq!((user.profile.name.as_deref(), user.data), (Some(HARD), data));
    let calls = calls(&world);
    assert_eq!(calls[calls.len() - 2..], ["PUT /v0/self", "GET /v0/auth/refresh"]);
    assert_eq!(world.registry().account(&id).unwrap().profile.name.as_deref(), Some(HARD));
    assert!(
        !serde_json::to_string(&world.registry()).unwrap().contains("xxxx"),
        "custom data is kept nowhere"
    );
    let cleared = UserChange { name: Some(String::new()), ..UserChange::default() };
    process.accounts.change_user(&id, &cleared).await.unwrap();
    assert_eq!(world.registry().account(&id).unwrap().profile.name, None);
    world.assert_settled("edited");
}

#[tokio::test(start_paused = true)]
async fn a_failed_user_change_leaves_the_registry_unchanged() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let before = world.registry();
    world.network.fail(false, CallFailure::TimedOut);
    let change = UserChange { name: Some("New".to_owned()), ..UserChange::default() };
    let failed = process.accounts.change_user(&id, &change).await;
    assert_eq!(failed, Err(EditError::Server(UserError::Failed(CallFailure::TimedOut))));
    assert_eq!(world.registry(), before);
}

fn renamed() -> UserChange {
    UserChange { name: Some("New".to_owned()), ..UserChange::default() }
}

fn shown_name(world: &World, id: &AccountId) -> Option<String> {
    world.registry().account(id).unwrap().profile.name.clone()
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_after_a_user_change_is_retried_soon() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.network.fail_refreshes(CallFailure::TimedOut);
    let edited = process.accounts.change_user(&id, &renamed()).await.unwrap();
    assert_eq!(edited.tokens, Err(RefreshFailure::Server(CallFailure::TimedOut)));
    assert_eq!(edited.user.profile.name.as_deref(), Some("New"));
    assert_eq!(shown_name(&world, &id).as_deref(), Some("New"));
    assert_eq!(world.registry().account(&id).unwrap().refresh_at.map(|at| at.0), Some(world.clock.now()));
    world.network.heal();
    let asked = |calls: Vec<String>| calls.iter().filter(|call| *call == "GET /v0/auth/refresh").count();
    let before = asked(calls(&world));
    // The first window of the back-off, and not 80 % of a token's life.
    world.clock.advance(6);
    let accounts = process.accounts.clone();
    let tending = tokio::spawn(async move { accounts.run_scheduler().await });
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    tending.abort();
    assert_eq!(asked(calls(&world)), before + 1);
}

#[tokio::test(start_paused = true)]
async fn a_user_change_without_a_refresh_token_reports_that_none_was_refreshed() {
    let world = World::new();
    world.network.withhold_refresh_tokens();
    let (process, id) = world.logged_in().await;
    let edited = process.accounts.change_user(&id, &renamed()).await.unwrap();
    assert_eq!(edited.tokens, Ok(Refreshed::NoRefreshToken));
    assert_eq!(world.registry().account(&id).unwrap().refresh_at, None);
}

#[tokio::test(start_paused = true)]
async fn a_concurrent_refresh_does_not_bring_the_old_name_back() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let arrived = world.network.slow_down_tokens();
    let timer = async { process.accounts.refresh(&id).await };
    let edit = async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let change = renamed();
        let edit = process.accounts.change_user(&id, &change);
        let ring = async {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            world.network.fail_refreshes(CallFailure::TimedOut);
            arrived.notify_one();
        };
        tokio::join!(edit, ring).0
    };
    let (earlier, edited) = tokio::join!(timer, edit);
    assert_eq!(earlier, Ok(Refreshed::Stored));
    assert_eq!(edited.unwrap().tokens, Err(RefreshFailure::Server(CallFailure::TimedOut)));
    assert_eq!(shown_name(&world, &id).as_deref(), Some("New"));
}

#[tokio::test(start_paused = true)]
async fn an_expired_access_token_is_refreshed_before_use() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.clock.advance(700_000);
    process.accounts.user(&id).await.unwrap();
    let calls = calls(&world);
    assert_eq!(calls[calls.len() - 2..], ["GET /v0/auth/refresh", "GET /v0/self"]);
}

#[tokio::test(start_paused = true)]
async fn a_password_change_requires_the_current_password() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let new = Password::new("a-new-password-3");
    let wrong = process.accounts.change_password(&id, &Password::new("wrong"), &new).await;
    assert!(
        matches!(wrong, Err(EditError::Server(UserError::Failed(CallFailure::Refused { .. })))),
        "{wrong:?}"
    );
    process.accounts.change_password(&id, &Password::new(PASSWORD), &new).await.unwrap();
    process.log_out(&id).await.unwrap();
    assert!(matches!(process.log_in(&world).await, Err(LogInError::Factor(FactorError::Wrong { .. }))));
    process.accounts.log_in_with_password(&world.tenant, "admin@example.com", &new).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_wrong_code_sets_up_no_authenticator_app() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let totp = process.accounts.totp_set_up(&id).await.unwrap();
    assert_eq!(totp.backup_codes.len(), 10);
    let wrong = process.accounts.confirm_totp(&id, &OneTimeCode::new("abcdef")).await;
    assert!(matches!(wrong, Err(LogInError::Factor(FactorError::Wrong { .. }))), "{wrong:?}");
    assert_eq!(world.sessions_alive().len(), 1);
    world.assert_settled("not set up");
}

#[tokio::test(start_paused = true)]
async fn a_set_up_that_logs_in_another_user_is_rolled_back() {
    let world = World::new();
    let (process, admin) = world.logged_in().await;
    process.log_out(&admin).await.unwrap();
    let password = Password::new(PASSWORD);
    let done = process.accounts.log_in_with_password(&world.tenant, "member", &password).await;
    let Ok(Progress::LoggedIn(member)) = done else { panic!("{done:?}") };
    world.network.accept_totp_as(admin.user().as_str());
    let code = admins_code(&world);
    let refused = process.accounts.confirm_totp(&member, &OneTimeCode::new(code)).await;
    assert!(matches!(refused, Err(LogInError::OtherAccount { rollback: Rollback::Ended })), "{refused:?}");
    assert_eq!(world.registry().accounts.iter().map(|account| &account.id).collect::<Vec<_>>(), [&member]);
    assert_eq!(world.sessions_alive().len(), 1);
    world.assert_settled("somebody else");
}

#[tokio::test(start_paused = true)]
async fn another_users_session_from_a_set_up_is_queued_if_not_ended() {
    let world = World::new();
    let (process, admin) = world.logged_in().await;
    process.log_out(&admin).await.unwrap();
    let password = Password::new(PASSWORD);
    let done = process.accounts.log_in_with_password(&world.tenant, "member", &password).await;
    let Ok(Progress::LoggedIn(member)) = done else { panic!("{done:?}") };
    world.network.accept_totp_as(admin.user().as_str());
    let (code, arrived) = (OneTimeCode::new(admins_code(&world)), world.network.slow_down_tokens());
    let (refused, ()) = tokio::join!(process.accounts.confirm_totp(&member, &code), async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        world.network.fail(false, CallFailure::TimedOut);
        arrived.notify_one();
    });
    assert!(matches!(refused, Err(LogInError::OtherAccount { rollback: Rollback::Pending })), "{refused:?}");
    world.assert_invariant("somebody else, and no network");
    world.quiet_start().await;
    world.assert_settled("somebody else, later");
}

#[tokio::test(start_paused = true)]
async fn a_confirmed_authenticator_app_starts_a_session_and_queues_the_older_one() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let before = world.registry().account(&id).unwrap().session.clone();
    let code = admins_code(&world);
    let done = process.accounts.confirm_totp(&id, &OneTimeCode::new(code)).await.unwrap();
    assert!(matches!(done, Progress::LoggedIn(again) if again == id));
    assert_ne!(world.registry().account(&id).unwrap().session, before);
    assert!(world.registry().pending.iter().any(|row| row.session == before));
    process
        .accounts
        .retry_pending(accounts::log_out::pending_revocations::Occasion::Opportunity)
        .await
        .unwrap();
    assert_eq!(world.sessions_alive().len(), 1);
    world.assert_settled("set up");
}

#[tokio::test(start_paused = true)]
async fn an_address_change_is_confirmed_by_the_sent_link_or_code_and_logs_in_anew() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let accounts = &process.accounts;
    let mut older = vec![world.registry().account(&id).unwrap().session.clone()];

    let email = CodeAddress::Email("new@example.com".to_owned());
    let sent = accounts.send_verification(&id, &email).await.unwrap();
    let link = Link::parse(sent.link.unwrap().secret()).unwrap();
    assert_eq!(link.kind, LinkKind::Verify);
    assert_eq!(accounts.judge_link(&link, Some(&world.tenant)), Verdict::Take, "it was asked for");
    assert_eq!(accounts.user(&id).await.unwrap().profile.email.as_deref(), Some("admin@example.com"));
    let done = accounts.confirm_email(&id, &link).await.unwrap();
    assert!(matches!(done, Progress::LoggedIn(again) if again == id));
    let account = world.registry().account(&id).unwrap().clone();
    assert_eq!(account.profile.email.as_deref(), Some("new@example.com"));
    assert_eq!(accounts.awaited_link(), None);
    older.push(account.session.clone());

    let number = CodeAddress::Phone("+15555559999".to_owned());
    let code = accounts.send_verification(&id, &number).await.unwrap().code.unwrap();
    accounts.confirm_phone(&id, &number, &code).await.unwrap();
    assert_eq!(accounts.user(&id).await.unwrap().phone_number.as_deref(), Some("+15555559999"));

    let registry = world.registry();
    assert!(older.iter().all(|session| registry.pending.iter().any(|row| row.session == *session)));
    accounts.retry_pending(accounts::log_out::pending_revocations::Occasion::Opportunity).await.unwrap();
    assert_eq!(world.sessions_alive().len(), 1);
    world.assert_settled("moved");
}

#[tokio::test(start_paused = true)]
async fn an_unconfirmed_address_change_leaves_the_user_unchanged() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let accounts = &process.accounts;
    let taken = accounts.send_verification(&id, &CodeAddress::Email("member@example.com".to_owned())).await;
    assert!(
        matches!(&taken, Err(EditError::Server(UserError::Failed(CallFailure::Refused { status: 400, .. })))),
        "{taken:?}"
    );
    assert_eq!(accounts.awaited_link(), None, "nothing was sent");
    let number = CodeAddress::Phone("+15555559999".to_owned());
    accounts.send_verification(&id, &number).await.unwrap();
    let wrong = accounts.confirm_phone(&id, &number, &OneTimeCode::new("abcdef")).await;
    assert!(matches!(wrong, Err(LogInError::Factor(FactorError::Wrong { .. }))), "{wrong:?}");
    // A link of another user logs no account in.
    let sent = accounts.send_link(&world.tenant, "member@example.com", None).await.unwrap();
    let link = Link::parse(sent.link.unwrap().secret()).unwrap();
    let other = accounts.confirm_email(&id, &link).await;
    assert!(matches!(other, Err(LogInError::OtherAccount { rollback: Rollback::Ended })), "{other:?}");
    let user = accounts.user(&id).await.unwrap();
    assert_eq!(
        (user.profile.email.as_deref(), user.phone_number.as_deref()),
        (Some("admin@example.com"), Some("+15555550101"))
    );
    assert_eq!(world.sessions_alive().len(), 1);
    world.assert_settled("not moved");
}

#[tokio::test(start_paused = true)]
async fn a_logged_out_account_cannot_be_edited() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    process.log_out(&id).await.unwrap();
    let calls_before = calls(&world).len();
    let not_logged_in = EditError::Token(RefreshFailure::NotLoggedIn);
    assert_eq!(process.accounts.user(&id).await, Err(not_logged_in));
    let refused = process.accounts.confirm_totp(&id, &OneTimeCode::new("123456")).await;
    assert!(matches!(refused, Err(LogInError::NotLoggedIn)), "{refused:?}");
    assert_eq!(calls(&world).len(), calls_before);
}
