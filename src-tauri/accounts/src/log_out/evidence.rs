//! Evidence: the one rule for when a session counts as over. The log-out, its retries, its verification, the
//! rollback of a log-in, and tokens that came too late all use it.
//!
//! **The answer to `GET auth/logout`** counts as follows ([`Asked`]; the adapter reads it):
//!
//! | answer | counts as |
//! |---|---|
//! | 200 with a string `message`; `error` absent, null or false; no `statusCode` >= 400 | *revoked* |
//! | any other 2xx: empty, or an object without an error | *unclear*: the witnesses decide at once |
//! | 401 or 404 in Userfront's own error shape, for every stored token | *refused*: the witnesses decide |
//! | anything else: HTML, 3xx, 400, 403, 5xx, truncated, error in a 200, no answer | *unconfirmed*: retried |
//!
//! **The witnesses** are other calls with the session's tokens. They are asked in this order, each only if
//! the one before allows it ([`Finding`]):
//!
//! | witness | answers | then |
//! |---|---|---|
//! | (live mode, and the tenant's domain is not known) | | *unknown*: the server cannot know the session |
//! | `GET T/mode` | not Userfront's, or not the account's mode (none counts as test) | *unknown* |
//! | `GET auth/refresh`, with the newest refresh token | 401 in shape | *over*, whatever `GET self` says |
//! | | tokens | *renewed*: the session is alive, and they are to be kept |
//! | | anything else | *unknown* |
//! | `GET self`, without a stored refresh token | 401 in shape, access token valid by its `Date` | *over* |
//! | | 401 in shape, access token expired by its `Date` | *nothing works*: no stored token works any more |
//! | | the user | *accepted*: the session is alive |
//! | | anything else (404 refuses a route, not a token; no `Date`) | *unknown* |
//! | `GET self`, after a refused refresh | the user | *over*, access token *accepted until* its expiry |
//!
//! In the last case the service checks signatures alone.
//!
//! A refresh as a witness makes tokens. So a pending revocation asks for one by itself only once, written
//! down before the call, and again only when the user asks. A call that has certainly not refreshed does not
//! count. The tokens that it brings are kept in the `revoke.` entry before they are used.
//!
//! **Limit.** A gateway that drops the authorization header of every call, and passes the rest on, looks like
//! a server that has ended the session. So *over* is reported as "Userfront no longer accepts this session's
//! tokens".
//!
//! `tests/life/evidence.rs` tests this table.

use crate::base::Accounts;
use crate::log_out::asked::Asked;
use crate::model::account::EntryName;
use crate::model::claims::expiry_of;
use crate::model::reason::Reason;
use crate::model::registry::Registry;
use crate::model::session_tokens::by_session;
use crate::model::tenant::{Mode, Tenant};
use crate::model::timestamp::Timestamp;
use crate::model::token::{AccessToken, RefreshToken, SessionToken};
use crate::ports::{CallFailure, Question, Said};

#[derive(Debug, Clone)]
pub(crate) enum Finding {
    /// Userfront no longer accepts this session's tokens.
    Over {
        /// The access token alone is accepted until it expires.
        accepted_until: Option<Timestamp>,
    },
    /// The session is alive: a refresh brought these tokens.
    Renewed(Vec<SessionToken>),
    /// The session is alive: its access token is accepted, and there is no refresh token to ask with.
    Accepted,
    /// The access token has expired, there is no refresh token, and the server refuses both calls.
    NothingWorks,
    Unknown(Reason),
}

/// Where the call of `auth/refresh` is written down.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Written<'a> {
    /// In the row with this entry. `before`: it has asked already. `again`: it may ask once more, because the
    /// user wants it.
    Row { entry: &'a EntryName, before: bool, again: bool },
    /// Nowhere: the tokens are in memory alone.
    Memory,
}

