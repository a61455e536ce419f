//! One counter for all effects of a test's process: keyring, registry and HTTP twins share it.
//!
//! A twin announces each effect ([`Effects::begin`]), does what its [`Fate`] says, and ends the step. The test plans a
//! [`Fault`] for the k-th effect, or the k-th and the l-th. A *crash* is what a power cut is to a process: the effect
//! took place, and no future that goes through this counter resolves any more. The next process is a new `Effects`
//! over the same shared state.
//!
//! ```
//! # use credential_store::effects::{Effects, Fate, Fault};
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # runtime.block_on(async {
//! let effects = Effects::planned([(2, Fault::Crash)]);
//! let mut file = Vec::new();
//! let two_writes = async {
//!     effects.effect("write a", |_| file.push('a')).await;
//!     effects.effect("write b", |_| file.push('b')).await;
//!     effects.effect("write c", |_| file.push('c')).await;
//! };
//! tokio::select! { biased; () = two_writes => unreachable!(), () = effects.crashed() => {} }
//! assert_eq!(file, ['a', 'b']);
//! # });
//! ```
//!
//! Not here: time limits (a twin answers `Hung` or `TimedOut` at once), and reads, which change nothing; they only
//! pass [`Effects::alive`], so that a dead process reads nothing either.

use std::collections::BTreeMap;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// How the k-th effect is spoiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does not take place, and the call says so.
    Fail,
    /// It does not take place, and the call says that it did.
    Lie,
    /// The call does not answer within its limit, and it never takes place.
    Hang,
    /// The call does not answer within its limit, and it takes place all the same.
    HangAndHappen,
    /// It takes place; the answer never arrives, and the process is dead from here on.
    Crash,
}

/// What a twin is to do with an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Do it. (A planned crash comes afterwards.)
    Happen,
    /// Leave it, and say that it failed.
    Fail,
    /// Leave it, and say that it is done.
    Lie,
    /// Leave it, and say what a call says whose limit has passed.
    Hang,
    /// Do it, and say what a call says whose limit has passed.
    HangAndHappen,
}

impl Fate {
    /// Whether the effect takes place.
    #[must_use]
    pub fn happens(self) -> bool {
        matches!(self, Self::Happen | Self::HangAndHappen)
    }
}

/// A clone counts on with the same counter: give one to each twin of a process.
#[derive(Clone)]
pub struct Effects {
    plan: Arc<BTreeMap<u64, Fault>>,
    done: Arc<Mutex<Vec<String>>>,
    crashed: watch::Sender<bool>,
}

impl Default for Effects {
    fn default() -> Self {
        Self::planned([])
    }
}

impl Effects {
    /// Nothing is spoiled; effects are counted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The given effects, counted from 1, are spoiled. `(0, Crash)` is dead from the start.
    #[must_use]
    pub fn planned(plan: impl IntoIterator<Item = (u64, Fault)>) -> Self {
        let plan: BTreeMap<u64, Fault> = plan.into_iter().collect();
        let dead = plan.get(&0) == Some(&Fault::Crash);
        Self { plan: Arc::new(plan), done: Arc::default(), crashed: watch::Sender::new(dead) }
    }

    /// How many effects there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.log().len() as u64
    }

    /// What the effects were, in their order: the first has number 1.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.lock().clone()
    }

    /// Whether the planned crash has come.
    #[must_use]
    pub fn has_crashed(&self) -> bool {
        *self.crashed.borrow()
    }

    /// Resolves when the planned crash comes; never without one.
    pub async fn crashed(&self) {
        let mut crashed = self.crashed.subscribe();
        // An error would mean that no sender is left; `self` holds one.
        if crashed.wait_for(|crashed| *crashed).await.is_err() {
            pending::<()>().await;
        }
    }

    /// Resolves at once in a living process, never in a dead one. For what only reads.
    pub async fn alive(&self) {
        if self.has_crashed() {
            pending::<()>().await;
        }
    }

    /// The next effect begins. Never resolves in a dead process.
    pub async fn begin(&self, what: impl Into<String>) -> Step<'_> {
        self.alive().await;
        let mut done = self.lock();
        done.push(what.into());
        Step { effects: self, fault: self.plan.get(&(done.len() as u64)).copied() }
    }

    /// The process is killed now, between two effects.
    pub fn die(&self) {
        self.crashed.send_replace(true);
    }

    /// A whole effect that needs no waiting: begin, act, end.
    pub async fn effect<T>(&self, what: impl Into<String>, act: impl FnOnce(Fate) -> T) -> T {
        let step = self.begin(what).await;
        let result = act(step.fate());
        step.end().await;
        result
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effects").field("plan", &self.plan).field("log", &self.log()).finish_non_exhaustive()
    }
}

/// An effect that has begun.
#[must_use = "an effect has a fate, and an end"]
#[derive(Debug)]
pub struct Step<'a> {
    effects: &'a Effects,
    fault: Option<Fault>,
}

impl Step<'_> {
    /// What is to become of it.
    #[must_use]
    pub fn fate(&self) -> Fate {
        match self.fault {
            None | Some(Fault::Crash) => Fate::Happen,
            Some(Fault::Fail) => Fate::Fail,
            Some(Fault::Lie) => Fate::Lie,
            Some(Fault::Hang) => Fate::Hang,
            Some(Fault::HangAndHappen) => Fate::HangAndHappen,
        }
    }

    /// It is over. Never resolves when this was the last thing that the process did, or when another effect, begun
    /// beside this one, was.
    pub async fn end(self) {
        if self.fault == Some(Fault::Crash) {
            self.effects.crashed.send_replace(true);
        }
        self.effects.alive().await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    async fn never(future: impl Future) -> bool {
        tokio::time::timeout(Duration::from_hours(1), future).await.is_err()
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_crash_nothing_resolves() {
        let effects = Effects::planned([(2, Fault::Crash)]);
        let other_twin = effects.clone();
        let mut happened = 0;
        effects.effect("one", |fate| happened += u32::from(fate.happens())).await;
        let beside = other_twin.begin("two beside it").await;
        assert_eq!(beside.fate(), Fate::Happen);
        assert!(!effects.has_crashed());
        assert!(never(beside.end()).await);
        assert!(effects.has_crashed());
        assert!(never(effects.effect("three", |_| happened += 1)).await);
        assert!(never(other_twin.alive()).await);
        effects.crashed().await;
        assert_eq!(happened, 1);
        assert_eq!(effects.log(), ["one", "two beside it"]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_effect_under_way_when_the_process_dies_never_answers() {
        let effects = Effects::planned([(2, Fault::Crash)]);
        let slow = effects.begin("slow").await;
        assert!(never(effects.effect("last", |_| ())).await);
        assert!(never(slow.end()).await);
    }

    #[tokio::test(start_paused = true)]
    async fn faults_meet_the_effect_they_were_planned_for() {
        let effects = Effects::planned([
            (1, Fault::Fail),
            (2, Fault::Lie),
            (3, Fault::Hang),
            (4, Fault::HangAndHappen),
        ]);
        let mut fates = Vec::new();
        for k in 1..=5 {
            effects.effect(k.to_string(), |fate| fates.push(fate)).await;
        }
        assert_eq!(fates, [Fate::Fail, Fate::Lie, Fate::Hang, Fate::HangAndHappen, Fate::Happen]);
        assert_eq!(effects.count(), 5);
        assert!(never(effects.crashed()).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_can_be_dead_from_the_start() {
        let effects = Effects::planned([(0, Fault::Crash)]);
        assert!(never(effects.begin("never")).await);
        assert_eq!(effects.count(), 0);
    }
}
