//! How far a log-in is: a stack of steps, the last of which is shown. *Back* takes it off.
//!
//! ```text
//! (factor offered first) ─► another factor ─► link sent | code sent | browser ─► second factors
//!                        └► sign up ─► link sent | code sent        └► new password
//! second factors ─► code | totp | phone | set up
//! ```
//!
//! Nothing of this is on disk. A step holds what is needed to go on: the MFA challenge, a link that asks for
//! a new password, what test mode would have sent. When the step goes, that goes with it, and no browser is
//! awaited any more.

use std::sync::{Arc, Mutex};

use accounts::log_in::progress::MfaChallenge;
use accounts::model::auth_config::AuthConfig;
use accounts::model::destination::Place;
use accounts::model::factor::{Channel, Factor, Provider, Way};
use accounts::model::link::{Link, LinkKind};
use accounts::model::token::{LinkText, OneTimeCode};
use accounts::ports::{CodeAddress, NewUser, TotpSetUp};
use loopback::ByHand;
use tauri::async_runtime::JoinHandle;

use crate::dto::SignUpWay;

/// How long until the same can be sent again, in seconds.
pub(crate) const RESEND_AFTER: i64 = 30;

type Challenge = Arc<MfaChallenge>;

#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// The form of a first factor that the user has chosen.
    Factor(Factor),
    /// The form of a new user.
    SignUp(SignUpWay),
    /// Where to send a reset link.
    ForgottenPassword,
    /// A reset link has come.
    NewPassword(Arc<Link>),
    /// A link is on its way.
    LinkSent(Arc<LinkSent>),
    /// A code is on its way.
    CodeSent(Arc<CodeSent>),
    /// The browser shows a provider.
    Browser(Arc<Browser>),
    /// The first factor was right.
    SecondFactors(Challenge),
    /// A code of the authenticator app, or a backup code.
    Totp(Challenge),
    /// Where to send codes by SMS from now on.
    Phone(Challenge),
    /// An authenticator app is set up.
    SetUpTotp(Challenge, Arc<TotpSetUp>),
}

#[derive(Debug)]
pub(crate) struct LinkSent {
    pub(crate) purpose: LinkKind,
    pub(crate) email: String,
    /// The user that it signs up.
    pub(crate) user: Option<NewUser>,
    /// The link, in test mode.
    pub(crate) link: Option<LinkText>,
    pub(crate) at: i64,
}

#[derive(Debug)]
pub(crate) struct CodeSent {
    pub(crate) to: CodeTo,
    /// The code, in test mode.
    pub(crate) code: Option<OneTimeCode>,
    pub(crate) at: i64,
}

/// Which factor a code is for.
#[derive(Debug, Clone)]
pub(crate) enum CodeTo {
    /// A first factor; with a new user, it signs up.
    First { address: CodeAddress, user: Option<NewUser> },
    /// A second factor; with an address, it is being set up.
    Second { challenge: Challenge, channel: Channel, address: Option<CodeAddress> },
}

/// A browser that is awaited.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) factor: Factor,
    pub(crate) provider: Provider,
    /// The provider's page. It may tell the way back to this machine, so it is in no process argument.
    pub(crate) address: String,
    /// Until when it is awaited; None where a link is to be pasted.
    pub(crate) until: Option<i64>,
    /// It ends on the tenant's own site, and its link is to be pasted.
    pub(crate) wants_link: bool,
    /// Takes the address that a browser on another computer ends at from the user.
    pub(crate) by_hand: Option<ByHand>,
    /// Waits for the browser to come back to this machine, for as long as this step is there.
    pub(crate) _waiting: Option<Waiting>,
    /// Sends the browser on to the page that was opened last.
    pub(crate) redirect: Mutex<Option<Waiting>>,
}

/// Ends with the step that it belongs to.
#[derive(Debug)]
pub(crate) struct Waiting(pub(crate) JoinHandle<()>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Step {
    /// Where `/signup` and `/reset` lead at a tenant; nothing where it has neither.
    pub(crate) fn at_place(place: &Place, config: &AuthConfig) -> Option<Self> {
        let offers = |way: Way| config.first_factors.iter().any(|factor| factor.way() == Some(way));
        let ways = [
            (Way::Password, SignUpWay::Password),
            (Way::Link, SignUpWay::Link),
            (Way::Code(Channel::Email), SignUpWay::EmailCode),
            (Way::Code(Channel::Sms), SignUpWay::SmsCode),
        ];
        match place {
            Place::SignUp => ways.into_iter().find(|(way, _)| offers(*way)).map(|(_, way)| Self::SignUp(way)),
            Place::Reset => offers(Way::Password).then_some(Self::ForgottenPassword),
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

    /// Whether a factor that was right leaves nothing to go back to: the browser has come back, or the
    /// challenge's token has been replaced.
    pub(crate) fn ends_with_a_factor(&self) -> bool {
        matches!(self, Self::Browser(_)) || self.challenge().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_does_not_lead_to_a_browser_that_has_come_back() {
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
