//! The network between a machine and the server in memory: what is wrong with it, and what has come through.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounts::ports::CallFailure;
use tokio::sync::Notify;

use super::lock;

/// What is wrong between a machine and the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The call fails: before it took effect, or after.
    Fails { after: bool, failure: CallFailure },
    /// Nothing answers until the limit of the call has passed: before it took effect, or after.
    Hangs { after: bool },
    /// The answer, a good one, takes this long. (Effects take place at once.)
    Slow(Duration),
    /// A log-out is answered as done, and the session lives on.
    Lies,
}

/// The network between a machine and the server, as it is now.
#[derive(Clone, Default)]
pub(crate) struct Network {
    pub(super) trouble: Arc<Mutex<Option<Trouble>>>,
    pub(super) received: Arc<Mutex<HashSet<String>>>,
    pub(super) lied_about: Arc<Mutex<HashSet<String>>>,
    slow_tokens: Arc<Mutex<Option<Arc<Notify>>>>,
    on_their_way: Arc<Notify>,
    pub(super) taken_for: Arc<Mutex<Option<String>>>,
    pub(super) without_refresh: Arc<Mutex<bool>>,
    pub(super) mixed_in: Arc<Mutex<Option<String>>>,
    pub(super) answers_for: Arc<Mutex<Option<String>>>,
    pub(super) log_outs_fail: Arc<Mutex<Option<CallFailure>>>,
    pub(super) refreshes_fail: Arc<Mutex<Option<CallFailure>>>,
    pub(super) gates: Arc<Mutex<Vec<Gate>>>,
    pub(super) date: Arc<Mutex<Option<i64>>>,
    pub(super) without_access: Arc<Mutex<bool>>,
}

/// Something in front of one call that answers in the server's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gate {
    /// The end of the call's path; the empty text fits every call.
    pub(crate) call: &'static str,
    /// Whether the call takes effect all the same.
    pub(crate) acts: bool,
    pub(crate) answer: Gated,
    /// How many calls it lets through first.
    pub(crate) passes: usize,
    /// How many it answers then.
    pub(crate) times: usize,
}

/// What is answered at a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gated {
    /// A status, with this JSON.
    Says(u16, &'static str),
    /// Nothing that counts.
    Fails(CallFailure),
}

impl Gate {
    /// It keeps the call from the server, and answers itself.
    pub(crate) fn says(call: &'static str, status: u16, body: &'static str) -> Self {
        Self { call, acts: false, answer: Gated::Says(status, body), passes: 0, times: usize::MAX }
    }

    pub(crate) fn fails(call: &'static str, failure: CallFailure) -> Self {
        Self { call, acts: false, answer: Gated::Fails(failure), passes: 0, times: usize::MAX }
    }

    pub(crate) fn acts(self) -> Self {
        Self { acts: true, ..self }
    }

    pub(crate) fn passes(self, passes: usize) -> Self {
        Self { passes, ..self }
    }

    pub(crate) fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }
}

impl Network {
    /// Of another program on the same machine: the same lies, and else nothing in common.
    pub(crate) fn beside(other: &Self) -> Self {
        Self { lied_about: other.lied_about.clone(), ..Self::default() }
    }

    /// From here on calls fail: before they take effect, or after.
    pub(crate) fn fail(&self, after: bool, failure: CallFailure) {
        self.trouble(Trouble::Fails { after, failure });
    }

    pub(crate) fn trouble(&self, trouble: Trouble) {
        *lock(&self.trouble) = Some(trouble);
    }

    pub(crate) fn heal(&self) {
        *lock(&self.trouble) = None;
        *lock(&self.log_outs_fail) = None;
        *lock(&self.refreshes_fail) = None;
        lock(&self.gates).clear();
        *lock(&self.date) = None;
        *lock(&self.without_access) = false;
    }

    /// From here on these stand in front of the server; of several that fit a call, the first answers.
    pub(crate) fn gates(&self, gates: impl IntoIterator<Item = Gate>) {
        *lock(&self.gates) = gates.into_iter().collect();
    }

    /// What stands in front of this call.
    pub(super) fn gate(&self, path: &str) -> Option<Gate> {
        let mut gates = lock(&self.gates);
        let gate = gates.iter_mut().find(|gate| gate.times > 0 && path.ends_with(gate.call))?;
        if gate.passes > 0 {
            gate.passes -= 1;
            return None;
        }
        gate.times -= 1;
        Some(gate.clone())
    }

    /// From here on every answer has this date.
    pub(crate) fn date_answers(&self, seconds: i64) {
        *lock(&self.date) = Some(seconds);
    }

    /// From here on the calls that end a session fail before they take effect, and no others.
    pub(crate) fn fail_log_outs(&self, failure: CallFailure) {
        *lock(&self.log_outs_fail) = Some(failure);
    }

    /// From here on the calls that get new tokens fail before they take effect, and no others.
    pub(crate) fn fail_refreshes(&self, failure: CallFailure) {
        *lock(&self.refreshes_fail) = Some(failure);
    }

    /// From here on a log-in with a password is one to this tenant, whichever was asked.
    pub(crate) fn answer_for(&self, tenant: &str) {
        *lock(&self.answers_for) = Some(tenant.to_owned());
    }

    /// From here on this is the refresh token of every answer.
    pub(crate) fn mix_in(&self, refresh_token: &str) {
        *lock(&self.mixed_in) = Some(refresh_token.to_owned());
    }

    /// The answer to the next refresh or log-in is on its way until the returned bell rings.
    pub(crate) fn slow_down_tokens(&self) -> Arc<Notify> {
        lock(&self.slow_tokens).insert(Arc::default()).clone()
    }

    /// Resolves when the server has answered the call whose tokens were slowed down.
    pub(crate) async fn tokens_are_on_their_way(&self) {
        self.on_their_way.notified().await;
    }

    /// The server takes whoever confirms an authenticator app for the user with this UUID.
    pub(crate) fn take_for(&self, uuid: &str) {
        *lock(&self.taken_for) = Some(uuid.to_owned());
    }

    /// From here on log-ins and refreshes bring no refresh token.
    pub(crate) fn withhold_refresh_tokens(&self) {
        *lock(&self.without_refresh) = true;
    }

    /// From here on an answer to a log-in or a refresh has a refresh token alone.
    pub(crate) fn withhold_access_tokens(&self) {
        *lock(&self.without_access) = true;
    }

    /// Nobody waits for it any more.
    pub(crate) fn forget_slow_tokens(&self) {
        *lock(&self.slow_tokens) = None;
    }

    pub(super) async fn wait_for_tokens(&self) {
        let slow = lock(&self.slow_tokens).take();
        if let Some(arrived) = slow {
            self.on_their_way.notify_one();
            arrived.notified().await;
        }
    }

    /// Sessions that the server has called over while they live: nothing but the probe can tell.
    pub(crate) fn lied_about(&self) -> HashSet<String> {
        lock(&self.lied_about).clone()
    }

    /// Sessions whose tokens some process received whole.
    pub(crate) fn received(&self) -> HashSet<String> {
        lock(&self.received).clone()
    }
}
