//! The auth methods against the sandbox: right, wrong, used, expired and foreign input. `same_request` also
//! shows, beside the official client, that each leads to a session.

use std::time::Duration;

use accounts::model::custom_data::CustomData;
use accounts::model::factor::Channel;
use accounts::model::link::{Link, LinkKind};
use accounts::model::tenant::Tenant;
use accounts::model::token::{AccessToken, FirstFactorToken, OneTimeCode, Password};
use accounts::ports::{
    CallFailure, CodeAddress, CodeFor, FactorAnswer, FactorError, MfaRequired, NewUser, TotpFor, TotpOwner,
    TotpProof, UserChange, UserError, Userfront,
};
use sandbox::{ADMIN_BACKUP_CODES, Mode, Options, Sandbox, totp_code};
use serde_json::json;

use crate::support::{client, link_to, tenant, tokens_of};

const PASSWORD: &str = "testmodepassword";

fn start(id: &str, mode: Mode) -> (Sandbox, Tenant) {
    let sandbox = Sandbox::start(&Options { mode, ..Options::default() }).unwrap();
    let tenant = Tenant { id: id.parse().unwrap(), ..tenant(&sandbox.api_base()) };
    (sandbox, tenant)
}

async fn send_link(tenant: &Tenant) -> Link {
    let sent = client().send_link(tenant, "member@example.com", None).await.unwrap();
    link_to(sent.link.unwrap().secret(), LinkKind::LogIn)
}

async fn follow(tenant: &Tenant, link: &Link) -> Result<FactorAnswer, FactorError> {
    client().log_in_with_link(tenant, link).await
}

async fn first_factor(tenant: &Tenant, name: &str) -> MfaRequired {
    match client().log_in_with_password(tenant, name, &Password::new(PASSWORD)).await.unwrap() {
        FactorAnswer::SecondFactor(required) => required,
        other => panic!("no second factor was asked for: {other:?}"),
    }
}

async fn access(tenant: &Tenant) -> AccessToken {
    let answer = client().log_in_with_password(tenant, "member", &Password::new(PASSWORD)).await;
    tokens_of(answer).tokens.access
}

fn is_wrong(answer: Result<FactorAnswer, FactorError>) {
    let error = answer.unwrap_err();
    assert!(matches!(error, FactorError::Wrong { .. }), "{error:?}");
}

#[tokio::test]
async fn a_link_serves_once_in_time_at_its_tenant() {
    let (sandbox, tenant) = start("demo1234", Mode::Test);
    let link = send_link(&tenant).await;
    let foreign = Tenant { id: "sso01234".parse().unwrap(), ..tenant.clone() };
    is_wrong(follow(&foreign, &link).await);
    is_wrong(follow(&tenant, &Link { kind: LinkKind::SignUp, ..link.clone() }).await);
    is_wrong(client().reset_password(&tenant, &link, &Password::new("another1234")).await);
    tokens_of(follow(&tenant, &link).await);
    is_wrong(follow(&tenant, &link).await);
    let late = send_link(&tenant).await;
    sandbox.clock().set_offset(3_601);
    is_wrong(follow(&tenant, &late).await);
    assert_eq!(sandbox.sessions().len(), 1);
}

#[tokio::test]
async fn live_mode_shows_no_sent_link_or_code() {
    let (sandbox, tenant) = start("demo1234", Mode::Live);
    let address = CodeAddress::Email("member@example.com".into());
    let link = client().send_link(&tenant, "member@example.com", None).await.unwrap();
    let code = client().send_code(&tenant, CodeFor::Address(&address), None).await.unwrap();
    let reset = client().send_reset_link(&tenant, "member@example.com").await.unwrap();
    for sent in [link, code, reset] {
        assert!(sent.link.is_none() && sent.code.is_none());
    }
    let outbox = sandbox.outbox();
    let code = OneTimeCode::new(outbox[1].verification_code.clone().unwrap());
    tokens_of(client().log_in_with_code(&tenant, CodeFor::Address(&address), &code).await);
}

#[tokio::test]
async fn a_code_serves_once_and_too_many_sends_have_to_wait() {
    let (_sandbox, tenant) = start("demo1234", Mode::Test);
    let address = CodeAddress::Phone("+15555550102".into());
    let to = CodeFor::Address(&address);
    let code = client().send_code(&tenant, to, None).await.unwrap().code.unwrap();
    let wrong = OneTimeCode::new(if code.secret() == "000000" { "000001" } else { "000000" });
    is_wrong(client().log_in_with_code(&tenant, to, &wrong).await);
    tokens_of(client().log_in_with_code(&tenant, to, &code).await);
    is_wrong(client().log_in_with_code(&tenant, to, &code).await);

    for _ in 0..4 {
        client().send_code(&tenant, to, None).await.unwrap();
    }
    let error = client().send_code(&tenant, to, None).await.unwrap_err();
    let FactorError::Failed(CallFailure::TooManyRequests { retry_after: Some(wait) }) = error else {
        panic!("{error:?}")
    };
    assert!(wait > Duration::ZERO && wait <= Duration::from_mins(1), "{wait:?}");
    let nobody = CodeAddress::Email("nobody".into());
    let error = client().send_code(&tenant, CodeFor::Address(&nobody), None).await.unwrap_err();
    assert!(matches!(error, FactorError::Wrong { .. }), "{error:?}");
}

