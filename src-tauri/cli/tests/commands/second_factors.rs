//! Second factors: chosen, given, set up during the log-in, or cancelled.

use sandbox::ADMIN_BACKUP_CODES;
use serde_json::json;
use test_rig::RigError;

use crate::auth_methods::{CODE_IS, admin_code};
use crate::conversation::Conversation;
use crate::machine::{Machine, PASSWORD, client};

fn with_password(machine: &Machine, user: &str) -> Conversation {
    let mut talk = machine.begin_log_in("mfa01234", &["--user", user, "--password-stdin"]);
    talk.types(PASSWORD);
    talk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_chosen_by_words_or_number() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let mut talk = with_password(&machine, "admin");
    talk.hears("mfa01234 at 127.0.0.1:");
    talk.hears("1  code of an authenticator app, or a backup code (totp/authenticator)\n");
    talk.hears("2  code by SMS (verificationCode/sms)\n");
    talk.hears("3  code by e-mail (verificationCode/email)\n");
    talk.types("totp/authenticator");
    talk.types(&admin_code(0));
    assert_eq!(talk.ends().exits(0).json()["account"]["email"], "admin@example.com");
    let mut talk = with_password(&machine, "member");
    // No fresh authenticator past what she has set up.
    talk.hears("1  code by SMS (verificationCode/sms)\n");
    talk.types("1");
    let code = talk.hears_after(CODE_IS);
    assert_eq!(machine.last_sent().await["channel"], "sms");
    talk.types(&code);
    assert_eq!(talk.ends().exits(0).json()["account"]["email"], "member@example.com");
    assert_eq!(machine.left().await, (2, 4));
    let on_disk = machine.on_disk();
    assert!(!on_disk.contains(&code) && !on_disk.contains("uf_test_first_factor"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_second_factor_is_used_without_a_question() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let factors = json!([
        {"strategy": "webauthn", "channel": "device"},
        {"strategy": "totp", "channel": "authenticator"},
        {"strategy": "verificationCode", "channel": "email"},
    ]);
    machine.change_tenant("mfa01234", &json!({"secondFactors": factors})).await;
    // Of those that there are, she has set up one.
    let mut talk = with_password(&machine, "viewer");
    let code = talk.hears_after(CODE_IS);
    talk.types(&code);
    let ran = talk.ends().exits(0);
    assert!(!ran.err.contains("Which?"), "{}", ran.err);
    // The user has two; the third is not set up, and not offered.
    let mut talk = with_password(&machine, "admin");
    talk.types("1");
    talk.types(ADMIN_BACKUP_CODES[1]);
    let ran = talk.ends().exits(0);
    assert!(ran.err.contains("2  code by e-mail") && !ran.err.contains("webauthn"), "{}", ran.err);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_follows_a_link() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let mut talk = machine.begin_log_in("mfa01234", &["--link", "--user", "member@example.com"]);
    let link = talk.hears_after("the link is ");
    talk.types(&link);
    talk.hears("asks for a second factor");
    talk.types("verificationCode/email");
    let code = talk.hears_after(CODE_IS);
    talk.types(&code);
    talk.ends().exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_number_is_set_up_during_the_log_in() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let url = format!("{}tenants/mfa01234/auth/create", machine.sandbox.api_base());
    let user = json!({"username": "ny", "email": "ny@example.com", "password": PASSWORD});
    assert!(client().post(url).json(&user).send().await.unwrap().status().is_success());
    let factors = json!([{"strategy": "verificationCode", "channel": "sms"}]);
    machine.change_tenant("mfa01234", &json!({"secondFactors": factors})).await;
    let mut talk = with_password(&machine, "ny");
    talk.hears("Phone number for codes from now on");
    talk.types("+4670123456");
    let code = talk.hears_after(CODE_IS);
    assert_eq!(machine.last_sent().await["to"], "+4670123456");
    talk.types(&code);
    talk.ends().exits(0);
    let mut talk = with_password(&machine, "ny");
    let code = talk.hears_after(CODE_IS);
    talk.types(&code);
    let ran = talk.ends().exits(0);
    assert!(!ran.err.contains("Phone number"), "it is set up: {}", ran.err);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_totp_secret_goes_into_no_file_or_pipe() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let factors = json!([{"strategy": "totp", "channel": "authenticator"}]);
    machine.change_tenant("mfa01234", &json!({"secondFactors": factors})).await;
    let ran = with_password(&machine, "member").ends().fails(2, "on a terminal only");
    assert_eq!(ran.json()["error"]["code"], "usage");
    assert_eq!(machine.calls("GET", "auth/totp").await, 0, "it is not even asked for");
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_mfa_challenge_leaves_the_user_logged_out() -> Result<(), RigError> {
    let machine = Machine::new()?;
    with_password(&machine, "member").ends().fails(2, "a choice was asked for");
    let mut talk = with_password(&machine, "member");
    talk.types("3");
    talk.ends().fails(2, "from 1 to 2");
    let mut talk = with_password(&machine, "admin");
    talk.types("1");
    talk.types("000000");
    talk.ends().fails(1, "Incorrect TOTP code.");
    let unknown = json!([{"strategy": "webauthn", "channel": "device"}]);
    machine.change_tenant("mfa01234", &json!({"secondFactors": unknown})).await;
    with_password(&machine, "member").ends().fails(1, "(webauthn/device)");
    assert_eq!(machine.left().await, (0, 0));
    assert!(!machine.on_disk().contains("uf_test_first_factor"));
    Ok(())
}
