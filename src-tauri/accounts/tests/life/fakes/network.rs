//! The network between a machine and the server in memory: its faults, and the tokens that it delivered.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounts::ports::CallFailure;
use tokio::sync::Notify;

use super::lock;

/// A fault between a machine and the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The call fails before or after it takes effect.
    Fails { after: bool, failure: CallFailure },
    /// The call times out before or after it takes effect.
    Hangs { after: bool },
    /// The call takes effect at once, and its good answer takes this long.
    Slow(Duration),
    /// A log-out is confirmed, but the session stays alive.
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
    /// The slow log-outs that the server answers now, and the most that there were at once.
    pub(super) slow_log_outs: Arc<Mutex<(usize, usize)>>,
}

/// A gateway in front of one call that answers in place of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gate {
    /// The end of the call's path. The empty text matches every call.
    pub(crate) call: &'static str,
    /// Whether the call takes effect anyway.
    pub(crate) acts: bool,
    pub(crate) answer: Gated,
    /// How many calls the gate lets through first.
    pub(crate) passes: usize,
    /// How many calls the gate answers then.
    pub(crate) times: usize,
}

/// The answer of a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gated {
    /// A status, with this JSON.
    Says(u16, &'static str),
    /// No valid answer.
    Fails(CallFailure),
}

impl Gate {
    /// A gate that answers the call and does not pass it on to the server.
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
    /// The network of another program on the same machine. They share only the sessions that were lied about.
    pub(crate) fn for_other_program(other: &Self) -> Self {
        Self { lied_about: other.lied_about.clone(), ..Self::default() }
    }

    /// From now on calls fail before or after they take effect.
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

    /// From now on these gates are in front of the server. The first gate that matches a call answers it.
    pub(crate) fn gates(&self, gates: impl IntoIterator<Item = Gate>) {
        *lock(&self.gates) = gates.into_iter().collect();
    }

    /// The gate that answers this call.
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

    pub(crate) fn most_slow_log_outs(&self) -> usize {
        lock(&self.slow_log_outs).1
    }

    /// From now on every answer has this date.
    pub(crate) fn date_answers(&self, seconds: i64) {
        *lock(&self.date) = Some(seconds);
    }

    /// From now on only the calls that end a session fail, before they take effect.
    pub(crate) fn fail_log_outs(&self, failure: CallFailure) {
        *lock(&self.log_outs_fail) = Some(failure);
    }

    /// From now on only refresh calls fail, before they take effect.
    pub(crate) fn fail_refreshes(&self, failure: CallFailure) {
        *lock(&self.refreshes_fail) = Some(failure);
    }

    /// From now on every log-in with a password is answered for this tenant.
    pub(crate) fn answer_for_tenant(&self, tenant: &str) {
        *lock(&self.answers_for) = Some(tenant.to_owned());
    }

    /// From now on every answer has this refresh token.
    pub(crate) fn replace_refresh_token(&self, refresh_token: &str) {
        *lock(&self.mixed_in) = Some(refresh_token.to_owned());
    }

    /// Delays the answer to the next refresh or log-in until the returned `Notify` is notified.
    pub(crate) fn slow_down_tokens(&self) -> Arc<Notify> {
        lock(&self.slow_tokens).insert(Arc::default()).clone()
    }

    /// Resolves when the server has answered the call whose tokens are delayed.
    pub(crate) async fn tokens_are_on_their_way(&self) {
        self.on_their_way.notified().await;
    }

    /// From now on a TOTP log-in that names a user by UUID logs in this user instead.
    pub(crate) fn accept_totp_as(&self, uuid: &str) {
        *lock(&self.taken_for) = Some(uuid.to_owned());
    }

    /// From now on log-ins and refreshes return no refresh token.
    pub(crate) fn withhold_refresh_tokens(&self) {
        *lock(&self.without_refresh) = true;
    }

    /// From now on log-ins and refreshes return only a refresh token.
    pub(crate) fn withhold_access_tokens(&self) {
        *lock(&self.without_access) = true;
    }

    /// Cancels the delay that [`Self::slow_down_tokens`] set.
    pub(crate) fn stop_slowing_tokens(&self) {
        *lock(&self.slow_tokens) = None;
    }

    pub(super) async fn wait_for_tokens(&self) {
        let slow = lock(&self.slow_tokens).take();
        if let Some(arrived) = slow {
            self.on_their_way.notify_one();
            arrived.notified().await;
        }
    }

    /// Live sessions that the server has called over. Only a look into the server can show that.
    pub(crate) fn lied_about(&self) -> HashSet<String> {
        lock(&self.lied_about).clone()
    }

    /// Sessions whose tokens a process received completely.
    pub(crate) fn received(&self) -> HashSet<String> {
        lock(&self.received).clone()
    }
}
