//! A desktop on which something is missing or has stopped.

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use test_rig::{App, Environment, RigError, World};
use zbus::connection::Builder;
use zbus::fdo::DBusProxy;

use crate::forms::{by_scheme, to_tenant, unasked_link};
use crate::journey::{Done, SOON, log_in, world};
use crate::together::userfront;

/// Of the window.
pub(crate) const TITLE: &str = "Userfront Accounts";

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

pub(crate) fn signal(name: &str, process: &str) -> Done {
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
pub(crate) fn process(app: &App) -> Result<String, RigError> {
    let name = "userfront-accounts";
    let own = app.processes()?.into_iter().find(|process| process.executable.ends_with(name));
    own.map(|process| process.pid.to_string()).ok_or_else(|| RigError::Unexpected("no app".to_owned()))
}

pub(crate) async fn wait_for_end(world: &World, app: App) -> Done {
    world.screen()?.wait_until_no_window(TITLE, SOON)?;
    let begin = Instant::now();
    while process(&app).is_ok() {
        assert!(begin.elapsed() < SOON, "the app ends");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_does_not_wait_for_a_first_one_that_has_stopped_and_hands_it_no_link() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    let link = by_scheme(&unasked_link(&world, "demo1234", "admin@example.com").await?);
    let first = process(&app)?;
    signal("STOP", &first)?;
    let started = start(&world, world.environment(), &[&link]);
    signal("CONT", &first)?;
    let (code, said) = started?;
    assert!(code == Some(1) && said.contains(&format!("(process {first})")), "{code:?} {said}");
    // Its answer comes after all that it was sent while it was stopped.
    let (code, said) = start(&world, world.environment(), &["userfront-accounts:nothing"])?;
    assert!(code == Some(0), "{code:?} {said}");
    app.wait_until_visible("notice", SOON).await?;
    assert!(!app.is_visible("arrived-link").await?, "{}", app.text("notice").await?);
    app.stop().await
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn of_bus(error: zbus::Error) -> RigError {
    RigError::Unexpected(error.to_string())
}

fn bus(world: &World) -> Result<Builder<'static>, RigError> {
    let address = world.environment().get("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    Builder::address(address.to_string_lossy().as_ref()).map_err(of_bus)
}

/// The name on the bus that the app takes in this world. It is free again.
async fn instance(world: &World) -> Result<String, RigError> {
    let app = world.open_app().await?;
    let bus = bus(world)?.build().await.map_err(of_bus)?;
    let bus = DBusProxy::new(&bus).await.map_err(of_bus)?;
    let taken = async || {
        let names = bus.list_names().await.map_err(|error| of_bus(error.into()))?;
        let name = names.iter().find(|name| name.ends_with(".SingleInstance"));
        Ok::<_, RigError>(name.map(ToString::to_string))
    };
    let name = taken().await?;
    app.stop().await?;
    // The bus hears of the app's end a moment after it.
    let begin = Instant::now();
    while taken().await?.is_some() {
        assert!(begin.elapsed() < SOON, "the name is still taken");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    name.ok_or_else(|| RigError::Unexpected("the app took no name".to_owned()))
}

/// A first instance that answers pings, and no call.
struct Slow(Sender<Vec<String>>);

#[zbus::interface(name = "org.SingleInstance.DBus")]
impl Slow {
    async fn execute_callback(&self, arguments: Vec<String>, folder: String) {
        drop(folder);
        self.0.send(arguments).unwrap_or_default();
        std::future::pending::<()>().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_hands_its_link_to_a_first_one_that_is_slow() -> Done {
    let world = world()?.start()?;
    let name = instance(&world).await?;
    let (tell, told) = channel();
    let slow = bus(&world)?.serve_at(format!("/{}", name.replace('.', "/")), Slow(tell));
    let _slow = slow.and_then(|slow| slow.name(name)).map_err(of_bus)?.build().await.map_err(of_bus)?;
    let link = "userfront-accounts:/x?token=y";
    let (code, said) = start(&world, world.environment(), &[link])?;
    assert!(code == Some(0) && said.is_empty(), "{code:?} {said}");
    assert!(told.recv_timeout(SOON).is_ok_and(|arguments| arguments.contains(&link.to_owned())));
    Ok(())
}

/// GTK is not started: its threads have crashed a second start that ended at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_hands_its_link_over_without_a_display() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    to_tenant(&app, "demo1234").await?;
    let link = by_scheme(&unasked_link(&world, "demo1234", "admin@example.com").await?);
    let mut bare = world.environment().clone();
    bare.set("DISPLAY", "");
    let (code, said) = start(&world, &bare, &[&link])?;
    assert!(code == Some(0) && said.is_empty(), "{code:?} {said}");
    app.wait_until_visible("arrived-link", SOON).await?;
    app.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_that_is_moved_replaced_or_removed_is_noticed() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.wait_for_text("account-view", "Demo Workspace", SOON).await?;
    let (home, aside) = (world.accounts_home(), world.accounts_home().with_extension("aside"));
    std::fs::rename(home, &aside).expect("it is moved");
    app.wait_until_visible("login-view", SOON).await?;
    assert!(!home.exists(), "a look makes no folder");
    std::fs::rename(&aside, home).expect("it is moved back");
    app.wait_until_visible("account-view", SOON).await?;
    // The app may write to the folder that has come back.
    let begin = Instant::now();
    while std::fs::remove_dir_all(home).is_err_and(|error| error.kind() != std::io::ErrorKind::NotFound) {
        assert!(begin.elapsed() < SOON, "it is removed");
    }
    app.wait_until_visible("login-view", SOON).await?;
    app.stop().await
}

/// Nothing tells of it: it is noticed with the next change.
#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_that_went_with_the_one_around_it_is_watched_again_once_it_is_back() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    app.wait_for_text("account-view", "Demo Workspace", SOON).await?;
    let around = world.accounts_home().parent().expect("the folder around it");
    let aside = around.with_extension("aside");
    std::fs::rename(around, &aside).expect("it is moved");
    app.click("show-activity").await?;
    app.wait_until_gone("profile-name", SOON).await?;
    app.press_escape().await?;
    app.wait_until_visible("login-view", SOON).await?;
    std::fs::rename(&aside, around).expect("it is moved back");
    app.click("show-activity").await?;
    app.wait_until_visible("activity-view", SOON).await?;
    app.press_escape().await?;
    app.wait_until_visible("account-view", SOON).await?;
    drop(userfront(&world, &["log-out"], ""));
    app.wait_until_visible("login-view", SOON).await?;
    app.stop().await
}

/// The processes that draw pages.
fn page(app: &App) -> Result<Vec<u32>, RigError> {
    let all = app.processes()?.into_iter();
    Ok(all.filter(|it| it.executable.ends_with("WebKitWebProcess")).map(|it| it.pid).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_process_dies_is_loaded_again() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let folder = world.environment().folder();
    let (before, after) = (folder.join("before.png"), folder.join("after.png"));
    world.picture(&before).await?;
    let [first] = page(&app)?[..] else { panic!("{:?}", page(&app)?) };
    signal("KILL", &first.to_string())?;
    until_loaded_again(&world, &app, first, (&before, &after)).await
}

/// Until another process than `dead` shows the page of `before`. The driver's session ends with the process
/// that it spoke to: the screen is the witness.
async fn until_loaded_again(
    world: &World,
    app: &App,
    dead: u32,
    (before, after): (&Path, &Path),
) -> Result<(), RigError> {
    let began = Instant::now();
    loop {
        world.picture(after).await?;
        if page(app)?.iter().any(|pid| *pid != dead) && differing_pixels(before, after)? < 5_000 {
            return Ok(());
        }
        assert!(began.elapsed() < SOON, "the page did not come back");
    }
}

/// Without a driver: under one, the app does not outlive the second death of its page.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_process_dies_at_once_for_ever_is_said_by_a_dialog() -> Done {
    let world = world()?.start()?;
    let screen = world.screen()?;
    let app = world.environment().command(&world.programs().app).spawn();
    let mut app = app.map_err(|error| RigError::Unexpected(error.to_string()))?;
    screen.wait_for_window("Userfront Accounts", SOON)?;
    let began = Instant::now();
    let (mut killed, mut windows) = (Vec::new(), 0);
    while killed.len() < 6 {
        for process in pages_of(app.id()) {
            if is_at_work(&process) && !killed.contains(&process) {
                windows = screen.count_windows().await?;
                signal("KILL", &process)?;
                killed.push(process);
            }
        }
        assert!(began.elapsed() < SOON, "only {} deaths", killed.len());
    }
    screen.wait_for_dialog(windows).await?;
    let lives = || pages_of(app.id()).iter().any(|process| !killed.contains(process));
    assert!(!lives(), "nothing is loaded until the user says so");
    let began = Instant::now();
    screen.press("Return")?;
    while !lives() || screen.count_windows().await? > windows {
        assert!(began.elapsed() < SOON, "nothing was tried again");
    }
    signal("TERM", &app.id().to_string())?;
    app.wait().map_err(|error| RigError::Unexpected(error.to_string()))?;
    Ok(())
}

/// Whether a process has begun to draw: the library itself ends the app of one that dies before.
fn is_at_work(process: &str) -> bool {
    std::fs::read_dir(format!("/proc/{process}/task")).is_ok_and(|threads| threads.count() >= 8)
}

/// The processes that draw the pages of this app.
fn pages_of(app: u32) -> Vec<String> {
    let found = Command::new("pgrep").args(["-P", &app.to_string(), "WebKitWebProces"]).output();
    let found = found.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    found.unwrap_or_default().lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_process_hangs_is_loaded_again() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let folder = world.environment().folder();
    let (before, after) = (folder.join("before.png"), folder.join("after.png"));
    world.picture(&before).await?;
    let [hung] = page(&app)?[..] else { panic!("{:?}", page(&app)?) };
    signal("STOP", &hung.to_string())?;
    // WebKit looks whether the process responds when it has sent it something that the user did.
    world.screen()?.press("Tab")?;
    until_loaded_again(&world, &app, hung, (&before, &after)).await
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
