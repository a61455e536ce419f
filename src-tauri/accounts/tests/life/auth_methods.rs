//! Every auth method ends in the same state, and an unfinished log-in leaves nothing.

use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::LogInError;
use accounts::log_in::progress::{MfaChallenge, Progress};
use accounts::model::factor::{Channel, Factor};
use accounts::model::link::{Link, LinkKind, Reason, Refusal, Verdict};
use accounts::model::token::{LinkText, OneTimeCode};
use accounts::ports::not_stored::NotStored;
use accounts::ports::{CallFailure, CodeAddress, FactorError, NewUser, StoreError, StoreStatus, TotpProof};
use accounts::{AccountId, Password, Tenant};

use crate::world::{PASSWORD, Process, World, tenant};

const EMAIL: &str = "admin@example.com";

fn logged_in(progress: Progress) -> AccountId {
    match progress {
        Progress::LoggedIn(id) => id,
        Progress::SecondFactor(challenge) => panic!("a second factor: {:?}", challenge.second_factors),
    }
}

fn challenge(progress: Progress) -> MfaChallenge {
    match progress {
        Progress::SecondFactor(challenge) => challenge,
        Progress::LoggedIn(id) => panic!("no second factor: {id}"),
    }
}

fn parse(link: Option<LinkText>) -> Link {
    Link::parse(link.expect("test mode answers with the link").secret()).unwrap()
}

fn mfa_tenant() -> Tenant {
    Tenant { id: "mfa01234".parse().unwrap(), ..tenant("https://api.userfront.com/v0/") }
}

async fn first_factor(process: &Process) -> MfaChallenge {
    let (tenant, password) = (mfa_tenant(), Password::new(PASSWORD));
    challenge(process.accounts.log_in_with_password(&tenant, EMAIL, &password).await.unwrap())
}

/// The account is logged in, and its tenant and factor are stored. A log-out then removes everything.
async fn assert_logs_in_and_out(
    world: &World,
    process: &Process,
    id: &AccountId,
    factor: (&str, &str),
    name: Option<&str>,
) {
    let registry = world.registry();
    assert_eq!(registry.active.as_ref(), Some(id));
    let last = registry.last_tenant.as_ref().unwrap();
    assert_eq!(last.last_factor, Some(Factor::new(factor.0, factor.1)));
    assert_eq!(last.email_or_username.as_deref(), name);
    assert_eq!(world.entries().len(), 2, "{:?}", world.entries());
    process.log_out(id).await.unwrap();
    assert!(world.entries().is_empty() && world.sessions_alive().is_empty());
    world.assert_settled("logged out");
}

#[tokio::test(start_paused = true)]
async fn link_logs_in_only_once() {
    let world = World::new();
    let process = world.process([]);
    let sent = process.accounts.send_link(&world.tenant, EMAIL, None).await.unwrap();
    let link = parse(sent.link);
    assert_eq!(process.accounts.judge_link(&link, Some(&world.tenant)), Verdict::Take);
    let factor = Factor::new("link", "email");
    let done = process.accounts.log_in_with_link(&world.tenant, &link, Some(EMAIL), Some(&factor)).await;
    let id = logged_in(done.unwrap());
    let asks = Verdict::Ask(vec![Reason::NotAskedFor]);
    assert_eq!(process.accounts.judge_link(&link, Some(&world.tenant)), asks, "it was used");
    assert_logs_in_and_out(&world, &process, &id, ("link", "email"), Some(EMAIL)).await;
    let again = process.accounts.log_in_with_link(&world.tenant, &link, Some(EMAIL), Some(&factor)).await;
    assert!(matches!(again, Err(LogInError::Factor(FactorError::Wrong { .. }))), "{again:?}");
    world.assert_settled("used up");
}

