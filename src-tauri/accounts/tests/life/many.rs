//! Many accounts at once: the program works on all of them, a few at a time.

use std::time::Duration;

use accounts::log_out::pending_revocations::Occasion;
use accounts::model::destination::Redirect;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{CallFailure, RegistryStorage};
use accounts::{AccountId, Work};
use credential_store::effects::Effects;
use tokio::time::{Instant, sleep};

use crate::fakes::{MemoryRegistry, Trouble};
use crate::world::{Process, World, tenant};

/// The domain's limit of calls at the same time.
const AT_ONCE: usize = 8;

/// Logs in to `count` accounts, each at a host of its own, and returns them in the order of the log-ins.
async fn logged_in(world: &mut World, count: usize) -> (Process, Vec<AccountId>) {
    let process = world.process([]);
    let mut ids = Vec::new();
    for nth in 0..count {
        world.tenant = tenant(&format!("https://h{nth}.example/v0/"));
        ids.push(process.log_in(world).await.unwrap());
    }
    (process, ids)
}

/// The result of `work`, and how many jobs that match `what` ran at the same time at most.
async fn count_parallel<T: Send + 'static>(
    process: &Process,
    work: impl Future<Output = T> + Send + 'static,
    what: impl Fn(&Work) -> bool,
) -> (T, usize) {
    let work = tokio::spawn(work);
    let mut most = 0;
    while !work.is_finished() {
        sleep(Duration::from_millis(100)).await;
        let at_work = process.accounts.overview().await.in_progress;
        most = most.max(at_work.iter().filter(|work| what(work)).count());
    }
    (work.await.unwrap(), most)
}

#[tokio::test(start_paused = true)]
async fn log_out_all_returns_a_result_for_each_of_100_accounts() {
    let mut world = World::new();
    let (process, ids) = logged_in(&mut world, 100).await;
    world.network.trouble(Trouble::Slow(Duration::from_secs(1)));
    // Another process locks the first account for a while, so that account is finished last of its batch.
    let disk = MemoryRegistry { disk: world.disk.clone(), effects: Effects::new() };
    let lock = disk.lock_account(&ids[0]).await.unwrap();
    tokio::spawn(async move {
        sleep(Duration::from_millis(700)).await;
        drop(lock);
    });
    let accounts = process.accounts.clone();
    let (done, most) = count_parallel(&process, async move { accounts.log_out_all().await }, |work| {
        matches!(work, Work::LoggingOut(_))
    })
    .await;
    assert_eq!(most, 2 * AT_ONCE, "half of them wait for the server");
    assert_eq!(world.network.most_slow_log_outs(), AT_ONCE);
    let done = done.unwrap();
    let hosts = |ids: &[AccountId]| ids.iter().map(|id| id.host().to_owned()).collect::<Vec<_>>().join(" ");
    let told: Vec<_> = done.iter().map(|(account, _)| account.id.clone()).collect();
    assert_eq!(hosts(&told), hosts(&ids), "in the registry's order");
    for (account, outcome) in done {
        let outcome = outcome.unwrap();
        assert_eq!(
            (outcome.session, outcome.deletion),
            (SessionOutcome::Revoked, Deletion::Deleted),
            "{}",
            account.id
        );
    }
    world.assert_settled("all of them");
    assert!(world.sessions_alive().is_empty() && world.entries().is_empty());
}

