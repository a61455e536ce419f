//! Several tokens in one keyring entry, and the sessions they belong to.

use secrecy::SecretString;

use crate::model::claims::{is_refresh_token, session_of};
use crate::model::tenant::SessionId;
use crate::model::token::{AccessToken, RefreshToken, SessionToken};

/// The prefix of a note. No token has it: a JWT has no colon.
pub(crate) const NOTE: &str = "ended:";

pub(crate) fn is_note(line: &str) -> bool {
    line.starts_with(NOTE)
}

/// The note says that this session was ended here.
pub(crate) fn is_note_of(secret: SecretString, session: &SessionId) -> bool {
    AccessToken::from(secret).secret().strip_prefix(NOTE) == Some(session.as_str())
}

/// All tokens of one session as one secret: a line each. A JWT contains no line break.
#[must_use]
pub fn bundle(tokens: &[SessionToken]) -> SecretString {
    let lines: Vec<_> = tokens.iter().map(SessionToken::secret).collect();
    SecretString::from(lines.join("\n"))
}

/// The tokens of a [`bundle`], in its order; none if the entry is only a note. A refresh token is known by
/// its claims; every other counts as an access token.
#[must_use]
pub fn unbundle(bundle: SecretString) -> Vec<SessionToken> {
    let token = |line: &str| {
        let refresh = SessionToken::Refresh(RefreshToken::new(line));
        if is_refresh_token(&refresh) { refresh } else { SessionToken::Access(AccessToken::new(line)) }
    };
    AccessToken::from(bundle).secret().lines().filter(|line| !is_note(line)).map(token).collect()
}

pub(crate) fn united(first: &[SessionToken], second: &[SessionToken]) -> Vec<SessionToken> {
    let mut all: Vec<SessionToken> = Vec::new();
    for token in first.iter().chain(second) {
        if !is_among(token, &all) {
            all.push(token.clone());
        }
    }
    all
}

pub(crate) fn is_among(token: &SessionToken, tokens: &[SessionToken]) -> bool {
    tokens.iter().any(|other| other.secret() == token.secret())
}

/// Groups tokens by session, in their order. Tokens that name none go with the first.
pub(crate) fn by_session(tokens: &[SessionToken]) -> Vec<Vec<SessionToken>> {
    let mut sessions: Vec<(SessionId, Vec<SessionToken>)> = Vec::new();
    let mut unnamed = Vec::new();
    for token in tokens {
        let Some(session) = session_of(token) else {
            unnamed.push(token.clone());
            continue;
        };
        match sessions.iter_mut().find(|(other, _)| *other == session) {
            Some((_, of_session)) => of_session.push(token.clone()),
            None => sessions.push((session, vec![token.clone()])),
        }
    }
    match sessions.first_mut() {
        Some((_, first)) => first.extend(unnamed),
        None if unnamed.is_empty() => {}
        None => return vec![unnamed],
    }
    sessions.into_iter().map(|(_, tokens)| tokens).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_is_kept_once() {
        let tokens = |texts: &[&str]| -> Vec<SessionToken> {
            texts.iter().map(|text| SessionToken::Access(AccessToken::new(*text))).collect()
        };
        let united = united(&tokens(&["a", "b", "a"]), &tokens(&["c", "b", "c"]));
        assert_eq!(AccessToken::from(bundle(&united)).secret(), "a\nb\nc");
    }
}
