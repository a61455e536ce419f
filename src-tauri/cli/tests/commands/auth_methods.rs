//! The first factors that are sent or typed, answered over pipes.

use sandbox::{ADMIN_BACKUP_CODES, ADMIN_TOTP_SECRET, totp_code};
use serde_json::{Value, json};
use test_rig::RigError;

use crate::conversation::Conversation;
use crate::machine::{Machine, PASSWORD, Ran};

pub(crate) const CODE_IS: &str = "Test mode: nothing was sent, the code is ";
const LINK_IS: &str = "Test mode: nothing was sent, the link is ";

/// The code of `admin`'s authenticator app, after so many seconds.
pub(crate) fn admin_code(later: u64) -> String {
    totp_now(ADMIN_TOTP_SECRET, later)
}

pub(crate) fn totp_now(secret: &str, later: u64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    totp_code(secret, now + later).unwrap()
}

fn email(ran: &Ran) -> Value {
    ran.json()["account"]["email"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_by_e_mail_and_one_by_sms() -> Result<(), RigError> {
    let machine = Machine::new()?;
    for (channel, user) in [("email", "member@example.com"), ("sms", "+15555550102")] {
        let mut talk = machine.begin_log_in("demo1234", &["--code", channel, "--user", user]);
        let code = talk.hears_after(CODE_IS);
        assert_eq!(code, machine.last_sent().await["verificationCode"]);
        // As it is read off a screen.
        talk.hears("Code for demo1234 at 127.0.0.1:");
        talk.types(&format!(" {} {} ", &code[..3], &code[3..]));
        let ran = talk.ends().exits(0);
        assert_eq!(email(&ran), "member@example.com");
        assert!(!ran.out.contains(&code) && !machine.on_disk().contains(&code));
    }
    assert_eq!(machine.left().await.1, 2, "the same account, logged in again");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_is_asked_for_without_an_argument() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let mut talk = machine.begin_log_in("demo1234", &["--code", "sms"]);
    talk.hears("Phone number");
    talk.types("+15555550103");
    let code = talk.hears_after(CODE_IS);
    talk.types(&code);
    assert_eq!(email(&talk.ends().exits(0)), "viewer@example.com");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_stores_nothing() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let begin = || machine.begin_log_in("demo1234", &["--code", "email", "--user", "member@example.com"]);
    let mut talk = begin();
    let code = talk.hears_after(CODE_IS);
    talk.types(if code == "000000" { "000001" } else { "000000" });
    let ran = talk.ends().fails(1, "Incorrect verification code.");
    assert_eq!(ran.json()["error"]["code"], "failed");
    // Without a code.
    let mut talk = begin();
    talk.hears("Code for");
    talk.ends().fails(2, "a code was asked for");
    // Expired.
    let mut talk = begin();
    let code = talk.hears_after(CODE_IS);
    machine.sandbox.set_clock_offset(3600).await?;
    talk.types(&code);
    talk.ends().fails(1, "expired");
    assert_eq!(machine.left().await, (0, 0));
    machine.run(&["status"]).exits(3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_429_says_how_long_to_wait() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let fault = json!([{"path": "auth/code", "fault": {"status": 429, "retryAfter": 7}}]);
    machine.sandbox.set_faults(&fault).await?;
    let arguments = ["log-in", "--tenant", "demo1234", "--code", "email", "--user", "member@example.com"];
    machine.run(&arguments).fails(1, "wait for 7 seconds");
    Ok(())
}

pub(crate) fn asks_for_link(machine: &Machine, tenant: &str) -> (Conversation, String) {
    let mut talk = machine.begin_log_in(tenant, &["--link", "--user", "member@example.com"]);
    let link = talk.hears_after(LINK_IS);
    talk.hears("Paste the whole link");
    (talk, link)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_pasted_as_a_whole() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let (mut talk, link) = asks_for_link(&machine, "demo1234");
    talk.types(&link);
    let ran = talk.ends().exits(0);
    assert_eq!(email(&ran), "member@example.com");
    let token = link.split("token=").nth(1).unwrap().split('&').next().unwrap();
    assert!(token.len() > 16 && !ran.out.contains(token) && !machine.on_disk().contains(token));
    // Used up.
    let (mut talk, _) = asks_for_link(&machine, "demo1234");
    talk.types(&link);
    talk.ends().fails(1, "has been used");
    // By the app's own scheme, too.
    let (mut talk, link) = asks_for_link(&machine, "demo1234");
    talk.types(&format!("userfront-accounts:login?{}", link.split_once('?').unwrap().1));
    talk.ends().exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_link_is_not_sent_anywhere() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let (talk, link) = asks_for_link(&machine, "demo1234");
    drop(talk.ends());
    let query = link.split_once('?').unwrap().1;
    for (hostile, words) in [
        ("javascript:alert(1)".to_owned(), "does not lead to a web page"),
        (format!("https://{}", "x".repeat(4_500)), "too long"),
        (format!("{link}&tenant_id=nordlich"), "another tenant"),
        (format!("{link}&api=https://evil.example"), "another server"),
        (format!("https://a@127.0.0.1/login?{query}"), "user name before its host"),
        (format!("{link}\u{202e}"), "do not belong"),
        (link.replace("token", "tokens"), "no token"),
        (link.replace("type=login", "type=reset"), "choosing a new password"),
        (link.replace("/login?", "/reset?").replace("&type=login", ""), "choosing a new password"),
        ("123456".to_owned(), "not a link"),
    ] {
        // Only so many links are sent a minute.
        machine.sandbox.reset().await?;
        let (mut talk, _) = asks_for_link(&machine, "demo1234");
        talk.types(&hostile);
        let code = if hostile.len() > 4_096 { 2 } else { 1 };
        let ran = talk.ends().fails(code, words);
        assert!(!ran.out.contains("evil"), "{}", ran.out);
        assert_eq!(machine.calls("PUT", "auth/link").await, 0, "{hostile}");
    }
    assert_eq!(machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_leads_elsewhere_is_asked_about() -> Result<(), RigError> {
    let machine = Machine::new()?;
    for (answer, code) in [("no", 1), ("", 1), ("yes", 0)] {
        let (mut talk, link) = asks_for_link(&machine, "demo1234");
        talk.types(&format!("https://other.example/login?{}", link.split_once('?').unwrap().1));
        talk.hears("This link leads to other.example");
        talk.hears("as member@example.com? Type yes");
        talk.types(answer);
        drop(talk.ends().exits(code));
        assert_eq!(machine.calls("PUT", "auth/link").await, usize::from(code == 0), "{answer}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_app_and_a_backup_code() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let log_in = |code: &str| {
        let mut talk = machine.begin_log_in("demo1234", &["--totp", "--user", "admin"]);
        talk.hears("Code of your authenticator app for demo1234");
        talk.types(code);
        talk.ends()
    };
    assert_eq!(email(&log_in(&admin_code(0)).exits(0)), "admin@example.com");
    log_in(ADMIN_BACKUP_CODES[0]).exits(0);
    log_in(ADMIN_BACKUP_CODES[0]).fails(1, "Incorrect backup code.");
    log_in("000000").fails(1, "Incorrect TOTP code.");
    assert_eq!(machine.left().await.1, 2);
    assert!(!machine.on_disk().contains(ADMIN_BACKUP_CODES[0]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn in_live_mode_codes_and_links_are_not_shown() -> Result<(), RigError> {
    let machine = Machine::with(&["--mode", "live"])?;
    let arguments = ["--code", "email", "--user", "member@example.com", "--domain", "app.example.com"];
    let mut talk = machine.begin_log_in("demo1234", &arguments);
    talk.hears("A code is on its way to member@example.com.");
    talk.hears("Code for");
    let code = machine.last_sent().await["verificationCode"].as_str().unwrap().to_owned();
    talk.types(&code);
    let ran = talk.ends().exits(0);
    assert_eq!(ran.json()["account"]["mode"], "live");
    assert!(!ran.err.contains(&code) && !ran.err.contains("Test mode"), "{}", ran.err);
    let mut talk = machine
        .begin_log_in("demo1234", &["--link", "--user", "viewer@example.com", "--domain", "app.example.com"]);
    talk.hears("A link is on its way to viewer@example.com. It is good for 15 minutes.");
    let link = machine.last_sent().await["link"].as_str().unwrap().to_owned();
    assert!(link.starts_with("https://app.example.com/"), "{link}");
    talk.types(&link);
    assert_eq!(email(&talk.ends().exits(0)), "viewer@example.com");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_must_name_its_auth_method() -> Result<(), RigError> {
    let machine = Machine::new()?;
    for arguments in
        [&["log-in", "--tenant", "demo1234"][..], &["log-in", "--tenant", "demo1234", "--user", "admin"]]
    {
        machine.typing(arguments, &format!("{PASSWORD}\n")).fails(2, "--password-stdin");
    }
    machine.typing(&["log-in", "--tenant", "demo1234", "--password-stdin"], "x\n").fails(2, "--user");
    let blank = ["log-in", "--tenant", "demo1234", "--user", " ", "--password-stdin"];
    machine.typing(&blank, "x\n").fails(2, "'--user <NAME>': it is empty");
    machine.typing(&["log-in", "--tenant", "demo1234", "--link", "--totp"], "x\n").exits(2);
    assert_eq!(machine.sandbox.requests().await?.len(), 0, "nothing is asked of the server before");
    let nowhere = ["log-in", "--tenant", "nowhere", "--code", "email", "--user", "admin@example.com"];
    machine.run(&nowhere).fails(1, "Check --tenant and --api-url");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_log_in_is_reported_in_the_servers_words_or_without_a_reason() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let password = ["log-in", "--tenant", "demo1234", "--user", "admin", "--password-stdin"];
    let code = ["log-in", "--tenant", "demo1234", "--user", "admin@example.com", "--code", "email"];
    for (status, message, reported) in [
        (400, "Falsches Kennwort", "Userfront says: Falsches Kennwort."),
        (401, "This user is locked.", "Userfront says: This user is locked."),
        (401, "", "Userfront refused, with no reason that can be shown."),
        (400, PASSWORD, "Userfront refused, with no reason that can be shown."),
    ] {
        let body = json!({"statusCode": status, "message": message, "error": {"type": "some_error"}});
        let refuses = |path: &str| json!({"path": path, "fault": {"says": status, "body": body}});
        machine.sandbox.set_faults(&json!([refuses("auth/basic"), refuses("auth/code")])).await?;
        let reported = format!("userfront: Not logged in. {reported}\n");
        assert_eq!(machine.typing(&password, PASSWORD).exits(1).err, reported);
        if message != PASSWORD {
            assert_eq!(machine.run(&code).exits(1).err, reported);
        }
    }
    Ok(())
}
