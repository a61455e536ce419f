//! A second factor after the first: chosen, set up on the way, or thought better of.

use std::os::unix::fs::MetadataExt as _;

use serde_json::json;
use test_rig::{App, World};

use crate::faults::says;
use crate::forms::{
    ADMIN, MEMBER, admins_code, choose_second, code_of, is_logged_in, log_out_for_good, no_account_is_in,
    offered_first, send_link, shown_backup_codes, shown_secret, to_tenant, type_code,
};
use crate::journey::{Done, PASSWORD, SOON, save_where_it_says, send_credentials, world};

/// Enters the password, which leads to the MFA challenge.
async fn first_factor(world: &World, app: &App, name: &str) -> Done {
    app.wait_until_visible("password", SOON).await?;
    send_credentials(app, name, PASSWORD).await?;
    app.wait_until_visible("choose-second-factor", SOON).await?;
    no_account_is_in(world).await
}

const TOTP: (&str, &str) = ("totp", "authenticator");

/// Once one is set up, no other is offered: the tenant takes only these.
async fn only_second_factors(world: &World, factors: &[(&str, &str)]) -> Done {
    let factor = |(strategy, channel): &(&str, &str)| json!({"strategy": strategy, "channel": channel});
    let second_factors: Vec<_> = factors.iter().map(factor).collect();
    world.sandbox.set_tenant("mfa01234", &json!({"secondFactors": second_factors})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn totp_sms_and_backup_codes_work_as_second_factors() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "mfa01234").await?;
    first_factor(&world, &app, ADMIN).await?;
    choose_second(&app, "totp", "authenticator", "code").await?;
    type_code(&app, "000000").await?;
    says(&app, "wrong").await?;
    no_account_is_in(&world).await?;
    type_code(&app, &admins_code(0)).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    first_factor(&world, &app, ADMIN).await?;
    choose_second(&app, "verificationCode", "sms", "test-code").await?;
    type_code(&app, &app.text("test-code").await?).await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    // The same after a link.
    send_link(&app, ADMIN).await?;
    app.click("follow-test-link").await?;
    choose_second(&app, "totp", "authenticator", "use-backup-code").await?;
    app.click("use-backup-code").await?;
    app.type_text("backup-code", sandbox::ADMIN_BACKUP_CODES[3]).await?;
    app.click("log-in").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    assert_eq!(offered_first(&app).await?, "link/email");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_set_up_during_the_log_in() -> Done {
    let world = world()?.start()?;
    only_second_factors(&world, &[TOTP]).await?;
    let app = world.open_app().await?;
    to_tenant(&app, "mfa01234").await?;
    first_factor(&world, &app, MEMBER).await?;
    choose_second(&app, "totp", "authenticator", "qr-code").await?;
    let drawn = "const picture = document.querySelector('[data-testid=qr-code]');
        return picture.src.startsWith('data:image/png;base64,') && picture.naturalWidth > 80";
    assert_eq!(app.script(drawn, vec![]).await?, json!(true));
    let codes = shown_backup_codes(&app).await?;
    assert_eq!(codes.len(), 10);
    app.click("save-backup-codes").await?;
    save_where_it_says(&world).await?;
    let notice = app.wait_for_text("notice", "userfront-accounts-backup-codes", SOON).await?;
    let path = notice.split_whitespace().find(|word| word.starts_with('/')).expect("where they are");
    let saved = std::fs::read_to_string(path).expect("the file");
    assert!(saved.split_whitespace().eq(&codes), "the codes that are shown");
    assert_eq!(std::fs::metadata(path).expect("the file").mode() & 0o777, 0o600);
    no_account_is_in(&world).await?;
    let secret = shown_secret(&app).await?;
    type_code(&app, &code_of(&secret, 0)).await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    // It counts from now on: the next of its codes is asked for, and a backup code serves.
    first_factor(&world, &app, MEMBER).await?;
    choose_second(&app, "totp", "authenticator", "code").await?;
    assert!(!app.is_visible("qr-code").await?);
    type_code(&app, &code_of(&secret, 30)).await?;
    is_logged_in(&world, &app, "Åsa").await?;
    log_out_for_good(&world, &app).await?;
    // A new user has no number yet.
    only_second_factors(&world, &[TOTP, ("verificationCode", "sms")]).await?;
    app.click("show-sign-up").await?;
    app.wait_until_visible("sign-up", SOON).await?;
    app.type_text("name", "Nina Ny").await?;
    app.type_text("email", "nina@example.com").await?;
    app.type_text("password", "nina nina 9").await?;
    app.click("sign-up").await?;
    choose_second(&app, "verificationCode", "sms", "phone-number").await?;
    app.type_text("phone-number", "+15555550777").await?;
    app.click("send-code").await?;
    app.wait_until_visible("test-code", SOON).await?;
    type_code(&app, &app.text("test-code").await?).await?;
    is_logged_in(&world, &app, "Nina Ny").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn back_leads_one_step_back_and_clears_the_form() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "mfa01234").await?;
    for (strategy, channel, has) in [
        ("totp", "authenticator", "qr-code"),
        ("verificationCode", "sms", "send-again"),
        ("verificationCode", "email", "send-again"),
    ] {
        only_second_factors(&world, &[(strategy, channel)]).await?;
        first_factor(&world, &app, MEMBER).await?;
        choose_second(&app, strategy, channel, has).await?;
        app.click("leave-step").await?;
        app.wait_until_visible("choose-second-factor", SOON).await?;
        no_account_is_in(&world).await?;
        // Back again, by keyboard.
        app.press_escape().await?;
        app.wait_until_visible("password", SOON).await?;
        no_account_is_in(&world).await?;
        assert!(!app.is_visible("error").await?);
    }
    for (opens, has) in [("show-sign-up", "sign-up"), ("forgot-password", "send-link")] {
        app.click(opens).await?;
        app.wait_until_visible(has, SOON).await?;
        app.click("leave-step").await?;
        app.wait_until_visible("forgot-password", SOON).await?;
    }
    send_link(&app, MEMBER).await?;
    app.click("leave-step").await?;
    app.wait_until_visible("send-link", SOON).await?;
    no_account_is_in(&world).await?;
    // The app ends during an MFA challenge: the next start knows nothing of it.
    to_tenant(&app, "mfa01234").await?;
    first_factor(&world, &app, MEMBER).await?;
    app.stop().await?;
    let app = world.open_app().await?;
    app.wait_until_visible("login-view", SOON).await?;
    assert!(!app.is_visible("choose-second-factor").await?);
    no_account_is_in(&world).await?;
    app.stop().await
}
