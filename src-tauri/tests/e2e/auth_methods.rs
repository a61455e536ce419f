//! Every auth method, from the login screen to the account and out again, in test mode.

use serde_json::json;
use test_rig::{App, RigError, World};

use crate::faults::says;
use crate::forms::{
    ADMIN, MEMBER, admins_code, by_scheme, choose, consent, go_to_provider, is_logged_in, log_out_for_good,
    no_account_is_in, offered_first, send_link, to_tenant, type_code, use_link,
};
use crate::journey::{Done, PASSWORD, SOON, send_credentials, world};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_logs_in_pasted_opened_or_passed_as_an_argument() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    assert_eq!(offered_first(&app).await?, "password/email", "the tenant's own order");
    // Pasted whole.
    send_link(&app, ADMIN).await?;
    let link = app.text("test-link").await?;
    app.copy("test-link").await?;
    app.paste("link").await?;
    assert!(app.value("link").await? == link, "all of it is in the field");
    app.click("use-link").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    // Followed from the notice of test mode.
    assert_eq!(offered_first(&app).await?, "link/email", "the way of the last log-in");
    send_link(&app, MEMBER).await?;
    app.click("follow-test-link").await?;
    is_logged_in(&world, &app, "Åsa 名倉 Märta 🌻").await?;
    log_out_for_good(&world, &app).await?;
    // By the scheme: the desktop starts the app a second time.
    send_link(&app, ADMIN).await?;
    world.follow(&by_scheme(&app.text("test-link").await?))?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    assert!(!app.is_visible("arrived-link").await?, "it was asked for just now: no question");
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_logs_in_once_typed_or_pasted() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    // By e-mail, typed.
    choose(&app, "verificationCode", "email", "send-code").await?;
    app.type_text("email", ADMIN).await?;
    app.click("send-code").await?;
    app.wait_until_visible("test-code", SOON).await?;
    assert_eq!(app.all_by_testid("code-digit").await?.len(), 5, "and the first one");
    type_code(&app, &app.text("test-code").await?).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    // By SMS, pasted.
    choose(&app, "verificationCode", "sms", "phone-number").await?;
    app.type_text("phone-number", "+15555550102").await?;
    app.click("send-code").await?;
    app.wait_until_visible("test-code", SOON).await?;
    app.copy("test-code").await?;
    app.paste("code").await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    assert_eq!(offered_first(&app).await?, "verificationCode/sms");
    // Of an authenticator app, and one of its backup codes.
    choose(&app, "totp", "authenticator", "code").await?;
    app.type_text("email-or-username", ADMIN).await?;
    let code = admins_code(0);
    type_code(&app, &code).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    type_code(&app, &code).await?;
    says(&app, "used already").await?;
    let backup_code = sandbox::ADMIN_BACKUP_CODES[0];
    app.click("use-backup-code").await?;
    app.type_text("backup-code", backup_code).await?;
    app.click("log-in").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    app.click("use-backup-code").await?;
    app.type_text("backup-code", backup_code).await?;
    app.click("log-in").await?;
    says(&app, "used already").await?;
    no_account_is_in(&world).await?;
    app.stop().await
}

/// One provider, to the browser's last page and the account; and out again. Its page.
async fn sign_on(world: &World, app: &App, provider: &str, named: &str) -> Result<String, RigError> {
    choose(app, provider, "email", "continue-with-provider").await?;
    app.wait_for_text("continue-with-provider", named, SOON).await?;
    let address = go_to_provider(world, app).await?;
    assert!(address.starts_with(world.sandbox.api_base()), "{address}");
    let pages = consent(world, &address, "admin").await?;
    let last = pages.last().expect("a page");
    assert_eq!(last.status, 200, "{pages:?}");
    assert!(last.text.contains("You can close this window"), "{}", last.text);
    assert!(
        !last.address.contains('?') && !last.address.contains("token"),
        "a clean address: {}",
        last.address
    );
    assert!(!last.headers.contains_key("set-cookie") && last.headers["cache-control"].contains("no-store"));
    is_logged_in(world, app, "Alva Admin").await?;
    log_out_for_good(world, app).await?;
    assert_eq!(offered_first(app).await?, format!("{provider}/email"));
    Ok(address)
}

#[tokio::test(flavor = "multi_thread")]
async fn single_sign_on_comes_back_from_the_browser() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "sso01234").await?;
    for (provider, named) in [
        ("apple", "Apple"),
        ("azure", "Azure"),
        ("facebook", "Facebook"),
        ("github", "GitHub"),
        ("google", "Google"),
        ("linkedin", "LinkedIn"),
        ("okta", "Okta"),
        ("twitter", "Twitter"),
    ] {
        sign_on(&world, &app, provider, named).await?;
    }
    let custom = sign_on(&world, &app, "custom", "single sign-on").await?;
    assert!(custom.contains("provider_id=acme-login"), "{custom}");
    // An unknown factor is there, and off.
    let unknown = [("strategy", "webauthn"), ("channel", "device")];
    let off = app.attribute_of_one("first-factor", &unknown, "aria-disabled").await?;
    assert_eq!(off.as_deref(), Some("true"));
    app.wait_for_text("login-view", "does not know", SOON).await?;
    app.click_one("first-factor", &unknown).await?;
    assert_eq!(offered_first(&app).await?, "custom/email");
    assert!(!app.is_visible("error").await?);
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_without_a_known_auth_method_is_explained_without_an_error() -> Done {
    let world = world()?.start()?;
    let only = json!({"firstFactors": [{"strategy": "webauthn", "channel": "device"}]});
    world.sandbox.set_tenant("demo1234", &only).await?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    app.wait_for_text("login-view", "does not know", SOON).await?;
    assert!(!app.is_visible("error").await? && !app.is_visible("password").await?);
    app.stop().await
}

