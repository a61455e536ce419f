//! The steps of a log-in: a stack, whose last step is shown. *Back* removes it.
//!
//! ```text
//! (factor offered first) ─► another factor ─► link sent | code sent | browser ─► second factors
//!                        └► sign up ─► link sent | code sent        └► new password
//! second factors ─► code | totp | phone | set up
//! ```
//!
//! Steps are never on disk. A step holds everything that the log-in needs to go on: the MFA challenge, a
//! link that asks for a new password, the link or code in test mode. Removing the step drops these, and stops
//! waiting for a browser.

use std::sync::{Arc, Mutex};

use accounts::log_in::progress::MfaChallenge;
use accounts::model::auth_config::AuthConfig;
use accounts::model::destination::Place;
use accounts::model::factor::{AuthMethod, Channel, Factor, Provider};
use accounts::model::link::{Link, LinkKind};
use accounts::model::token::{LinkText, OneTimeCode};
use accounts::ports::{CodeAddress, NewUser, TotpSetUp};
use loopback::ByHand;
use tauri::async_runtime::JoinHandle;

use crate::dto::SignUpWay;

/// The wait before a link or code can be sent again, in seconds.
pub(crate) const RESEND_AFTER: i64 = 30;

type Challenge = Arc<MfaChallenge>;

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Factor(Factor),
    SignUp(SignUpWay),
    ForgottenPassword,
    NewPassword(Arc<Link>),
    LinkSent(Arc<LinkSent>),
    CodeSent(Arc<CodeSent>),
    Browser(Arc<Browser>),
    SecondFactors(Challenge),
    /// A code of the authenticator app, or a backup code.
    Totp(Challenge),
    Phone(Challenge),
    SetUpTotp(Challenge, Arc<TotpSetUp>),
}

#[derive(Debug)]
pub(crate) struct LinkSent {
    pub(crate) purpose: LinkKind,
    pub(crate) email: String,
    pub(crate) user: Option<NewUser>,
    /// Only in test mode.
    pub(crate) link: Option<LinkText>,
    pub(crate) at: i64,
}

#[derive(Debug)]
pub(crate) struct CodeSent {
    pub(crate) to: CodeTo,
    /// Only in test mode.
    pub(crate) code: Option<OneTimeCode>,
    pub(crate) at: i64,
}

#[derive(Debug, Clone)]
pub(crate) enum CodeTo {
    /// A first factor; with a new user, a sign-up.
    First { address: CodeAddress, user: Option<NewUser> },
    /// A second factor; with an address, its set-up.
    Second { challenge: Challenge, channel: Channel, address: Option<CodeAddress> },
}

#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) factor: Factor,
    pub(crate) provider: Provider,
    /// The provider's page. It may contain the callback's path, so it must not be a process argument.
    pub(crate) address: String,
    /// The end of the wait; `None` where the user pastes a link.
    pub(crate) until: Option<i64>,
    /// The page ends on the tenant's own site, and the user pastes its link.
    pub(crate) wants_link: bool,
    /// For a browser on another computer.
    pub(crate) by_hand: Option<ByHand>,
    /// Waits for the browser to return to this machine, as long as this step exists.
    pub(crate) _waiting: Option<Waiting>,
    pub(crate) redirect: Mutex<Option<Waiting>>,
}

#[derive(Debug)]
pub(crate) struct Waiting(pub(crate) JoinHandle<()>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Step {
    /// The step of `/signup` or `/reset` at a tenant; none where the tenant has neither.
    pub(crate) fn at_place(place: &Place, config: &AuthConfig) -> Option<Self> {
        let offers = |way: AuthMethod| config.first_factors.iter().any(|factor| factor.method() == Some(way));
        let ways = [
            (AuthMethod::Password, SignUpWay::Password),
            (AuthMethod::Link, SignUpWay::Link),
            (AuthMethod::Code(Channel::Email), SignUpWay::EmailCode),
            (AuthMethod::Code(Channel::Sms), SignUpWay::SmsCode),
        ];
        match place {
            Place::SignUp => ways.into_iter().find(|(way, _)| offers(*way)).map(|(_, way)| Self::SignUp(way)),
            Place::Reset => offers(AuthMethod::Password).then_some(Self::ForgottenPassword),
            _ => None,
        }
    }

    pub(crate) fn challenge(&self) -> Option<&Challenge> {
        match self {
            Self::SecondFactors(challenge)
            | Self::Totp(challenge)
            | Self::Phone(challenge)
            | Self::SetUpTotp(challenge, _) => Some(challenge),
            Self::CodeSent(sent) => match &sent.to {
                CodeTo::Second { challenge, .. } => Some(challenge),
                CodeTo::First { .. } => None,
            },
            _ => None,
        }
    }

    /// Whether *Back* must not return here after a correct factor: the browser has returned, or the
    /// challenge's token was replaced.
    pub(crate) fn ends_with_a_factor(&self) -> bool {
        matches!(self, Self::Browser(_)) || self.challenge().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_does_not_return_to_a_finished_browser_step() {
        let factor = Factor::new("google", "google");
        let browser = Browser {
            factor: factor.clone(),
            provider: Provider::Google,
            address: String::new(),
            until: Some(0),
            wants_link: false,
            by_hand: None,
            _waiting: None,
            redirect: Mutex::default(),
        };
        assert!(Step::Browser(Arc::new(browser)).ends_with_a_factor());
        for step in [Step::Factor(factor), Step::SignUp(SignUpWay::Link), Step::ForgottenPassword] {
            assert!(!step.ends_with_a_factor(), "{step:?}");
        }
    }
}
