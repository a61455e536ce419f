//! Live mode: nothing is shown that was sent, the tenant's own site is the origin,
//! passwords follow the rule, and there is SAML.

use test_rig::{App, World};

use crate::canary::{Canaries, search};
use crate::faults::says;
use crate::forms::{
    ADMIN, choose, consent, go_to_provider, is_logged_in, log_out_for_good, no_account_is_in, send_link,
    to_tenant_at, type_code, use_link,
};
use crate::journey::{Done, PASSWORD, SOON, nothing_lives, send_credentials, world};

/// The tenant's own site.
const SITE: &str = "acme.example";

fn live_world() -> Result<World, test_rig::RigError> {
    world()?.sandbox_arguments(&["--mode", "live"]).start()
}

#[tokio::test(flavor = "multi_thread")]
async fn links_and_codes_come_by_mail_and_the_browser_ends_at_the_tenants_site() -> Done {
    let world = live_world()?;
    let app = world.open_app().await?;
    // Typed as people type it; an origin is in lower case everywhere.
    to_tenant_at(&app, "sso01234", "Acme.Example").await?;
    assert!(!app.is_visible("test-mode").await?);
    send_link(&app, ADMIN).await?;
    assert!(!app.is_visible("test-link").await? && !app.is_visible("follow-test-link").await?);
    let link = world.sandbox.last_mail().await?.link.expect("a link");
    assert!(link.starts_with("https://acme.example/login?"), "the site is the origin of every call");
    use_link(&app, &link).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    for (channel, field, address) in [("email", "email", ADMIN), ("sms", "phone-number", "+15555550101")] {
        choose(&app, "verificationCode", channel, "send-code").await?;
        app.wait_until_visible(field, SOON).await?;
        app.type_text(field, address).await?;
        app.click("send-code").await?;
        app.wait_until_visible("send-again", SOON).await?;
        assert!(!app.is_visible("test-code").await?);
        let code = world.sandbox.last_mail().await?.verification_code.expect("a code");
        type_code(&app, &code).await?;
        is_logged_in(&world, &app, "Alva Admin").await?;
        log_out_for_good(&world, &app).await?;
    }
    // Single sign-on: once by a provider that says what its link is for, once by one that does not.
    for (strategy, channel, named) in [("github", "email", "GitHub"), ("apple", "email", "Apple")] {
        choose(&app, strategy, channel, "continue-with-provider").await?;
        app.wait_for_text("continue-with-provider", named, SOON).await?;
        let address = go_to_provider(&world, &app).await?;
        assert!(address.contains("origin=https%3A%2F%2Facme.example&"), "{address}");
        app.wait_for_text("login-view", "tenant's own site", SOON).await?;
        let pages = consent(&world, &address, "admin").await?;
        let link = pages.last().and_then(|page| page.leads_to.clone()).expect("the tenant's site");
        assert!(link.starts_with("https://acme.example/login?token="));
        use_link(&app, &link).await?;
        is_logged_in(&world, &app, "Alva Admin").await?;
        log_out_for_good(&world, &app).await?;
    }
    let requests = world.sandbox.requests().await?;
    let from_the_app: Vec<_> = requests.iter().filter(|request| !request.path.contains("/login")).collect();
    for request in from_the_app {
        for header in ["origin", "x-origin", "x-application-id"] {
            let said = request.headers.get(header).map(String::as_str);
            assert_eq!(said, Some("https://acme.example"), "{header} of {request:?}");
        }
    }
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_password_is_refused_before_it_is_sent() -> Done {
    let world = live_world()?;
    let app = world.open_app().await?;
    to_tenant_at(&app, "demo1234", SITE).await?;
    app.click("show-sign-up").await?;
    app.wait_until_visible("sign-up", SOON).await?;
    app.type_text("name", "Ny").await?;
    app.type_text("email", "ny@example.com").await?;
    let before = world.sandbox.requests().await?.len();
    for weak in ["weak", "weakweak", "12345678", "fifteen letters"] {
        app.type_text("password", weak).await?;
        assert_eq!(app.attribute("password-rule", "data-met").await?.as_deref(), Some("false"), "{weak}");
        app.click("sign-up").await?;
        says(&app, "at least 16 characters").await?;
    }
    assert_eq!(world.sandbox.requests().await?.len(), before);
    app.type_text("password", "weakwea1").await?;
    assert_eq!(app.attribute("password-rule", "data-met").await?.as_deref(), Some("true"));
    app.click("sign-up").await?;
    is_logged_in(&world, &app, "Ny").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

/// One step at a service provider, which the browser completes once.
async fn complete(world: &World, app: &App, button: &str, path: &str) -> Result<String, test_rig::RigError> {
    let known = world.browser.opened()?.len();
    app.click(button).await?;
    let address = world.browser.next(known, SOON).await?;
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    assert!(!address.contains('?') && !address.starts_with(world.sandbox.api_base()), "{address}");
    app.wait_for_text("notice", &address, SOON).await?;
    let pages = world.browser.visit(&address).await?;
    let [first, last] = &pages[..] else { panic!("{pages:?}") };
    assert!(first.status == 303 && last.status == 200, "{pages:?}");
    assert!(last.address.contains(path), "{pages:?}");
    assert!(last.text.contains("id=\"complete\""), "{}", last.text);
    app.wait_until_gone("notice", SOON).await?;
    assert!(world.browser.visit(&address).await.map_or(true, |pages| pages[0].leads_to.is_none()), "once");
    let (_, token) = last.address.split_once("token=").expect("a token");
    Ok(token.split('&').next().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn saml_is_completed_in_the_browser_without_a_token_in_its_arguments() -> Done {
    let world = live_world()?;
    let app = world.open_app().await?;
    to_tenant_at(&app, "demo1234", SITE).await?;
    send_credentials(&app, ADMIN, PASSWORD).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    app.click("show-profile").await?;
    app.wait_until_visible("saml-log-in", SOON).await?;
    let tokens = [
        complete(&world, &app, "saml-log-in", "auth/saml/idp/login").await?,
        complete(&world, &app, "saml-log-out", "auth/saml/idp/logout").await?,
    ];
    let canaries = Canaries::of(&tokens);
    assert!(canaries.found_in(&tokens.join(" ")) > 0);
    // The addresses that the browser was opened on are among the files.
    search(&world, &app, &canaries).await?;
    app.click("leave-view").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    no_account_is_in(&world).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_offers_the_page_of_the_tenants_own_site() -> Done {
    let world = live_world()?;
    let app = world.open_app().await?;
    to_tenant_at(&app, "demo1234", SITE).await?;
    send_credentials(&app, ADMIN, PASSWORD).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    // As a button with a path of the site's own.
    let log_out = "const snapshot = await window.__TAURI_INTERNALS__.invoke('plugin:accounts|snapshot');
        const account = snapshot.accounts[0].id;
        const redirect = '/goodbye?a=b';
        await window.__TAURI_INTERNALS__.invoke('plugin:accounts|log_out', {account, redirect});
        return true";
    app.script(&format!("return (async () => {{ {log_out} }})()"), vec![]).await?;
    app.wait_until_visible("open-in-browser", SOON).await?;
    app.wait_for_text("notice", "acme.example/goodbye?a=b", SOON).await?;
    let known = world.browser.opened()?.len();
    app.click("open-in-browser").await?;
    assert_eq!(world.browser.next(known, SOON).await?, "https://acme.example/goodbye?a=b");
    nothing_lives(&world, "logged out").await?;
    app.stop().await
}
