//! Sessions: begun by a log-in, kept by a refresh, ended by a log-out or by age. What a refresh does to a
//! session is a setting ([`RefreshSession`]), since it is not known what Userfront does.
//!
//! A session dies once and stays dead. It is revoked (log-out, or `kill` from outside), or it expires
//! with the last refresh token that was issued for it. Only a *revoked* session refuses a log-out: one
//! that has merely expired is still there to be revoked, because Userfront takes expired tokens for it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The effect of a refresh on the session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum RefreshSession {
    /// It is kept; every refresh token of it serves until it expires.
    #[default]
    Keep,
    /// The tokens are of a new session, and the old one lives on beside it.
    Rename,
    /// The tokens are of a new session of the same family; when one of a family ends, all do.
    RenameFamily,
    /// It is kept; each refresh token serves once, and one that comes a second time ends the session.
    ReuseEnds,
}

/// A session for tests: the shape of `GET /_sandbox/sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// A random UUID, also in every token of the session.
    pub session_id: String,
    /// The tenant that the user logged in to.
    pub tenant_id: String,
    /// The user.
    pub user_uuid: String,
    /// Neither revoked nor expired.
    pub alive: bool,
}

/// A session as the server keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) tenant_id: String,
    pub(crate) user_uuid: String,
    pub(crate) revoked: bool,
    /// The ID of the first session of its family; its own, if it has none.
    family: String,
    /// When the latest refresh token ends, in Unix seconds.
    expires_at: i64,
    /// The `iat` of the latest tokens.
    issued_at: i64,
}

impl Entry {
    pub(crate) fn is_alive(&self, now: i64) -> bool {
        !self.revoked && now < self.expires_at
    }
}

/// All sessions since the start or the last reset, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Vec<Entry>);

impl Sessions {
    /// Begins a session and returns its ID.
    pub(crate) fn begin(&mut self, tenant_id: &str, user_uuid: &str) -> String {
        self.begin_in(None, tenant_id, user_uuid)
    }

    /// Begins a session in the place of another one, for the same user; with or without the family of that
    /// one.
    pub(crate) fn begin_after(&mut self, id: &str, in_family: bool) -> Option<String> {
        let Entry { tenant_id, user_uuid, family, .. } = self.find(id)?.clone();
        Some(self.begin_in(Some(family.as_str()).filter(|_| in_family), &tenant_id, &user_uuid))
    }

    fn begin_in(&mut self, family: Option<&str>, tenant_id: &str, user_uuid: &str) -> String {
        let id = Uuid::new_v4().to_string();
        self.0.push(Entry {
            id: id.clone(),
            tenant_id: tenant_id.to_owned(),
            user_uuid: user_uuid.to_owned(),
            revoked: false,
            family: family.unwrap_or(&id).to_owned(),
            expires_at: i64::MIN,
            issued_at: i64::MIN,
        });
        id
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Entry> {
        // From the end: the session that is asked for is nearly always a recent one.
        self.0.iter().rev().find(|entry| entry.id == id)
    }

    fn find_mut(&mut self, id: &str) -> Option<&mut Entry> {
        self.0.iter_mut().rev().find(|entry| entry.id == id)
    }

    /// Notes that tokens are issued now, the refresh token living `refresh_seconds`, and returns their `iat`.
    ///
    /// RS256 is deterministic: two refreshes within one second would give the same token twice, and a
    /// test could not tell a stored new token from an old one. So `iat` rises by at least one each time.
    pub(crate) fn issue(&mut self, id: &str, now: i64, refresh_seconds: u32) -> Option<i64> {
        let entry = self.find_mut(id)?;
        entry.issued_at = now.max(entry.issued_at.saturating_add(1));
        entry.expires_at = now.saturating_add(i64::from(refresh_seconds));
        Some(entry.issued_at)
    }

    /// Whether these are the latest tokens of a session.
    pub(crate) fn is_latest(&self, id: &str, issued_at: i64) -> bool {
        self.find(id).is_some_and(|entry| entry.issued_at == issued_at)
    }

    /// Revokes a session, and its whole family. `false` when there is none of this ID or it was revoked
    /// before.
    pub(crate) fn revoke(&mut self, id: &str) -> bool {
        let Some(entry) = self.find(id) else { return false };
        let (family, is_first) = (entry.family.clone(), !entry.revoked);
        for entry in self.0.iter_mut().filter(|entry| entry.family == family) {
            entry.revoked = true;
        }
        is_first
    }

    pub(crate) fn list(&self, now: i64) -> Vec<Session> {
        let view = |entry: &Entry| Session {
            session_id: entry.id.clone(),
            tenant_id: entry.tenant_id.clone(),
            user_uuid: entry.user_uuid.clone(),
            alive: entry.is_alive(now),
        };
        self.0.iter().map(view).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lives_until_its_last_refresh_token_ends() {
        let mut sessions = Sessions::default();
        let id = sessions.begin("t", "u");
        assert!(!sessions.list(0)[0].alive, "no token has been issued yet");
        assert_eq!(sessions.issue(&id, 100, 10), Some(100));
        assert_eq!(sessions.issue(&id, 105, 10), Some(105));
        assert!(sessions.list(114)[0].alive);
        assert!(!sessions.list(115)[0].alive);
    }

    #[test]
    fn no_two_tokens_of_a_session_share_their_second() {
        let mut sessions = Sessions::default();
        let id = sessions.begin("t", "u");
        let issued: Vec<_> = (0..3).map(|_| sessions.issue(&id, 100, 10)).collect();
        assert_eq!(issued, [Some(100), Some(101), Some(102)]);
        assert!(!sessions.list(110)[0].alive, "the life is counted from the clock, not from `iat`");
    }

    #[test]
    fn a_session_is_revoked_once() {
        let mut sessions = Sessions::default();
        let id = sessions.begin("t", "u");
        assert!(sessions.revoke(&id));
        assert!(!sessions.revoke(&id));
        assert!(!sessions.revoke("another"));
        assert_eq!(sessions.issue("another", 1, 1), None);
    }
}
