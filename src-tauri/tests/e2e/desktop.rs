//! A desktop on which something is missing or has stopped.

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use test_rig::{App, Environment, RigError, World};

use crate::journey::{Done, SOON, log_in, world};

/// Exit code and output of a start of the app that opens no window.
fn start(
    world: &World,
    environment: &Environment,
    arguments: &[&str],
) -> Result<(Option<i32>, String), RigError> {
    let output = environment.command(&world.programs().app).args(arguments).output();
    let output = output.map_err(|error| RigError::Unexpected(error.to_string()))?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Ok((output.status.code(), text))
}

fn signal(name: &str, process: &str) -> Done {
    let kill = Command::new("kill").args([&format!("-{name}"), process]).stdout(Stdio::null()).status();
    if kill.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(RigError::Unexpected(format!("kill -{name} {process} did not work")))
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_display_or_with_a_stopped_bus_the_app_explains_and_exits() -> Done {
    let world = world()?.start()?;
    let mut bare = world.environment().clone();
    bare.set("DISPLAY", "");
    let (code, said) = start(&world, &bare, &[])?;
    assert!(code == Some(1) && said.contains("There is no display"), "{code:?} {said}");
    let (code, said) = start(&world, &bare, &["--help"])?;
    assert!(code == Some(0) && said.contains("Usage: userfront-accounts"), "{code:?} {said}");
    let (code, said) = start(&world, &bare, &["--version"])?;
    assert!(code == Some(0) && said.starts_with("userfront-accounts "), "{code:?} {said}");

    let socket = world.environment().folder().join("frozen");
    let _listens = UnixListener::bind(&socket).map_err(|error| RigError::Unexpected(error.to_string()))?;
    let mut frozen = world.environment().clone();
    frozen.set("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", socket.display()));
    let (code, said) = start(&world, &frozen, &[])?;
    assert!(code == Some(1) && said.contains("D-Bus") && !said.contains("panicked"), "{code:?} {said}");
    Ok(())
}

/// The process of the app itself.
fn process(app: &App) -> Result<String, RigError> {
    let name = "userfront-accounts";
    let own = app.processes()?.into_iter().find(|process| process.executable.ends_with(name));
    own.map(|process| process.pid.to_string()).ok_or_else(|| RigError::Unexpected("no app".to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_does_not_wait_for_a_first_one_that_has_stopped() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    let first = process(&app)?;
    signal("STOP", &first)?;
    let started = start(&world, world.environment(), &[]);
    signal("CONT", &first)?;
    let (code, said) = started?;
    assert!(code == Some(1) && said.contains(&format!("(process {first})")), "{code:?} {said}");
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_process_dies_is_loaded_again() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let folder = world.environment().folder();
    let (before, after) = (folder.join("before.png"), folder.join("after.png"));
    world.picture(&before).await?;
    let page = |app: &App| -> Result<Vec<u32>, RigError> {
        let all = app.processes()?.into_iter();
        Ok(all.filter(|it| it.executable.ends_with("WebKitWebProcess")).map(|it| it.pid).collect())
    };
    let [first] = page(&app)?[..] else { panic!("{:?}", page(&app)?) };
    signal("KILL", &first.to_string())?;
    let began = Instant::now();
    // The driver's session ends with the process that it spoke to: the screen is the witness.
    loop {
        world.picture(&after).await?;
        if page(&app)?.iter().any(|pid| *pid != first) && differing_pixels(&before, &after)? < 5_000 {
            return Ok(());
        }
        assert!(began.elapsed() < SOON, "the page did not come back");
    }
}

/// Of 760,000; a focus ring or a notice that has gone is not what is looked for.
fn differing_pixels(one: &Path, other: &Path) -> Result<u64, RigError> {
    let compared = Command::new("compare")
        .args(["-metric", "AE", "-fuzz", "10%"])
        .args([one, other])
        .arg("null:")
        .output()
        .map_err(|error| RigError::Unexpected(error.to_string()))?;
    let count = String::from_utf8_lossy(&compared.stderr).trim().parse::<f64>();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of pixels")]
    count.map(|count| count as u64).map_err(|error| RigError::Unexpected(error.to_string()))
}
