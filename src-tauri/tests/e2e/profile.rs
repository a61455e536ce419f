//! My account: what users change about themselves, and what becomes of their session meanwhile.

use serde_json::{Value, json};
use test_rig::{App, RigError, SandboxSession, World};

use crate::faults::says;
use crate::forms::{
    ADMIN, MEMBER, choose, code_of, is_logged_in, log_out_for_good, shown_secret, to_tenant, type_code,
};
use crate::journey::{Done, PASSWORD, SOON, access_token, only_session, send_credentials, world};

async fn log_in_as(app: &App, user: &str) -> Done {
    to_tenant(app, "demo1234").await?;
    send_credentials(app, user, PASSWORD).await?;
    app.wait_until_visible("account-view", SOON).await?;
    show_profile(app).await
}

async fn show_profile(app: &App) -> Done {
    app.wait_until_visible("show-profile", SOON).await?;
    app.click("show-profile").await?;
    app.wait_until_visible("save-profile", SOON).await?;
    Ok(())
}

/// Saves, and waits until the server's answer is shown.
async fn save(app: &App) -> Done {
    app.click("save-profile").await?;
    app.wait_for_text("notice", "were saved", SOON).await?;
    app.click_css("[data-testid=notice] [aria-label=Dismiss]").await?;
    app.wait_until_gone("notice", SOON).await?;
    Ok(())
}

/// The user, as the server has it.
async fn at_the_server(world: &World) -> Result<Value, RigError> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{}self", world.sandbox.api_base());
    let answer = client.get(url).bearer_auth(access_token(world)?).send().await?;
    Ok(answer.error_for_status()?.json().await?)
}

