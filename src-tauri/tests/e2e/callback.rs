//! The way back from single sign-on: for the browser alone, once.

use std::process::Command;

use crate::forms::{
    choose, consent, go_to_provider, is_logged_in, log_out_for_good, no_account_is_in, sent_on, to_tenant,
};
use crate::journey::{Done, SOON, world};
use crate::links::tells;

#[tokio::test(flavor = "multi_thread")]
async fn the_callback_server_accepts_the_browser_of_this_log_in_alone() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "sso01234").await?;
    choose(&app, "github", "email", "continue-with-provider").await?;
    // Cancelled: the callback server has closed.
    let given_up = go_to_provider(&world, &app).await?;
    app.click("leave-step").await?;
    app.wait_until_visible("continue-with-provider", SOON).await?;
    assert!(consent(&world, &given_up, "admin").await.is_err(), "the port is closed");
    // Refused at the provider.
    let address = go_to_provider(&world, &app).await?;
    let pages = consent(&world, &address, "cancel").await?;
    assert!(pages.last().expect("a page").text.contains("Not logged in"), "{pages:?}");
    tells(&app, "was not completed: access_denied").await?;
    app.wait_until_visible("continue-with-provider", SOON).await?;
    no_account_is_in(&world).await?;
    // Other callers learn nothing and use nothing up.
    let address = go_to_provider(&world, &app).await?;
    let url = reqwest::Url::parse(&address).expect("a URL");
    let of = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    let (origin, path) = (of("origin"), of("redirect"));
    for (wrong, status) in [
        (format!("{origin}/"), 404),
        (format!("{origin}/login?token=a&uuid=b"), 404),
        (format!("{origin}{path}x?token=a&uuid=b"), 404),
        (format!("{origin}{path}"), 400),
        (format!("{origin}{path}?token=&uuid=b"), 400),
    ] {
        assert_eq!(world.browser.get(&wrong).await?.status, status);
    }
    assert!(app.is_visible("provider-address").await?, "it is still waited for");
    assert_eq!(world.sandbox.requests_to("PUT", "auth/link").await?.len(), 0);
    // Where the browser is on another computer, what it ends at is pasted; nothing else is.
    app.fill("link", &format!("{origin}/other?token=a&uuid=b")).await?;
    app.click("use-link").await?;
    app.wait_for_text("error", "not the address that this log-in ends at", SOON).await?;
    // Open again leads to the same place.
    let known = world.browser.opened()?.len();
    app.click("open-again").await?;
    assert_eq!(sent_on(&world, known).await?, address);
    let pages = consent(&world, &address, "admin").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    // A second call finds no server or no page.
    let back = &pages.first().expect("a page").leads_to.clone().expect("the way back");
    if let Ok(page) = world.browser.get(back).await {
        assert_eq!(page.status, 410, "{page:?}");
    }
    assert_eq!(world.sandbox.requests_to("PUT", "auth/link").await?.len(), 1);
    log_out_for_good(&world, &app).await?;
    // A foreign link comes back: the window says so.
    let address = go_to_provider(&world, &app).await?;
    let url = reqwest::Url::parse(&address).expect("a URL");
    let of = |name: &str| url.query_pairs().find(|(key, _)| key == name).expect("there").1.into_owned();
    let forged = format!("{}{}?token=forged&uuid=35cf89fb", of("origin"), of("redirect"));
    world.browser.visit(&forged).await?;
    tells(&app, "link is wrong").await?;
    no_account_is_in(&world).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_browser_on_another_computer_can_be_pasted() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "sso01234").await?;
    choose(&app, "github", "email", "continue-with-provider").await?;
    let address = go_to_provider(&world, &app).await?;
    let page = world.browser.get(&address).await?;
    let back = world.browser.get(&page.link("consent-admin")?).await?.leads_to.expect("the way back");
    app.fill("link", &back).await?;
    app.click("use-link").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}

/// A call by a program of another user. Whether there could be one: only root can be another user.
fn call_as_another_user(port: u16) -> bool {
    let call = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{port}; printf 'GET / HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\n\\r\\n' >&3; head -n 1 <&3"
    );
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", &call];
    Command::new("setpriv").args(nobody).status().is_ok_and(|status| status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_by_another_users_program_is_said_in_the_window() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "sso01234").await?;
    choose(&app, "github", "email", "continue-with-provider").await?;
    let address = go_to_provider(&world, &app).await?;
    let url = reqwest::Url::parse(&address).expect("a URL");
    let origin = url.query_pairs().find(|(key, _)| key == "origin").expect("there").1.into_owned();
    let port = reqwest::Url::parse(&origin).expect("a URL").port().expect("a port");
    if !call_as_another_user(port) {
        say!("skipped: there is no other user to call as");
        return app.stop().await;
    }
    app.wait_for_text("notice", loopback::STRANGER, SOON).await?;
    // It has used nothing up.
    consent(&world, &address, "admin").await?;
    is_logged_in(&world, &app, "Alva Admin").await?;
    log_out_for_good(&world, &app).await?;
    app.stop().await
}
