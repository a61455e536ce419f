//! Userfront's calls: for each, the request to the server in memory and the meaning of the answer.

use accounts::model::account::Profile;
use accounts::model::auth_config::AuthConfig;
use accounts::model::custom_data::CustomData;
use accounts::model::factor::Factor;
use accounts::model::link::Link;
use accounts::model::token::{OneTimeCode, SamlToken, TotpSecret};
use accounts::ports::{
    CallFailure, CodeAddress, CodeFor, FactorAnswer, FactorError, ModeError, NewUser, Question, RefreshError,
    RevokeAnswer, RevokeAttempt, Said, Sent, Testimony, TotpFor, TotpOwner, TotpProof, TotpSetUp, User,
    UserChange, UserError, Userfront,
};
use accounts::{AccessToken, Mode, Password, RefreshToken, SessionToken, Tenant, Tokens};
use async_trait::async_trait;
use sandbox::{Request, Response};
use serde_json::{Value, json};

use super::lock;
use super::network::Trouble;
use super::server::{MemoryUserfront, message};

fn put(path: &str, body: &Value) -> Request {
    Request { method: "PUT".parse().unwrap(), ..Request::post(path, body) }
}

fn user(answer: &Response) -> User {
    let text = |key: &str| answer.body[key].as_str().map(str::to_owned);
    User {
        profile: Profile {
            name: text("name"),
            username: text("username"),
            image: text("image"),
            email: text("email"),
            tenant_name: Some("Demo Workspace".to_owned()),
            ..Profile::default()
        },
        phone_number: text("phoneNumber"),
        data: CustomData::as_sent(&answer.body["data"].to_string()).unwrap_or_default(),
    }
}

/// The body that names the recipient of a code, and the first-factor token, if any.
fn code_for(to: CodeFor<'_>) -> (Value, Option<String>) {
    let address = |address: &CodeAddress| match address {
        CodeAddress::Email(email) => json!({"channel": "email", "email": email}),
        CodeAddress::Phone(phone) => json!({"channel": "sms", "phoneNumber": phone}),
    };
    match to {
        CodeFor::Address(at) => (address(at), None),
        CodeFor::SecondFactor { channel, address: at, token } => {
            let body = at.map_or_else(|| json!({"channel": channel.as_str()}), address);
            (body, Some(token.secret().to_owned()))
        }
    }
}

fn with_bearer(request: Request, token: Option<&str>) -> Request {
    match token {
        Some(token) => request.bearer(token),
        None => request,
    }
}

#[async_trait]
impl Userfront for MemoryUserfront {
    async fn mode(&self, _: &Tenant) -> Result<AuthConfig, ModeError> {
        Ok(AuthConfig {
            mode: Mode::Test,
            first_factors: vec![Factor::new("link", "email"), Factor::new("password", "email")],
        })
    }

    async fn log_in_with_password(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        let body = json!({"emailOrUsername": email_or_username, "password": password.secret()});
        let at = lock(&self.network.answers_for).clone().unwrap_or_else(|| tenant.id.to_string());
        let request = Request::post(&format!("tenants/{at}/auth/basic"), &body);
        self.factor("log in at the server", request).await
    }

    async fn sign_up_with_password(
        &self,
        tenant: &Tenant,
        user: &NewUser,
        email: &str,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        let body = json!({
            "name": user.name, "username": user.username, "email": email, "password": password.secret(),
        });
        let request = Request::post(&format!("tenants/{}/auth/create", tenant.id), &body);
        self.factor("sign up at the server", request).await
    }

    async fn send_link(
        &self,
        tenant: &Tenant,
        email: &str,
        _: Option<&NewUser>,
    ) -> Result<Sent, FactorError> {
        let request = Request::post(&format!("tenants/{}/auth/link", tenant.id), &json!({"email": email}));
        self.send("send a link", request).await
    }

    async fn log_in_with_link(&self, tenant: &Tenant, link: &Link) -> Result<FactorAnswer, FactorError> {
        let body = json!({
            "token": link.token.secret(), "uuid": link.uuid.as_str(), "linkType": link.kind.as_type(),
        });
        let request = put(&format!("tenants/{}/auth/link", tenant.id), &body);
        self.factor("log in with a link at the server", request).await
    }

