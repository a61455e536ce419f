use std::sync::mpsc::{Receiver, Sender, channel};

use accounts::ports::StoreStatus;
use zeroize::Zeroizing;

use super::*;
use crate::vault::Vault;

struct Idle;

impl Vault for Idle {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn status(&mut self) -> StoreStatus {
        StoreStatus::Ok
    }

    fn list(&mut self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    fn get(&mut self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(None)
    }

    fn set(&mut self, _: &str, _: &[u8]) -> Result<(), StoreError> {
        Ok(())
    }

    fn delete(&mut self, _: &str) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn unlock(&mut self, _: Duration) -> StoreStatus {
        StoreStatus::Ok
    }
}

/// Long enough on a busy machine to tell "at once" from "after the limit".
const LIMIT: Duration = Duration::from_secs(2);

fn start() -> StoreThread {
    start_with(LIMIT)
}

fn start_with(limit: Duration) -> StoreThread {
    StoreThread::start(limit, "not known", || Store::new(Box::new(Idle), usize::MAX))
}

/// A call that reports its begin and end, and lasts until the sender is used or dropped.
fn long_call(events: &Sender<&'static str>) -> (Sender<()>, impl FnOnce(&mut Store) + Send + 'static) {
    let (release, released): (Sender<()>, Receiver<()>) = channel();
    let events = events.clone();
    let call = move |_: &mut Store| {
        events.send("begun").unwrap();
        released.recv().unwrap();
        events.send("ended").unwrap();
    };
    (release, call)
}

/// Waits until the long call has begun. The returned receiver must live as long as the call.
async fn begun(seen: Receiver<&'static str>) -> Receiver<&'static str> {
    let wait = move || {
        assert_eq!(seen.recv().unwrap(), "begun");
        seen
    };
    tokio::task::spawn_blocking(wait).await.unwrap()
}

#[tokio::test]
async fn a_call_past_its_limit_makes_the_store_hung_until_it_returns() {
    let thread = start();
    let (events, seen) = channel();
    let (release, call) = long_call(&events);
    let began = Instant::now();
    assert_eq!(thread.ask("long".into(), call).await, Err(StoreError::Hung));
    assert!(began.elapsed() >= LIMIT && began.elapsed() < LIMIT * 8, "{:?}", began.elapsed());

    let began = Instant::now();
    assert_eq!(thread.ask("next".into(), Store::status).await, Err(StoreError::Hung));
    assert!(began.elapsed() < LIMIT / 2, "at once, not after {:?}", began.elapsed());

    release.send(()).unwrap();
    assert_eq!(seen.recv().unwrap(), "begun");
    assert_eq!(seen.recv().unwrap(), "ended");
    let returned = Instant::now();
    while thread.takes_requests().is_err() {
        assert!(returned.elapsed() < Duration::from_secs(10), "it does not recover");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(thread.ask("then".into(), Store::status).await, Ok(StoreStatus::Ok));
}

#[tokio::test]
async fn a_request_given_up_while_it_waits_is_never_run() {
    let thread = start();
    let (events, seen) = channel();
    let (release, call) = long_call(&events);
    let busy = tokio::spawn({
        let thread = thread.clone();
        async move { thread.ask("long".into(), call).await }
    });
    let _seen = begun(seen).await;
    let (ran, has_run) = channel();
    let by_limit = thread.ask("given up by its limit".into(), {
        let ran = ran.clone();
        move |_| ran.send(()).unwrap()
    });
    let by_drop =
        tokio::time::timeout(LIMIT / 3, thread.ask("dropped".into(), move |_| ran.send(()).unwrap()));
    let (by_limit, by_drop) = tokio::join!(by_limit, by_drop);
    assert_eq!(by_limit, Err(StoreError::Hung));
    assert!(by_drop.is_err());
    assert_eq!(busy.await.unwrap(), Err(StoreError::Hung));
    release.send(()).unwrap();
    while thread.takes_requests().is_err() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(thread.ask("later".into(), Store::status).await, Ok(StoreStatus::Ok));
    assert!(has_run.recv().is_err(), "both were dropped unrun, and their senders with them");
}

#[tokio::test]
async fn a_long_queue_does_not_count_as_a_hung_keyring() {
    let thread = start();
    let began = Instant::now();
    let mut queue = tokio::task::JoinSet::new();
    for nth in 0..8 {
        let thread = thread.clone();
        queue.spawn(async move {
            thread.ask("slow".into(), move |_| std::thread::sleep(LIMIT / 3)).await.map(|()| nth)
        });
    }
    let mut answered = queue.join_all().await;
    assert!(began.elapsed() > LIMIT * 2, "the last one has waited for longer than any call may take");
    answered.sort_by_key(|answer| *answer.as_ref().unwrap_or(&0));
    assert_eq!(answered, (0..8).map(Ok).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_request_behind_a_hanging_call_is_reported_hung_with_that_call() {
    let thread = start();
    let (events, _seen) = channel();
    let (_release, call) = long_call(&events);
    let ask_slow = |share| {
        let thread = thread.clone();
        async move { thread.ask("slow".into(), move |_| std::thread::sleep(share)).await }
    };
    let began = Instant::now();
    // Queued in this order; the last request is made while the first one runs.
    let (slow, hangs, waits) = tokio::join!(
        biased;
        ask_slow(LIMIT / 2),
        thread.ask("long".into(), call),
        ask_slow(Duration::ZERO),
    );
    assert_eq!((slow, hangs, waits), (Ok(()), Err(StoreError::Hung), Err(StoreError::Hung)));
    assert!(began.elapsed() < LIMIT * 2, "nobody waits beyond the limit of the one that hangs");
}

#[tokio::test]
async fn a_request_during_an_open_dialog_is_told_that_the_keyring_is_locked() {
    let thread = start();
    let (events, seen) = channel();
    let (release, call) = long_call(&events);
    let dialog = tokio::spawn({
        let thread = thread.clone();
        async move { thread.ask_the_user("unlock".into(), LIMIT * 20, call).await }
    });
    let _seen = begun(seen).await;
    assert_eq!(thread.ask("beside it".into(), Store::status).await, Err(StoreError::Locked));
    release.send(()).unwrap();
    dialog.await.unwrap().unwrap();
    assert_eq!(thread.ask("after it".into(), Store::status).await, Ok(StoreStatus::Ok), "at once");
}

#[tokio::test]
async fn a_panic_fails_only_one_request() {
    // Its backtrace alone can take seconds.
    let thread = start_with(Duration::from_mins(1));
    let panics = thread.ask("panics".into(), |_: &mut Store| -> () { panic!("planned by a test") }).await;
    assert!(matches!(panics, Err(StoreError::Unavailable(_))), "{panics:?}");
    assert_eq!(thread.ask("then".into(), Store::status).await, Ok(StoreStatus::Ok));
    assert_eq!(thread.name(), "fake");
}