/// The bodies of the changes so far.
async fn changes(world: &World) -> Result<Vec<Value>, RigError> {
    let calls = world.sandbox.requests_to("PUT", "/self").await?;
    Ok(calls.iter().map(|call| serde_json::from_str(&call.body).expect("JSON")).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_change_sends_the_changed_field_alone_and_refreshes() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in_as(&app, ADMIN).await?;
    let (before, session) = (access_token(&world)?, only_session(&world).await?);
    assert_eq!(app.value("name").await?, "Alva Admin");
    assert_eq!(app.value("username").await?, "admin");
    app.wait_for_text("profile-view", ADMIN, SOON).await?;
    app.wait_for_text("profile-view", "+15555550101", SOON).await?;
    let name = "Ådmin 名 🌻 مرحبا";
    app.fill("name", name).await?;
    save(&app).await?;
    assert_eq!(changes(&world).await?, [json!({ "name": name })], "and nothing else");
    // A refresh follows, as with the official client; the session stays.
    let requests = world.sandbox.requests().await?;
    let order: Vec<_> = requests
        .iter()
        .filter(|request| request.method == "PUT" || request.path.ends_with("auth/refresh"))
        .map(|request| (request.method.as_str(), request.path.rsplit('/').next().unwrap_or_default()))
        .collect();
    assert_eq!(order, [("PUT", "self"), ("GET", "refresh")]);
    assert!(access_token(&world)? != before, "new tokens are kept");
    assert_eq!(only_session(&world).await?, session);
    // Everything else that there is, at once.
    let long: String = "名".repeat(4096 / 3);
    let data = json!({"ключ": ["🙂", null, 1.5], "long": long});
    app.fill("name", &long).await?;
    app.fill("username", "ådmin").await?;
    app.fill("custom-data", &data.to_string()).await?;
    save(&app).await?;
    let user = at_the_server(&world).await?;
    assert_eq!((&user["name"], &user["username"], &user["data"]), (&json!(long), &json!("ådmin"), &data));
    let sent = changes(&world).await?;
    assert_eq!(sent[1], json!({"name": long, "username": "ådmin", "data": data}));
    // Emptied again.
    app.fill("name", "").await?;
    app.fill("custom-data", "").await?;
    save(&app).await?;
    let user = at_the_server(&world).await?;
    assert!(user["name"].as_str().unwrap_or_default().is_empty(), "{}", user["name"]);
    assert!(user["data"].as_object().is_none_or(serde_json::Map::is_empty), "{}", user["data"]);
    app.fill("name", "Alva Admin").await?;
    save(&app).await?;
    app.click("leave-view").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_profile_field_is_marked_and_not_sent() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in_as(&app, ADMIN).await?;
    for invalid in ["{\"a\": }", "[1]", "{\"a\": 1", "null"] {
        app.fill("custom-data", invalid).await?;
        app.wait_for_text("custom-data-fault", "Line 1", SOON).await?;
        app.click("save-profile").await?;
    }
    app.fill("custom-data", "{}").await?;
    for address in ["http://example.com/a.png", "javascript:alert(1)", "picture"] {
        app.fill("image", address).await?;
        app.click("save-profile").await?;
        says(&app, "starts with https://").await?;
    }
    app.fill("image", "").await?;
    assert_eq!(changes(&world).await?, Vec::<Value>::new());
    // The server alone knows that another user has this name.
    app.fill("username", "member").await?;
    app.click("save-profile").await?;
    says(&app, "Nothing was saved").await?;
    assert_eq!(at_the_server(&world).await?["username"], "admin");
    assert_eq!(app.value("username").await?, "member", "what was typed is still there to be mended");
    // Going elsewhere asks first.
    app.click("leave-view").await?;
    app.wait_until_visible("leave-unsaved", SOON).await?;
    app.click("leave-unsaved").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_wants_the_existing_one() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in_as(&app, MEMBER).await?;
    app.type_text("existing-password", "not the one").await?;
    app.type_text("new-password", "brand new 1").await?;
    assert_eq!(app.attribute("password-rule", "data-met").await?.as_deref(), Some("true"));
    app.click("change-password").await?;
    says(&app, "was not changed just now").await?;
    app.wait_until_focused("existing-password", SOON).await?;
    app.type_text("existing-password", PASSWORD).await?;
    app.click("change-password").await?;
    app.wait_for_text("notice", "was changed", SOON).await?;
    assert_eq!(app.value("existing-password").await?, "");
    assert_eq!(app.value("new-password").await?, "");
    app.click("leave-view").await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    send_credentials(&app, MEMBER, PASSWORD).await?;
    says(&app, "password is wrong").await?;
    send_credentials(&app, MEMBER, "brand new 1").await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

/// Waits until one session is alive, and not this one.
async fn another_session_than(world: &World, before: &SandboxSession) -> Done {
    let begin = std::time::Instant::now();
    loop {
        let alive = world.sandbox.alive().await?;
        if alive.len() == 1 && alive[0] != *before {
            return Ok(());
        }
        assert!(begin.elapsed() < SOON, "the older session is ended: {alive:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Changes e-mail address and phone number by what test mode shows.
pub(crate) async fn change_addresses(app: &App, email: &str, number: &str) -> Done {
    for (change, field, address, sent) in [
        ("change-email", "email", email, "follow-verification"),
        ("change-phone", "phone-number", number, "test-code"),
    ] {
        app.wait_until_visible(change, SOON).await?;
        app.click(change).await?;
        app.type_text(field, address).await?;
        app.click("send-verification").await?;
        app.wait_until_visible(sent, SOON).await?;
        if sent == "test-code" {
            type_code(app, &app.text("test-code").await?).await?;
        } else {
            app.click(sent).await?;
        }
        app.wait_until_gone(sent, SOON).await?;
        app.wait_for_text("profile-addresses", address, SOON).await?;
        app.wait_for_text("notice", address, SOON).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_address_counts_once_its_link_or_code_is_used() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in_as(&app, MEMBER).await?;
    let before = only_session(&world).await?;
    // Sent, and thought better of.
    app.click("change-email").await?;
    app.type_text("email", "never@example.com").await?;
    app.click("send-verification").await?;
    app.wait_until_visible("leave-verification", SOON).await?;
    assert_eq!(at_the_server(&world).await?["email"], MEMBER);
    app.click("leave-verification").await?;
    app.wait_until_visible("change-email", SOON).await?;
    // Another user's.
    app.click("change-email").await?;
    app.type_text("email", ADMIN).await?;
    app.click("send-verification").await?;
    says(&app, "Nothing was sent").await?;
    app.click("keep-address").await?;
    change_addresses(&app, "asa@example.com", "+15555559999").await?;
    another_session_than(&world, &before).await?;
    let user = at_the_server(&world).await?;
    assert_eq!((&user["email"], &user["phoneNumber"]), (&json!("asa@example.com"), &json!("+15555559999")));
    app.click("leave-view").await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    send_credentials(&app, "asa@example.com", PASSWORD).await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_up_an_authenticator_replaces_the_session() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in_as(&app, MEMBER).await?;
    let before = only_session(&world).await?;
    app.click("set-up-totp").await?;
    app.wait_until_visible("qr-code", SOON).await?;
    // Thought better of: nothing has changed.
    app.click("leave-totp").await?;
    app.wait_until_gone("qr-code", SOON).await?;
    assert_eq!(only_session(&world).await?, before);
    app.click("set-up-totp").await?;
    app.wait_until_visible("totp-secret", SOON).await?;
    type_code(&app, "000000").await?;
    says(&app, "code is wrong").await?;
    assert_eq!(only_session(&world).await?, before);
    let secret = shown_secret(&app).await?;
    type_code(&app, &code_of(&secret, 0)).await?;
    app.wait_for_text("notice", "is set up", SOON).await?;
    app.wait_until_gone("qr-code", SOON).await?;
    // The code has logged the same account in again.
    another_session_than(&world, &before).await?;
    app.click("leave-view").await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    choose(&app, "totp", "authenticator", "code").await?;
    app.type_text("email-or-username", MEMBER).await?;
    type_code(&app, &code_of(&secret, 30)).await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}
