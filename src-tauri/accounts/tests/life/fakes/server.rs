//! One process's access to the server in memory: the path that every call takes.

use std::sync::Arc;
use std::time::Duration;

use accounts::model::claims::session_of;
use accounts::model::factor::SecondFactor;
use accounts::model::timestamp::Timestamp;
use accounts::model::token::{FirstFactorToken, LinkText, OneTimeCode};
use accounts::ports::{CallFailure, FactorAnswer, FactorError, LogInAnswer, MfaRequired, Sent, UserError};
use accounts::{AccessToken, IdToken, RefreshToken, Tokens};
use credential_store::effects::{Effects, Fate};
use sandbox::{Request, Response, Server};
use serde_json::json;

use super::lock;
use super::network::{Gated, Network, Trouble};

/// The time limit of a call.
const CALL_LIMIT: Duration = Duration::from_secs(15);

/// One process's access to the server.
pub(crate) struct MemoryUserfront {
    pub(crate) server: Arc<Server>,
    pub(crate) network: Network,
    pub(crate) effects: Effects,
    pub(crate) clock: sandbox::Clock,
}

impl MemoryUserfront {
    pub(super) async fn call(&self, what: &str, request: Request) -> Result<Response, CallFailure> {
        let step = self.effects.begin(what).await;
        let fate = step.fate();
        let is_log_out = request.path.ends_with("auth/logout");
        let no_log_out = lock(&self.network.log_outs_fail).clone().filter(|_| is_log_out);
        let is_refresh = request.path.ends_with("auth/refresh");
        let no_refresh = lock(&self.network.refreshes_fail).clone().filter(|_| is_refresh);
        let trouble = no_log_out
            .or(no_refresh)
            .map(|failure| Trouble::Fails { after: false, failure })
            .or_else(|| lock(&self.network.trouble).clone());
        let never_arrives =
            matches!(trouble, Some(Trouble::Fails { after: false, .. } | Trouble::Hangs { after: false }));
        let lies = trouble == Some(Trouble::Lies) && is_log_out;
        let gate = self.network.gate(&request.path);
        let is_kept = gate.as_ref().is_some_and(|gate| !gate.acts);
        let arrives = fate.happens() && !never_arrives && !lies && !is_kept;
        let answer = arrives.then(|| self.server.handle(&request));
        step.end().await;
        if let (None, Fate::Happen, Some(gate)) = (&trouble, fate, gate) {
            return match gate.answer {
                Gated::Says(status, body) => {
                    let body = serde_json::from_str(body).unwrap();
                    Ok(Response::json(status.try_into().unwrap(), body))
                }
                Gated::Fails(failure) => Err(failure),
            };
        }
        match (trouble, fate, answer) {
            (Some(Trouble::Fails { failure, .. }), ..) => Err(failure),
            (Some(Trouble::Hangs { .. }), ..) => {
                tokio::time::sleep(CALL_LIMIT).await;
                self.effects.alive().await;
                Err(CallFailure::TimedOut)
            }
            (Some(Trouble::Lies), ..) if lies => {
                Ok(Response::json(200.try_into().unwrap(), json!({"message": "OK", "redirectTo": "/login"})))
            }
            (trouble, Fate::Happen, Some(answer)) => {
                if let Some(Trouble::Slow(wait)) = trouble {
                    let count = |change: isize| {
                        let mut slow = lock(&self.network.slow_log_outs);
                        slow.0 = slow.0.saturating_add_signed(if is_log_out { change } else { 0 });
                        slow.1 = slow.1.max(slow.0);
                    };
                    count(1);
                    tokio::time::sleep(wait).await;
                    count(-1);
                    self.effects.alive().await;
                }
                Ok(answer)
            }
            (_, Fate::Lie, _) => Err(CallFailure::Unintelligible { status: 200, detail: "HTML".to_owned() }),
            (_, Fate::Fail, _) => Err(CallFailure::Unreachable { detail: "refused".to_owned() }),
            (..) => Err(CallFailure::TimedOut),
        }
    }

    /// `Date` of an answer from the server.
    pub(super) fn date(&self) -> Timestamp {
        Timestamp(lock(&self.network.date).unwrap_or_else(|| self.clock.now()))
    }

    /// The tokens of an answer. From now on their sessions count as received.
    pub(super) fn tokens(&self, answer: &Response) -> Tokens {
        let token = |kind: &str| answer.text(&format!("/tokens/{kind}/value")).unwrap().to_owned();
        let refresh = lock(&self.network.mixed_in).clone().unwrap_or_else(|| token("refresh"));
        let tokens = Tokens {
            access: AccessToken::new(token("access")),
            id: Some(IdToken::new(token("id"))),
            refresh: (!*lock(&self.network.without_refresh)).then(|| RefreshToken::new(refresh)),
        };
        let sessions = tokens.for_revocation().into_iter().filter_map(|token| session_of(&token));
        lock(&self.network.received).extend(sessions.map(|session| session.to_string()));
        tokens
    }

    /// A call that submits a factor.
    pub(super) async fn factor(&self, what: &str, request: Request) -> Result<FactorAnswer, FactorError> {
        let answer = self.call(what, request).await?;
        self.network.wait_for_tokens().await;
        self.effects.alive().await;
        match answer.status.as_u16() {
            200 if answer.body["isMfaRequired"] == json!(true) => {
                Ok(FactorAnswer::SecondFactor(MfaRequired {
                    token: FirstFactorToken::new(answer.text("/firstFactorToken").unwrap()),
                    second_factors: answer.body["authentication"]["secondFactors"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|second| SecondFactor {
                            factor: serde_json::from_value(second.clone()).unwrap(),
                            is_configured: second["isConfiguredByUser"] == json!(true),
                            is_preferred: second["isPreferredByUser"] == json!(true),
                        })
                        .collect(),
                }))
            }
            200 if *lock(&self.network.without_access) => {
                Ok(FactorAnswer::WithoutAccess(self.tokens(&answer).refresh.unwrap()))
            }
            200 => Ok(FactorAnswer::Tokens(LogInAnswer {
                tokens: self.tokens(&answer),
                redirect_to: answer.text("/redirectTo").map(str::to_owned),
            })),
            404 => Err(FactorError::UnknownTenant { message: message(&answer) }),
            _ => Err(FactorError::Wrong { message: Some(message(&answer)) }),
        }
    }

    /// A call that sends a link or a code.
    pub(super) async fn send(&self, what: &str, request: Request) -> Result<Sent, FactorError> {
        let answer = self.call(what, request).await?;
        match answer.status.as_u16() {
            200 => Ok(sent(&answer)),
            _ => Err(FactorError::Wrong { message: Some(message(&answer)) }),
        }
    }

    /// A call of a user who is logged in.
    pub(super) async fn user_call(&self, what: &str, request: Request) -> Result<Response, UserError> {
        let answer = self.call(what, request).await?;
        match answer.status.as_u16() {
            200 => Ok(answer),
            401 => Err(UserError::NotValid { message: message(&answer) }),
            status => Err(CallFailure::Refused { status, message: message(&answer) }.into()),
        }
    }
}

/// The link and the code, which only test mode returns.
pub(super) fn sent(answer: &Response) -> Sent {
    Sent {
        link: answer.text("/result/link").map(LinkText::new),
        code: answer.text("/result/verificationCode").map(OneTimeCode::new),
    }
}

pub(super) fn message(answer: &Response) -> String {
    answer.text("/message").unwrap_or_default().to_owned()
}
