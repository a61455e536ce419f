//! Userfront without a network: tenants, users and sessions, and an answer to each call.
//!
//! [`Server::handle`] is synchronous and touches nothing outside: no socket, no file, and no time but
//! its [`Clock`]. The HTTP layer calls it once a request; the memory twins of other crates call it directly.
//! Faults are not its business: they belong to the wire (`http.rs`).

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

use crate::{
    calls,
    clock::Clock,
    sessions::{Session, Sessions},
    tenant::{Mode, Tenant},
    tokens::{self, Life},
    users::{self, User},
    wire::{RecordedRequest, Request, Response},
};

/// How many calls are remembered; the oldest is forgotten first.
const REMEMBERED_CALLS: usize = 20_000;

/// What can be set before a sandbox starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on `127.0.0.1`; `0` lets the system choose.
    pub port: u16,
    /// Tenants beside [`Tenant::demo`], which is always there. One with the ID `demo1234` replaces it.
    pub tenants: Vec<Tenant>,
    /// Test mode or live mode.
    pub mode: Mode,
    /// The life of access and ID tokens, in seconds. `0`: expired when issued.
    pub access_seconds: u32,
    /// The life of refresh tokens, in seconds.
    pub refresh_seconds: u32,
    /// The time by which all this is counted.
    pub clock: Clock,
}

impl Default for Options {
    /// Any port, `demo1234` alone, test mode, and the lives of `userfront-api.md`: 7 and 30 days.
    fn default() -> Self {
        Self {
            port: 0,
            tenants: Vec::new(),
            mode: Mode::Test,
            access_seconds: 604_800,
            refresh_seconds: 2_592_000,
            clock: Clock::system(),
        }
    }
}

/// Tenants, users and sessions, and the answers to calls about them.
pub struct Server {
    tenants: Vec<Tenant>,
    users: Vec<User>,
    mode: Mode,
    access_seconds: u32,
    refresh_seconds: u32,
    clock: Clock,
    state: Mutex<State>,
}

/// What changes while the server runs, and what a reset empties.
#[derive(Debug, Default)]
struct State {
    sessions: Sessions,
    requests: VecDeque<RecordedRequest>,
    /// Where pictures are served, without a slash at the end. Not emptied by a reset.
    origin: String,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("tenants", &self.tenants)
            .field("mode", &self.mode)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// A server without any session. `options.port` is of no account here.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let mut tenants = vec![Tenant::demo()];
        for tenant in &options.tenants {
            match tenants.iter_mut().find(|known| known.id == tenant.id) {
                Some(known) => known.clone_from(tenant),
                None => tenants.push(tenant.clone()),
            }
        }
        Self {
            users: tenants.iter().flat_map(users::of_tenant).collect(),
            tenants,
            mode: options.mode,
            access_seconds: options.access_seconds,
            refresh_seconds: options.refresh_seconds,
            clock: options.clock.clone(),
            state: Mutex::new(State { origin: "http://127.0.0.1".to_owned(), ..State::default() }),
        }
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
        calls::answer(self, request)
    }

    /// Every session since the start or the last reset, the oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<Session> {
        self.state().sessions.list(self.clock.now())
    }

    /// The recorded calls, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.iter().cloned().collect()
    }

    /// Ends a session from the server's side, as an administrator would. `false` when there is no such
    /// session or it was ended before.
    #[must_use = "a session that was not there was not ended"]
    pub fn kill_session(&self, session_id: &str) -> bool {
        self.state().sessions.revoke(session_id)
    }

    /// Forgets sessions and calls, and sets the clock's offset to 0.
    pub fn reset(&self) {
        let mut state = self.state();
        *state = State { origin: std::mem::take(&mut state.origin), ..State::default() };
        self.clock.set_offset(0);
    }

    /// The clock that tokens are counted by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Test mode or live mode.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The tenant of this ID.
    #[must_use]
    pub fn tenant(&self, id: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.id == id)
    }

    pub(crate) fn user(&self, matches: impl Fn(&User) -> bool) -> Option<&User> {
        self.users.iter().find(|user| matches(user))
    }

    pub(crate) fn origin(&self) -> String {
        self.state().origin.clone()
    }

    pub(crate) fn set_origin(&self, origin: String) {
        self.state().origin = origin;
    }

    /// The user of a session that has not been revoked. It may have expired, unless `alive` is asked for.
    pub(crate) fn session_user(&self, session_id: &str, alive: bool) -> Option<&User> {
        let now = self.clock.now();
        let uuid = {
            let state = self.state();
            let entry = state.sessions.find(session_id)?;
            let valid = if alive { entry.is_alive(now) } else { !entry.revoked };
            valid.then(|| entry.user_uuid.clone())?
        };
        self.user(|user| user.uuid == uuid)
    }

    /// Begins a session for `user` and signs its tokens.
    pub(crate) fn begin_session(&self, user: &User) -> Value {
        let mut state = self.state();
        let id = state.sessions.begin(&user.tenant_id, &user.uuid);
        self.issue(&mut state, user, &id).unwrap_or(Value::Null)
    }

    /// Signs new tokens for a session that is kept. `None` when it has died in the meantime.
    pub(crate) fn renew_session(&self, user: &User, session_id: &str) -> Option<Value> {
        let mut state = self.state();
        if !state.sessions.find(session_id)?.is_alive(self.clock.now()) {
            return None;
        }
        self.issue(&mut state, user, session_id)
    }

    fn issue(&self, state: &mut State, user: &User, session_id: &str) -> Option<Value> {
        let now = self.clock.now();
        let life = Life {
            issued_at: state.sessions.issue(session_id, now, self.refresh_seconds)?,
            now,
            access_seconds: self.access_seconds,
            refresh_seconds: self.refresh_seconds,
        };
        let issued = tokens::issue(user, session_id, self.mode, life, &state.origin);
        Some(issued.to_json(self.mode, life))
    }

    /// A panic elsewhere leaves the state as good as it was: every change to it is a single step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
