//! The forms of the auth methods, filled in as a person does; and checks before and after.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use test_rig::{App, Page, RigError, World};

use crate::journey::{Done, SOON, log_out, nothing_lives};

pub(crate) const ADMIN: &str = "admin@example.com";
pub(crate) const MEMBER: &str = "member@example.com";

/// The auth methods of a tenant, from any login screen.
pub(crate) async fn to_tenant(app: &App, id: &str) -> Done {
    to_tenant_at(app, id, "").await
}

/// The same for a tenant that has a site of its own.
pub(crate) async fn to_tenant_at(app: &App, id: &str, domain: &str) -> Done {
    app.wait_until_visible("login-view", SOON).await?;
    if app.is_visible("change-tenant").await? {
        app.click("change-tenant").await?;
    }
    app.wait_until_visible("tenant-continue", SOON).await?;
    app.type_text("tenant-id", id).await?;
    if !domain.is_empty() {
        app.click_css("details summary").await?;
        app.type_text("domain", domain).await?;
    }
    app.click("tenant-continue").await?;
    app.wait_until_visible("first-factor", SOON).await?;
    Ok(())
}

/// Chooses a first factor, and waits for what its form has.
pub(crate) async fn choose(app: &App, strategy: &str, channel: &str, has: &str) -> Done {
    app.click_one("first-factor", &[("strategy", strategy), ("channel", channel)]).await?;
    app.wait_until_visible(has, SOON).await?;
    Ok(())
}

/// Chooses a second factor, and waits for what its form has.
pub(crate) async fn choose_second(app: &App, strategy: &str, channel: &str, has: &str) -> Done {
    app.wait_until_visible("choose-second-factor", SOON).await?;
    app.click_one("choose-second-factor", &[("strategy", strategy), ("channel", channel)]).await?;
    app.wait_until_visible(has, SOON).await?;
    Ok(())
}

/// The factor whose form is shown: the others are buttons.
pub(crate) async fn offered_first(app: &App) -> Result<String, RigError> {
    let script = "const first = document.querySelector('[data-testid=first-factor]:not(button)');
        return `${first?.dataset.strategy}/${first?.dataset.channel}`";
    let shown = app.script(script, vec![]).await?;
    Ok(shown.as_str().unwrap_or_default().to_owned())
}

/// Has a link sent to this address.
pub(crate) async fn send_link(app: &App, email: &str) -> Done {
    choose(app, "link", "email", "send-link").await?;
    app.type_text("email", email).await?;
    app.click("send-link").await?;
    app.wait_until_visible("use-link", SOON).await?;
    Ok(())
}

/// Puts a link into the field for it, and has it used.
pub(crate) async fn use_link(app: &App, link: &str) -> Done {
    app.fill("link", link).await?;
    app.click("use-link").await
}

/// Types a code of six digits, which goes off by itself.
pub(crate) async fn type_code(app: &App, code: &str) -> Done {
    app.wait_until_visible("code", SOON).await?;
    app.type_on("code", code).await
}

/// The code that the admin's authenticator shows, so many seconds from now.
pub(crate) fn admins_code(in_seconds: u64) -> String {
    code_of(sandbox::ADMIN_TOTP_SECRET, in_seconds)
}

/// The code that an authenticator with this secret shows, so many seconds from now.
pub(crate) fn code_of(secret: &str, in_seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    sandbox::totp_code(secret, now + in_seconds).expect("a secret in base 32")
}

/// The key that is shown, without the spaces that are for the eye.
pub(crate) async fn shown_secret(app: &App) -> Result<String, RigError> {
    let shown = app.text("totp-secret").await?;
    Ok(shown.split_whitespace().collect())
}

/// The backup codes that are shown.
pub(crate) async fn shown_backup_codes(app: &App) -> Result<Vec<String>, RigError> {
    let script =
        "return [...document.querySelectorAll('[data-testid=backup-codes] li')].map((it) => it.innerText)";
    let shown = app.script(script, vec![]).await?;
    let shown = shown.as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(shown.map(|code| code.trim().to_owned()).collect())
}

