//! The state that calls change and a reset restores.

pub(crate) mod codes;
pub(crate) mod first_factors;
pub(crate) mod links;
pub(crate) mod outbox;
pub(crate) mod sessions;
pub(crate) mod user;
pub(crate) mod users;

use std::collections::VecDeque;

use serde_json::Value;

use crate::{
    settings::Settings,
    state::codes::Codes,
    state::first_factors::FirstFactors,
    state::links::Links,
    state::outbox::Outbox,
    state::sessions::{RefreshSession, Sessions},
    state::user::{User, UserContext},
    state::users::Users,
    tenant::Tenant,
    tokens::{self, Life},
    wire::RecordedRequest,
};

/// Everything that a call can change.
pub(crate) struct State {
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) users: Users,
    pub(crate) sessions: Sessions,
    pub(crate) first_factors: FirstFactors,
    pub(crate) codes: Codes,
    pub(crate) links: Links,
    pub(crate) outbox: Outbox,
    pub(crate) requests: VecDeque<RecordedRequest>,
    /// Where pictures are served, without a slash at the end. Kept by a reset.
    pub(crate) origin: String,
}

impl State {
    /// The state at the start.
    pub(crate) fn new(tenants: &[Tenant], origin: String) -> Self {
        Self {
            tenants: tenants.to_vec(),
            users: Users::of(tenants),
            sessions: Sessions::default(),
            first_factors: FirstFactors::default(),
            codes: Codes::default(),
            links: Links::default(),
            outbox: Outbox::default(),
            requests: VecDeque::new(),
            origin,
        }
    }

    pub(crate) fn tenant(&self, id: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.id == id)
    }

    /// The user of a session that has not been revoked. It may have expired, unless `alive_at` is given.
    pub(crate) fn session_user(&self, session_id: &str, alive_at: Option<i64>) -> Option<&User> {
        let entry = self.sessions.find(session_id)?;
        let valid = alive_at.map_or(!entry.revoked, |now| entry.is_alive(now));
        valid.then(|| self.users.get(&entry.user_uuid))?
    }

    /// Begins a session for the user of this UUID and signs its tokens.
    pub(crate) fn begin_session(&mut self, settings: &Settings, user_uuid: &str) -> Option<Value> {
        let tenant_id = self.users.get(user_uuid)?.tenant_id.clone();
        let id = self.sessions.begin(&tenant_id, user_uuid);
        self.issue(settings, user_uuid, &id)
    }

    /// Signs new tokens for a session, or for the one that takes its place. `None` when it is dead.
    pub(crate) fn renew_session(&mut self, settings: &Settings, session_id: &str) -> Option<Value> {
        let now = settings.clock.now();
        let user_uuid = self.session_user(session_id, Some(now))?.uuid.clone();
        let renewed = match settings.refresh_session {
            RefreshSession::Keep | RefreshSession::ReuseEnds => session_id.to_owned(),
            RefreshSession::Rename => self.sessions.begin_after(session_id, false)?,
            RefreshSession::RenameFamily => self.sessions.begin_after(session_id, true)?,
        };
        self.issue(settings, &user_uuid, &renewed)
    }

    fn issue(&mut self, settings: &Settings, user_uuid: &str, session_id: &str) -> Option<Value> {
        let now = settings.clock.now();
        let life = Life {
            issued_at: self.sessions.issue(session_id, now, settings.refresh_seconds)?,
            now,
            access_seconds: settings.access_seconds,
            refresh_seconds: settings.refresh_seconds,
        };
        let user = self.users.get(user_uuid)?;
        let tokens = tokens::issue(user, session_id, life, self.context(settings, user));
        Some(tokens.to_json(settings.mode, life))
    }

    /// The settings that tokens and `GET self` show beside the user.
    pub(crate) fn context(&self, settings: &Settings, user: &User) -> UserContext<'_> {
        UserContext {
            mode: settings.mode,
            origin: &self.origin,
            is_mfa_required: self.tenant(&user.tenant_id).is_some_and(|tenant| tenant.is_mfa_required),
        }
    }
}