#[tokio::test(start_paused = true)]
async fn link_is_accepted_for_15_minutes_and_only_for_its_tenant() {
    let world = World::new();
    let process = world.process([]);
    let link = parse(process.accounts.send_link(&world.tenant, EMAIL, None).await.unwrap().link);
    let other = Tenant { id: "other123".parse().unwrap(), ..world.tenant.clone() };
    let unasked = Verdict::Ask(vec![Reason::NotAskedFor]);
    assert_eq!(process.accounts.judge_link(&link, Some(&other)), unasked);
    assert_eq!(process.accounts.judge_link(&link, None), unasked);
    let named = Link::parse("userfront-accounts:login?token=x&uuid=y&tenant_id=other123").unwrap();
    let refused = Verdict::Refuse(Refusal::OtherTenant);
    assert_eq!(process.accounts.judge_link(&named, Some(&world.tenant)), refused);
    world.clock.advance(15 * 60);
    assert_eq!(process.accounts.judge_link(&link, Some(&world.tenant)), Verdict::Take);
    world.clock.advance(1);
    let late = Verdict::Ask(vec![Reason::AskedLongAgo]);
    assert_eq!(process.accounts.judge_link(&link, Some(&world.tenant)), late);
    assert_eq!(world.process([]).accounts.judge_link(&link, Some(&world.tenant)), unasked, "another start");
}

