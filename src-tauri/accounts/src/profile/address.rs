//! Changing the e-mail address or the phone number.
//!
//! ```text
//! new address ─► POST auth/verify/email ─► a link (type=verify) ─► PUT T/auth/link ─┐
//! new number ──► POST auth/verify/phone ─► a code ───────────────► PUT T/auth/code ─┴─► changed, logged in
//! ```
//!
//! The older address stays until the link or the code comes back. That call logs in (`userfront-api.md` has
//! no other): the account then has a new session, and the older one becomes a pending revocation, as with an
//! authenticator app. A link may come by our scheme as well: it was asked for, so it is accepted without a
//! question.
//!
//! If the tenant requires a second factor, the address is changed and the account keeps its session. The
//! server's answer about the user counts: a pasted link may be another one.

use crate::base::Accounts;
use crate::base::work::Work;
use crate::log_in::error::LogInError;
use crate::log_in::progress::LogIn;
use crate::log_in::progress::Progress;
use crate::model::account::AccountId;
use crate::model::link::{Link, LinkKind};
use crate::model::registry::Account;
use crate::model::token::OneTimeCode;
use crate::ports::{CodeAddress, CodeFor, FactorAnswer, FactorError, Sent};
use crate::profile::EditError;

impl Accounts {
    /// Sends a link or a code to the new address.
    ///
    /// # Errors
    /// [`EditError`]; then nothing was sent, unless no answer came.
    pub async fn send_verification(&self, id: &AccountId, to: &CodeAddress) -> Result<Sent, EditError> {
        let _at_work = self.begin(Work::EditingProfile(id.clone()));
        let account = self.active_account(id).await?;
        let (userfront, tenant) = (&self.ports.userfront, &account.tenant);
        let sent = self
            .with_token(id, |token| async move { userfront.send_verification(tenant, &token, to).await })
            .await?;
        if let CodeAddress::Email(email) = to {
            self.asked_for_link(tenant, email, LinkKind::Verify);
        }
        Ok(sent)
    }

    /// Changes the e-mail address with the link that was sent to the new one. This logs in the same account
    /// again.
    ///
    /// # Errors
    /// [`LogInError`]; the account is then logged in as before.
    pub async fn confirm_email(&self, id: &AccountId, link: &Link) -> Result<Progress, LogInError> {
        let account = self.account_to_confirm(id).await?;
        let call = self.ports.userfront.log_in_with_link(&account.tenant, link);
        let progress = self.log_in_anew(&account, call).await?;
        self.forget_asked_for_link();
        Ok(progress)
    }

    /// Changes the phone number with the code that was sent to the new one. This logs in the same account
    /// again.
    ///
    /// # Errors
    /// [`LogInError`]; the account is then logged in as before.
    pub async fn confirm_phone(
        &self,
        id: &AccountId,
        number: &CodeAddress,
        code: &OneTimeCode,
    ) -> Result<Progress, LogInError> {
        let account = self.account_to_confirm(id).await?;
        let to = CodeFor::Address(number);
        let call = self.ports.userfront.log_in_with_code(&account.tenant, to, code);
        self.log_in_anew(&account, call).await
    }

    pub(crate) async fn account_to_confirm(&self, id: &AccountId) -> Result<Account, LogInError> {
        self.active_account(id).await.map_err(|_| LogInError::NotLoggedIn)
    }

    /// A log-in that must be this account's.
    pub(crate) async fn log_in_anew(
        &self,
        account: &Account,
        call: impl Future<Output = Result<FactorAnswer, FactorError>>,
    ) -> Result<Progress, LogInError> {
        let log_in = LogIn { tenant: &account.tenant, name: None, factor: None, only: Some(&account.id) };
        self.log_in(log_in, call).await
    }
}
