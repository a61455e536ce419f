//! Copying an access token, on a real X selection. The witness is `xclip`.

use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use test_rig::{App, RigError, World};

use crate::canary::{Canaries, search_files};
use crate::desktop::{TITLE, process, signal, wait_for_end};
use crate::journey::{Done, SOON, access_token, log_in, world};
use crate::together::userfront;
use crate::tray::wait_until;

/// The 30 seconds that a token stays, and a busy machine's delay.
const CLEARED: Duration = Duration::from_mins(1);

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn failed(error: std::io::Error) -> RigError {
    RigError::Unexpected(format!("xclip: {error}"))
}

/// The clipboard as this type; empty when there is nothing.
fn read(world: &World, kind: &str) -> Result<String, RigError> {
    let mut xclip = world.environment().command("xclip");
    let output = xclip.args(["-selection", "clipboard", "-o", "-t", kind]).output().map_err(failed)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn text(world: &World) -> Result<String, RigError> {
    read(world, "UTF8_STRING")
}

/// Another program takes the clipboard, and keeps it in the background.
fn put(world: &World, text: &str) -> Done {
    let mut xclip = world.environment().command("xclip");
    xclip.args(["-selection", "clipboard", "-i"]).stdin(Stdio::piped());
    let mut xclip = xclip.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
    xclip.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes())).map_err(failed)?;
    xclip.wait().map(drop).map_err(failed)
}

/// Not shown when it fails: it would be a token.
fn wait_for(world: &World, expected: &str, limit: Duration) -> Done {
    let begin = Instant::now();
    while text(world)? != expected {
        assert!(begin.elapsed() < limit, "the clipboard has another text");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Copies the token of the one account, and returns it.
async fn copy(world: &World, app: &App) -> Result<String, RigError> {
    let token = access_token(world)?;
    app.click("copy-token").await?;
    app.wait_for_text("notice", "cleared after 30 s", SOON).await?;
    wait_for(world, &token, SOON)?;
    Ok(token)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_token_is_marked_as_a_secret_and_cleared_after_30_seconds() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = copy(&world, &app).await?;
    let copied = Instant::now();
    assert!(read(&world, "TARGETS")?.contains("x-kde-passwordManagerHint"));
    assert_eq!(read(&world, "x-kde-passwordManagerHint")?, "secret");
    assert_eq!(
        Canaries::of(std::slice::from_ref(&token)).found_in(&app.page().await?),
        0,
        "it is not in the webview"
    );
    app.wait_until_gone("notice", CLEARED).await?;
    assert!(copied.elapsed() > Duration::from_secs(25), "after {:?}", copied.elapsed());
    wait_for(&world, "", SOON)?;
    // The log and the activity are among the files.
    search_files(&world, &Canaries::of(&[token]));
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_text_stays_in_the_clipboard() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    copy(&world, &app).await?;
    put(&world, "another program's")?;
    app.wait_until_gone("notice", CLEARED).await?;
    assert_eq!(text(&world)?, "another program's");
    copy(&world, &app).await?;
    put(&world, "once more")?;
    world.screen()?.close_window(TITLE)?;
    wait_for_end(&world, app).await?;
    assert_eq!(text(&world)?, "once more");
    Ok(())
}

/// By the window, and by another program of ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_out_clears_its_accounts_token_at_once() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    for by_cli in [false, true] {
        log_in(&app).await?;
        copy(&world, &app).await?;
        let copied = Instant::now();
        if by_cli {
            assert_eq!(userfront(&world, &["log-out"], "").status.code(), Some(0));
        } else {
            app.click("log-out").await?;
        }
        app.wait_until_visible("login-view", SOON).await?;
        wait_for(&world, "", SOON)?;
        assert!(copied.elapsed() < Duration::from_secs(25), "not by its 30 seconds");
    }
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orderly_end_clears_a_token_that_a_clipboard_manager_has_taken_over() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let token = copy(&world, &app).await?;
    put(&world, &token)?;
    world.screen()?.close_window(TITLE)?;
    wait_for_end(&world, app).await?;
    wait_for(&world, "", SOON)?;

    let app = world.open_app().await?;
    app.wait_until_visible("account-view", SOON).await?;
    let token = copy(&world, &app).await?;
    put(&world, &token)?;
    signal("TERM", &process(&app)?)?;
    wait_for_end(&world, app).await?;
    wait_for(&world, "", SOON)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_about_to_expire_is_refreshed_before_it_is_copied() -> Done {
    let world = world()?.sandbox_arguments(&["--access-seconds", "50"]).start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let before = access_token(&world)?;
    app.click("copy-token").await?;
    app.wait_for_text("notice", "copied", SOON).await?;
    let copied = text(&world)?;
    assert!(copied != before && copied == access_token(&world)?, "it is the new one");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_setting_no_token_can_be_copied() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.wait_until_visible("copy-token", SOON).await?;
    app.click("show-settings").await?;
    app.click("setting-copy-token").await?;
    wait_until(&app, "setting-copy-token", false).await?;
    app.click("leave-view").await?;
    app.wait_until_visible("account-view", SOON).await?;
    assert!(!app.is_visible("copy-token").await?);
    app.stop().await
}
