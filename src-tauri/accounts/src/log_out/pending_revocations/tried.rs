//! The tokens of one try of a pending revocation.

use crate::model::claims::session_of;
use crate::model::tenant::SessionId;
use crate::model::token::SessionToken;

pub(crate) struct Tried {
    /// All that the row's entry holds.
    pub(crate) stored: Vec<SessionToken>,
    /// Those of sessions that the server has not confirmed as ended.
    pub(crate) left: Vec<SessionToken>,
}

impl Tried {
    pub(crate) fn all(stored: Vec<SessionToken>) -> Self {
        Self { left: stored.clone(), stored }
    }

    /// Whether the server has confirmed that this session is ended.
    pub(crate) fn has_ended(&self, session: &SessionId) -> bool {
        let is_in =
            |tokens: &[SessionToken]| tokens.iter().any(|it| session_of(it).as_ref() == Some(session));
        is_in(&self.stored) && !is_in(&self.left)
    }
}
