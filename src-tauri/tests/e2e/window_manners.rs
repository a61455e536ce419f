//! The window's size and place, its keys, its colours, and how it is drawn.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_rig::{App, RigError, World};

use crate::desktop::{TITLE, wait_for_end};
use crate::journey::{Done, SOON, choose_tenant, log_in, world};
use crate::tray::Started;

fn xdotool(world: &World, arguments: &[&str]) -> Result<String, RigError> {
    let mut xdotool = world.environment().command("xdotool");
    let output = xdotool.args(["search", "--onlyvisible", "--name", TITLE]).args(arguments).output();
    let output = output.map_err(|error| RigError::Unexpected(error.to_string()))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// X, Y, width and height of the window.
fn geometry(world: &World) -> Result<[i64; 4], RigError> {
    let text = xdotool(world, &["getwindowgeometry", "--shell"])?;
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.parse().ok());
    let all = ["X=", "Y=", "WIDTH=", "HEIGHT="].map(value);
    let [Some(x), Some(y), Some(width), Some(height)] = all else {
        return Err(RigError::Unexpected(format!("the window's geometry is {text:?}")));
    };
    Ok([x, y, width, height])
}

fn wait_for_geometry(world: &World, expected: [i64; 4]) -> Done {
    let begin = Instant::now();
    while geometry(world)? != expected {
        assert!(begin.elapsed() < SOON, "{:?} is not {expected:?}", geometry(world)?);
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn remembered(world: &World) -> Value {
    let file = std::fs::read(world.accounts_home().join("window.json")).expect("the window's file");
    serde_json::from_slice(&file).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_opens_again_in_its_place_and_does_not_grow() -> Done {
    let world = world()?.screen(1400, 1000).start()?;
    let app = world.open_app().await?;
    app.wait_until_visible("login-view", SOON).await?;
    wait_for_geometry(&world, [0, 0, 1000, 700])?;
    xdotool(&world, &["windowmove", "120", "80", "windowsize", "812", "615"])?;
    wait_for_geometry(&world, [120, 80, 812, 615])?;
    world.screen()?.close_window(TITLE)?;
    wait_for_end(&world, app).await?;
    for _ in 0..2 {
        let app = world.open_app().await?;
        app.wait_until_visible("login-view", SOON).await?;
        wait_for_geometry(&world, [120, 80, 812, 615])?;
        world.screen()?.close_window(TITLE)?;
        wait_for_end(&world, app).await?;
        let file = remembered(&world);
        assert_eq!((&file["width"], &file["height"]), (&json!(812.0), &json!(615.0)));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_drawn_without_the_graphics_card() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    app.wait_until_visible("login-view", SOON).await?;
    let all = app.processes()?;
    let page = all.iter().find(|process| process.executable.ends_with("WebKitWebProcess")).expect("a page");
    let mapped = std::fs::read_to_string(format!("/proc/{}/maps", page.pid)).expect("its libraries");
    assert!(mapped.contains("libwebkit2gtk"), "{mapped}");
    assert!(!mapped.contains("libGLES"), "it draws with OpenGL");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_whose_screen_is_gone_opens_on_another() -> Done {
    let world = world()?.screen(1400, 1000).start()?;
    let place = json!({"width": 5000.0, "height": 640.0, "x": 2600, "y": 300, "isMaximized": false});
    let file = world.accounts_home().join("window.json");
    std::fs::write(file, place.to_string()).expect("it is written");
    let app = world.open_app().await?;
    app.wait_until_visible("login-view", SOON).await?;
    wait_for_geometry(&world, [0, 0, 1400, 640])?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_w_closes_the_window_and_ctrl_q_waits_for_a_log_out() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    app.wait_until_visible("login-view", SOON).await?;
    world.screen()?.press("ctrl+w")?;
    wait_for_end(&world, app).await?;

    let app = world.open_app().await?;
    log_in(&app).await?;
    let late = json!([{"path": "auth/logout", "fault": {"delayMs": 30_000}, "times": 1}]);
    world.sandbox.set_faults(&late).await?;
    app.click("log-out").await?;
    app.wait_for_text("status", "Logging out", SOON).await?;
    world.screen()?.press("ctrl+q")?;
    app.wait_for_text("status", "The window then closes by itself", SOON).await?;
    wait_for_end(&world, app).await?;
    let entries = world.entries()?;
    assert!(entries.len() == 1 && entries[0].user().starts_with("revoke."), "{entries:?}");
    Ok(())
}

async fn is_dark(app: &App) -> Result<bool, RigError> {
    let script = "return matchMedia('(prefers-color-scheme: dark)').matches";
    Ok(app.script(script, vec![]).await? == json!(true))
}

async fn wait_until_dark(app: &App, dark: bool) -> Done {
    let begin = Instant::now();
    while is_dark(app).await? != dark {
        assert!(begin.elapsed() < SOON, "dark: {dark}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// One after the other, from before the window is there. A light window would be most of a picture.
fn every_picture_is_dark_up_to_the_page(world: &World) -> Done {
    let begin = Instant::now();
    let path = world.environment().folder().join("start.png");
    loop {
        world.screen()?.capture(&path)?;
        let mut convert = Command::new("convert");
        let output = convert.arg(&path).args(["-format", "%[fx:mean] %k", "info:"]).output();
        let output = output.map_err(|error| RigError::Unexpected(error.to_string()))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let [brightness, colours] = text.split(' ').collect::<Vec<_>>()[..] else { panic!("{text:?}") };
        assert!(brightness.parse::<f64>().expect("a number") < 0.4, "the window was light: {text}");
        if colours.trim().parse::<u32>().expect("a number") > 100 {
            return Ok(());
        }
        assert!(begin.elapsed() < SOON, "the page is drawn: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chosen_colours_hold_at_once_and_in_every_picture_of_the_next_start() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    choose_tenant(&app).await?;
    assert!(!is_dark(&app).await?, "as this desktop, which says nothing");
    app.click("show-settings").await?;
    app.click("setting-theme-dark").await?;
    wait_until_dark(&app, true).await?;
    app.stop().await?;
    let started = Started::by_hand(&world)?;
    every_picture_is_dark_up_to_the_page(&world)?;
    drop(started);
    let app = world.open_app().await?;
    wait_until_dark(&app, true).await?;
    app.click("show-settings").await?;
    app.click("setting-theme-system").await?;
    wait_until_dark(&app, false).await?;
    app.stop().await
}
