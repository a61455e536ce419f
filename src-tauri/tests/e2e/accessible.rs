//! axe finds nothing on any view: in light and dark, wide, narrow, and at 200 %, in the real `WebKit`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_rig::{App, RigError, World};

use crate::desktop::TITLE;
use crate::faults::says;
use crate::foreign::log_in_elsewhere;
use crate::forms::{ADMIN, MEMBER, by_scheme, choose, choose_second, send_link, to_tenant, unasked_link};
use crate::hide_when_idle::{self, Logind};
use crate::journey::{Done, PASSWORD, SOON, send_credentials, world};
use crate::together::log_in_by_command;

const VIEWER: &str = "viewer@example.com";
/// Width of the window, and zoom.
const SHAPES: [(u32, u32); 3] = [(1080, 2), (380, 1), (1080, 1)];
const HEIGHT: u32 = 760;
const AGAIN: Duration = Duration::from_secs(2);

/// Waits until the page's script returns something, and returns it.
async fn answer(app: &App, what: &str, script: &str) -> Result<Value, RigError> {
    let begin = Instant::now();
    loop {
        let answer = app.script(script, vec![]).await?;
        if !answer.is_null() {
            return Ok(answer);
        }
        if begin.elapsed() > SOON {
            return Err(RigError::Late { what: what.to_owned(), limit: SOON });
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Asks the app until the page's script says yes: a window that is not shown yet, or is being sized, takes no
/// size.
async fn ask_until(app: &App, what: &str, ask: impl AsyncFn() -> Done, script: &str) -> Done {
    let begin = Instant::now();
    loop {
        ask().await?;
        let asked = Instant::now();
        while asked.elapsed() < AGAIN {
            if app.script(script, vec![]).await? == json!(true) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if begin.elapsed() > SOON {
            let shown = app.script("return innerWidth + ' ' + document.body.innerText", vec![]).await?;
            return Err(RigError::Late { what: format!("{what} (the window has {shown})"), limit: SOON });
        }
    }
}

/// Calls a command of the app from its page. Its failure is an error here.
async fn command(app: &App, name: &str, arguments: Value) -> Done {
    let call = "window.called = undefined; window.__TAURI_INTERNALS__.invoke(...arguments)
        .then(() => { window.called = 'done' }, (error) => { window.called = JSON.stringify(error) })";
    app.script(call, vec![json!(name), arguments]).await?;
    let called = answer(app, name, "return window.called ?? null").await?;
    if called == json!("done") { Ok(()) } else { Err(RigError::Unexpected(format!("{name}: {called}"))) }
}

/// What axe finds in the page.
pub(crate) async fn violations(app: &App) -> Result<Value, RigError> {
    if app.script("return window.axe === undefined", vec![]).await? == json!(true) {
        let axe = include_str!("../../../ui/node_modules/axe-core/axe.min.js");
        app.script(axe, vec![]).await?;
    }
    let run = "window.found = undefined; axe.run({resultTypes: ['violations']}).then((result) => {
        window.found = result.violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html));
    }).catch((error) => { window.found = String(error) })";
    app.script(run, vec![]).await?;
    answer(app, "what axe finds", "return window.found ?? null").await
}

struct Eyes {
    world: World,
    app: App,
    found: Vec<String>,
    is_dark: bool,
    views: usize,
}

impl Eyes {
    async fn shape(&self, (width, zoom): (u32, u32)) -> Done {
        let resize = async || {
            let mut xdotool = self.world.environment().command("xdotool");
            let size = ["windowsize", &width.to_string(), &HEIGHT.to_string()];
            let done = xdotool.args(["search", "--onlyvisible", "--name", TITLE]).args(size).output();
            assert!(done.is_ok_and(|done| done.status.success()), "the window has a size");
            command(&self.app, "plugin:webview|set_webview_zoom", json!({"label": "main", "value": zoom}))
                .await
        };
        let is = format!("return innerWidth === {}", width / zoom);
        ask_until(&self.app, "the window's width", resize, &is).await
    }

    async fn paint(&mut self, dark: bool) -> Done {
        let change = json!({"change": {"theme": if dark { "dark" } else { "light" }}});
        let theme = async || command(&self.app, "plugin:accounts|set_settings", change.clone()).await;
        let is = format!("return matchMedia('(prefers-color-scheme: dark)').matches === {dark}");
        ask_until(&self.app, "the colours", theme, &is).await?;
        self.is_dark = dark;
        Ok(())
    }

    /// Looks at what is shown, in both colours and every shape; the last one is the usual one.
    async fn look(&mut self, view: &str) -> Done {
        self.views += 1;
        for dark in [self.is_dark, !self.is_dark] {
            self.paint(dark).await?;
            for shape in SHAPES {
                self.shape(shape).await?;
                let found = violations(&self.app).await?;
                if found != json!([]) {
                    self.found.push(format!("{view}, dark: {dark}, width and zoom {shape:?}: {found}"));
                }
            }
        }
        Ok(())
    }

