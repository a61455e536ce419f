//! How far a log-in is, in one window: a stack of steps, the last of which is shown. *Back* takes it off.
//!
//! ```text
//! (factor offered first) ─► another factor ─► link sent | code sent | browser ─► second factors ─► code | totp | phone | set up
//!                        └► sign up ─► link sent | code sent        └► new password
//! ```
//!
//! Nothing of this is on disk. A step holds what is needed to go on: who is half logged in, a link that asks for a new
//! password, what test mode would have sent. When it goes, that goes with it, and a browser is not waited for any more.

use std::sync::{Arc, Mutex};

use accounts::log_in::progress::MfaChallenge;
use accounts::model::auth_config::AuthConfig;
use accounts::model::destination::Place;
use accounts::model::factor;
use accounts::model::factor::{Channel, Factor, Provider, Way};
use accounts::model::link;
use accounts::model::link::{Link, LinkKind};
use accounts::model::token::{LinkText, OneTimeCode};
use accounts::ports::{CodeAddress, NewUser, TotpSetUp};
use loopback::ByHand;
use tauri::async_runtime::JoinHandle;

use crate::ipc::dto::{self, LogInStep, SignUpWay};

/// How long until the same can be sent again, in seconds.
pub(crate) const RESEND_AFTER: i64 = 30;

type Half = Arc<MfaChallenge>;

/// One step.
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
    SecondFactors(Half),
    /// A code of the authenticator app, or a backup code.
    Totp(Half),
    /// Where to send codes by SMS from now on.
    Phone(Half),
    /// An authenticator app is set up.
    SetUpTotp(Half, Arc<TotpSetUp>),
}

/// A link on its way.
#[derive(Debug)]
pub(crate) struct LinkSent {
    pub(crate) purpose: LinkKind,
    pub(crate) email: String,
    /// Whom it signs up.
    pub(crate) user: Option<NewUser>,
    /// The link, in test mode.
    pub(crate) link: Option<LinkText>,
    pub(crate) at: i64,
}

/// A code on its way.
#[derive(Debug)]
pub(crate) struct CodeSent {
    pub(crate) to: CodeTo,
    /// The code, in test mode.
    pub(crate) code: Option<OneTimeCode>,
    pub(crate) at: i64,
}

/// For whom a code is.
#[derive(Debug, Clone)]
pub(crate) enum CodeTo {
    /// A first factor; with a new user, whom it signs up.
    First { address: CodeAddress, user: Option<NewUser> },
    /// A second factor; with an address, where that is being set up.
    Second { challenge: Half, channel: Channel, address: Option<CodeAddress> },
}

