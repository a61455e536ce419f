use std::fmt::{Debug, Display};

use accounts::model::factor::Channel;
use accounts::model::link::{Link, LinkKind};
use accounts::model::tenant::Tenant;
use accounts::model::token::{
    AccessToken, FirstFactorToken, OneTimeCode, Password, RefreshToken, SessionToken,
};
use accounts::ports::{
    CallFailure, CodeAddress, CodeFor, FactorError, ModeError, NewUser, Question, RefreshError, TotpFor,
    TotpOwner, TotpProof, UserChange, UserError, Userfront,
};
use userfront_client::UserfrontClient;

use crate::support::{CANARY, link};

/// The code in every call. No error may hold it, however short it is.
pub(crate) const CODE: &str = "271828";

pub(crate) struct Made {
    pub(crate) call: &'static str,
    pub(crate) printed: String,
    /// The failure, if it is of a kind that all calls share.
    pub(crate) failure: Option<CallFailure>,
}

pub(crate) const CALLS: usize = 26;

/// The calls without a token, which come first.
pub(crate) const OPEN_CALLS: usize = 13;

trait Shared: Debug + Display {
    fn shared(&self) -> Option<CallFailure>;
}

macro_rules! shared {
    ($($error:ident),*) => {$(
        impl Shared for $error {
            fn shared(&self) -> Option<CallFailure> {
                match self {
                    Self::Failed(failure) => Some(failure.clone()),
                    _ => None,
                }
            }
        }
    )*};
}

shared!(ModeError, FactorError, RefreshError, UserError);

impl Shared for CallFailure {
    fn shared(&self) -> Option<CallFailure> {
        Some(self.clone())
    }
}

fn made<T: Debug, E: Shared>(call: &'static str, answer: Result<T, E>) -> Made {
    let (printed, failure) = match answer {
        Ok(answer) => (format!("{answer:?} {answer:#?}"), None),
        Err(error) => (format!("{error:?} {error}"), error.shared()),
    };
    Made { call, printed, failure }
}

pub(crate) async fn every_call(client: &UserfrontClient, tenant: &Tenant) -> Vec<Made> {
    let (password, code) = (Password::new(CANARY), OneTimeCode::new(CODE));
    let (access, first) = (AccessToken::new(CANARY), FirstFactorToken::new(CANARY));
    let link: Link = link(CANARY, LinkKind::LogIn);
    let user = NewUser { name: Some("Mira".into()), username: Some("mira".into()) };
    let email = CodeAddress::Email("mira@example.com".into());
    let phone = CodeAddress::Phone("+15555550102".into());
    let second = CodeFor::SecondFactor { channel: Channel::Sms, address: None, token: &first };
    let change = UserChange { name: Some("Mira".into()), ..UserChange::default() };
    let totp = TotpProof::Code(&code);
    let backup = TotpProof::BackupCode(&code);
    let uuid = "5fa85f64-aa".parse().unwrap();
    let refresh = RefreshToken::new(CANARY);
    let session = SessionToken::Access(access.clone());
    vec![
        made("mode", client.mode(tenant).await),
        made("witness: mode", client.testify(tenant, Question::Mode).await.said),
        made("password", client.log_in_with_password(tenant, "mira", &password).await),
        made("sign up", client.sign_up_with_password(tenant, &user, "mira@example.com", &password).await),
        made("send link", client.send_link(tenant, "mira@example.com", Some(&user)).await),
        made("link", client.log_in_with_link(tenant, &link).await),
        made("send code", client.send_code(tenant, CodeFor::Address(&email), None).await),
        made("code", client.log_in_with_code(tenant, CodeFor::Address(&phone), &code).await),
        made("totp", client.log_in_with_totp(tenant, TotpFor::Name("mira"), totp).await),
        made("backup code", client.log_in_with_totp(tenant, TotpFor::Name("mira"), backup).await),
        made("confirm totp", client.log_in_with_totp(tenant, TotpFor::User(&uuid), totp).await),
        made("send reset link", client.send_reset_link(tenant, "mira@example.com").await),
        made("reset", client.reset_password(tenant, &link, &password).await),
        made("send second code", client.send_code(tenant, second, None).await),
        made("second code", client.log_in_with_code(tenant, second, &code).await),
        made("second totp", client.log_in_with_totp(tenant, TotpFor::SecondFactor(&first), totp).await),
        made("set up totp", client.totp_set_up(tenant, TotpOwner::SecondFactor(&first)).await),
        made("change password", client.change_password(tenant, &access, &password, &password).await),
        made("refresh", client.refresh(tenant, &refresh).await),
        made("user", client.user(tenant, &access).await),
        made("change user", client.change_user(tenant, &access, &change).await),
        made("verify", client.send_verification(tenant, &access, &email).await),
        made("saml", client.saml_token(tenant, &access).await),
        made("log out", client.revoke(tenant, &session).await.answer),
        made("witness: refresh", client.testify(tenant, Question::Refresh(&refresh)).await.said),
        made("witness: user", client.testify(tenant, Question::User(&access)).await.said),
    ]
}

/// Whether a call gives a factor or requests a message: its 400 and 401 refuse the factor.
pub(crate) fn is_of_a_factor(call: &str) -> bool {
    let others = [
        "mode",
        "set up totp",
        "change password",
        "refresh",
        "user",
        "change user",
        "verify",
        "saml",
        "log out",
    ];
    !others.contains(&call) && !call.starts_with("witness")
}
