//! Auth methods: the calls that log in, and what the app remembers of them.
//!
//! ```text
//!  password ────────────────────────────────┐
//!  sign up with a password ─────────────────┤
//!  send a link ─► the link comes ───────────┤──► tokens ─────────────────────► log_in: kept
//!  send a code ─► the code is typed ────────┤──► MFA required ─► MFA challenge ─► second factor ─┐
//!  authenticator app, backup code ──────────┤        ▲                                           │
//!  browser: single sign-on ─► a link comes ─┤        └──────── (a new answer replaces the old) ◄─┤
//!  send a reset link ─► a new password ─────┘                                       tokens ◄─────┘
//! ```
//!
//! Every method that brings tokens goes through [`protocol`](crate::log_in::protocol): keyring and disk are
//! checked before the server is asked, so that no session is made that cannot be kept. An *MFA challenge*
//! lives in memory alone: its first-factor token is on no disk and in no keyring, and a crash loses it.
//!
//! Non-goals: the views meanwhile (they belong to the shell and the command line), and PKCE, whose exchange
//! is not known.

use crate::base::Accounts;
use crate::base::work::Work;
use crate::log_in::error::LogInError;
use crate::log_in::progress::LogIn;
use crate::log_in::progress::Progress;
use crate::model::auth_config::AuthConfig;
use crate::model::factor::Factor;
use crate::model::link;
use crate::model::link::{AskedFor, Link, LinkKind, Verdict, verdict};
use crate::model::registry::LastTenant;
use crate::model::tenant::Tenant;
use crate::model::token::{OneTimeCode, Password};
use crate::ports::{CodeAddress, CodeFor, FactorError, ModeError, NewUser, Sent, TotpFor, TotpProof};

impl Accounts {
    /// The auth methods of a tenant, in its own order. The login screen offers this tenant from now on.
    ///
    /// # Errors
    /// [`ModeError`].
    pub async fn auth_config(&self, tenant: &Tenant) -> Result<AuthConfig, ModeError> {
        let _at_work = self.begin(Work::ChoosingTenant);
        let answer = self.ports.userfront.mode(tenant).await?;
        let last = LastTenant {
            tenant: tenant.clone(),
            name: None,
            email_or_username: None,
            last_factor: None,
            auth_config: Some(answer.clone()),
        };
        if let Err(error) = self.update(move |registry| registry.remember_tenant(last)).await {
            // Logging in will fail as well, and report it; here the tenant is only not remembered.
            tracing::warn!(%error, "the tenant is not remembered");
        }
        Ok(answer)
    }

    /// Logs in with a password.
    ///
    /// # Errors
    /// [`LogInError`], as with every auth method; then no account was logged in.
    pub async fn log_in_with_password(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        password: &Password,
    ) -> Result<Progress, LogInError> {
        let factor = Factor::password();
        let log_in = first(tenant, Some(email_or_username), Some(&factor));
        let call = self.ports.userfront.log_in_with_password(tenant, email_or_username, password);
        self.log_in(log_in, call).await
    }

    /// Sends a link by e-mail: to log in, or with a new user to sign up. For a while, a link to this tenant
    /// is then accepted without a question.
    ///
    /// # Errors
    /// [`FactorError`]; then nothing was sent.
    pub async fn send_link(
        &self,
        tenant: &Tenant,
        email: &str,
        user: Option<&NewUser>,
    ) -> Result<Sent, FactorError> {
        let _at_work = self.begin(Work::Sending);
        let sent = self.ports.userfront.send_link(tenant, email, user).await?;
        let purpose = if user.is_some() { LinkKind::SignUp } else { LinkKind::LogIn };
        self.asked_for_link(tenant, email, purpose);
        Ok(sent)
    }

