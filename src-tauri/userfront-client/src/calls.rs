//! The port's operations: one request each, and the meaning of its answers.

use accounts::model::auth_config::AuthConfig;
use accounts::model::custom_data::CustomData;
use accounts::model::link::Link;
use accounts::model::tenant::Tenant;
use accounts::model::token::{
    AccessToken, OneTimeCode, Password, RefreshToken, SamlToken, SessionToken, Tokens,
};
use accounts::ports::{
    CallFailure, CodeAddress, CodeFor, FactorAnswer, FactorError, ModeError, NewUser, Question, RefreshError,
    RevokeAttempt, Sent, Testimony, TotpFor, TotpOwner, TotpProof, TotpSetUp, User, UserChange, UserError,
    Userfront,
};
use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::answer::{Rejection, Reply, empty, unintelligible};
use crate::requests;
use crate::shapes::{self, Answered};
use crate::transport::{Call, UserfrontClient};

type OfUser = (u16, Map<String, Value>, CustomData);

#[async_trait]
impl Userfront for UserfrontClient {
    async fn mode(&self, tenant: &Tenant) -> Result<AuthConfig, ModeError> {
        match self.call(tenant, requests::open(format!("tenants/{}/mode", tenant.id))).await? {
            Reply::Object { status, object, .. } => {
                let mode = shapes::tenant_mode(&object);
                Ok(mode.ok_or_else(|| unintelligible(status, "it names no mode"))?)
            }
            Reply::Nothing { status } => Err(empty(status).into()),
            Reply::Rejected(no) if no.status == 404 => {
                Err(ModeError::UnknownTenant { message: no.message() })
            }
            Reply::Rejected(no) => Err(CallFailure::from(no).into()),
        }
    }

    async fn log_in_with_password(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        let call = requests::log_in_with_password(tenant, email_or_username, password);
        self.give_factor(tenant, call).await
    }

    async fn sign_up_with_password(
        &self,
        tenant: &Tenant,
        user: &NewUser,
        email: &str,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        let call = requests::sign_up_with_password(tenant, user, email, password);
        self.give_factor(tenant, call).await
    }

    async fn send_link(
        &self,
        tenant: &Tenant,
        email: &str,
        user: Option<&NewUser>,
    ) -> Result<Sent, FactorError> {
        self.have_sent(tenant, requests::send_link(tenant, email, user)).await
    }

    async fn log_in_with_link(&self, tenant: &Tenant, link: &Link) -> Result<FactorAnswer, FactorError> {
        self.give_factor(tenant, requests::log_in_with_link(tenant, link)).await
    }

    async fn send_code(
        &self,
        tenant: &Tenant,
        to: CodeFor<'_>,
        user: Option<&NewUser>,
    ) -> Result<Sent, FactorError> {
        self.have_sent(tenant, requests::send_code(tenant, to, user)).await
    }

    async fn log_in_with_code(
        &self,
        tenant: &Tenant,
        to: CodeFor<'_>,
        code: &OneTimeCode,
    ) -> Result<FactorAnswer, FactorError> {
        self.give_factor(tenant, requests::log_in_with_code(tenant, to, code)).await
    }

    async fn log_in_with_totp(
        &self,
        tenant: &Tenant,
        who: TotpFor<'_>,
        proof: TotpProof<'_>,
    ) -> Result<FactorAnswer, FactorError> {
        self.give_factor(tenant, requests::log_in_with_totp(tenant, who, proof)).await
    }

    async fn totp_set_up(&self, tenant: &Tenant, owner: TotpOwner<'_>) -> Result<TotpSetUp, UserError> {
        let token = match owner {
            TotpOwner::LoggedIn(token) => token.secret(),
            TotpOwner::SecondFactor(token) => token.secret(),
        };
        let (status, object, _) = self.of_user(tenant, requests::with_token("auth/totp", token)).await?;
        let set_up = shapes::totp_set_up(object);
        Ok(set_up.ok_or_else(|| unintelligible(status, "it has no secret for an authenticator app"))?)
    }

    async fn send_reset_link(&self, tenant: &Tenant, email: &str) -> Result<Sent, FactorError> {
        self.have_sent(tenant, requests::send_reset_link(tenant, email)).await
    }

    async fn reset_password(
        &self,
        tenant: &Tenant,
        link: &Link,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        self.give_factor(tenant, requests::reset_password(tenant, link, password)).await
    }

