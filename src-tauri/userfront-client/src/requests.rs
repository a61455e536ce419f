//! The request of each call: method, path, token and body, as the official client sends them
//! (`@userfront/core` 1.1.2; the test `same_request` compares the two). Members of a body are in the official
//! client's order.
//!
//! A call that gives a second factor carries the first-factor token, which names the user.

use accounts::model::link::Link;
use accounts::model::tenant::Tenant;
use accounts::model::token::{AccessToken, FirstFactorToken, OneTimeCode, Password};
use accounts::ports::{CodeAddress, CodeFor, NewUser, TotpFor, TotpProof, UserChange};
use reqwest::Method;

use crate::body::Member::{self, Flag, Json, Null, Secret, Text};
use crate::body::{self, Members};
use crate::transport::Call;

pub(crate) fn open(path: String) -> Call<'static> {
    Call { method: Method::GET, path, bearer: None, body: None, secrets: Vec::new() }
}

pub(crate) fn with_token<'a>(path: &str, token: &'a str) -> Call<'a> {
    open(path.to_owned()).bearing(Some(token))
}

/// Like the official forms, it asks only for an answer: without this option, a user without a password gets a
/// mail to reset it.
pub(crate) fn log_in_with_password<'a>(tenant: &Tenant, name: &'a str, password: &'a Password) -> Call<'a> {
    let body = [
        ("emailOrUsername", Some(Text(name))),
        ("password", Some(Secret(password.secret()))),
        ("options", Some(Flag("noResetEmail"))),
    ];
    sending(Method::POST, tenant, "basic", &body)
}

pub(crate) fn sign_up_with_password<'a>(
    tenant: &Tenant,
    user: &'a NewUser,
    email: &'a str,
    password: &'a Password,
) -> Call<'a> {
    let body = [
        ("username", said(user.username.as_deref())),
        ("name", said(user.name.as_deref())),
        ("email", said(Some(email))),
        ("password", Some(Secret(password.secret()))),
    ];
    sending(Method::POST, tenant, "create", &body)
}

pub(crate) fn send_link<'a>(tenant: &Tenant, email: &'a str, user: Option<&'a NewUser>) -> Call<'a> {
    let body = [("email", Some(Text(email))), ("name", name(user)), ("username", username(user))];
    sending(Method::POST, tenant, "link", &body)
}

pub(crate) fn log_in_with_link<'a>(tenant: &Tenant, link: &'a Link) -> Call<'a> {
    let body = [
        ("token", Some(Secret(link.token.secret()))),
        ("uuid", Some(Text(link.uuid.as_str()))),
        ("linkType", link.kind.as_type().map(Text)),
    ];
    sending(Method::PUT, tenant, "link", &body)
}

pub(crate) fn send_code<'a>(tenant: &Tenant, to: CodeFor<'a>, user: Option<&'a NewUser>) -> Call<'a> {
    let Receiver { channel, email, phone_number, bearer } = to.into();
    let body = [
        ("channel", Some(channel)),
        ("email", email),
        ("phoneNumber", phone_number),
        ("name", name(user)),
        ("username", username(user)),
    ];
    sending(Method::POST, tenant, "code", &body).bearing(bearer)
}

pub(crate) fn log_in_with_code<'a>(tenant: &Tenant, to: CodeFor<'a>, code: &'a OneTimeCode) -> Call<'a> {
    let Receiver { channel, email, phone_number, bearer } = to.into();
    let body = [
        ("channel", Some(channel)),
        ("verificationCode", Some(Secret(code.secret()))),
        ("email", email),
        ("phoneNumber", phone_number),
    ];
    sending(Method::PUT, tenant, "code", &body).bearing(bearer)
}

pub(crate) fn log_in_with_totp<'a>(tenant: &Tenant, who: TotpFor<'a>, proof: TotpProof<'a>) -> Call<'a> {
    let proof = match proof {
        TotpProof::Code(code) => ("totpCode", Some(Secret(code.secret()))),
        TotpProof::BackupCode(code) => ("backupCode", Some(Secret(code.secret()))),
    };
    let (identifier, bearer) = match who {
        TotpFor::Name(name) => (("emailOrUsername", Some(Text(name))), None),
        TotpFor::User(uuid) => (("userUuid", Some(Text(uuid.as_str()))), None),
        TotpFor::SecondFactor(token) => (("userUuid", None), Some(token)),
    };
    sending(Method::POST, tenant, "totp", &[proof, identifier]).bearing(bearer.map(FirstFactorToken::secret))
}

