//! Userfront without a network: tenants, users and sessions, and an answer to each call.
//!
//! [`Server::handle`] is synchronous and touches nothing outside: no socket, no file, and no time but
//! its [`Clock`]. The HTTP layer calls it once a request; the fakes of other crates call it directly.
//! Faults are not its business: they belong to the wire (`http.rs`). One call at a time has the whole state
//! (`state.rs`), so that a call takes effect at once or not at all.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    calls,
    clock::Clock,
    settings::{Options, Settings},
    state::State,
    state::outbox::Sent,
    state::sessions::Session,
    tenant::{Mode, Tenant, TenantChange},
    wire::{RecordedRequest, Request, Response},
};

/// How many calls are remembered; the oldest is forgotten first.
const REMEMBERED_CALLS: usize = 20_000;

/// Tenants, users and sessions, and the answers to calls about them.
pub struct Server {
    settings: Settings,
    /// As they were at the start, to be put back by a reset.
    tenants: Vec<Tenant>,
    state: Mutex<State>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("tenants", &self.tenants)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// A server without any session. `options.port` is of no account here.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let tenants = options.all_tenants();
        let settings = Settings::of(options);
        let state = State::new(&tenants, "http://127.0.0.1".to_owned());
        Self { settings, tenants, state: Mutex::new(state) }
    }

    /// Records a call and answers it. The call takes effect at once and as a whole.
    pub fn handle(&self, request: &Request) -> Response {
        self.record(request);
        self.answer(request)
    }

    /// Remembers a call without answering it: what a fault does that keeps the call from taking effect.
    pub fn record(&self, request: &Request) {
        let mut state = self.state();
        if state.requests.len() == REMEMBERED_CALLS {
            state.requests.pop_front();
        }
        state.requests.push_back(request.into());
    }

    /// Answers a call without recording it.
    pub fn answer(&self, request: &Request) -> Response {
        calls::answer(&self.settings, &mut self.state(), request)
    }

    /// Every session since the start or the last reset, the oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<Session> {
        self.state().sessions.list(self.clock().now())
    }

    /// The recorded calls, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.iter().cloned().collect()
    }

    /// Each mail and SMS that would have been sent, the oldest first.
    #[must_use]
    pub fn outbox(&self) -> Vec<Sent> {
        self.state().outbox.list()
    }

    /// Ends a session from the server's side, as an administrator would. `false` when there is no such
    /// session or it was ended before.
    #[must_use = "a session that was not there was not ended"]
    pub fn kill_session(&self, session_id: &str) -> bool {
        self.state().sessions.revoke(session_id)
    }

    /// Changes a tenant until the next reset. `false` when there is none of this ID.
    #[must_use = "a tenant that is not there was not changed"]
    pub fn set_tenant(&self, tenant_id: &str, change: TenantChange) -> bool {
        match self.state().tenants.iter_mut().find(|tenant| tenant.id == tenant_id) {
            Some(tenant) => {
                tenant.change(change);
                true
            }
            None => false,
        }
    }

    /// Forgets sessions, calls, codes, links and the outbox, puts users and tenants back as they were at the
    /// start, and sets the clock's offset to 0.
    pub fn reset(&self) {
        let mut state = self.state();
        *state = State::new(&self.tenants, std::mem::take(&mut state.origin));
        self.clock().set_offset(0);
    }

    /// The clock that tokens are counted by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.settings.clock
    }

    /// Test mode or live mode.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.settings.mode
    }

    /// The tenant of this ID, as it is now.
    #[must_use]
    pub fn tenant(&self, id: &str) -> Option<Tenant> {
        self.state().tenant(id).cloned()
    }

    pub(crate) fn set_origin(&self, origin: String) {
        self.state().origin = origin;
    }

    /// A panic elsewhere leaves the state as good as it was: every change to it is a single step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
