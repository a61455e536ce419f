//! The client against the sandbox, where sessions really live and die.

use accounts::model::factor::Factor;
use accounts::model::tenant::{Mode, Tenant};
use accounts::model::token::{AccessToken, Password, RefreshToken, SessionToken, Tokens};
use accounts::ports::{
    CallFailure, FactorError, ModeError, RefreshError, RevokeAnswer, UserError, Userfront,
};
use sandbox::{Fault, FaultRule, Options, Sandbox};

use crate::support::{client, hasty, tenant, tokens_of};

const PASSWORD: &str = "testmodepassword";

fn start() -> (Sandbox, Tenant) {
    started(&Options::default())
}

fn started(options: &Options) -> (Sandbox, Tenant) {
    let sandbox = Sandbox::start(options).unwrap();
    let tenant = tenant(&sandbox.api_base());
    (sandbox, tenant)
}

async fn log_in(tenant: &Tenant) -> Tokens {
    tokens_of(client().log_in_with_password(tenant, "admin@example.com", &Password::new(PASSWORD)).await)
        .tokens
}

fn alive(sandbox: &Sandbox) -> usize {
    sandbox.sessions().iter().filter(|session| session.alive).count()
}

fn access(tokens: &Tokens) -> SessionToken {
    SessionToken::Access(tokens.access.clone())
}

fn refresh(tokens: &Tokens) -> SessionToken {
    SessionToken::Refresh(tokens.refresh.clone().unwrap())
}

#[tokio::test]
async fn the_mode_names_password_among_the_factors() {
    let (_sandbox, tenant) = start();
    let mode = client().mode(&tenant).await.unwrap();
    assert_eq!(mode.mode, Mode::Test);
    let password = Factor::new("password", "email");
    assert!(mode.first_factors.contains(&password), "{mode:?}");
    let unknown = Tenant { id: "nobody99".parse().unwrap(), ..tenant };
    assert!(matches!(client().mode(&unknown).await, Err(ModeError::UnknownTenant { .. })));
    let error = client().log_in_with_password(&unknown, "admin", &Password::new(PASSWORD)).await.unwrap_err();
    assert!(matches!(error, FactorError::UnknownTenant { .. }), "{error:?}");
}

#[tokio::test]
async fn a_session_works_from_log_in_to_log_out() {
    let (sandbox, tenant) = start();
    let client = client();
    let answer = tokens_of(client.log_in_with_password(&tenant, "admin", &Password::new(PASSWORD)).await);
    let tokens = answer.tokens;
    assert!(tokens.id.is_some() && tokens.refresh.is_some());
    assert!(answer.redirect_to.is_some());

    let user = client.user(&tenant, &tokens.access).await.unwrap().profile;
    assert_eq!(user.email.as_deref(), Some("admin@example.com"));
    assert!(user.user_id.is_some() && user.tenant_name.is_some() && user.logout_redirect_path.is_some());
    assert!(user.roles.iter().any(|of| of.tenant_id == "demo1234" && of.roles == ["admin"]), "{user:?}");

    let newer = client.refresh(&tenant, tokens.refresh.as_ref().unwrap()).await.unwrap();
    client.user(&tenant, &newer.access).await.unwrap();
    assert_eq!((sandbox.sessions().len(), alive(&sandbox)), (1, 1), "a refresh keeps the session");

    let revoked = client.revoke(&tenant, &access(&newer)).await.answer.unwrap();
    assert!(matches!(revoked, RevokeAnswer::Revoked { redirect_to: Some(_) }), "{revoked:?}");
    assert_eq!(alive(&sandbox), 0);
    let received = sandbox.requests_to("GET", "auth/logout");
    assert_eq!(received.len(), 1);
    assert_eq!(
        received[0].header("authorization"),
        Some(format!("Bearer {}", newer.access.secret()).as_str())
    );

    let again = client.revoke(&tenant, &access(&tokens)).await.answer.unwrap();
    assert!(matches!(again, RevokeAnswer::Refused { status: 401 | 404, .. }), "{again:?}");
    assert!(matches!(client.user(&tenant, &tokens.access).await, Err(UserError::NotValid { .. })));
    let over = client.refresh(&tenant, tokens.refresh.as_ref().unwrap()).await.unwrap_err();
    assert!(matches!(over, RefreshError::SessionOver { .. }), "{over:?}");
}

