//! Two windows and the command line on one machine: what one of them does, the others show within half a
//! second; and what they do at once is one log-out.

use std::process::Output;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use test_rig::{App, Environment, RigError, World};

use crate::journey::{Done, SOON, access_token, log_in, nothing_lives, world};

/// From what one did to what another shows.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Runs `userfront` to its end.
pub(crate) fn userfront(world: &World, arguments: &[&str], typed: &str) -> Output {
    userfront_in(world.environment(), world, arguments, typed)
}

/// The same, in another environment.
pub(crate) fn userfront_in(
    environment: &Environment,
    world: &World,
    arguments: &[&str],
    typed: &str,
) -> Output {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut command = environment.command(world.programs().userfront());
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("userfront starts");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(typed.as_bytes()).expect("it reads");
    drop(input);
    child.wait_with_output().expect("it ends")
}

pub(crate) fn log_in_by_command(world: &World, user: &str) {
    let arguments = ["log-in", "--tenant", "demo1234", "--user", user, "--password-stdin"];
    let done = userfront(world, &arguments, "testmodepassword\n");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970")
}

/// Has the page note when it first shows this.
async fn note_when_shown(app: &App, testid: &str) -> Result<(), RigError> {
    let script = "const [testid] = arguments; delete window.shownAt;
        const shown = () => document.querySelector(`[data-testid=${testid}]`);
        const look = (_, observer) => {
            if (shown()) { window.shownAt = Date.now(); observer?.disconnect(); }
        };
        new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
        return true";
    app.script(script, vec![json!(testid)]).await?;
    Ok(())
}

async fn shown_at(app: &App, testid: &str) -> Result<Duration, RigError> {
    app.wait_until_visible(testid, SOON).await?;
    let at = app.script("return window.shownAt", vec![]).await?;
    Ok(Duration::from_millis(at.as_u64().expect("the page saw it")))
}

/// How late the windows were, one row a round: after a log-in of the command line, after its log-out, and
/// between two windows after a log-out in one of them.
async fn round(world: &World, first: &App, second: &App) -> Result<[Duration; 3], RigError> {
    for app in [first, second] {
        app.wait_until_visible("login-view", SOON).await?;
        note_when_shown(app, "account-view").await?;
    }
    log_in_by_command(world, "admin@example.com");
    let (done, mut in_late, mut out_late) = (now(), Duration::ZERO, Duration::ZERO);
    for app in [first, second] {
        in_late = in_late.max(shown_at(app, "account-view").await?.saturating_sub(done));
        note_when_shown(app, "login-view").await?;
    }
    let out = userfront(world, &["log-out"], "");
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let done = now();
    for app in [first, second] {
        out_late = out_late.max(shown_at(app, "login-view").await?.saturating_sub(done));
        app.wait_for_text("status", "Logged out", SOON).await?;
    }
    // And from window to window, and to the command line.
    log_in(first).await?;
    second.wait_until_visible("account-view", SOON).await?;
    note_when_shown(second, "login-view").await?;
    note_when_shown(first, "login-view").await?;
    first.click("log-out").await?;
    let (here, there) = (shown_at(first, "login-view").await?, shown_at(second, "login-view").await?);
    assert_eq!(userfront(world, &["status"], "").status.code(), Some(3));
    nothing_lives(world, "after a round").await?;
    Ok([in_late, out_late, here.abs_diff(there)])
}

#[tokio::test(flavor = "multi_thread")]
async fn app_and_command_line_show_each_others_changes_within_half_a_second() -> Done {
    let world = world()?.start()?;
    let (first, second) = (world.open_app().await?, world.open_second_app().await?);
    // Other tests are at work beside this one: the least of three rounds is what the app takes.
    let mut least = [Duration::MAX; 3];
    for _ in 0..3 {
        let late = round(&world, &first, &second).await?;
        say!("in the windows after a log-in, after a log-out, from window to window: {late:?}");
        least = std::array::from_fn(|at| least[at].min(late[at]));
        if least.iter().all(|late| *late < AT_ONCE) {
            break;
        }
    }
    assert!(least.iter().all(|late| *late < AT_ONCE), "{least:?}");
    first.stop().await?;
    second.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn simultaneous_log_outs_make_one_call_with_one_result() -> Done {
    let world = world()?.start()?;
    let (first, second) = (world.open_app().await?, world.open_second_app().await?);
    let twice =
        "const button = document.querySelector('[data-testid=log-out]'); button?.click(); button?.click();
        return button !== null";
    for _ in 0..3 {
        log_in(&first).await?;
        second.wait_until_visible("account-view", SOON).await?;
        let token = access_token(&world)?;
        world.sandbox.set_faults(&json!([{"path": "auth/logout", "fault": {"delayMs": 900}}])).await?;
        let mut at_once = true;
        for app in [&first, &second] {
            at_once &= app.script(twice, vec![]).await? == true;
        }
        let out = userfront(&world, &["log-out"], "");
        for app in [&first, &second] {
            app.wait_until_visible("login-view", SOON).await?;
            app.wait_for_text("status", "Logged out", SOON).await?;
            assert!(!app.is_visible("error").await?);
        }
        nothing_lives(&world, "logged out by three").await?;
        let calls = world.sandbox.requests_to("GET", "auth/logout").await?;
        assert_eq!(calls.iter().filter(|call| call.bearer() == Some(&token)).count(), 1, "{out:?}");
        match out.status.code() {
            Some(0) if at_once => {
                first.stop().await?;
                return second.stop().await;
            }
            // On a machine that stalls the command comes after the account is logged out, or the answer
            // after the user's patience: one call all the same, but no proof. Once more.
            Some(0 | 3 | 5) => {}
            _ => panic!("{out:?}"),
        }
    }
    Err(RigError::Unexpected("three log-outs were never at work at once".to_owned()))
}
