use accounts::model::token::{AccessToken, Password};
use accounts::ports::{CallFailure, FactorAnswer, FactorError, MfaRequired, TotpOwner, UserError, Userfront};

use crate::every_call::{every_call, is_of_a_factor};
use crate::support::{CANARY, Wire, client};

/// Calls that give a factor; the other factor calls request a message.
const PROOFS: usize = 10;

async fn log_in(body: &str) -> Result<FactorAnswer, FactorError> {
    let wire = Wire::answering("200 OK", "", body).await;
    client().log_in_with_password(&wire.tenant(), "admin", &Password::new(CANARY)).await
}

fn mfa(answer: Result<FactorAnswer, FactorError>) -> MfaRequired {
    match answer.unwrap() {
        FactorAnswer::SecondFactor(required) => required,
        other => panic!("{other:?}"),
    }
}

async fn proofs(status: &str, body: &str) -> Vec<(&'static str, String)> {
    let wire = Wire::answering(status, "", body).await;
    let made = every_call(&client(), &wire.tenant()).await.into_iter();
    let of_factors = made.filter(|made| is_of_a_factor(made.call) && !made.call.starts_with("send"));
    let proofs: Vec<_> = of_factors.map(|made| (made.call, made.printed)).collect();
    assert_eq!(proofs.len(), PROOFS);
    proofs
}

#[tokio::test]
async fn a_second_factor_is_asked_for_after_any_first_one() {
    let body = format!(
        r#"{{"message":"MFA required","mode":"test","isMfaRequired":true,"firstFactorToken":"uf_{CANARY}",
        "authentication":{{"firstFactor":{{"strategy":"password","channel":"email"}},"secondFactors":[
        {{"strategy":"totp","channel":"authenticator","isConfiguredByUser":true}},null,{{"strategy":7}},
        {{"strategy":"verificationCode","channel":"sms"}}]}}}}"#
    );
    let required = mfa(log_in(&body).await);
    assert_eq!(required.token.secret(), format!("uf_{CANARY}"));
    let [totp, sms] = &required.second_factors[..] else { panic!("{required:?}") };
    assert!(totp.factor.is("totp", "authenticator") && totp.is_configured);
    assert!(sms.factor.is("verificationCode", "sms") && !sms.is_configured);
    for (call, printed) in proofs("200 OK", &body).await {
        assert!(printed.starts_with("SecondFactor(MfaRequired"), "{call}: {printed}");
        assert!(!printed.contains("canary"), "{call}: {printed}");
    }
}

#[tokio::test]
async fn a_second_factor_without_a_usable_token_is_no_answer() {
    for token in
        ["null", "7", "\"\"", "\"a b\"", "\"a\\r\\nb\"", "\"å\"", &format!("\"{}\"", "x".repeat(1025))]
    {
        let body = format!(r#"{{"isMfaRequired":true,"firstFactorToken":{token}}}"#);
        let error = log_in(&body).await.unwrap_err();
        assert!(
            matches!(error, FactorError::Failed(CallFailure::Unintelligible { status: 200, .. })),
            "{token}"
        );
    }
}

#[tokio::test]
async fn tokens_win_over_other_members_and_pkce_is_reported() {
    let everything = r#"{"isMfaRequired":true,"firstFactorToken":"uf","authorizationCode":"c",
        "message":"PKCE required","tokens":{"access":{"value":"a"}}}"#;
    for (call, printed) in proofs("200 OK", everything).await {
        assert!(printed.starts_with("Tokens("), "{call}: {printed}");
    }
    let pkce = r#"{"message":"PKCE required","authorizationCode":"canary","redirectTo":"/x"}"#;
    for (call, printed) in proofs("200 OK", pkce).await {
        assert!(printed.starts_with("PkceRequired") && !printed.contains("canary"), "{call}: {printed}");
    }
    for (call, printed) in proofs("200 OK", r#"{"message":"OK"}"#).await {
        assert!(printed.starts_with("Failed(Unintelligible"), "{call}: {printed}");
    }
}

#[tokio::test]
async fn a_refusal_is_the_factors_fault_or_the_tenants() {
    for status in [400_u16, 401, 404] {
        let body = format!(r#"{{"statusCode":{status},"message":"No\u202e, not this one"}}"#);
        let wire = Wire::answering(&format!("{status} No"), "", &body).await;
        let expected = match status {
            404 => r#"UnknownTenant { message: "No, not this one" } No, not this one"#,
            _ => r#"Wrong { message: Some("No, not this one") } No, not this one"#,
        };
        for made in every_call(&client(), &wire.tenant()).await {
            assert_eq!(
                made.printed == expected,
                is_of_a_factor(made.call) || made.call == "mode" && status == 404,
                "{status}: {}: {}",
                made.call,
                made.printed
            );
        }
    }
}

#[tokio::test]
async fn any_object_confirms_a_send_and_a_test_mode_link_is_returned() {
    let link = "http://localhost:3000/login?uuid=u&token=t&type=login";
    let body = format!(r#"{{"message":"OK","result":{{"email":"m@x.example","link":"{link}"}}}}"#);
    let wire = Wire::answering("200 OK", "", &body).await;
    let (client, tenant) = (client(), wire.tenant());
    let sent = client.send_link(&tenant, "m@x.example", None).await.unwrap();
    assert_eq!(sent.link.unwrap().secret(), link);
    assert!(sent.code.is_none());
    let sent = client.send_reset_link(&tenant, "m@x.example").await.unwrap();
    assert_eq!(sent.link.unwrap().secret(), link);

    let too_long = format!(r#"{{"result":{{"link":"https://x.example/{}"}}}}"#, "x".repeat(4096));
    for body in ["{}", r#"{"message":"OK","result":{}}"#, r#"{"result":7}"#, &too_long] {
        let wire = Wire::answering("200 OK", "", body).await;
        let sent = client.send_link(&wire.tenant(), "m@x.example", None).await.unwrap();
        assert!(sent.link.is_none() && sent.code.is_none());
    }
}

#[tokio::test]
async fn an_authenticator_app_is_set_up_with_a_secret_or_not_at_all() {
    let access = AccessToken::new(CANARY);
    let set_up = async |body: &str| {
        let wire = Wire::answering("200 OK", "", body).await;
        client().totp_set_up(&wire.tenant(), TotpOwner::LoggedIn(&access)).await
    };
    let svg = r#"{"totpSecret":"JBSW","qrCode":"data:image/svg+xml;base64,AAAA","backupCodes":["a-b",7]}"#;
    let read = set_up(svg).await.unwrap();
    assert_eq!(read.secret.secret(), "JBSW");
    assert!(read.qr_code.is_none());
    assert_eq!(read.backup_codes.len(), 1);
    let nothing = set_up(r#"{"qrCode":"data:image/png;base64,AAAA"}"#).await;
    assert!(matches!(nothing, Err(UserError::Failed(CallFailure::Unintelligible { .. }))), "{nothing:?}");
}