    async fn look_at(&mut self, testid: &str, view: &str) -> Done {
        self.app.wait_until_visible(testid, SOON).await?;
        self.look(view).await
    }

    async fn click_and_look(&mut self, clicked: &str, testid: &str, view: &str) -> Done {
        self.app.click(clicked).await?;
        self.look_at(testid, view).await
    }

    async fn faults(&self, faults: &Value) -> Done {
        self.world.sandbox.set_faults(faults).await
    }
}

/// From any step of a log-in to the auth methods of another tenant.
async fn go_to_tenant(app: &App, id: &str) -> Done {
    let begin = Instant::now();
    while !app.is_visible("change-tenant").await? && !app.is_visible("tenant-continue").await? {
        assert!(begin.elapsed() < SOON, "a way back: {}", app.text("login-view").await?);
        if app.is_visible("leave-step").await? {
            app.press_escape().await?;
        }
    }
    to_tenant(app, id).await
}

/// The choice of a tenant, and every first factor.
async fn first_factors(eyes: &mut Eyes) -> Done {
    eyes.app.wait_until_visible("tenant-continue", SOON).await?;
    eyes.app.click_css("details summary").await?;
    eyes.look_at("domain", "the choice of a tenant").await?;
    to_tenant(&eyes.app, "demo1234").await?;
    eyes.look_at("password", "a password").await?;
    send_credentials(&eyes.app, ADMIN, "wrong").await?;
    says(&eyes.app, "password is wrong").await?;
    eyes.look("a wrong password").await?;
    for (strategy, channel, has) in [
        ("totp", "authenticator", "code"),
        ("verificationCode", "sms", "phone-number"),
        ("verificationCode", "email", "send-code"),
    ] {
        choose(&eyes.app, strategy, channel, has).await?;
        eyes.look(&format!("{strategy} by {channel}")).await?;
    }
    eyes.app.type_text("email", ADMIN).await?;
    eyes.click_and_look("send-code", "test-code", "a code was sent").await?;
    eyes.app.click("leave-step").await?;
    eyes.app.wait_until_visible("send-code", SOON).await?;
    send_link(&eyes.app, ADMIN).await?;
    eyes.look("a link was sent").await?;
    eyes.app.click("leave-step").await?;
    eyes.click_and_look("show-sign-up", "sign-up", "signing up").await?;
    eyes.app.click("leave-step").await?;
    choose(&eyes.app, "password", "email", "forgot-password").await?;
    eyes.click_and_look("forgot-password", "send-link", "a forgotten password").await?;
    eyes.app.type_text("email", MEMBER).await?;
    eyes.app.click("send-link").await?;
    eyes.app.wait_until_visible("follow-test-link", SOON).await?;
    eyes.click_and_look("follow-test-link", "new-password", "a new password").await?;
    go_to_tenant(&eyes.app, "sso01234").await?;
    choose(&eyes.app, "google", "email", "continue-with-provider").await?;
    eyes.look("single sign-on").await?;
    eyes.click_and_look("continue-with-provider", "provider-address", "in the browser").await
}

async fn second_factors(eyes: &mut Eyes) -> Done {
    go_to_tenant(&eyes.app, "mfa01234").await?;
    send_credentials(&eyes.app, MEMBER, PASSWORD).await?;
    eyes.look_at("choose-second-factor", "second factors").await?;
    choose_second(&eyes.app, "verificationCode", "sms", "test-code").await?;
    eyes.look("a code as the second factor").await?;
    let totp = json!({"secondFactors": [{"strategy": "totp", "channel": "authenticator"}]});
    eyes.world.sandbox.set_tenant("mfa01234", &totp).await?;
    go_to_tenant(&eyes.app, "mfa01234").await?;
    send_credentials(&eyes.app, MEMBER, PASSWORD).await?;
    choose_second(&eyes.app, "totp", "authenticator", "qr-code").await?;
    eyes.look("an authenticator app is set up").await?;
    go_to_tenant(&eyes.app, "demo1234").await
}

/// One account, its profile, and then the list.
async fn accounts(eyes: &mut Eyes) -> Done {
    eyes.app.wait_until_visible("password", SOON).await?;
    send_credentials(&eyes.app, MEMBER, PASSWORD).await?;
    eyes.look_at("account-view", "the only account").await?;
    eyes.app.click_css("[data-testid=technical-details] summary").await?;
    eyes.look("technical details").await?;
    eyes.app.click("show-profile").await?;
    eyes.look_at("save-profile", "my account").await?;
    eyes.app.click("change-email").await?;
    eyes.app.click("set-up-totp").await?;
    eyes.look_at("qr-code", "my account, changed").await?;
    eyes.app.click("leave-totp").await?;
    eyes.app.click("keep-address").await?;
    eyes.app.click("leave-view").await?;
    for user in [ADMIN, VIEWER] {
        log_in_by_command(&eyes.world, user);
    }
    eyes.look_at("account-list", "the list").await?;
    eyes.click_and_look("copy-token", "notice", "a notice").await?;
    for view in ["activity", "settings", "accounts"] {
        eyes.click_and_look(&format!("show-{view}"), &format!("{view}-view"), view).await?;
    }
    for nth in [0, 1] {
        eyes.app.click_with_control("switch-account", nth).await?;
    }
    eyes.look_at("selection-bar", "a selection").await?;
    eyes.click_and_look("log-out-selected", "dialog", "the question before several log-outs").await?;
    eyes.app.click("cancel").await?;
    eyes.app.click("clear-selection").await?;
    eyes.app.wait_until_gone("selection-bar", SOON).await?;
    eyes.app.press_with_control("k").await?;
    eyes.look_at("palette-row", "the palette").await?;
    eyes.app.press_escape().await?;
    eyes.app.wait_until_gone("palette-row", SOON).await?;
    eyes.app.press_with_control("/").await?;
    eyes.look_at("shortcut-list", "the shortcuts").await?;
    eyes.app.press_escape().await
}