#[tokio::test(start_paused = true)]
async fn log_out_several_leaves_the_others_logged_in_and_their_sessions_alive() {
    let mut world = World::new();
    let (process, ids) = logged_in(&mut world, 5).await;
    let chosen = [ids[1].clone(), ids[3].clone()];
    let done = process.accounts.log_out_several(|account| chosen.contains(&account.id)).await.unwrap();
    let logged_out: Vec<_> = done.iter().map(|(account, _)| account.id.clone()).collect();
    assert_eq!(logged_out, chosen);
    assert!(done.iter().all(|(_, outcome)| outcome.as_ref().unwrap().session == SessionOutcome::Revoked));
    let left: Vec<_> = world.registry().accounts.into_iter().map(|account| account.id).collect();
    assert_eq!(left, [&ids[0], &ids[2], &ids[4]].map(Clone::clone));
    assert_eq!(world.sessions_alive().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn log_out_of_one_account_does_not_wait_for_its_turn_among_several() {
    let mut world = World::new();
    let (process, mut ids) = logged_in(&mut world, 3 * AT_ONCE).await;
    let (slow, one) = (Duration::from_secs(1), ids.pop().unwrap());
    world.network.trouble(Trouble::Slow(slow));
    let accounts = process.accounts.clone();
    let several = tokio::spawn(async move { accounts.log_out_several(|it| ids.contains(&it.id)).await });
    sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    let outcome = process.accounts.log_out(&one, &Redirect::Follow).await.unwrap();
    assert_eq!((outcome.session, began.elapsed()), (SessionOutcome::Revoked, slow));
    assert!(!several.is_finished());
    let several = several.await.unwrap().unwrap();
    assert!(several.iter().all(|(_, done)| done.as_ref().unwrap().session == SessionOutcome::Revoked));
}

#[tokio::test(start_paused = true)]
async fn an_account_stays_pinned_over_a_log_out() {
    let mut world = World::new();
    let (process, ids) = logged_in(&mut world, 3).await;
    for id in [&ids[2], &ids[0], &ids[2]] {
        process.accounts.set_pinned(id, true).await.unwrap();
    }
    assert_eq!(world.registry().pinned, [ids[2].clone(), ids[0].clone()], "in the order of pinning");
    process.accounts.log_out_all().await.unwrap();
    assert_eq!(world.registry().pinned, [ids[2].clone(), ids[0].clone()]);
    process.accounts.set_pinned(&ids[2], false).await.unwrap();
    process.accounts.set_pinned(&ids[1], true).await.unwrap();
    assert_eq!(world.registry().pinned, [ids[0].clone()], "an unknown account is not pinned");
}

// The user closes the window while some accounts are still waiting for their turn.
#[tokio::test(start_paused = true)]
async fn program_waits_until_all_accounts_are_logged_out() {
    let mut world = World::new();
    let (process, ids) = logged_in(&mut world, 3 * AT_ONCE).await;
    world.network.trouble(Trouble::Slow(Duration::from_secs(1)));
    let accounts = process.accounts.clone();
    let all = tokio::spawn(async move { accounts.log_out_all().await });
    sleep(Duration::from_millis(100)).await;
    assert!(process.accounts.interrupt(), "it is to wait");
    while process.accounts.is_logging_out() {
        sleep(Duration::from_millis(1)).await;
    }
    assert!(world.sessions_alive().is_empty(), "of {}", ids.len());
    assert_eq!(all.await.unwrap().unwrap().len(), ids.len());
    assert!(!process.accounts.must_not_end_yet());
}

#[tokio::test(start_paused = true)]
async fn retry_runs_at_most_8_pending_revocations_at_once() {
    let mut world = World::new();
    let (process, _) = logged_in(&mut world, 20).await;
    world.network.fail(false, CallFailure::TimedOut);
    process.accounts.log_out_all().await.unwrap();
    assert_eq!(world.registry().pending.len(), 20);
    world.network.trouble(Trouble::Slow(Duration::from_secs(1)));
    let accounts = process.accounts.clone();
    let (done, most) =
        count_parallel(&process, async move { accounts.retry_pending(Occasion::Asked).await }, |work| {
            matches!(work, Work::Revoking(_))
        })
        .await;
    assert_eq!((done, most), (Ok(()), AT_ONCE));
    world.assert_settled("paid");
    assert!(world.sessions_alive().is_empty());
}

#[tokio::test(start_paused = true)]
async fn hanging_server_delays_a_start_once_and_not_once_per_account() {
    let mut world = World::new();
    let (process, ids) = logged_in(&mut world, AT_ONCE).await;
    world.clock.advance(700_000);
    world.network.trouble(Trouble::Hangs { after: false });
    let began = Instant::now();
    process.accounts.restore().await.unwrap();
    let waited = began.elapsed();
    assert!(waited >= Duration::from_secs(15) && waited < Duration::from_secs(16), "{waited:?}");
    assert_eq!(world.registry().accounts.len(), ids.len(), "they are logged in as before");
}