#[tokio::test]
async fn a_name_of_any_script_arrives_whole() {
    let (_sandbox, tenant) = start();
    let answer = tokens_of(client().log_in_with_password(&tenant, "member", &Password::new(PASSWORD)).await);
    let user = client().user(&tenant, &answer.tokens.access).await.unwrap().profile;
    assert_eq!(user.name.as_deref(), Some("Åsa 名倉 Märta 🌻"));
}

#[tokio::test]
async fn a_wrong_password_starts_no_session() {
    let (sandbox, tenant) = start();
    let error =
        client().log_in_with_password(&tenant, "admin", &Password::new("wrong-canary")).await.unwrap_err();
    assert_eq!(error, FactorError::Wrong { message: Some("Incorrect email or password".into()) });
    assert_eq!(sandbox.sessions(), []);
}

#[tokio::test]
async fn refresh_tokens_and_expired_access_tokens_log_out() {
    let (sandbox, tenant) = start();
    let tokens = log_in(&tenant).await;
    assert!(matches!(
        client().revoke(&tenant, &refresh(&tokens)).await.answer,
        Ok(RevokeAnswer::Revoked { .. })
    ));
    assert_eq!(alive(&sandbox), 0);

    let (sandbox, tenant) = started(&Options { access_seconds: 0, ..Options::default() });
    let tokens = log_in(&tenant).await;
    assert!(
        matches!(client().user(&tenant, &tokens.access).await, Err(UserError::NotValid { .. })),
        "expired"
    );
    assert_eq!(alive(&sandbox), 1);
    assert!(matches!(
        client().revoke(&tenant, &access(&tokens)).await.answer,
        Ok(RevokeAnswer::Revoked { .. })
    ));
    assert_eq!(alive(&sandbox), 0);
}

#[tokio::test]
async fn an_unissued_token_is_refused() {
    let (_sandbox, tenant) = start();
    let answer =
        client().revoke(&tenant, &SessionToken::Access(AccessToken::new("no.such.token"))).await.answer;
    assert!(matches!(answer, Ok(RevokeAnswer::Refused { .. })), "{answer:?}");
    let over = client().refresh(&tenant, &RefreshToken::new("no.such.token")).await;
    assert!(matches!(over, Err(RefreshError::SessionOver { .. })), "{over:?}");
}

#[tokio::test]
async fn a_spoiled_log_out_is_not_confirmed_even_after_taking_effect() {
    let spoilt = |status| Fault::Status { status, retry_after: Some("2".into()), html: true };
    for (fault, name) in [
        (Fault::Reset, "BrokeOff"),
        (Fault::Truncate, "BrokeOff"),
        (Fault::Hang, "TimedOut"),
        (Fault::Trickle, "TimedOut"),
        (Fault::Garbage, "Unintelligible"),
        (Fault::Huge, "Unintelligible"),
        (Fault::Redirect { to: "https://x.invalid/".into() }, "Unintelligible"),
        (spoilt(401), "Unintelligible"),
        (spoilt(404), "Unintelligible"),
        (spoilt(429), "TooManyRequests"),
        (spoilt(503), "ServerFault"),
        (Fault::status(403), "Refused"),
    ] {
        for after in [false, true] {
            let (sandbox, tenant) = start();
            let tokens = log_in(&tenant).await;
            let rule = FaultRule::new("auth/logout", fault.clone());
            sandbox.set_faults(vec![if after { rule.after() } else { rule }]);
            let in_haste = name == "TimedOut";
            let client = if in_haste { hasty() } else { client() };
            let failure: CallFailure = client.revoke(&tenant, &access(&tokens)).await.answer.unwrap_err();
            assert!(format!("{failure:?}").starts_with(name), "{fault:?}: {failure:?}");
            // A client with short limits may give up before the server has acted.
            let begin = std::time::Instant::now();
            while alive(&sandbox) != usize::from(!after) && begin.elapsed().as_secs() < 10 {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            assert_eq!(alive(&sandbox), usize::from(!after), "{fault:?}");
            let calls = if name == "BrokeOff" { 2 } else { 1 };
            assert_eq!(sandbox.requests_to("GET", "auth/logout").len(), calls, "{fault:?}");
        }
    }
}