/// The form of a new user, by this way.
async fn to_sign_up(app: &App, way: &str, name: &str) -> Done {
    app.wait_until_visible("show-sign-up", SOON).await?;
    app.click("show-sign-up").await?;
    app.wait_until_visible("sign-up", SOON).await?;
    app.click_one("sign-up-way", &[("way", way)]).await?;
    let begin = std::time::Instant::now();
    while app.attribute_of_one("sign-up-way", &[("way", way)], "aria-pressed").await?.as_deref()
        != Some("true")
    {
        assert!(begin.elapsed() < SOON, "{way} is chosen");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    app.fill("name", name).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_user_signs_up_by_password_link_or_code() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    to_sign_up(&app, "password", "Ågot Ny 名 🌻").await?;
    app.type_text("username", "agot").await?;
    app.type_text("email", "agot@example.com").await?;
    app.type_text("password", "weak").await?;
    assert_eq!(app.attribute("password-rule", "data-met").await?.as_deref(), Some("false"));
    app.click("sign-up").await?;
    is_logged_in(&world, &app, "Ågot Ny 名 🌻").await?;
    log_out_for_good(&world, &app).await?;
    to_sign_up(&app, "link", "Lina Länk").await?;
    app.type_text("email", "lina@example.com").await?;
    app.click("sign-up").await?;
    app.wait_until_visible("follow-test-link", SOON).await?;
    no_account_is_in(&world).await?;
    app.click("follow-test-link").await?;
    is_logged_in(&world, &app, "Lina Länk").await?;
    log_out_for_good(&world, &app).await?;
    for (way, field, address, name) in [
        ("emailCode", "email", "kaj@example.com", "Kaj Kod"),
        ("smsCode", "phone-number", "+15555550999", "Siri Sms"),
    ] {
        to_sign_up(&app, way, name).await?;
        app.wait_until_visible(field, SOON).await?;
        app.type_text(field, address).await?;
        app.click("sign-up").await?;
        app.wait_until_visible("test-code", SOON).await?;
        type_code(&app, &app.text("test-code").await?).await?;
        is_logged_in(&world, &app, name).await?;
        log_out_for_good(&world, &app).await?;
    }
    // The address is enough.
    to_sign_up(&app, "link", "").await?;
    app.type_text("email", "alone@example.com").await?;
    app.click("sign-up").await?;
    app.wait_until_visible("follow-test-link", SOON).await?;
    app.click("follow-test-link").await?;
    is_logged_in(&world, &app, "alone@example.com").await?;
    log_out_for_good(&world, &app).await?;
    // An existing user does not sign up once more.
    to_sign_up(&app, "password", "Twice").await?;
    app.type_text("email", ADMIN).await?;
    app.type_text("password", PASSWORD).await?;
    app.click("sign-up").await?;
    says(&app, "not signed up").await?;
    no_account_is_in(&world).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_reset_by_a_link() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    app.click("forgot-password").await?;
    app.wait_until_visible("send-link", SOON).await?;
    app.type_text("email", MEMBER).await?;
    app.click("send-link").await?;
    app.wait_until_visible("follow-test-link", SOON).await?;
    let link = app.text("test-link").await?;
    app.click("follow-test-link").await?;
    app.wait_until_visible("new-password", SOON).await?;
    app.type_text("new-password", "another 1").await?;
    app.wait_for_text("password-rule", "16", SOON).await?;
    assert_eq!(app.attribute("password-rule", "data-met").await?.as_deref(), Some("true"));
    app.click("log-in").await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    // From now on the new one, and not the old one.
    app.wait_until_visible("password", SOON).await?;
    send_credentials(&app, MEMBER, PASSWORD).await?;
    says(&app, "password is wrong").await?;
    send_credentials(&app, MEMBER, "another 1").await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    // The link has had its day; it comes unasked now, and says what it is for.
    world.follow(&by_scheme(&link))?;
    app.wait_until_visible("take-link", SOON).await?;
    app.wait_for_text("dialog", "Choose a new password", SOON).await?;
    app.click("take-link").await?;
    app.wait_until_visible("new-password", SOON).await?;
    app.type_text("new-password", "a third one 3").await?;
    app.click("log-in").await?;
    says(&app, "has been used").await?;
    no_account_is_in(&world).await?;
    // Without a `type`: pasted, and by the scheme.
    world.sandbox.set_tenant("demo1234", &json!({"resetLinksHaveType": false})).await?;
    app.click("leave-step").await?;
    app.wait_until_visible("forgot-password", SOON).await?;
    for by_the_scheme in [false, true] {
        app.click("forgot-password").await?;
        app.wait_until_visible("send-link", SOON).await?;
        app.type_text("email", MEMBER).await?;
        app.click("send-link").await?;
        app.wait_until_visible("follow-test-link", SOON).await?;
        let link = app.text("test-link").await?;
        assert!(link.contains("/reset?") && !link.contains("type="), "{link}");
        if by_the_scheme {
            world.follow(&by_scheme(&link))?;
        } else {
            use_link(&app, &link).await?;
        }
        app.wait_until_visible("new-password", SOON).await?;
        app.type_text("new-password", "another 1").await?;
        app.click("log-in").await?;
        is_logged_in(&world, &app, "Åsa").await?;
        log_out_for_good(&world, &app).await?;
        app.wait_until_visible("forgot-password", SOON).await?;
    }
    app.stop().await
}