#[tokio::test]
async fn an_address_alone_signs_up() {
    let (_sandbox, tenant) = start("demo1234", Mode::Test);
    let nobody = NewUser::default();
    let sent = client().send_link(&tenant, "ny@example.com", Some(&nobody)).await.unwrap();
    let link = Link::parse(sent.link.unwrap().secret()).unwrap();
    assert_eq!(link.kind, LinkKind::SignUp);
    let by_link = tokens_of(follow(&tenant, &link).await).tokens.access;
    let number = CodeAddress::Phone("+15555559999".into());
    let to = CodeFor::Address(&number);
    let code = client().send_code(&tenant, to, Some(&nobody)).await.unwrap().code.unwrap();
    let by_code = tokens_of(client().log_in_with_code(&tenant, to, &code).await).tokens.access;
    let read =
        [client().user(&tenant, &by_link).await, client().user(&tenant, &by_code).await].map(Result::unwrap);
    assert_eq!(read[0].profile.email.as_deref(), Some("ny@example.com"));
    assert_eq!(read[1].phone_number.as_deref(), Some("+15555559999"));
}

#[tokio::test]
async fn a_wrong_password_sends_no_mail_unasked() {
    let (sandbox, tenant) = start("demo1234", Mode::Test);
    let sent = client().send_link(&tenant, "ny@example.com", None).await.unwrap();
    tokens_of(follow(&tenant, &Link::parse(sent.link.unwrap().secret()).unwrap()).await);
    let before = sandbox.outbox().len();
    let wrong = client().log_in_with_password(&tenant, "ny@example.com", &Password::new("wrong")).await;
    let FactorError::Wrong { message } = wrong.unwrap_err() else { panic!("another error") };
    assert_eq!((message.as_deref(), sandbox.outbox().len()), (Some("Incorrect email or password"), before));
}

#[tokio::test]
async fn a_new_address_belongs_to_the_user_once_confirmed() {
    let (_sandbox, tenant) = start("demo1234", Mode::Test);
    let token = access(&tenant).await;
    let email = CodeAddress::Email("new@example.com".into());
    let sent = client().send_verification(&tenant, &token, &email).await.unwrap();
    let link = Link::parse(sent.link.unwrap().secret()).unwrap();
    assert_eq!(link.kind, LinkKind::Verify);
    tokens_of(follow(&tenant, &link).await);
    let number = CodeAddress::Phone("+15555559999".into());
    let code = client().send_verification(&tenant, &token, &number).await.unwrap().code.unwrap();
    tokens_of(client().log_in_with_code(&tenant, CodeFor::Address(&number), &code).await);
    let user = client().user(&tenant, &token).await.unwrap();
    assert_eq!(
        (user.profile.email.as_deref(), user.phone_number.as_deref()),
        (Some("new@example.com"), Some("+15555559999"))
    );
    let of_admin = CodeAddress::Email("admin@example.com".into());
    let refused = client().send_verification(&tenant, &token, &of_admin).await.unwrap_err();
    assert!(matches!(refused, UserError::Failed(CallFailure::Refused { status: 400, .. })), "{refused:?}");
}

#[tokio::test]
async fn a_second_factor_takes_the_token_of_the_first_and_no_other() {
    let (sandbox, tenant) = start("mfa01234", Mode::Test);
    let required = first_factor(&tenant, "admin").await;
    let totp = required.second_factors.iter().find(|second| second.factor.strategy == "totp").unwrap();
    assert!(totp.is_configured, "{required:?}");
    assert_eq!(sandbox.sessions(), []);

    let backup = OneTimeCode::new(ADMIN_BACKUP_CODES[1]);
    let foreign = FirstFactorToken::new("uf_test_first_factor_of_nobody");
    let give = async |token: &FirstFactorToken| {
        let proof = TotpProof::BackupCode(&backup);
        client().log_in_with_totp(&tenant, TotpFor::SecondFactor(token), proof).await
    };
    is_wrong(give(&foreign).await);
    let newer = first_factor(&tenant, "admin").await;
    is_wrong(give(&required.token).await);
    tokens_of(give(&newer.token).await);
    is_wrong(give(&newer.token).await);
    assert_eq!(sandbox.sessions().len(), 1);
}