/// What goes wrong, and what is left after a log-out.
async fn troubles(eyes: &mut Eyes) -> Done {
    eyes.app.press_with_control("1").await?;
    eyes.app.wait_for_text("profile-name", "Alva Admin", SOON).await?;
    let link = unasked_link(&eyes.world, "demo1234", ADMIN).await?;
    eyes.world.follow(&by_scheme(&link))?;
    eyes.look_at("arrived-link", "a link that was not asked for").await?;
    eyes.app.click("ignore-link").await?;
    eyes.world.keyring.lock()?;
    eyes.app.click("log-out").await?;
    eyes.look_at("log-out-later", "a locked keyring").await?;
    eyes.world.keyring.unlock()?;
    eyes.app.click("unlock").await?;
    eyes.app.wait_until_gone("unlock", SOON).await?;
    eyes.world.sandbox.kill_session(&session_of_admin(&eyes.world)).await?;
    eyes.click_and_look("refresh", "health-notice", "a session that has ended").await?;
    let once = json!([{"path": "auth/logout", "times": 1, "fault": {"status": 503, "retryAfter": 600}}]);
    eyes.faults(&once).await?;
    for nth in [1, 2] {
        eyes.app.click_with_control("switch-account", nth).await?;
    }
    eyes.app.click("log-out-selected").await?;
    eyes.app.click("log-out-all-confirm").await?;
    eyes.app.wait_for_text("log-out-sum", "1 logged out, 1 pending", SOON).await?;
    eyes.look("the result page").await?;
    eyes.click_and_look("discard-revocation", "dialog", "the question before a session is discarded").await?;
    eyes.app.click("cancel").await?;
    eyes.app.click("leave-view").await?;
    eyes.look_at("pending-row", "a pending revocation").await?;
    eyes.app.press_with_control("1").await?;
    eyes.app.wait_for_text("profile-name", "Alva Admin", SOON).await?;
    eyes.world.keyring.lock()?;
    eyes.app.click("log-out").await?;
    eyes.app.wait_until_visible("log-out-later", SOON).await?;
    eyes.click_and_look("log-out-later", "unfinished-row", "a log-out that waits").await
}

fn session_of_admin(world: &World) -> String {
    let list: Value = serde_json::from_slice(
        &std::fs::read(world.accounts_home().join("accounts.json")).expect("the list"),
    )
    .expect("JSON");
    let accounts = list["accounts"].as_array().expect("accounts");
    let admin = accounts.iter().find(|account| account["profile"]["email"] == ADMIN).expect("the admin");
    admin["session"].as_str().expect("its session").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_view_in_light_and_dark_wide_narrow_and_at_200_percent() -> Done {
    let world = world()?.screen(1100, 800).start()?;
    log_in_elsewhere(&world);
    let logind = Logind::start(&world).await?;
    let app = world.open_app().await?;
    let mut eyes = Eyes { world, app, found: Vec::new(), is_dark: false, views: 0 };
    let begin = Instant::now();
    eyes.look_at("foreign-row", "a sign-in of another list").await?;
    eyes.click_and_look("foreign-log-out", "foreign-log-out-confirm", "the question about it").await?;
    eyes.app.click("foreign-log-out-confirm").await?;
    eyes.app.wait_until_gone("foreign-row", SOON).await?;
    eyes.app.wait_until_visible("notice", SOON).await?;
    eyes.app.click_css("[data-testid=notice] [aria-label=Dismiss]").await?;
    first_factors(&mut eyes).await?;
    second_factors(&mut eyes).await?;
    accounts(&mut eyes).await?;
    hide_when_idle::turn_on(&eyes.app).await?;
    logind.lock_ours().await?;
    eyes.look_at("covered-view", "the accounts hidden").await?;
    eyes.app.click("uncover").await?;
    eyes.app.wait_until_gone("covered-view", SOON).await?;
    troubles(&mut eyes).await?;
    say!("{} views, each in six forms, in {:?}", eyes.views, begin.elapsed());
    assert!(eyes.found.is_empty(), "{:#?}", eyes.found);
    eyes.app.stop().await
}