    async fn send_code(
        &self,
        tenant: &Tenant,
        to: CodeFor<'_>,
        _: Option<&NewUser>,
    ) -> Result<Sent, FactorError> {
        let (body, token) = code_for(to);
        let request = Request::post(&format!("tenants/{}/auth/code", tenant.id), &body);
        self.send("send a code", with_bearer(request, token.as_deref())).await
    }

    async fn log_in_with_code(
        &self,
        tenant: &Tenant,
        to: CodeFor<'_>,
        code: &OneTimeCode,
    ) -> Result<FactorAnswer, FactorError> {
        let (mut body, token) = code_for(to);
        body["verificationCode"] = json!(code.secret());
        let request = put(&format!("tenants/{}/auth/code", tenant.id), &body);
        self.factor("log in with a code at the server", with_bearer(request, token.as_deref())).await
    }

    async fn log_in_with_totp(
        &self,
        tenant: &Tenant,
        who: TotpFor<'_>,
        proof: TotpProof<'_>,
    ) -> Result<FactorAnswer, FactorError> {
        let mut body = match proof {
            TotpProof::Code(code) => json!({"totpCode": code.secret()}),
            TotpProof::BackupCode(code) => json!({"backupCode": code.secret()}),
        };
        let token = match who {
            TotpFor::Name(name) => {
                body["emailOrUsername"] = json!(name);
                None
            }
            TotpFor::User(uuid) => {
                let other = lock(&self.network.taken_for).clone();
                body["userUuid"] = json!(other.as_deref().unwrap_or(uuid.as_str()));
                None
            }
            TotpFor::SecondFactor(token) => Some(token.secret()),
        };
        let request = Request::post(&format!("tenants/{}/auth/totp", tenant.id), &body);
        self.factor("log in with TOTP at the server", with_bearer(request, token)).await
    }

    async fn totp_set_up(&self, _: &Tenant, owner: TotpOwner<'_>) -> Result<TotpSetUp, UserError> {
        let token = match owner {
            TotpOwner::LoggedIn(token) => token.secret(),
            TotpOwner::SecondFactor(token) => token.secret(),
        };
        let answer = self.user_call("set up TOTP", Request::get("auth/totp").bearer(token)).await?;
        let codes = answer.body["backupCodes"].as_array().unwrap();
        Ok(TotpSetUp {
            secret: TotpSecret::new(answer.text("/totpSecret").unwrap()),
            qr_code: answer.text("/qrCode").map(TotpSecret::new),
            backup_codes: codes.iter().map(|code| OneTimeCode::new(code.as_str().unwrap())).collect(),
        })
    }

    async fn send_reset_link(&self, tenant: &Tenant, email: &str) -> Result<Sent, FactorError> {
        let path = format!("tenants/{}/auth/reset/link", tenant.id);
        self.send("send a reset link", Request::post(&path, &json!({"email": email}))).await
    }

    async fn reset_password(
        &self,
        tenant: &Tenant,
        link: &Link,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        let body = json!({
            "token": link.token.secret(), "uuid": link.uuid.as_str(), "password": password.secret(),
        });
        let request = put(&format!("tenants/{}/auth/reset", tenant.id), &body);
        self.factor("reset the password at the server", request).await
    }

    async fn change_password(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        existing: &Password,
        new: &Password,
    ) -> Result<(), UserError> {
        let body = json!({"password": new.secret(), "existingPassword": existing.secret()});
        let request = put(&format!("tenants/{}/auth/basic", tenant.id), &body).bearer(token.secret());
        self.user_call("change the password", request).await.map(|_| ())
    }

    async fn refresh(&self, _: &Tenant, token: &RefreshToken) -> Result<Tokens, RefreshError> {
        let answer =
            self.call("refresh at the server", Request::get("auth/refresh").bearer(token.secret())).await?;
        self.network.wait_for_tokens().await;
        self.effects.alive().await;
        match answer.status.as_u16() {
            200 if *lock(&self.network.without_access) => Err(RefreshError::WithoutAccess {
                refresh: self.tokens(&answer).refresh.unwrap(),
                failure: CallFailure::Unintelligible {
                    status: 200,
                    detail: "it has no access token".to_owned(),
                },
            }),
            200 => Ok(self.tokens(&answer)),
            _ => Err(RefreshError::SessionOver { message: message(&answer) }),
        }
    }

    async fn user(&self, _: &Tenant, token: &AccessToken) -> Result<User, UserError> {
        let request = Request::get("self").bearer(token.secret());
        self.user_call("user at the server", request).await.map(|answer| user(&answer))
    }

