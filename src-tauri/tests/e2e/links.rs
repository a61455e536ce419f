//! Links and codes that are not what they should be: each a clear message, nothing sent that need not be,
//! nothing kept.

use test_rig::{App, RigError, World};

use crate::faults::says;
use crate::forms::{
    ADMIN, MEMBER, by_scheme, choose, is_logged_in, log_out_for_good, no_account_is_in, send_link, to_tenant,
    type_code, unasked_link, use_link,
};
use crate::journey::{Done, SOON, world};

/// How many calls there were so far.
async fn calls(world: &World) -> Result<usize, RigError> {
    Ok(world.sandbox.requests().await?.len())
}

/// The app's notice about a link from outside; then the notice is dismissed, so that the next one is
/// seen.
pub(crate) async fn tells(app: &App, words: &str) -> Done {
    app.wait_for_text("notice", words, SOON).await?;
    app.click_css("[data-testid=notice] [aria-label=Dismiss]").await?;
    app.wait_until_gone("notice", SOON).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_not_asked_for_asks_first() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    let link = unasked_link(&world, "demo1234", ADMIN).await?;
    let host = world.sandbox.api_base().trim_start_matches("http://").trim_end_matches("/v0/");
    let before = calls(&world).await?;
    world.follow(&by_scheme(&link))?;
    app.wait_until_visible("arrived-link", SOON).await?;
    app.wait_for_text("arrived-link", "demo1234", SOON).await?;
    app.wait_for_text("arrived-link", host, SOON).await?;
    app.wait_for_text("arrived-link", "not on this computer yet", SOON).await?;
    app.wait_until_focused("ignore-link", SOON).await?;
    app.click("ignore-link").await?;
    app.wait_until_gone("arrived-link", SOON).await?;
    assert_eq!(calls(&world).await?, before, "nothing was sent");
    no_account_is_in(&world).await?;
    // The same once more, and taken.
    world.follow(&by_scheme(&link))?;
    app.wait_until_visible("take-link", SOON).await?;
    app.click("take-link").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    let first = world.sandbox.alive().await?;
    // With an account logged in it asks as well, and names the account.
    let link = unasked_link(&world, "demo1234", ADMIN).await?;
    world.follow(&by_scheme(&link))?;
    app.wait_for_text("arrived-link", "Alva Admin", SOON).await?;
    app.click("take-link").await?;
    let begin = std::time::Instant::now();
    loop {
        let alive = world.sandbox.alive().await?;
        if alive.len() == 1 && alive != first {
            break;
        }
        assert!(begin.elapsed() < SOON, "the new session takes the older one's place: {alive:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    // Asked for, and then thought better of.
    send_link(&app, ADMIN).await?;
    let link = app.text("test-link").await?;
    app.click("leave-step").await?;
    app.wait_until_visible("send-link", SOON).await?;
    world.follow(&by_scheme(&link))?;
    app.wait_until_visible("ignore-link", SOON).await?;
    app.press_escape().await?;
    app.wait_until_gone("arrived-link", SOON).await?;
    no_account_is_in(&world).await?;
    // Asked for, and the app was closed meanwhile: the one that the link opens knows nothing of that, and
    // asks.
    send_link(&app, ADMIN).await?;
    let link = by_scheme(&app.text("test-link").await?);
    app.stop().await?;
    let app = App::open(world.programs(), &[&link], world.environment()).await?;
    app.wait_until_visible("take-link", SOON).await?;
    no_account_is_in(&world).await?;
    app.click("take-link").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_link_from_outside_is_reported_and_not_sent() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    let real = by_scheme(&unasked_link(&world, "demo1234", ADMIN).await?);
    let before = calls(&world).await?;
    // No tenant is chosen yet.
    world.follow(&real)?;
    tells(&app, "not clear for which tenant").await?;
    assert_eq!(calls(&world).await?, before);
    to_tenant(&app, "demo1234").await?;
    let before = calls(&world).await?;
    let long = format!("{real}&{}", "x".repeat(100_000));
    for (link, words) in [
        (format!("{real}&tenant_id=nordlich"), "not clear for which tenant"),
        (format!("{real}&api_url=https://evil.example/v0/"), "choose another server"),
        (real.replace("login?", "evil@login?"), "user name before its host"),
        (real.replace("token=", "token=x&token="), "more than one token"),
        (real.replace("token=", "token=%61"), "characters in it"),
        (real.replace("login?", "log\u{202e}in?"), "characters in it"),
        (real.replace("login?", "logout?"), "not a link"),
        ("userfront-accounts:".to_owned(), "not a link"),
        (long, "too long"),
    ] {
        world.follow(&link)?;
        tells(&app, words).await?;
        assert!(!app.is_visible("arrived-link").await?);
    }
    assert_eq!(calls(&world).await?, before, "nothing was sent");
    no_account_is_in(&world).await?;
    // A link was asked for, and one for another tenant comes.
    send_link(&app, ADMIN).await?;
    let before = calls(&world).await?;
    world.follow(&format!("{real}&tenant_id=nordlich"))?;
    tells(&app, "not clear for which tenant").await?;
    assert_eq!(calls(&world).await?, before);
    no_account_is_in(&world).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_link_that_is_pasted_goes_nowhere() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    send_link(&app, ADMIN).await?;
    let real = app.text("test-link").await?;
    let (_, query) = real.split_once('?').expect("a query");
    let before = calls(&world).await?;
    let long = format!("{real}&{}", "x".repeat(1_000_000));
    for (link, words) in [
        (format!("javascript:alert(document.domain)//?{query}"), "does not lead to a web page"),
        (format!("data:text/html,<script>1</script>?{query}"), "does not lead to a web page"),
        (long, "too long"),
        (real.replace("token=", "token=\u{7}"), "characters in it"),
        (real.replace("/login", "/log\u{200b}in"), "characters in it"),
        (format!("{real}\\@evil.example"), "characters in it"),
        (real.replace("uuid=", "uuid=%00"), "characters in it"),
        (real.replace("token=", "token=%2541"), "characters in it"),
        (real.replace("token=", "%74oken="), "characters in it"),
        (real.replace("http://", "http://localhost:3000@"), "user name before its host"),
        (format!("{real}&apiUrl=https://evil.example/v0/"), "choose another server"),
        (format!("{real}&uuid=1"), "more than one uuid"),
        (format!("{real}&tenant_id=nordlich"), "for another tenant"),
        (real.replace("token=", "toke="), "has no token"),
        ("hello".to_owned(), "not a link"),
    ] {
        use_link(&app, &link).await?;
        says(&app, words).await?;
        app.wait_until_focused("link", SOON).await?;
        assert_eq!(app.value("link").await?, "", "one that is refused is not kept");
    }
    // The right one, from the wrong site: the user is asked.
    use_link(&app, &format!("https://evil.example/login?{query}")).await?;
    app.wait_for_text("other-site", "evil.example", SOON).await?;
    app.wait_for_text("arrived-link", ADMIN, SOON).await?;
    app.click("ignore-link").await?;
    app.wait_until_gone("arrived-link", SOON).await?;
    assert_eq!(calls(&world).await?, before, "nothing was sent");
    assert_eq!(app.script("return location.origin", vec![]).await?, serde_json::json!("tauri://localhost"));
    no_account_is_in(&world).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_expired_and_used_up_links_and_codes_are_refused() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    // Of another tenant, wrong, expired.
    send_link(&app, ADMIN).await?;
    let link = app.text("test-link").await?;
    let foreign = unasked_link(&world, "mfa01234", ADMIN).await?;
    for wrong in [foreign, link.replace("token=", "token=x")] {
        use_link(&app, &wrong).await?;
        says(&app, "wrong, has expired or was used already, or is for another tenant").await?;
    }
    world.sandbox.set_clock_offset(2 * 3600).await?;
    use_link(&app, &link).await?;
    says(&app, "has expired").await?;
    no_account_is_in(&world).await?;
    // Used up.
    world.sandbox.set_clock_offset(0).await?;
    use_link(&app, &link).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    send_link(&app, MEMBER).await?;
    use_link(&app, &link).await?;
    // It is another user's, and the app cannot know: the server says so.
    says(&app, "used already").await?;
    app.click("leave-step").await?;
    app.wait_until_visible("send-link", SOON).await?;
    // Codes.
    choose(&app, "verificationCode", "email", "send-code").await?;
    app.type_text("email", ADMIN).await?;
    app.click("send-code").await?;
    app.wait_until_visible("test-code", SOON).await?;
    let code = app.text("test-code").await?;
    let wrong = if code == "123456" { "654321" } else { "123456" };
    type_code(&app, wrong).await?;
    says(&app, "code is wrong, has expired or was used already").await?;
    app.wait_until_focused("code", SOON).await?;
    assert_eq!(app.value("code").await?, "");
    world.sandbox.set_clock_offset(3600).await?;
    type_code(&app, &code).await?;
    says(&app, "code is wrong, has expired").await?;
    world.sandbox.set_clock_offset(0).await?;
    no_account_is_in(&world).await?;
    type_code(&app, &code).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_messages_are_refused_with_the_time_to_wait() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    for _ in 0..5 {
        unasked_link(&world, "demo1234", ADMIN).await?;
    }
    choose(&app, "link", "email", "send-link").await?;
    app.type_text("email", ADMIN).await?;
    app.click("send-link").await?;
    says(&app, "wait for").await?;
    app.wait_for_text("send-link", "Wait", SOON).await?;
    assert!(!app.is_visible("use-link").await?, "nothing was sent");
    let before = calls(&world).await?;
    app.click("send-link").await?;
    assert_eq!(calls(&world).await?, before, "the button is off meanwhile");
    app.stop().await
}
