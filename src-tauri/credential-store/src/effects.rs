//! One counter for all effects in a test's process. The keyring, registry and HTTP fakes share it.
//!
//! A fake announces each effect ([`Effects::begin`]), does what its [`Fate`] says, and ends the step. The
//! test plans a [`Fault`] for the k-th effect, or for the k-th and the l-th. A *crash* stands for a power
//! cut: the effect took place, and no future that goes through this counter resolves any more. The next
//! process is a new `Effects` over the same shared state.
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
//! Not here: time limits (a fake answers `Hung` or `TimedOut` at once). Reads change nothing and are not
//! counted; they only pass [`Effects::alive`], so that a crashed process reads nothing either.

use std::collections::BTreeMap;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// How the k-th effect fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does not take place, and the call reports the failure.
    Fail,
    /// It does not take place, and the call reports success.
    Lie,
    /// The call times out, and the effect never takes place.
    Hang,
    /// The call times out, but the effect takes place.
    HangAndHappen,
    /// The effect takes place, the answer never arrives, and the process has crashed.
    Crash,
}

/// How a fake carries out an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Do it. (A planned crash follows.)
    Happen,
    /// Skip it and report a failure.
    Fail,
    /// Skip it and report success.
    Lie,
    /// Skip it and report a timeout.
    Hang,
    /// Do it and report a timeout.
    HangAndHappen,
}

impl Fate {
    /// Whether the effect takes place.
    #[must_use]
    pub fn happens(self) -> bool {
        matches!(self, Self::Happen | Self::HangAndHappen)
    }
}

/// A clone shares the counter: give one to each fake of a process.
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
    /// Plans no fault; effects are only counted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Plans faults for these effects, counted from 1. `(0, Crash)` has crashed from the start.
    #[must_use]
    pub fn planned(plan: impl IntoIterator<Item = (u64, Fault)>) -> Self {
        let plan: BTreeMap<u64, Fault> = plan.into_iter().collect();
        let dead = plan.get(&0) == Some(&Fault::Crash);
        Self { plan: Arc::new(plan), done: Arc::default(), crashed: watch::Sender::new(dead) }
    }

    /// The number of effects so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.log().len() as u64
    }

    /// The names of the effects, in order.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.lock().clone()
    }

    /// Whether the planned crash has happened.
    #[must_use]
    pub fn has_crashed(&self) -> bool {
        *self.crashed.borrow()
    }

    /// Resolves at the planned crash; never without one.
    pub async fn crashed(&self) {
        let mut crashed = self.crashed.subscribe();
        // An error would mean that no sender is left; `self` holds one.
        if crashed.wait_for(|crashed| *crashed).await.is_err() {
            pending::<()>().await;
        }
    }

    /// Resolves at once; never after a crash. For reads.
    pub async fn alive(&self) {
        if self.has_crashed() {
            pending::<()>().await;
        }
    }

    /// Begins the next effect. Never resolves after a crash.
    pub async fn begin(&self, what: impl Into<String>) -> Step<'_> {
        self.alive().await;
        let mut done = self.lock();
        done.push(what.into());
        Step { effects: self, fault: self.plan.get(&(done.len() as u64)).copied() }
    }

    /// Kills the process now, between two effects.
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
    /// How to carry it out.
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

    /// Ends the effect. Never resolves when this effect, or one begun beside it, was the process's last.
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
    async fn effects_after_a_crash_never_resolve() {
        let effects = Effects::planned([(2, Fault::Crash)]);
        let other_fake = effects.clone();
        let mut happened = 0;
        effects.effect("one", |fate| happened += u32::from(fate.happens())).await;
        let beside = other_fake.begin("two beside it").await;
        assert_eq!(beside.fate(), Fate::Happen);
        assert!(!effects.has_crashed());
        assert!(never(beside.end()).await);
        assert!(effects.has_crashed());
        assert!(never(effects.effect("three", |_| happened += 1)).await);
        assert!(never(other_fake.alive()).await);
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
