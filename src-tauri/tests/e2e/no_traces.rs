//! No auth method leaves a secret where it could be read.

use test_rig::{App, RigError, SandboxRequest, World};

use crate::canary::{Canaries, all_sent, search, search_files};
use crate::faults::says;
use crate::forms::{
    ADMIN, MEMBER, admins_code, by_scheme, choose, choose_second, code_of, consent, go_to_provider,
    is_logged_in, log_out_for_good, send_link, shown_backup_codes, shown_secret, to_tenant, type_code,
    use_link,
};
use crate::journey::{Done, PASSWORD, SOON, send_credentials, world};
use crate::profile::change_addresses;

/// Everything that the server was sent so far, and the tokens in the keyring, are nowhere to be found.
async fn nothing_is_found(world: &World, app: &App) -> Result<Canaries, RigError> {
    let requests = world.sandbox.requests().await?;
    let tokens: Vec<_> = world.entries()?.into_iter().map(|entry| entry.secret).collect();
    let mut canaries = Canaries::of_requests(&requests);
    if !tokens.is_empty() {
        canaries = canaries.and(Canaries::of(&tokens));
    }
    assert!(canaries.found_in(&all_sent(&requests)) > 0, "the search finds what is there");
    search(world, app, &canaries).await?;
    Ok(canaries)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_link_a_code_or_a_browser_is_found_anywhere() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "sso01234").await?;
    // A link: wrong ones are said without being repeated.
    send_link(&app, ADMIN).await?;
    let link = app.text("test-link").await?;
    let (_, token) = link.split_once("token=").expect("a token");
    let token = token.split('&').next().unwrap_or_default().to_owned();
    use_link(&app, &link.replace(&token, "wrong-canary-0123456789")).await?;
    says(&app, "link is wrong").await?;
    use_link(&app, &link.replace(&token, "malformed+canary+0123456789")).await?;
    says(&app, "damaged").await?;
    app.click("follow-test-link").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    search(&world, &app, &Canaries::of(&[token, "canary-0123".to_owned(), "canary+0123".to_owned()])).await?;
    log_out_for_good(&world, &app).await?;
    // The same by our scheme: a second start hands it over, and keeps nothing of it either.
    send_link(&app, ADMIN).await?;
    let link = app.text("test-link").await?;
    let (_, token) = link.split_once("token=").expect("a token");
    let token = token.split('&').next().unwrap_or_default().to_owned();
    world.follow(&by_scheme(&link))?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    search(&world, &app, &Canaries::of(&[token])).await?;
    log_out_for_good(&world, &app).await?;
    // A code, and a wrong one.
    choose(&app, "verificationCode", "email", "send-code").await?;
    app.type_text("email", ADMIN).await?;
    app.click("send-code").await?;
    app.wait_until_visible("test-code", SOON).await?;
    let code = app.text("test-code").await?;
    type_code(&app, if code == "192837" { "918273" } else { "192837" }).await?;
    says(&app, "code is wrong").await?;
    type_code(&app, &code).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    // The authenticator and its backup codes.
    choose(&app, "totp", "authenticator", "code").await?;
    app.type_text("email-or-username", ADMIN).await?;
    type_code(&app, &admins_code(0)).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    choose(&app, "totp", "authenticator", "use-backup-code").await?;
    app.click("use-backup-code").await?;
    app.type_text("email-or-username", ADMIN).await?;
    app.type_text("backup-code", sandbox::ADMIN_BACKUP_CODES[1]).await?;
    app.click("log-in").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    nothing_is_found(&world, &app).await?;
    log_out_for_good(&world, &app).await?;
    // The browser: what it came back with, and the arguments that it was opened with.
    choose(&app, "google", "email", "continue-with-provider").await?;
    let address = go_to_provider(&world, &app).await?;
    let pages = consent(&world, &address, "admin").await?;
    let back = pages[0].leads_to.clone().expect("the way back");
    let (_, token) = back.split_once("token=").expect("a token");
    let token = token.split('&').next().unwrap_or_default().to_owned();
    is_logged_in(&world, &app, "Alva Admin").await?;
    assert!(!pages.last().expect("a page").text.contains(&token));
    search(&world, &app, &Canaries::of(&[token])).await?;
    log_out_for_good(&world, &app).await?;
    let all = nothing_is_found(&world, &app).await?;
    app.stop().await?;
    search_files(&world, &all);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_new_password_or_a_second_factor_is_found_anywhere() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    // A new user, a new password after a forgotten one.
    app.click("show-sign-up").await?;
    app.wait_until_visible("sign-up", SOON).await?;
    app.type_text("name", "Nina Ny").await?;
    app.type_text("email", "nina@example.com").await?;
    app.type_text("password", "sign-up-canary-1").await?;
    app.click("sign-up").await?;
    is_logged_in(&world, &app, "Nina Ny").await?;
    nothing_is_found(&world, &app).await?;
    log_out_for_good(&world, &app).await?;
    app.click("forgot-password").await?;
    app.wait_until_visible("send-link", SOON).await?;
    app.click("send-link").await?;
    app.wait_until_visible("follow-test-link", SOON).await?;
    app.click("follow-test-link").await?;
    app.wait_until_visible("new-password", SOON).await?;
    app.type_text("new-password", "reset-canary-1").await?;
    app.click("log-in").await?;
    is_logged_in(&world, &app, "Nina Ny").await?;
    nothing_is_found(&world, &app).await?;
    // Another one, by the profile: right and wrong.
    app.click("show-profile").await?;
    app.wait_until_visible("change-password", SOON).await?;
    for existing in ["wrong-canary-1", "reset-canary-1"] {
        app.type_text("existing-password", existing).await?;
        app.type_text("new-password", "profile-canary-1").await?;
        app.click("change-password").await?;
        if existing.starts_with("wrong") {
            says(&app, "was not changed just now").await?;
        }
    }
    app.wait_for_text("notice", "was changed", SOON).await?;
    nothing_is_found(&world, &app).await?;
    // Another e-mail address by a link, another phone number by a code.
    change_addresses(&app, "ny@example.com", "+15555559999").await?;
    // The entries of older sessions are deleted in the background, and cannot be read meanwhile.
    let begin = std::time::Instant::now();
    while world.entries()?.len() != 2 {
        assert!(begin.elapsed() < SOON, "only the account's own entries are left");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    nothing_is_found(&world, &app).await?;
    app.click("leave-view").await?;
    is_logged_in(&world, &app, "Nina Ny").await?;
    log_out_for_good(&world, &app).await?;
    // A second factor that is set up on the way: the first-factor token, the secret, the backup codes.
    let totp = serde_json::json!({"secondFactors": [{"strategy": "totp", "channel": "authenticator"}]});
    world.sandbox.set_tenant("mfa01234", &totp).await?;
    to_tenant(&app, "mfa01234").await?;
    app.wait_until_visible("password", SOON).await?;
    send_credentials(&app, MEMBER, PASSWORD).await?;
    choose_second(&app, "totp", "authenticator", "totp-secret").await?;
    let requests = world.sandbox.requests().await?;
    let first_factor: Vec<_> =
        requests.iter().filter_map(SandboxRequest::bearer).filter(|it| it.starts_with("uf_")).collect();
    assert!(!first_factor.is_empty(), "the set-up was asked for with it");
    nothing_is_found(&world, &app).await?;
    let secret = shown_secret(&app).await?;
    let mut shown = shown_backup_codes(&app).await?;
    assert_eq!(shown.len(), 10);
    shown.push(secret.clone());
    type_code(&app, &code_of(&secret, 0)).await?;
    is_logged_in(&world, &app, "Åsa").await?;
    search(&world, &app, &Canaries::of(&shown)).await?;
    let all = nothing_is_found(&world, &app).await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await?;
    search_files(&world, &all);
    Ok(())
}
