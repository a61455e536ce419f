//! The login screen: the chosen tenant, the text that fills the form, the step of the log-in, and links that
//! arrive.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CodeChannel, Mode, TotpSetUp};

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ChosenTenant {
    pub tenant_id: String,
    /// Its name, if known from an earlier log-in.
    pub name: Option<String>,
    /// The API's host when it is not Userfront's own: always shown beside the password field.
    pub foreign_host: Option<String>,
    pub mode: Mode,
    /// Whether it has said how to log in. Else it is being asked, or `choose_tenant` asks it again.
    pub has_answered: bool,
    /// First factors: the one that was used last, then the tenant's own order.
    pub first_factors: Vec<FirstFactor>,
}

/// A first factor that the tenant offers.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FirstFactor {
    /// `password`, `link`, `verificationCode`, `totp` or a provider's name.
    pub strategy: String,
    /// `email`, `sms`, `authenticator`, or another word of the tenant's.
    pub channel: String,
    /// The custom provider's ID, if the tenant says it.
    pub provider_id: Option<String>,
    /// Whether this app can log in with it. Others are shown as unavailable.
    pub available: bool,
}

/// The text that fills the login form.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LoginForm {
    /// Tenant ID; empty when unknown.
    pub tenant_id: String,
    /// API base URL; never empty.
    pub api_url: String,
    /// Domain; empty when there is none.
    pub domain: String,
    /// E-mail address, user name or phone number of the last log-in; empty when unknown.
    pub email_or_username: String,
}

/// How far a log-in is. *Back* (`leave_step`) leads to the step before.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum LogInStep {
    /// The form of a first factor; the others are offered below it. Both words are empty when the tenant
    /// offers none that this app knows.
    FirstFactor {
        /// As in [`FirstFactor`].
        strategy: String,
        /// As in [`FirstFactor`].
        channel: String,
        /// As in [`FirstFactor`].
        provider_id: Option<String>,
    },
    /// The form of a new user.
    SignUp {
        /// How the new user will log in.
        way: SignUpWay,
    },
    /// The form of the e-mail address that a link for a new password is sent to.
    ForgottenPassword,
    /// A link for a new password has come: the form of that password.
    NewPassword,
    /// A link is on its way: it can be pasted, or come by the `userfront-accounts:` scheme.
    LinkSent {
        purpose: LinkPurpose,
        email: String,
        /// The link itself, in test mode, where no mail is sent.
        test_link: Option<String>,
        /// When another one can be sent.
        #[ts(type = "number")]
        resend_at: i64,
        /// Until when it is taken without asking.
        #[ts(type = "number")]
        taken_until: i64,
    },
    /// A code is on its way.
    CodeSent {
        channel: CodeChannel,
        /// Null when only the server knows it.
        address: Option<String>,
        /// The code itself, in test mode, where nothing is sent.
        test_code: Option<String>,
        /// When another one can be sent.
        #[ts(type = "number")]
        resend_at: i64,
    },
    /// The system's browser has been opened on a provider's page.
    Browser {
        /// As in [`FirstFactor::strategy`].
        provider: String,
        /// The page's address, to be copied. It may tell the way back to this machine, but nothing of the
        /// user.
        address: String,
        /// When waiting for the browser ends; null where it is not awaited.
        #[ts(type = "number | null")]
        until: Option<i64>,
        /// The browser ends on the tenant's own site (live mode): the link it ends at is to be pasted here.
        wants_link: bool,
    },
    /// The first factor was right; a second one is to be chosen.
    SecondFactors {
        /// Those that are set up; if none is, all.
        factors: Vec<SecondFactor>,
    },
    /// A second factor: a code of the authenticator app, or a backup code.
    Totp,
    /// A second factor that is not set up yet: which phone number to send codes to.
    Phone,
    /// A second factor that is not set up yet: an authenticator app.
    SetUpTotp {
        /// To be scanned, copied and saved.
        totp: TotpSetUp,
    },
}

/// How a new user will log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SignUpWay {
    Password,
    Link,
    EmailCode,
    SmsCode,
}

/// The purpose of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum LinkPurpose {
    LogIn,
    SignUp,
    /// Confirming another e-mail address, which logs in.
    Verify,
    Reset,
    /// Choosing the first password.
    Invite,
}

/// A second factor that the tenant accepts.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SecondFactor {
    /// `totp` or `verificationCode`.
    pub strategy: String,
    /// `authenticator`, `sms` or `email`.
    pub channel: String,
    /// Whether the user has set it up; if not, it is set up now.
    pub is_set_up: bool,
    /// Whether this app knows it.
    pub available: bool,
}

/// A link that came and was not asked for just now.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ArrivedLink {
    /// The answer names it, so that it counts for no other link.
    #[ts(type = "number")]
    pub id: u64,
    pub purpose: LinkPurpose,
    /// The account that it logs in to, if it is one of this machine's.
    pub account_name: Option<String>,
    /// The tenant that it would be used with.
    pub tenant_id: String,
    /// Where it would be sent: the host of that tenant's API.
    pub api_host: String,
    /// The address that a link was asked for with, when this may be that link: too late, or from another
    /// site.
    pub asked_email: Option<String>,
    /// The site that the link is from, when it is not the tenant's own.
    pub other_site: Option<String>,
}