#[tokio::test(start_paused = true)]
async fn email_codes_and_sms_codes_log_in() {
    for address in [CodeAddress::Email(EMAIL.into()), CodeAddress::Phone("+15555550101".into())] {
        let world = World::new();
        let process = world.process([]);
        let sent = process.accounts.send_code(&world.tenant, &address, None).await.unwrap();
        let code = sent.code.unwrap();
        let wrong = OneTimeCode::new(if code.secret() == "000000" { "000001" } else { "000000" });
        let refused = process.accounts.log_in_with_code(&world.tenant, &address, &wrong).await;
        assert!(matches!(refused, Err(LogInError::Factor(FactorError::Wrong { .. }))), "{refused:?}");
        assert!(world.entries().is_empty() && world.registry().accounts.is_empty());
        let done = process.accounts.log_in_with_code(&world.tenant, &address, &code).await;
        let id = logged_in(done.unwrap());
        let (CodeAddress::Email(name) | CodeAddress::Phone(name)) = &address;
        let factor = ("verificationCode", address.channel().as_str());
        assert_logs_in_and_out(&world, &process, &id, factor, Some(name)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn sign_up_and_password_reset_log_in() {
    let world = World::new();
    let process = world.process([]);
    let user = NewUser { name: Some("Åsa 名 🙂 ‎".into()), username: Some("asa".into()) };
    let (email, password) = ("asa@example.com", Password::new("a-long-new-password-1"));
    let done = process.accounts.sign_up_with_password(&world.tenant, &user, email, &password).await;
    let id = logged_in(done.unwrap());
    assert_logs_in_and_out(&world, &process, &id, ("password", "email"), Some("asa@example.com")).await;
    let link = parse(process.accounts.send_reset_link(&world.tenant, "asa@example.com").await.unwrap().link);
    assert_eq!(link.kind, LinkKind::Reset);
    assert_eq!(process.accounts.judge_link(&link, Some(&world.tenant)), Verdict::Take);
    let untyped = Link { kind: LinkKind::Unsaid, ..link.clone() };
    assert_eq!(process.accounts.purpose_of_link(&untyped, &world.tenant), LinkKind::Reset);
    process.accounts.expect_link_from_browser(&world.tenant);
    assert_eq!(process.accounts.purpose_of_link(&untyped, &world.tenant), LinkKind::Unsaid);
    let unasked = Verdict::Ask(vec![Reason::NotAskedFor]);
    assert_eq!(process.accounts.judge_link(&link, Some(&world.tenant)), unasked, "after single sign-on");
    let new = Password::new("another-password-2");
    let done = process.accounts.reset_password(&world.tenant, &link, Some("asa@example.com"), &new).await;
    let again = logged_in(done.unwrap());
    assert_eq!(again, id);
    assert_logs_in_and_out(&world, &process, &id, ("password", "email"), Some("asa@example.com")).await;
    let done = process.accounts.log_in_with_password(&world.tenant, "asa@example.com", &new).await;
    logged_in(done.unwrap());
}

#[tokio::test(start_paused = true)]
async fn second_factor_completes_the_log_in() {
    let world = World::new();
    let process = world.process([]);
    let challenge = first_factor(&process).await;
    assert!(challenge.second_factors.iter().any(|second| second.factor.is("verificationCode", "email")));
    assert!(
        world.entries().is_empty() && world.registry().accounts.is_empty(),
        "nothing is written anywhere"
    );
    let sent = process.accounts.send_second_code(&challenge, Channel::Email, None).await.unwrap();
    let wrong =
        process.accounts.confirm_second_totp(&challenge, TotpProof::BackupCode(&OneTimeCode::new("x"))).await;
    assert!(matches!(wrong, Err(LogInError::Factor(FactorError::Wrong { .. }))), "{wrong:?}");
    let code = sent.code.unwrap();
    let done = process.accounts.confirm_second_code(&challenge, Channel::Email, None, &code).await;
    let id = logged_in(done.unwrap());
    assert_logs_in_and_out(&world, &process, &id, ("password", "email"), Some(EMAIL)).await;
}

#[tokio::test(start_paused = true)]
async fn log_in_abandoned_before_the_second_factor_leaves_nothing() {
    let world = World::new();
    let process = world.process([]);
    drop(first_factor(&process).await);
    assert!(world.entries().is_empty() && world.sessions_alive().is_empty());
    assert!(world.registry().accounts.is_empty());
    world.quiet_start().await;
    world.assert_settled("given up");
}

#[tokio::test(start_paused = true)]
async fn keyring_locked_between_factors_prevents_a_session() {
    let world = World::new();
    let process = world.process([]);
    let challenge = first_factor(&process).await;
    let sent = process.accounts.send_second_code(&challenge, Channel::Email, None).await.unwrap();
    world.keyring.set_status(StoreStatus::Locked);
    let code = sent.code.unwrap();
    let refused = process.accounts.confirm_second_code(&challenge, Channel::Email, None, &code).await;
    assert!(matches!(refused, Err(LogInError::Store(_))), "{refused:?}");
    assert!(world.sessions_alive().is_empty());
    world.keyring.set_status(StoreStatus::Ok);
    let done = process.accounts.confirm_second_code(&challenge, Channel::Email, None, &code).await;
    logged_in(done.unwrap());
}

#[tokio::test(start_paused = true)]
async fn full_disk_rolls_back_a_log_in_with_a_link() {
    let world = World::new();
    let process = world.process([]);
    let link = parse(process.accounts.send_link(&world.tenant, EMAIL, None).await.unwrap().link);
    let disk = world.disk.clone();
    let arrived = world.network.slow_down_tokens();
    let (done, ()) =
        tokio::join!(process.accounts.log_in_with_link(&world.tenant, &link, None, None), async {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            disk.set_full(true);
            arrived.notify_one();
        });
    assert!(
        matches!(
            done,
            Err(LogInError::NotStored { cause: NotStored::Registry(_), rollback: Rollback::Ended })
        ),
        "{done:?}"
    );
    assert!(world.entries().is_empty() && world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn keyring_and_disk_are_checked_before_a_browser_opens() {
    let world = World::new();
    let process = world.process([]);
    process.accounts.ready_for_browser().await.unwrap();
    for (status, error) in [
        (StoreStatus::Locked, StoreError::Locked),
        (StoreStatus::Hung, StoreError::Hung),
        (StoreStatus::Unavailable("gone".into()), StoreError::Unavailable("gone".into())),
    ] {
        world.keyring.set_status(status);
        assert_eq!(process.accounts.ready_for_browser().await, Err(LogInError::Store(error)));
    }
    assert_eq!(world.keyring.dialogs(), 0);
    world.keyring.set_status(StoreStatus::Ok);
    world.disk.set_full(true);
    let full = process.accounts.ready_for_browser().await;
    assert!(matches!(full, Err(LogInError::Registry(_))), "{full:?}");
}

#[tokio::test(start_paused = true)]
async fn link_that_failed_to_send_is_not_awaited() {
    let world = World::new();
    let process = world.process([]);
    world.network.fail(true, CallFailure::TooManyRequests { retry_after: None });
    let refused = process.accounts.send_link(&world.tenant, EMAIL, None).await;
    assert!(matches!(refused, Err(FactorError::Failed(CallFailure::TooManyRequests { .. }))));
    assert_eq!(process.accounts.awaited_link(), None);
}