    async fn change_password(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        existing: &Password,
        new: &Password,
    ) -> Result<(), UserError> {
        self.of_user(tenant, requests::change_password(tenant, token, existing, new)).await.map(|_| ())
    }

    async fn refresh(&self, tenant: &Tenant, token: &RefreshToken) -> Result<Tokens, RefreshError> {
        match self.call(tenant, requests::with_token("auth/refresh", token.secret())).await? {
            Reply::Object { status, mut object, .. } => {
                let failure = || unintelligible(status, "it has no access token");
                shapes::tokens(&mut object).map_err(|refresh| match refresh {
                    Some(refresh) => RefreshError::WithoutAccess { refresh, failure: failure() },
                    None => failure().into(),
                })
            }
            Reply::Nothing { status } => Err(empty(status).into()),
            Reply::Rejected(no) if no.status == 401 => {
                Err(RefreshError::SessionOver { message: no.message() })
            }
            Reply::Rejected(no) => Err(CallFailure::from(no).into()),
        }
    }

    async fn user(&self, tenant: &Tenant, token: &AccessToken) -> Result<User, UserError> {
        named_user(self.of_user(tenant, requests::with_token("self", token.secret())).await?)
    }

    /// A change without content only reads the user: the official client sends no `PUT` then either.
    async fn change_user(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        change: &UserChange,
    ) -> Result<User, UserError> {
        if *change == UserChange::default() {
            return self.user(tenant, token).await;
        }
        named_user(self.of_user(tenant, requests::change_user(token, change)).await?)
    }

    async fn send_verification(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        address: &CodeAddress,
    ) -> Result<Sent, UserError> {
        let (_, mut object, _) = self.of_user(tenant, requests::send_verification(token, address)).await?;
        Ok(shapes::sent(&mut object))
    }

    async fn saml_token(&self, tenant: &Tenant, token: &AccessToken) -> Result<SamlToken, UserError> {
        let call = requests::with_token("auth/saml/idp/token", token.secret());
        let (status, mut object, _) = self.of_user(tenant, call).await?;
        let token = shapes::saml_token(&mut object);
        Ok(token.ok_or_else(|| unintelligible(status, "it has no token that a browser could take along"))?)
    }

    async fn revoke(&self, tenant: &Tenant, token: &SessionToken) -> RevokeAttempt {
        self.end_session(tenant, token).await
    }

    async fn testify(&self, tenant: &Tenant, question: Question<'_>) -> Testimony {
        self.ask_witness(tenant, question).await
    }
}

impl UserfrontClient {
    /// A call that gives a factor.
    async fn give_factor(&self, tenant: &Tenant, call: Call<'_>) -> Result<FactorAnswer, FactorError> {
        match self.call(tenant, call).await? {
            Reply::Object { status, object, .. } => match shapes::answered(object) {
                Ok(Answered::Factor(answer)) => Ok(answer),
                Ok(Answered::PkceRequired) => Err(FactorError::PkceRequired),
                Err(detail) => Err(unintelligible(status, detail).into()),
            },
            Reply::Nothing { status } => Err(empty(status).into()),
            Reply::Rejected(no) => Err(factor_rejected(no)),
        }
    }

    /// A call that asks the server to send something. Any object confirms it.
    async fn have_sent(&self, tenant: &Tenant, call: Call<'_>) -> Result<Sent, FactorError> {
        match self.call(tenant, call).await? {
            Reply::Object { mut object, .. } => Ok(shapes::sent(&mut object)),
            Reply::Nothing { status } => Err(empty(status).into()),
            Reply::Rejected(no) => Err(factor_rejected(no)),
        }
    }

    async fn of_user(&self, tenant: &Tenant, call: Call<'_>) -> Result<OfUser, UserError> {
        match self.call(tenant, call).await? {
            Reply::Object { status, object, custom_data } => Ok((status, object, custom_data)),
            Reply::Nothing { status } => Err(empty(status).into()),
            Reply::Rejected(no) if no.status == 401 => Err(UserError::NotValid { message: no.message() }),
            Reply::Rejected(no) => Err(CallFailure::from(no).into()),
        }
    }
}

fn named_user((status, object, custom_data): OfUser) -> Result<User, UserError> {
    Ok(shapes::user(&object, custom_data).ok_or_else(|| unintelligible(status, "it names no user"))?)
}

fn factor_rejected(no: Rejection) -> FactorError {
    match no.status {
        400 | 401 => FactorError::Wrong { message: no.message },
        404 => FactorError::UnknownTenant { message: no.message() },
        _ => CallFailure::from(no).into(),
    }
}
