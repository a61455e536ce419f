//! Evidence: what it takes to say of a session that it is over. One rule for the log-out, its retries, its
//! verification, the rollback of a log-in, and tokens that came too late.
//!
//! **The answer to `GET auth/logout`** is worth this ([`Asked`]; the adapter reads it):
//!
//! | answer | worth |
//! |---|---|
//! | 200 with a string `message`; `error` absent, null or false; no `statusCode` of 400 or more | *revoked* |
//! | any other 2xx that is empty, or an object without an error inside | *unclear*: the witnesses decide at once |
//! | 401 or 404 in Userfront's own error shape, for every token held | *refused*: the witnesses decide |
//! | anything else: HTML, 3xx, truncated, 400, 403, 5xx, an error inside a 200, no answer | *unconfirmed*: asked again later |
//!
//! **The witnesses** are heard in this order, and each only if the one before allows it ([`Finding`]):
//!
//! | witness | says | then |
//! |---|---|---|
//! | (the session is live, and is asked for without its tenant's domain) | | *unknown*: the server cannot know it |
//! | `GET T/mode` | not Userfront's answer, or another mode than the account's (an answer without one counts as test) | *unknown* |
//! | `GET auth/refresh`, with the newest refresh token held | 401 in shape | *over*, whatever `GET self` says |
//! | | tokens | *renewed*: the session is alive, and they are to be kept |
//! | | anything else | *unknown* |
//! | `GET self`, where no refresh token is held | 401 in shape, the access token unexpired by the `Date` of that answer | *over* |
//! | | 401 in shape, the access token expired by that `Date` | *nothing works*: no token held here works any more |
//! | | the user | *accepted*: the session is alive |
//! | | anything else (404 refuses a route, not a token; no `Date`) | *unknown* |
//! | `GET self`, after `auth/refresh` was refused | the user | *over*, and the access token is *accepted until* its expiry: the service checks signatures alone |
//!
//! A refresh as a witness makes tokens. So a pending revocation asks for one once by itself, written down
//! before the call, and again only when the user asks; an answer by which it has certainly not taken place
//! does not count. What it brings is kept in the `revoke.` entry before it is used.
//!
//! **What this cannot tell.** A gateway that drops the authorization header of every call, and passes the
//! rest on, looks like a server that has ended the session. So *over* is said as "Userfront no longer accepts
//! this session's tokens".
//!
//! `tests/life/evidence.rs` is the same table.

use crate::base::Accounts;
use crate::model::account::EntryName;
use crate::model::claims::expiry_of;
use crate::model::reason::Reason;
use crate::model::registry::Registry;
use crate::model::session_tokens::by_session;
use crate::model::tenant::{Mode, Tenant};
use crate::model::timestamp::Timestamp;
use crate::model::token::{AccessToken, RefreshToken, SessionToken};
use crate::ports::{CallFailure, Question, RevokeAnswer, Said};

/// What the server's answers to `GET auth/logout` are worth, for all the tokens that it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It has ended the session.
    Revoked { redirect_to: Option<String> },
    /// A 2xx that says nothing.
    Unclear { status: u16 },
    /// It takes none of the tokens.
    Refused { status: u16, message: String },
    /// No answer that counts.
    Unconfirmed(CallFailure),
}

impl Asked {
    fn or_worse(self, other: Self) -> Self {
        let rank = |asked: &Self| match asked {
            Self::Revoked { .. } => 0,
            Self::Unclear { .. } => 1,
            Self::Refused { .. } => 2,
            Self::Unconfirmed(_) => 3,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }

    /// Why this answer alone does not say that the session is over, as a failure of the call.
    pub(crate) fn failure(&self) -> CallFailure {
        match self {
            Self::Revoked { .. } => unclear(200),
            Self::Unclear { status } => unclear(*status),
            Self::Refused { status, message } => {
                CallFailure::Refused { status: *status, message: message.clone() }
            }
            Self::Unconfirmed(failure) => failure.clone(),
        }
    }
}

impl From<Result<RevokeAnswer, CallFailure>> for Asked {
    fn from(answer: Result<RevokeAnswer, CallFailure>) -> Self {
        match answer {
            Ok(RevokeAnswer::Revoked { redirect_to }) => Self::Revoked { redirect_to },
            Ok(RevokeAnswer::Unclear { status }) => Self::Unclear { status },
            Ok(RevokeAnswer::Refused { status, message }) => Self::Refused { status, message },
            Err(failure) => Self::Unconfirmed(failure),
        }
    }
}

fn unclear(status: u16) -> CallFailure {
    let detail = "it does not say that the session is over".to_owned();
    CallFailure::Unintelligible { status, detail }
}

/// What the witnesses say.
#[derive(Debug, Clone)]
pub(crate) enum Finding {
    /// Userfront no longer accepts this session's tokens.
    Over {
        /// But for the access token, which is accepted until it expires.
        accepted_until: Option<Timestamp>,
    },
    /// The session is alive: it has brought these tokens.
    Renewed(Vec<SessionToken>),
    /// The session is alive: its access token is accepted, and there is no refresh token that could tell
    /// more.
    Accepted,
    /// The access token has expired, there is no refresh token, and the server takes neither for a log-out.
    NothingWorks,
    /// Nobody knows.
    Unknown(Reason),
}

/// Where it is written down that `auth/refresh` is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Written<'a> {
    /// With the pending revocation that has this entry, and has asked `before`, or has not. It asks `again`
    /// only when the user wants it.
    Row { entry: &'a EntryName, before: bool, again: bool },
    /// Nowhere: the tokens are in memory alone.
    Memory,
}

impl Accounts {
    /// Asks the server to end the sessions that these tokens belong to, each with one token after the other
    /// until it takes one. The answer is the worst of them; with it, the tokens of those sessions that the
    /// server has not ended by its own word, and the time of its last answer.
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

    /// Hears the witnesses about each of the sessions that these tokens belong to: they are over if each of
    /// them is. A refresh token may not say its mode; the account's ID does.
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
                // Of one. What is known of the others comes first.
                Finding::NothingWorks => nothing_works = true,
                _ => return (finding, server_time),
            }
        }
        let finding =
            if nothing_works { Finding::NothingWorks } else { Finding::Over { accepted_until: latest } };
        (finding, server_time)
    }

    /// Hears the witnesses about the session of these tokens, as the table above says. The server's time is
    /// that of the last answer that was Userfront's.
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

/// The witnesses of one session.
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
                // Of the row's other sessions, too.
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

    /// The server has certainly not refreshed: it can be asked another time.
    async fn was_not_asked(&self, entry: &EntryName) {
        let not_asked = entry.clone();
        let done = self.accounts.update(move |registry| registry.mark_refresh_asked(&not_asked, false)).await;
        if let Err(error) = done {
            tracing::warn!(%entry, %error, "a pending revocation asks for a refresh only when the user wants it");
        }
    }

    /// Whether it is Userfront that answers, and in the session's own mode.
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

    /// Of a session that is over: until when the server takes its access token all the same.
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

/// The one that expires last, if any can be read; of several the first.
fn newest<'a>(tokens: impl Iterator<Item = &'a SessionToken>) -> Option<&'a SessionToken> {
    let dated = tokens.filter_map(|token| Some((expiry_of(token)?, token)));
    dated.reduce(|best, other| if other.0 > best.0 { other } else { best }).map(|(_, token)| token)
}