    /// Logs in with a link that was sent, or that single sign-on ended with. `factor` is the factor that led
    /// to it.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn log_in_with_link(
        &self,
        tenant: &Tenant,
        link: &Link,
        name: Option<&str>,
        factor: Option<&Factor>,
    ) -> Result<Progress, LogInError> {
        let call = self.ports.userfront.log_in_with_link(tenant, link);
        let progress = self.log_in(first(tenant, name, factor), call).await?;
        self.forget_asked_for_link();
        Ok(progress)
    }

    /// Sends a code: to log in, or with a new user to sign up.
    ///
    /// # Errors
    /// [`FactorError`]; then nothing was sent.
    pub async fn send_code(
        &self,
        tenant: &Tenant,
        address: &CodeAddress,
        user: Option<&NewUser>,
    ) -> Result<Sent, FactorError> {
        let _at_work = self.begin(Work::Sending);
        self.ports.userfront.send_code(tenant, CodeFor::Address(address), user).await
    }

    /// Logs in with the code that was sent to an address.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn log_in_with_code(
        &self,
        tenant: &Tenant,
        address: &CodeAddress,
        code: &OneTimeCode,
    ) -> Result<Progress, LogInError> {
        let factor = Factor::new("verificationCode", address.channel().as_str());
        let (CodeAddress::Email(name) | CodeAddress::Phone(name)) = address;
        let call = self.ports.userfront.log_in_with_code(tenant, CodeFor::Address(address), code);
        self.log_in(first(tenant, Some(name), Some(&factor)), call).await
    }

    /// Logs in with a code of an authenticator app, or a backup code.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn log_in_with_totp(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        proof: TotpProof<'_>,
    ) -> Result<Progress, LogInError> {
        let factor = Factor::new("totp", "authenticator");
        let log_in = first(tenant, Some(email_or_username), Some(&factor));
        let call = self.ports.userfront.log_in_with_totp(tenant, TotpFor::Name(email_or_username), proof);
        self.log_in(log_in, call).await
    }

    /// Signs up with a password. An empty e-mail address is not sent.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn sign_up_with_password(
        &self,
        tenant: &Tenant,
        user: &NewUser,
        email: &str,
        password: &Password,
    ) -> Result<Progress, LogInError> {
        let factor = Factor::password();
        let name = Some(email).filter(|email| !email.is_empty()).or(user.username.as_deref());
        let call = self.ports.userfront.sign_up_with_password(tenant, user, email, password);
        self.log_in(first(tenant, name, Some(&factor)), call).await
    }

    /// Sends a link with which a new password can be chosen.
    ///
    /// # Errors
    /// [`FactorError`]; then nothing was sent.
    pub async fn send_reset_link(&self, tenant: &Tenant, email: &str) -> Result<Sent, FactorError> {
        let _at_work = self.begin(Work::Sending);
        let sent = self.ports.userfront.send_reset_link(tenant, email).await?;
        self.asked_for_link(tenant, email, LinkKind::Reset);
        Ok(sent)
    }

    /// Chooses a new password, and logs in.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn reset_password(
        &self,
        tenant: &Tenant,
        link: &Link,
        name: Option<&str>,
        password: &Password,
    ) -> Result<Progress, LogInError> {
        let factor = Factor::password();
        let call = self.ports.userfront.reset_password(tenant, link, password);
        let progress = self.log_in(first(tenant, name, Some(&factor)), call).await?;
        self.forget_asked_for_link();
        Ok(progress)
    }

    /// Whether to accept a link; `chosen` is the tenant that it would be used with.
    #[must_use]
    pub fn judge_link(&self, link: &Link, chosen: Option<&Tenant>) -> Verdict {
        let asked = self.state().asked_for.clone();
        verdict(link, chosen, asked.as_ref(), self.ports.clock.now())
    }

    /// The purpose of a link: its own, or else that of the link that was asked for at this tenant.
    #[must_use]
    pub fn purpose_of_link(&self, link: &Link, tenant: &Tenant) -> LinkKind {
        link::purpose(link, tenant, self.state().asked_for.as_ref())
    }

    /// The link that this process asked for last and that has not come yet.
    #[must_use]
    pub fn awaited_link(&self) -> Option<AskedFor> {
        self.state().asked_for.clone()
    }

    /// Checks that keyring and disk can store a log-in before a browser is opened for it: the link that comes
    /// back works once, and the log-in itself checks only then.
    ///
    /// # Errors
    /// [`LogInError`]: keyring or registry.
    pub async fn ready_for_browser(&self) -> Result<(), LogInError> {
        self.ready_to_store().await.map(drop)
    }

    /// Single sign-on has begun in a browser and ends at a page of the tenant's own: its link will be pasted.
    pub fn expect_link_from_browser(&self, tenant: &Tenant) {
        self.asked_for_link(tenant, "", LinkKind::Unsaid);
    }

    pub(crate) fn asked_for_link(&self, tenant: &Tenant, email: &str, purpose: LinkKind) {
        let at = self.ports.clock.now();
        self.state().asked_for =
            Some(AskedFor { tenant: tenant.clone(), email: email.to_owned(), purpose, at });
    }

    /// The link was used, or the user chose another method: the next link raises a question.
    pub fn forget_asked_for_link(&self) {
        self.state().asked_for = None;
    }
}

fn first<'a>(tenant: &'a Tenant, name: Option<&'a str>, factor: Option<&'a Factor>) -> LogIn<'a> {
    LogIn { tenant, name, factor, only: None }
}
