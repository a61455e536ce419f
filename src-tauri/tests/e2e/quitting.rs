//! Quitting during a log-out: the window asks, and waits unless the user will not.

use serde_json::json;
use test_rig::{RigError, World};

use crate::desktop::{TITLE, wait_for_end};
use crate::journey::{Done, SOON, log_in, nothing_lives, world};

/// Presses Ctrl Q as soon as the log-out is under way, and then, if the question has these words and the
/// focus is on *Wait*, this button. In the page, since a log-out waits for a second and a half only. The dark
/// colours are the witness that it was answered.
const QUIT: &str = "const [words, answer] = arguments;
    const of = (testid) => document.querySelector(`[data-testid=${testid}]`);
    let pressed = false;
    const look = () => {
        if (!pressed && of('status')?.textContent.includes('Logging out')) {
            pressed = true;
            window.dispatchEvent(new KeyboardEvent('keydown', {key: 'q', code: 'KeyQ', ctrlKey: true}));
        }
        const question = of('dialog')?.textContent ?? '';
        if (words.every((it) => question.includes(it)) && document.activeElement === of('wait')) {
            const dark = {change: {theme: 'dark'}};
            window.__TAURI_INTERNALS__.invoke('plugin:accounts|set_settings', dark);
            of(answer)?.click();
        }
    };
    new MutationObserver(look).observe(document.body, {childList: true, characterData: true, subtree: true});
    return true";

async fn quit_during_a_log_out(world: &World, answer: &str) -> Done {
    let app = world.open_app().await?;
    log_in(&app).await?;
    let late = json!([{"path": "auth/logout", "fault": {"delayMs": 30_000}, "times": 1}]);
    world.sandbox.set_faults(&late).await?;
    let words = ["The log-out of Alva Admin is not finished.", "until you start this app again"];
    app.script(QUIT, vec![json!(words), json!(answer)]).await?;
    app.click("log-out").await?;
    wait_for_end(world, app).await
}

#[tokio::test(flavor = "multi_thread")]
async fn quitting_anyway_ends_the_app_at_once_and_the_next_start_finishes_the_log_out() -> Done {
    let world = world()?.start()?;
    for _ in 0..3 {
        quit_during_a_log_out(&world, "quit-anyway").await?;
        let is_left = world.entries()?.iter().any(|entry| entry.user().starts_with("access."));
        world.sandbox.set_faults(&json!([])).await?;
        let app = world.open_app().await?;
        app.wait_until_visible("login-view", SOON).await?;
        nothing_lives(&world, "the next start finishes it").await?;
        app.stop().await?;
        // On a machine that stalls the log-out is over before the question is answered. Once more.
        if is_left {
            return Ok(());
        }
    }
    Err(RigError::Unexpected("three log-outs were over before the app ended".to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_ends_the_app_when_the_log_out_is_done_or_pending() -> Done {
    for _ in 0..3 {
        let world = world()?.start()?;
        quit_during_a_log_out(&world, "wait").await?;
        assert!(!world.screen()?.has_window(TITLE)?);
        let left = world.entries()?;
        assert!(left.len() == 1 && left[0].user().starts_with("revoke."), "{left:?}");
        let settings = std::fs::read_to_string(world.accounts_home().join("settings.json"));
        if settings.is_ok_and(|settings| settings.contains("\"dark\"")) {
            return Ok(());
        }
    }
    Err(RigError::Unexpected("three log-outs were over before the question was answered".to_owned()))
}