    async fn change_user(
        &self,
        _: &Tenant,
        token: &AccessToken,
        change: &UserChange,
    ) -> Result<User, UserError> {
        let mut body = serde_json::Map::new();
        for (key, text) in [("name", &change.name), ("username", &change.username), ("image", &change.image)]
        {
            if let Some(text) = text {
                body.insert(key.to_owned(), if text.is_empty() { Value::Null } else { json!(text) });
            }
        }
        if let Some(data) = &change.data {
            body.insert("data".to_owned(), serde_json::from_str(data.as_str()).unwrap());
        }
        let request = put("self", &Value::Object(body)).bearer(token.secret());
        self.user_call("change the user at the server", request).await.map(|answer| user(&answer))
    }

    async fn send_verification(
        &self,
        _: &Tenant,
        token: &AccessToken,
        address: &CodeAddress,
    ) -> Result<Sent, UserError> {
        let request = match address {
            CodeAddress::Email(email) => Request::post("auth/verify/email", &json!({"email": email})),
            CodeAddress::Phone(number) => Request::post("auth/verify/phone", &json!({"phoneNumber": number})),
        };
        let answer = self.user_call("send a verification", request.bearer(token.secret())).await?;
        Ok(super::server::sent(&answer))
    }

    async fn saml_token(&self, _: &Tenant, token: &AccessToken) -> Result<SamlToken, UserError> {
        let request = Request::get("auth/saml/idp/token").bearer(token.secret());
        let answer = self.user_call("a SAML token", request).await?;
        Ok(SamlToken::new(answer.text("/token").unwrap()))
    }

    async fn revoke(&self, _: &Tenant, token: &SessionToken) -> RevokeAttempt {
        if *lock(&self.network.trouble) == Some(Trouble::Lies) {
            let session = accounts::model::claims::session_of(token).map(|session| session.to_string());
            lock(&self.network.lied_about).extend(session);
        }
        let answer =
            self.call("revoke at the server", Request::get("auth/logout").bearer(token.secret())).await;
        let answer = answer.and_then(|answer| match answer.status.as_u16() {
            200 if answer.body["message"].is_string() => {
                Ok(RevokeAnswer::Revoked { redirect_to: answer.text("/redirectTo").map(str::to_owned) })
            }
            status @ 200..300 => Ok(RevokeAnswer::Unclear { status }),
            status @ (401 | 404) => Ok(RevokeAnswer::Refused { status, message: message(&answer) }),
            status => Err(CallFailure::Refused { status, message: message(&answer) }),
        });
        let is_dated = matches!(
            answer,
            Ok(RevokeAnswer::Revoked { .. } | RevokeAnswer::Refused { .. })
                | Err(CallFailure::Refused { .. })
        );
        RevokeAttempt { answer, server_time: is_dated.then(|| self.date()) }
    }

    async fn testify(&self, tenant: &Tenant, question: Question<'_>) -> Testimony {
        let (what, request) = match question {
            Question::Mode => ("witness: the mode", Request::get(&format!("tenants/{}/mode", tenant.id))),
            Question::Refresh(token) => {
                ("witness: a refresh", Request::get("auth/refresh").bearer(token.secret()))
            }
            Question::User(token) => ("witness: the user", Request::get("self").bearer(token.secret())),
        };
        let answer = self.call(what, request).await;
        if matches!(question, Question::Refresh(_)) && answer.as_ref().is_ok_and(|it| it.status == 200) {
            self.network.wait_for_tokens().await;
            self.effects.alive().await;
        }
        let said = answer.and_then(|answer| match (answer.status.as_u16(), question) {
            (200, Question::Mode) => match answer.body["mode"].as_str() {
                Some(mode) => Ok(Said::Mode(mode.parse().unwrap())),
                None => Err(CallFailure::Unintelligible { status: 200, detail: "no mode".to_owned() }),
            },
            (200, Question::Refresh(_)) => Ok(Said::Accepted(self.tokens(&answer).for_revocation())),
            (200, Question::User(_)) => Ok(Said::Accepted(Vec::new())),
            (401, Question::Refresh(_) | Question::User(_)) => {
                Ok(Said::Refused { message: message(&answer) })
            }
            (status, _) => Err(CallFailure::Refused { status, message: message(&answer) }),
        });
        let is_dated = matches!(said, Ok(_) | Err(CallFailure::Refused { .. }));
        Testimony { said, server_time: is_dated.then(|| self.date()) }
    }
}