impl Accounts {
    /// Asks the server to end the sessions of these tokens. Tries the tokens of a session in turn until one
    /// is not refused. Returns the worst answer, the tokens of the sessions that the server has not confirmed
    /// as ended, and the time of its last answer.
    pub(crate) async fn ask_to_end(
        &self,
        tenant: &Tenant,
        tokens: &[SessionToken],
    ) -> (Asked, Vec<SessionToken>, Option<Timestamp>) {
        let nothing = CallFailure::Unreachable { detail: "there is no token".to_owned() };
        let (mut worst, mut left, mut server_time) = (None::<Asked>, Vec::new(), None);
        for of_session in by_session(tokens) {
            let mut asked = Asked::Unconfirmed(nothing.clone());
            for token in &of_session {
                let attempt = self.ports.userfront.revoke(tenant, token).await;
                server_time = attempt.server_time.or(server_time);
                asked = Asked::from(attempt.answer);
                if !matches!(asked, Asked::Refused { .. }) {
                    break;
                }
            }
            if !matches!(asked, Asked::Revoked { .. }) {
                left.extend(of_session);
            }
            worst = Some(match worst {
                Some(worst) => asked.or_worse(worst),
                None => asked,
            });
        }
        (worst.unwrap_or(Asked::Unconfirmed(nothing)), left, server_time)
    }

    /// Asks the witnesses about each session of these tokens: they are over only if every one is. The mode
    /// comes from the account's ID, since a refresh token may not have one.
    pub(crate) async fn hear_witnesses(
        &self,
        tenant: &Tenant,
        mode: Mode,
        tokens: &[SessionToken],
        mut written: Written<'_>,
    ) -> (Finding, Option<Timestamp>) {
        let (mut latest, mut server_time, mut nothing_works) = (None, None, false);
        for of_session in by_session(tokens) {
            let (finding, heard) = self.hear_about_one(tenant, mode, &of_session, &mut written).await;
            server_time = heard.or(server_time);
            match finding {
                Finding::Over { accepted_until } => latest = latest.max(accepted_until),
                // Of this session alone. The findings on the others come first.
                Finding::NothingWorks => nothing_works = true,
                _ => return (finding, server_time),
            }
        }
        let finding =
            if nothing_works { Finding::NothingWorks } else { Finding::Over { accepted_until: latest } };
        (finding, server_time)
    }

    async fn hear_about_one(
        &self,
        tenant: &Tenant,
        mode: Mode,
        tokens: &[SessionToken],
        written: &mut Written<'_>,
    ) -> (Finding, Option<Timestamp>) {
        let mut witnesses = Witnesses { accounts: self, tenant, mode, server_time: None };
        let finding = witnesses.hear(tokens, written).await;
        (finding.unwrap_or_else(Finding::Unknown), witnesses.server_time)
    }
}

struct Witnesses<'a> {
    accounts: &'a Accounts,
    tenant: &'a Tenant,
    mode: Mode,
    server_time: Option<Timestamp>,
}

