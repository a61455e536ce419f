use accounts::model::auth_config::AuthConfig;
use accounts::model::factor::{AuthMethod, Channel, Factor, SecondFactor, to_offer};
use accounts::model::link::{FRESH_FOR, LinkKind};
use accounts::ports::{CodeAddress, TotpSetUp};

use crate::dto::{self, LogInStep};
use crate::state::steps::{CodeSent, CodeTo, RESEND_AFTER, Step};

pub(crate) fn shown(
    step: Option<&Step>,
    config: Option<&AuthConfig>,
    last_used: Option<&Factor>,
) -> LogInStep {
    let offered = || config.and_then(|config| to_offer(&config.first_factors, last_used));
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
            taken_until: sent.at + FRESH_FOR,
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

fn second_factor(second: &SecondFactor) -> dto::SecondFactor {
    dto::SecondFactor {
        strategy: second.factor.strategy.clone(),
        channel: second.factor.channel.clone(),
        is_set_up: second.is_configured,
        available: matches!(second.factor.method(), Some(AuthMethod::Code(_) | AuthMethod::Totp)),
    }
}

pub(crate) fn purpose(kind: &LinkKind) -> dto::LinkPurpose {
    match kind {
        LinkKind::Reset => dto::LinkPurpose::Reset,
        LinkKind::Invite => dto::LinkPurpose::Invite,
        LinkKind::SignUp => dto::LinkPurpose::SignUp,
        LinkKind::Verify => dto::LinkPurpose::Verify,
        LinkKind::LogIn | LinkKind::Other(_) | LinkKind::Unsaid => dto::LinkPurpose::LogIn,
    }
}

/// The user reads and types these: they are not tokens.
pub(crate) fn totp_set_up(totp: &TotpSetUp) -> dto::TotpSetUp {
    dto::TotpSetUp {
        secret: totp.secret.secret().to_owned(),
        qr_code: totp.qr_code.as_ref().map(|picture| picture.secret().to_owned()),
        backup_codes: totp.backup_codes.iter().map(|code| code.secret().to_owned()).collect(),
    }
}