/// A browser that is waited for.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) factor: Factor,
    pub(crate) provider: Provider,
    /// The provider's page. Where the browser comes back to this machine it tells the way, and is in no process argument.
    pub(crate) address: String,
    /// For how long it is waited for; nothing where a link is to be pasted.
    pub(crate) until: Option<i64>,
    /// It ends on the tenant's own site, and its link is to be pasted.
    pub(crate) wants_link: bool,
    /// Takes the address that the browser ends at from the user, where it runs on another computer.
    pub(crate) by_hand: Option<ByHand>,
    /// Waits for the browser to come back to this machine, for as long as this step is there.
    pub(crate) _waiting: Option<Waiting>,
    /// Sends the browser on to the page: the one that was opened last.
    pub(crate) logging_out: Mutex<Option<Waiting>>,
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
    pub(crate) fn at_place(place: &Place, ways_in: &AuthConfig) -> Option<Self> {
        let offers = |way: Way| ways_in.first_factors.iter().any(|factor| factor.way() == Some(way));
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

    /// Whoever is half logged in at this step.
    pub(crate) fn challenge(&self) -> Option<&Half> {
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

    /// Whether a factor that was right leaves nothing to go back to: nobody comes from that browser any more, and the token of
    /// who was half logged in has been replaced.
    pub(crate) fn ends_with_a_factor(&self) -> bool {
        matches!(self, Self::Browser(_)) || self.challenge().is_some()
    }
}

/// What the window shows of the last step; without one, of the factor that is offered first.
pub(crate) fn shown(
    step: Option<&Step>,
    ways_in: Option<&AuthConfig>,
    last_used: Option<&Factor>,
) -> LogInStep {
    let offered = || ways_in.and_then(|ways_in| factor::to_offer(&ways_in.first_factors, last_used));
    let first = |factor: Option<&Factor>| {
        let Factor { strategy, channel, provider_id } =
            factor.cloned().unwrap_or_else(|| Factor::new("", ""));
        LogInStep::FirstFactor { strategy, channel, provider_id }
    };
    match step {
        None => first(offered()),
        Some(Step::Factor(factor)) => first(Some(factor)),
        Some(Step::SignUp(way)) => LogInStep::SignUp { way: *way },
        Some(Step::ForgottenPassword) => LogInStep::ForgottenPassword,
        Some(Step::NewPassword(_)) => LogInStep::NewPassword,
        Some(Step::LinkSent(sent)) => LogInStep::LinkSent {
            purpose: purpose(&sent.purpose),
            email: sent.email.clone(),
            test_link: sent.link.as_ref().map(|link| link.secret().to_owned()),
            resend_at: sent.at + RESEND_AFTER,
            taken_until: sent.at + link::FRESH_FOR,
        },
        Some(Step::CodeSent(sent)) => code_sent(sent),
        Some(Step::Browser(browser)) => LogInStep::Browser {
            provider: browser.provider.to_string(),
            address: browser.address.clone(),
            until: browser.until,
            wants_link: browser.wants_link,
        },
        Some(Step::SecondFactors(challenge)) => {
            LogInStep::SecondFactors { factors: challenge.second_factors.iter().map(second_factor).collect() }
        }
        Some(Step::Totp(_)) => LogInStep::Totp,
        Some(Step::Phone(_)) => LogInStep::Phone,
        Some(Step::SetUpTotp(_, totp)) => LogInStep::SetUpTotp { totp: totp_set_up(totp) },
    }
}

fn code_sent(sent: &CodeSent) -> LogInStep {
    let (channel, address) = match &sent.to {
        CodeTo::First { address, .. } => (address.channel(), Some(address)),
        CodeTo::Second { channel, address, .. } => (*channel, address.as_ref()),
    };
    LogInStep::CodeSent {
        channel: match channel {
            Channel::Email => dto::CodeChannel::Email,
            Channel::Sms => dto::CodeChannel::Sms,
        },
        address: address.map(|(CodeAddress::Email(text) | CodeAddress::Phone(text))| text.clone()),
        test_code: sent.code.as_ref().map(|code| code.secret().to_owned()),
        resend_at: sent.at + RESEND_AFTER,
    }
}

fn second_factor(second: &factor::SecondFactor) -> dto::SecondFactor {
    dto::SecondFactor {
        strategy: second.factor.strategy.clone(),
        channel: second.factor.channel.clone(),
        is_set_up: second.is_configured,
        available: matches!(second.factor.way(), Some(factor::Way::Code(_) | factor::Way::Totp)),
    }
}

/// What a link is for, as the window says it.
pub(crate) fn purpose(kind: &LinkKind) -> dto::LinkPurpose {
    match kind {
        LinkKind::Reset => dto::LinkPurpose::Reset,
        LinkKind::Invite => dto::LinkPurpose::Invite,
        LinkKind::SignUp => dto::LinkPurpose::SignUp,
        LinkKind::Verify => dto::LinkPurpose::Verify,
        LinkKind::LogIn | LinkKind::Other(_) | LinkKind::Unsaid => dto::LinkPurpose::LogIn,
    }
}

/// The user reads and types these: they are no tokens.
pub(crate) fn totp_set_up(totp: &TotpSetUp) -> dto::TotpSetUp {
    dto::TotpSetUp {
        secret: totp.secret.secret().to_owned(),
        qr_code: totp.qr_code.as_ref().map(|picture| picture.secret().to_owned()),
        backup_codes: totp.backup_codes.iter().map(|code| code.secret().to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_has_come_back_is_not_gone_back_to() {
        let factor = Factor::new("google", "google");
        let browser = Browser {
            factor: factor.clone(),
            provider: Provider::Google,
            address: String::new(),
            until: Some(0),
            wants_link: false,
            by_hand: None,
            _waiting: None,
            logging_out: Mutex::default(),
        };
        assert!(Step::Browser(Arc::new(browser)).ends_with_a_factor());
        for step in [Step::Factor(factor), Step::SignUp(SignUpWay::Link), Step::ForgottenPassword] {
            assert!(!step.ends_with_a_factor(), "{step:?}");
        }
    }
}
