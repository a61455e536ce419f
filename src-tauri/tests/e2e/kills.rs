//! SIGKILL at random moments of a log-out, on the real server and the real keyring. After a restart and with
//! a quiet network each account is either wholly logged in (killed before the tombstone) or has left nothing,
//! server and keyring alike.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use accounts::model::registry::{Phase, Registry};
use serde_json::{Value, json};
use test_rig::{RigError, World};

use crate::journey::{Done, SOON, log_in, world};
use crate::together::{log_in_by_command, userfront};

const OF_COMMANDS: usize = 10;
const OF_COMMANDS_FULL: usize = 180;
const OF_APPS: usize = 2;
const OF_APPS_FULL: usize = 20;
/// One kill in so many comes at any moment, not after the tombstone.
const ANY_MOMENT: usize = 10;

fn is_full() -> bool {
    std::env::var_os("USERFRONT_FULL").is_some()
}

fn registry(world: &World) -> Registry {
    let text = std::fs::read(world.accounts_home().join("accounts.json")).expect("the registry");
    serde_json::from_slice(&text).expect("a whole registry, whenever it is read")
}

fn has_tombstone(world: &World) -> bool {
    registry(world).accounts.iter().any(|account| account.phase == Phase::LoggingOut)
}

/// The server's fault during the log-out, and how long it takes at most, in ms.
fn server(random: &mut fastrand::Rng) -> (Value, u64) {
    let rule = |fault: Value, after: bool| json!([{"path": "auth/logout", "fault": fault, "after": after}]);
    match random.u8(0..8) {
        0..=3 => (json!([]), 90),
        4 => (rule(json!({"status": 503}), false), 110),
        5 => (rule(json!("reset"), true), 110),
        6 => (rule(json!("hang"), random.bool()), 1_700),
        _ => (rule(json!({"delayMs": 300}), false), 400),
    }
}

/// Waits for the tombstone; whether it came before the process ended.
fn until_tombstone(world: &World, child: &mut Child) -> bool {
    loop {
        if has_tombstone(world) {
            return true;
        }
        if child.try_wait().expect("a child").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// Either wholly logged in, or nothing is left. Whether it is logged in.
async fn all_or_nothing(world: &World, what: &str) -> Result<bool, RigError> {
    let registry = registry(world);
    let (entries, alive) = (world.entries()?, world.sandbox.alive().await?);
    assert!(registry.pending.is_empty() && registry.leftovers.is_empty(), "{what}: {registry:#?}");
    assert!(registry.lost.is_empty(), "{what}: {registry:#?}");
    if let [account] = registry.accounts.as_slice() {
        assert_eq!(account.phase, Phase::Active, "{what}");
        assert_eq!(entries.len(), 2, "{what}: {entries:?}");
        assert_eq!(alive.len(), 1, "{what}");
        assert_eq!(alive[0].session_id, account.session.as_str(), "{what}");
        return Ok(true);
    }
    assert_eq!(entries, [], "{what}");
    assert_eq!(alive, [], "{what}");
    Ok(false)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_killed_leaves_all_or_nothing() -> Done {
    let world = world()?.start()?;
    let wanted = if is_full() { OF_COMMANDS_FULL } else { OF_COMMANDS };
    let seed = fastrand::u64(..);
    say!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut kills, mut after_tombstone, mut finished, mut logged_in) = (0, 0, 0, 0);
    while kills < wanted {
        if registry_is_empty(&world) {
            log_in_by_command(&world, "admin@example.com");
        }
        let (faults, longest) = server(&mut random);
        world.sandbox.set_faults(&faults).await?;
        let mut command = world.environment().command(world.programs().userfront());
        command.arg("log-out").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("userfront starts");
        let any_moment = kills % ANY_MOMENT == ANY_MOMENT - 1;
        let tombstone = !any_moment && until_tombstone(&world, &mut child);
        std::thread::sleep(Duration::from_millis(random.u64(0..longest)));
        let was_running = child.try_wait().expect("a child").is_none();
        child.kill().expect("SIGKILL");
        child.wait().expect("it is dead");
        let left = has_tombstone(&world) || registry_is_empty(&world);
        if was_running {
            kills += 1;
            after_tombstone += usize::from(tombstone || left);
        } else {
            finished += 1;
        }
        // A quiet network, and a start.
        world.sandbox.set_faults(&json!([])).await?;
        userfront(&world, &["pending", "--retry"], "");
        let what = format!("seed {seed}, kill {kills}, server {faults}");
        let stays = all_or_nothing(&world, &what).await?;
        assert!(!stays || !(tombstone || left), "{what}: a tombstone was lifted");
        logged_in += usize::from(stays);
    }
    say!(
        "{kills} commands killed, {after_tombstone} after the tombstone; {logged_in} wholly logged in, the \
         others left nothing; {finished} were quicker"
    );
    assert!(after_tombstone * 6 >= kills * 5, "{after_tombstone} of {kills} after the tombstone");
    Ok(())
}

fn registry_is_empty(world: &World) -> bool {
    let home = world.accounts_home().join("accounts.json");
    !home.exists() || registry(world).accounts.is_empty()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_killed_leaves_all_or_nothing() -> Done {
    let world = world()?.start()?;
    let wanted = if is_full() { OF_APPS_FULL } else { OF_APPS };
    let seed = fastrand::u64(..);
    say!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut after_tombstone, mut logged_in) = (0, 0);
    for kill in 1..=wanted {
        let app = world.open_app().await?;
        if registry_is_empty(&world) {
            log_in(&app).await?;
        } else {
            app.wait_until_visible("account-view", SOON).await?;
        }
        let (faults, longest) = server(&mut random);
        world.sandbox.set_faults(&faults).await?;
        let pid = app.processes()?.into_iter().find(|process| process.executable == world.programs().app);
        let pid = pid.expect("the app").pid.to_string();
        app.script("document.querySelector('[data-testid=log-out]').click(); return true", vec![]).await?;
        std::thread::sleep(Duration::from_millis(random.u64(0..longest)));
        let killed = world.environment().command("kill").args(["-9", &pid]).status().expect("kill");
        assert!(killed.success());
        let begin = Instant::now();
        while app.processes().is_ok() {
            assert!(begin.elapsed() < SOON, "{pid} is dead");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let left = has_tombstone(&world) || registry_is_empty(&world);
        after_tombstone += usize::from(left);
        drop(app);
        // A quiet network, and a start.
        world.sandbox.set_faults(&json!([])).await?;
        let what = format!("seed {seed}, kill {kill}, server {faults}");
        let app = world.open_app().await?;
        app.wait_until_visible(if left { "login-view" } else { "account-view" }, SOON).await?;
        let begin = Instant::now();
        while has_tombstone(&world) || !registry(&world).pending.is_empty() {
            assert!(begin.elapsed() < SOON, "{what}: {:#?}", registry(&world));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let stays = all_or_nothing(&world, &what).await?;
        assert_eq!(stays, !left, "{what}");
        logged_in += usize::from(stays);
        app.stop().await?;
    }
    say!(
        "{wanted} apps killed, {after_tombstone} after the tombstone; {logged_in} wholly logged in, the \
         others left nothing"
    );
    Ok(())
}
