//! The overview of an account during its log-out.

use std::time::Duration;

use accounts::ports::StoreStatus;
use tokio::time::sleep;

use crate::fakes::Trouble;
use crate::world::World;

#[tokio::test(start_paused = true)]
async fn overview_shows_a_log_out_in_another_process_as_in_progress() {
    let world = World::new();
    let (app, id) = world.logged_in().await;
    let other = world.process([]);
    world.network.trouble(Trouble::Hangs { after: false });
    let logging_out = tokio::spawn({
        let (other, id) = (other.clone(), id.clone());
        async move { other.log_out(&id).await }
    });
    sleep(Duration::from_millis(500)).await;
    let overview = app.accounts.overview().await;
    assert!(overview.in_progress.contains(&accounts::Work::LoggingOut(id.clone())));
    assert_eq!(
        accounts::overview::shown_account(&overview).map(|account| &account.id),
        Some(&id),
        "still in view"
    );
    logging_out.await.unwrap().unwrap();
    assert_eq!(app.accounts.overview().await.in_progress, []);
}

/// Whether the overview shows the account if its log-out begins, or ends, while the overview is read.
async fn is_in_view(begins: bool) -> bool {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.network.trouble(Trouble::Slow(Duration::from_secs(1)));
    let log_out = || {
        let (process, id) = (process.clone(), id.clone());
        tokio::spawn(async move { process.log_out(&id).await })
    };
    let under_way = Duration::from_millis(500);
    let mut running = None;
    if !begins {
        running = Some(log_out());
        tokio::time::sleep(under_way).await;
    }
    let pause = world.disk.pause_next_read(!begins);
    let accounts = process.accounts.clone();
    let looking = tokio::spawn(async move { accounts.overview().await });
    pause.reached.notified().await;
    if let Some(ends) = running.take() {
        ends.await.unwrap().unwrap();
    } else {
        running = Some(log_out());
        tokio::time::sleep(under_way).await;
    }
    pause.go_on.notify_one();
    let overview = looking.await.unwrap();
    if let Some(ends) = running {
        ends.await.unwrap().unwrap();
    }
    accounts::overview::shown_account(&overview).is_some()
}

#[tokio::test(start_paused = true)]
async fn overview_shows_an_account_while_its_log_out_begins_or_ends() {
    assert!(is_in_view(true).await, "it begins");
    assert!(is_in_view(false).await, "it ends");
}

#[tokio::test(start_paused = true)]
async fn entry_is_never_shown_as_leftover_during_its_revocation() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    world.network.fail(false, accounts::ports::CallFailure::TimedOut);
    process.log_out(&id).await.unwrap();
    world.network.heal();
    let entry = world.registry().pending[0].entry.clone();
    let (accounts, other) = (process.accounts.clone(), world.process([]));
    let retry = tokio::spawn(async move { accounts.retry_revocation(&entry).await });
    let mut writes = 0;
    while !retry.is_finished() {
        let pause = world.disk.pause_next_write();
        tokio::select! {
            () = pause.reached.notified() => {}
            () = sleep(Duration::from_mins(1)) => break,
        }
        for process in [&process, &other] {
            assert_eq!(process.accounts.overview().await.leftover_entries().count(), 0, "write {writes}");
        }
        writes += 1;
        pause.go_on.notify_one();
    }
    retry.await.unwrap().unwrap();
    assert!(writes >= 3, "claimed, marked, dropped: {writes}");
    assert_eq!(world.registry().pending, []);
}

#[tokio::test(start_paused = true)]
async fn switch_works_only_for_a_logged_in_account() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    assert_eq!(process.accounts.switch(&id).await, Ok(true));
    world.keyring.set_status(StoreStatus::Locked);
    process.accounts.log_out_once_unlocked(&id).await.unwrap();
    assert_eq!(process.accounts.switch(&id).await, Ok(false), "it is logging out");
    world.quiet_start().await;
    assert_eq!(process.accounts.switch(&id).await, Ok(false), "it is gone");
    assert_eq!(world.registry().active, None);
}
