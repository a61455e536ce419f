//! The keyring's thread: the only place that calls the keyring.
//!
//! A request is *waiting* (in the channel), then *begun*, then *answered*. A waiting request has no limit of
//! its own: it waits while the requests before it stay within theirs, so a queue alone never makes the
//! keyring hung. A begun request has its own limit. When a caller gives up a waiting request, the request is
//! dropped and never run. When the limit of a begun request passes, the store is *hung* until the request
//! returns: it takes no request, and waiting callers get `Hung`. When it returns, its late result goes to the
//! log, and the store takes requests again.
//!
//! While a dialog waits for the user, other requests get `Locked` at once.
//!
//! The thread ends when the last handle is dropped. A thread that hangs then does not keep the process from
//! ending.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use accounts::ports::StoreError;
use tokio::sync::oneshot;
use tokio::time::{timeout, timeout_at};

use crate::store::Store;

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Decides once whether a request is run or dropped: the thread and the caller may try at the same moment.
#[derive(Debug, Clone, Default)]
struct Ticket(Arc<AtomicU8>);

impl Ticket {
    fn claim(&self, state: u8) -> bool {
        self.0.compare_exchange(WAITING, state, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// The caller's half. Dropping it (by a limit or with the caller's task) gives the request up.
struct Claim(Ticket);

impl Drop for Claim {
    fn drop(&mut self) {
        // False: the request has begun and can no longer be given up.
        self.0.claim(GIVEN_UP);
    }
}

type Deliver = Box<dyn FnOnce()>;

struct Job {
    ticket: Ticket,
    limit: Duration,
    dialog: bool,
    begun: oneshot::Sender<()>,
    run: Box<dyn FnOnce(&mut Store) -> Deliver + Send>,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    Idle,
    Busy { until: Instant, dialog: bool },
}

#[derive(Debug)]
struct Shared {
    phase: Mutex<Phase>,
    name: Mutex<&'static str>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug, Clone)]
pub(crate) struct StoreThread {
    jobs: mpsc::Sender<Job>,
    shared: Arc<Shared>,
    call_limit: Duration,
}

impl StoreThread {
    /// `make` runs on the thread: at the first request, and after a panic.
    pub(crate) fn start(
        call_limit: Duration,
        name: &'static str,
        make: impl Fn() -> Store + Send + 'static,
    ) -> Self {
        let (jobs, queue) = mpsc::channel();
        let shared = Arc::new(Shared { phase: Mutex::new(Phase::Idle), name: Mutex::new(name) });
        let its_own = Arc::clone(&shared);
        let started =
            thread::Builder::new().name("keyring".to_owned()).spawn(move || serve(&queue, &its_own, make));
        if let Err(error) = started {
            // The queue was dropped with the closure, so each request fails with that error.
            tracing::error!(%error, "the keyring's thread cannot be started");
        }
        Self { jobs, shared, call_limit }
    }

    pub(crate) fn name(&self) -> &'static str {
        *lock(&self.shared.name)
    }

    /// `what` names the call in the log and must hold no secret.
    pub(crate) async fn ask<T, F>(&self, what: String, call: F) -> Result<T, StoreError>
    where
        T: Debug + Send + 'static,
        F: FnOnce(&mut Store) -> T + Send + 'static,
    {
        self.ask_within(what, self.call_limit, false, call).await
    }

    pub(crate) async fn ask_the_user<T, F>(
        &self,
        what: String,
        limit: Duration,
        call: F,
    ) -> Result<T, StoreError>
    where
        T: Debug + Send + 'static,
        F: FnOnce(&mut Store) -> T + Send + 'static,
    {
        self.ask_within(what, limit + self.call_limit, true, call).await
    }

    async fn ask_within<T, F>(
        &self,
        what: String,
        limit: Duration,
        dialog: bool,
        call: F,
    ) -> Result<T, StoreError>
    where
        T: Debug + Send + 'static,
        F: FnOnce(&mut Store) -> T + Send + 'static,
    {
        self.takes_requests()?;
        let claim = Claim(Ticket::default());
        let (begun, mut has_begun) = oneshot::channel();
        let (answer, mut answered) = oneshot::channel();
        let run = Box::new(move |store: &mut Store| -> Deliver {
            let result = call(store);
            Box::new(move || {
                if let Err(late) = answer.send(result) {
                    // `Debug` of these results prints names and reasons; secrets are redacted.
                    tracing::warn!(request = what, result = ?late, "the keyring answered after its limit");
                }
            })
        });
        let job = Job { ticket: claim.0.clone(), limit, dialog, begun, run };
        self.jobs.send(job).map_err(|_| gone())?;
        self.turn(&mut has_begun, &claim).await?;
        if let Ok(answer) = timeout(limit, &mut answered).await {
            return answer.map_err(|_| gone());
        }
        // An answer that came at this very moment counts; a later one goes to the log.
        answered.close();
        answered.try_recv().map_err(|_| StoreError::Hung)
    }

    /// Waits until the request begins, or until an earlier one passes its limit.
    async fn turn(&self, has_begun: &mut oneshot::Receiver<()>, claim: &Claim) -> Result<(), StoreError> {
        loop {
            let next_look = match *lock(&self.shared.phase) {
                Phase::Busy { until, .. } => until,
                Phase::Idle => Instant::now() + self.call_limit,
            };
            if let Ok(begun) = timeout_at(next_look.into(), &mut *has_begun).await {
                return begun.map_err(|_| gone());
            }
            let Err(why) = self.takes_requests() else { continue };
            // A request that has begun at this very moment can no longer be given up.
            return if claim.0.claim(GIVEN_UP) { Err(why) } else { Ok(()) };
        }
    }

    fn takes_requests(&self) -> Result<(), StoreError> {
        match *lock(&self.shared.phase) {
            Phase::Busy { until, .. } if Instant::now() >= until => Err(StoreError::Hung),
            Phase::Busy { dialog: true, .. } => Err(StoreError::Locked),
            Phase::Idle | Phase::Busy { .. } => Ok(()),
        }
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the keyring's thread has ended; restart the app".to_owned())
}

fn serve(queue: &mpsc::Receiver<Job>, shared: &Shared, make: impl Fn() -> Store) {
    let mut store = None;
    while let Ok(job) = queue.recv() {
        if !job.ticket.claim(BEGUN) {
            continue;
        }
        *lock(&shared.phase) = Phase::Busy { until: Instant::now() + job.limit, dialog: job.dialog };
        // The caller may have given up; a begun request runs all the same.
        let caller_waits = job.begun.send(()).is_ok();
        let mut at_work = store.take().unwrap_or_else(&make);
        let run = job.run;
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&mut at_work)));
        // Before the answer is delivered: the caller's next request must find the thread idle.
        *lock(&shared.phase) = Phase::Idle;
        if let Ok(deliver) = outcome {
            *lock(&shared.name) = at_work.name();
            store = Some(at_work);
            deliver();
        } else {
            // The caller's channel closes. The store that panicked is dropped; the next request makes
            // another.
            tracing::error!(caller_waits, "the keyring's code panicked");
        }
    }
}

#[cfg(test)]
#[path = "thread_tests.rs"]
mod tests;