/// The same link, as our own scheme brings it.
pub(crate) fn by_scheme(link: &str) -> String {
    let (_, query) = link.split_once('?').expect("a link has a query");
    format!("userfront-accounts:login?{query}")
}

/// A link that the app has not asked for.
pub(crate) async fn unasked_link(world: &World, tenant: &str, email: &str) -> Result<String, RigError> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{}tenants/{tenant}/auth/link", world.sandbox.api_base());
    let answer = client.post(url).json(&json!({ "email": email })).send().await?.error_for_status()?;
    let answer: Value = answer.json().await?;
    let link = answer["result"]["link"].as_str();
    link.map(str::to_owned).ok_or_else(|| RigError::Unexpected("the answer has no link".to_owned()))
}

/// Goes on to the provider, and waits for the address that the browser is opened on; it can also be copied.
pub(crate) async fn go_to_provider(world: &World, app: &App) -> Result<String, RigError> {
    let known = world.browser.opened()?.len();
    app.click("continue-with-provider").await?;
    let address = sent_on(world, known).await?;
    app.wait_for_text("provider-address", &address, SOON).await?;
    Ok(address)
}

/// The page that the browser is on which was opened after the first `known` ones. An address that tells the
/// way back to this machine is in no process argument: the browser is opened on another one, which sends it
/// on once.
pub(crate) async fn sent_on(world: &World, known: usize) -> Result<String, RigError> {
    let opened = world.browser.next(known, SOON).await?;
    assert!(!opened.contains("127.0.0.1%3A"), "the way back is an argument: {opened}");
    let Some(address) = world.browser.get(&opened).await?.leads_to else { return Ok(opened) };
    assert!(world.browser.get(&opened).await.map_or(true, |again| again.leads_to.is_none()), "once");
    Ok(address)
}

/// In the browser: the provider's page, where this user says yes (or `cancel`), and wherever that leads.
pub(crate) async fn consent(world: &World, address: &str, user: &str) -> Result<Vec<Page>, RigError> {
    let page = world.browser.get(address).await?;
    assert_eq!(page.status, 200, "{page:?}");
    world.browser.visit(&page.link(&format!("consent-{user}"))?).await
}

/// A user of this name is logged in, with one session and its two entries.
pub(crate) async fn is_logged_in(world: &World, app: &App, name: &str) -> Done {
    app.wait_until_visible("account-view", SOON).await?;
    app.wait_for_text("profile-name", name, SOON).await?;
    assert_eq!(world.sandbox.alive().await?.len(), 1);
    assert_eq!(world.entries()?.len(), 2);
    Ok(())
}

/// Logs out, after which nothing is left: no session lives, and the keyring is empty.
pub(crate) async fn log_out_for_good(world: &World, app: &App) -> Done {
    log_out(app).await?;
    app.wait_for_text("status", "Logged out", SOON).await?;
    nothing_lives(world, "logged out").await?;
    let begin = Instant::now();
    while begin.elapsed() < SOON && listed(world) != nobody() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    no_account_is_in(world).await
}

/// No session, no entry, no account.
pub(crate) async fn no_account_is_in(world: &World) -> Done {
    assert_eq!(world.sandbox.alive().await?, []);
    assert_eq!(world.entries()?, []);
    assert_eq!(listed(world), nobody());
    Ok(())
}

/// The accounts and the pending revocations in the registry.
fn listed(world: &World) -> [Value; 2] {
    let registry = world.accounts_home().join("accounts.json");
    let registry: Value =
        serde_json::from_slice(&std::fs::read(registry).expect("the registry")).expect("JSON");
    [registry["accounts"].clone(), registry["pending"].clone()]
}

fn nobody() -> [Value; 2] {
    [json!([]), json!([])]
}