#[tokio::test]
async fn a_second_factor_is_set_up_during_a_log_in() {
    let (sandbox, tenant) = start("mfa01234", Mode::Test);
    let required = first_factor(&tenant, "viewer").await;
    let totp = required.second_factors.iter().find(|second| second.factor.strategy == "totp").unwrap();
    assert!(!totp.is_configured);
    let owner = TotpOwner::SecondFactor(&required.token);
    let set_up = client().totp_set_up(&tenant, owner).await.unwrap();
    assert!(set_up.qr_code.unwrap().secret().starts_with("data:image/png;base64,iVBOR"));
    assert_eq!(set_up.backup_codes.len(), 10);
    let seconds = u64::try_from(sandbox.clock().now()).unwrap();
    let code = OneTimeCode::new(totp_code(set_up.secret.secret(), seconds).unwrap());
    let who = TotpFor::SecondFactor(&required.token);
    tokens_of(client().log_in_with_totp(&tenant, who, TotpProof::Code(&code)).await);

    let again = first_factor(&tenant, "viewer").await;
    let to = CodeFor::SecondFactor { channel: Channel::Sms, address: None, token: &again.token };
    let code = client().send_code(&tenant, to, None).await.unwrap().code.unwrap();
    tokens_of(client().log_in_with_code(&tenant, to, &code).await);
}

#[tokio::test]
async fn a_signed_up_user_has_the_given_name_in_any_script() {
    // Only live mode has the rule for passwords.
    let (_sandbox, tenant) = start("demo1234", Mode::Live);
    let long = "名å🌻".repeat(400);
    for (number, name) in ["Åsa 名倉 🌻", "שלום עולם", "👩‍🚀", &long].into_iter().enumerate()
    {
        let user = NewUser { name: Some(name.to_owned()), username: None };
        let (email, password) = (format!("å{number}+名@example.com"), Password::new(PASSWORD));
        let answer = client().sign_up_with_password(&tenant, &user, &email, &password).await;
        let read = client().user(&tenant, &tokens_of(answer).tokens.access).await.unwrap();
        assert_eq!(read.profile.name.as_deref(), Some(name));
        assert_eq!(read.profile.email, Some(email));
        assert_eq!((read.profile.username, read.phone_number), (None, None));
    }
    let weak = client()
        .sign_up_with_password(&tenant, &NewUser::default(), "weak@example.com", &Password::new("x1"))
        .await;
    is_wrong(weak);
}

#[tokio::test]
async fn a_user_change_sets_only_the_given_details() {
    let (_sandbox, tenant) = start("demo1234", Mode::Test);
    let token = access(&tenant).await;
    let before = client().user(&tenant, &token).await.unwrap();
    assert_eq!(before.phone_number.as_deref(), Some("+15555550102"));
    let data: CustomData =
        json!({"名": {"שלום": [null, 1.5, "å".repeat(4096)]}, "": true}).to_string().parse().unwrap();
    let change = UserChange { data: Some(data.clone()), ..UserChange::default() };
    let after = client().change_user(&tenant, &token, &change).await.unwrap();
    assert_eq!(after.data, data);
    assert_eq!((&after.profile, &after.phone_number), (&before.profile, &before.phone_number));

    let clear =
        UserChange { name: Some(String::new()), data: Some(CustomData::default()), ..UserChange::default() };
    client().change_user(&tenant, &token, &clear).await.unwrap();
    let read = client().user(&tenant, &token).await.unwrap();
    assert_eq!((read.profile.name, read.data), (None, CustomData::default()));
    assert_eq!(read.profile.username, before.profile.username);
}

#[tokio::test]
async fn a_password_change_requires_the_current_password() {
    let (_sandbox, tenant) = start("demo1234", Mode::Live);
    let token = access(&tenant).await;
    let (old, new) = (Password::new(PASSWORD), Password::new("another1234 \"å"));
    let wrong = client().change_password(&tenant, &token, &new, &new).await.unwrap_err();
    assert!(matches!(wrong, UserError::Failed(CallFailure::Refused { status: 400, .. })), "{wrong:?}");
    client().change_password(&tenant, &token, &old, &new).await.unwrap();
    is_wrong(client().log_in_with_password(&tenant, "member", &old).await);
    tokens_of(client().log_in_with_password(&tenant, "member", &new).await);
    let stranger = AccessToken::new("no.such.token");
    let error = client().change_password(&tenant, &stranger, &new, &new).await.unwrap_err();
    assert!(matches!(error, UserError::NotValid { .. }), "{error:?}");
}

#[tokio::test]
async fn custom_providers_are_named_with_their_id() {
    let (_sandbox, tenant) = start("sso01234", Mode::Test);
    let mode = client().mode(&tenant).await.unwrap();
    let custom = mode.first_factors.iter().find(|factor| factor.strategy == "custom").unwrap();
    assert_eq!(custom.provider_id.as_deref(), Some("acme-login"));
    assert!(
        mode.first_factors.iter().any(|factor| factor.method().is_none()),
        "one that the app does not know"
    );
}
