//! The sessions that were once in this list: a token of one of them is never foreign.

use crate::model::registry::Registry;
use crate::model::tenant::SessionId;

/// How many past sessions are remembered. Older ones have expired.
const SESSIONS_KEPT: usize = 1_000;

impl Registry {
    /// Whether this session is, or was once, in this list.
    #[must_use]
    pub fn has_held(&self, session: &SessionId) -> bool {
        self.accounts.iter().any(|account| account.session == *session)
            || self.pending.iter().chain(&self.superseded).any(|row| row.is_of(session))
            || self.sessions_held.contains(session)
    }

    pub(crate) fn remember_session(&mut self, session: &SessionId) {
        self.sessions_held.retain(|other| other != session);
        self.sessions_held.push(session.clone());
        let too_many = self.sessions_held.len().saturating_sub(SESSIONS_KEPT);
        self.sessions_held.drain(..too_many);
    }
}