impl Witnesses<'_> {
    async fn hear(&mut self, tokens: &[SessionToken], written: &mut Written<'_>) -> Result<Finding, Reason> {
        self.identify().await?;
        let access = newest_access(tokens);
        let Some(refresh) = newest_refresh(tokens) else {
            return self.ask_with_access(access.as_ref()).await;
        };
        match *written {
            Written::Memory => {}
            Written::Row { before: true, again: false, .. } => return Err(Reason::AskedBefore),
            Written::Row { entry, before, .. } => {
                let asked = entry.clone();
                let mark = move |registry: &mut Registry| {
                    let is_still =
                        registry.pending_row(&asked).is_some_and(|row| row.refresh_asked == before);
                    registry.mark_refresh_asked(&asked, true);
                    is_still
                };
                let marked = self.accounts.update_with(mark).await;
                let is_our_turn = marked.map_err(Reason::NotAsked)?;
                if !is_our_turn {
                    return Err(Reason::AskedBefore);
                }
                // For the row's other sessions, too.
                *written = Written::Row { entry, before: true, again: true };
            }
        }
        match self.ask(Question::Refresh(&refresh)).await {
            Ok(Said::Accepted(tokens)) => Ok(Finding::Renewed(tokens)),
            Ok(Said::Refused { .. }) => {
                Ok(Finding::Over { accepted_until: self.accepted_until(access).await })
            }
            Ok(Said::Mode(_)) => Err(Reason::OtherMode),
            Err(failure) => {
                if let (Written::Row { entry, .. }, false) = (*written, failure.is_lost_answer()) {
                    self.was_not_asked(entry).await;
                }
                Err(Reason::Server(failure))
            }
        }
    }

    /// The server has certainly not refreshed, so it can be asked again.
    async fn was_not_asked(&self, entry: &EntryName) {
        let not_asked = entry.clone();
        let done = self.accounts.update(move |registry| registry.mark_refresh_asked(&not_asked, false)).await;
        if let Err(error) = done {
            tracing::warn!(%entry, %error, "a revocation asks for a refresh only when the user wants it");
        }
    }

    async fn identify(&mut self) -> Result<(), Reason> {
        if self.mode == Mode::Live && self.tenant.domain.is_none() {
            return Err(Reason::WithoutDomain);
        }
        match self.ask(Question::Mode).await.map_err(Reason::NotUserfront)? {
            Said::Mode(answered) if answered == self.mode => Ok(()),
            _ => Err(Reason::OtherMode),
        }
    }

    async fn ask_with_access(&mut self, access: Option<&AccessToken>) -> Result<Finding, Reason> {
        let access = access.ok_or(Reason::Unreadable)?;
        let expires_at = expiry_of(&SessionToken::Access(access.clone()));
        let testimony = self.accounts.ports.userfront.testify(self.tenant, Question::User(access)).await;
        self.server_time = testimony.server_time.or(self.server_time);
        match testimony.said.map_err(Reason::Server)? {
            Said::Accepted(_) => Ok(Finding::Accepted),
            Said::Refused { message } => match testimony.server_time.zip(expires_at) {
                Some((now, expires_at)) if now < expires_at => Ok(Finding::Over { accepted_until: None }),
                Some(_) => Ok(Finding::NothingWorks),
                None => Err(Reason::Server(CallFailure::Refused { status: 401, message })),
            },
            Said::Mode(_) => Err(Reason::OtherMode),
        }
    }

    /// For a session that is over: until when the server still accepts its access token.
    async fn accepted_until(&mut self, access: Option<AccessToken>) -> Option<Timestamp> {
        let access = access?;
        let until = expiry_of(&SessionToken::Access(access.clone()))?;
        match self.ask(Question::User(&access)).await {
            Ok(Said::Accepted(_)) => Some(until),
            Ok(_) => None,
            Err(failure) => {
                tracing::info!(%failure, "whether an access token is still accepted is not known");
                None
            }
        }
    }

    async fn ask(&mut self, question: Question<'_>) -> Result<Said, CallFailure> {
        let testimony = self.accounts.ports.userfront.testify(self.tenant, question).await;
        self.server_time = testimony.server_time.or(self.server_time);
        testimony.said
    }
}

fn newest_refresh(tokens: &[SessionToken]) -> Option<RefreshToken> {
    let refresh = tokens.iter().filter(|token| matches!(token, SessionToken::Refresh(_)));
    newest(refresh).map(|token| RefreshToken::new(token.secret()))
}

fn newest_access(tokens: &[SessionToken]) -> Option<AccessToken> {
    let access = tokens.iter().filter(|token| matches!(token, SessionToken::Access(_)));
    newest(access).map(|token| AccessToken::new(token.secret()))
}

/// The token that expires last, if any can be read; the first of several.
fn newest<'a>(tokens: impl Iterator<Item = &'a SessionToken>) -> Option<&'a SessionToken> {
    let dated = tokens.filter_map(|token| Some((expiry_of(token)?, token)));
    dated.reduce(|best, other| if other.0 > best.0 { other } else { best }).map(|(_, token)| token)
}