pub(crate) fn send_reset_link<'a>(tenant: &Tenant, email: &'a str) -> Call<'a> {
    sending(Method::POST, tenant, "reset/link", &[("email", Some(Text(email)))])
}

pub(crate) fn reset_password<'a>(tenant: &Tenant, link: &'a Link, password: &'a Password) -> Call<'a> {
    let body = [
        ("uuid", Some(Text(link.uuid.as_str()))),
        ("token", Some(Secret(link.token.secret()))),
        ("password", Some(Secret(password.secret()))),
    ];
    sending(Method::PUT, tenant, "reset", &body)
}

/// A user without a password sends no existing one.
pub(crate) fn change_password<'a>(
    tenant: &Tenant,
    token: &'a AccessToken,
    existing: &'a Password,
    new: &'a Password,
) -> Call<'a> {
    let existing = Some(existing.secret()).filter(|text| !text.is_empty());
    let body = [("password", Some(Secret(new.secret()))), ("existingPassword", existing.map(Secret))];
    sending(Method::PUT, tenant, "basic", &body).bearing(Some(token.secret()))
}

/// An empty text is sent as `null`. That this clears the field is an assumption.
pub(crate) fn change_user<'a>(token: &'a AccessToken, change: &'a UserChange) -> Call<'a> {
    let text = |text: &'a Option<String>| match text.as_deref() {
        Some("") => Some(Null),
        text => text.map(Text),
    };
    let body = [
        ("name", text(&change.name)),
        ("username", text(&change.username)),
        ("image", text(&change.image)),
        ("data", change.data.as_ref().map(Json)),
    ];
    with_body(Method::PUT, "self".to_owned(), &body).bearing(Some(token.secret()))
}

/// Requests the confirmation of a new address. That the body names it as the other calls do is an assumption,
/// made only here.
pub(crate) fn send_verification<'a>(token: &'a AccessToken, address: &'a CodeAddress) -> Call<'a> {
    let (path, member) = match address {
        CodeAddress::Email(email) => ("auth/verify/email", ("email", Some(Text(email)))),
        CodeAddress::Phone(number) => ("auth/verify/phone", ("phoneNumber", Some(Text(number)))),
    };
    with_body(Method::POST, path.to_owned(), &[member]).bearing(Some(token.secret()))
}

/// The receiver of a code, and the user who requests it.
struct Receiver<'a> {
    channel: Member<'a>,
    email: Option<Member<'a>>,
    phone_number: Option<Member<'a>>,
    bearer: Option<&'a str>,
}

impl<'a> From<CodeFor<'a>> for Receiver<'a> {
    fn from(to: CodeFor<'a>) -> Self {
        let (channel, address, bearer) = match to {
            CodeFor::Address(address) => (address.channel(), Some(address), None),
            CodeFor::SecondFactor { channel, address, token } => (channel, address, Some(token.secret())),
        };
        let (email, phone_number) = match address {
            Some(CodeAddress::Email(email)) => (Some(Text(email)), None),
            Some(CodeAddress::Phone(number)) => (None, Some(Text(number))),
            None => (None, None),
        };
        Self { channel: Text(channel.as_str()), email, phone_number, bearer }
    }
}

fn sending<'a>(method: Method, tenant: &Tenant, path: &str, body: Members<'_, 'a>) -> Call<'a> {
    with_body(method, format!("tenants/{}/auth/{path}", tenant.id), body)
}

fn with_body<'a>(method: Method, path: String, members: Members<'_, 'a>) -> Call<'a> {
    let (body, secrets) = (Some(body::object(members)), body::secrets(members));
    Call { method, path, bearer: None, body, secrets }
}

/// An empty text is not sent.
fn said(text: Option<&str>) -> Option<Member<'_>> {
    text.filter(|text| !text.is_empty()).map(Text)
}

fn name(user: Option<&NewUser>) -> Option<Member<'_>> {
    said(user?.name.as_deref())
}

fn username(user: Option<&NewUser>) -> Option<Member<'_>> {
    said(user?.username.as_deref())
}

impl<'a> Call<'a> {
    fn bearing(mut self, token: Option<&'a str>) -> Self {
        self.bearer = token;
        self.secrets.extend(token);
        self
    }
}
