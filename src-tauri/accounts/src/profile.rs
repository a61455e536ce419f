//! The user's own details: reading and changing them, the password, an authenticator app, SAML.
//!
//! Each is a call with the account's access token. The token is refreshed first when it is about to expire,
//! and once more when the server refuses it. A change is followed by a refresh, as in the official client:
//! only then do the tokens contain it.
//!
//! **An authenticator app** is confirmed with a code, and that call logs in (an assumption:
//! `userfront-api.md` has no other). The account then has a new session, and the older one becomes a pending
//! revocation, as with every log-in to an account that is there already.
//!
//! **SAML**: Userfront is the identity provider; the browser completes a service provider's log-in or log-out
//! with a token of its own. It exists in live mode only.
//!
//! **Another e-mail address or phone number**: see `profile/address.rs`.

mod address;

use secrecy::SecretString;

use crate::base::Accounts;
use crate::base::refresh_outcome::{RefreshFailure, Refreshed};
use crate::base::work::Work;
use crate::log_in::error::LogInError;
use crate::log_in::progress::Progress;
use crate::model::account::AccountId;
use crate::model::browser_pages::{SamlStep, saml_url};
use crate::model::registry::Account;
use crate::model::token::{AccessToken, OneTimeCode, Password};
use crate::ports::{TotpFor, TotpOwner, TotpProof, TotpSetUp, User, UserChange, UserError};

/// Why a user's details were not read or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no valid token.
    #[error(transparent)]
    Token(#[from] RefreshFailure),
    /// The server refused, or did not answer.
    #[error(transparent)]
    Server(#[from] UserError),
}

/// Details that were changed at the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// The user as changed.
    pub user: User,
    /// The result of the refresh: the tokens contain the change once they are [`Refreshed::Stored`].
    pub tokens: Result<Refreshed, RefreshFailure>,
}

impl Accounts {
    /// Asks the server for the user.
    ///
    /// # Errors
    /// [`EditError`].
    pub async fn user(&self, id: &AccountId) -> Result<User, EditError> {
        let _at_work = self.begin(Work::EditingProfile(id.clone()));
        let account = self.active_account(id).await?;
        let (userfront, tenant) = (&self.ports.userfront, &account.tenant);
        let user = self.with_token(id, |token| async move { userfront.user(tenant, &token).await }).await?;
        let (id, generation, profile) = (id.clone(), account.generation, user.profile.clone());
        let kept = self.update(move |registry| registry.renew_profile(&id, generation, profile)).await;
        if let Err(error) = kept {
            tracing::warn!(%error, "what the server says of the user is not kept");
        }
        Ok(user)
    }

    /// Changes the user at the server, and refreshes the tokens. A refresh that fails is tried again soon.
    ///
    /// # Errors
    /// [`EditError`]; nothing was changed then, unless no answer came.
    pub async fn change_user(&self, id: &AccountId, change: &UserChange) -> Result<Edited, EditError> {
        let _at_work = self.begin(Work::EditingProfile(id.clone()));
        let account = self.active_account(id).await?;
        let (userfront, tenant) = (&self.ports.userfront, &account.tenant);
        let user = self
            .with_token(id, |token| async move { userfront.change_user(tenant, &token, change).await })
            .await?;
        let (edited, generation, profile) = (id.clone(), account.generation, user.profile.clone());
        let show = async {
            let kept =
                self.update(move |registry| registry.renew_profile(&edited, generation, profile)).await;
            if let Err(error) = kept {
                tracing::warn!(account = %id, %error, "what was changed is not shown yet");
            }
        };
        let tokens = self.refresh_anew(id, show).await;
        if let Err(failure) = &tokens {
            tracing::warn!(account = %id, %failure, "the tokens do not say yet what was changed");
            self.refresh_soon(id, generation).await;
        }
        Ok(Edited { user, tokens })
    }

    async fn refresh_soon(&self, id: &AccountId, generation: u64) {
        let (wanting, now) = (id.clone(), self.ports.clock.now());
        let planned = self.update(move |registry| registry.wants_refresh(&wanting, generation, now)).await;
        if let Err(error) = planned {
            tracing::warn!(account = %id, %error, "the next refresh comes when the tokens grow old");
        }
        self.schedule_changed.notify_one();
    }

    /// Changes the password. The session lives on.
    ///
    /// # Errors
    /// [`EditError`]; the password is then unchanged, unless no answer came.
    pub async fn change_password(
        &self,
        id: &AccountId,
        existing: &Password,
        new: &Password,
    ) -> Result<(), EditError> {
        let _at_work = self.begin(Work::EditingProfile(id.clone()));
        let account = self.active_account(id).await?;
        let (userfront, tenant) = (&self.ports.userfront, &account.tenant);
        self.with_token(
            id,
            |token| async move { userfront.change_password(tenant, &token, existing, new).await },
        )
        .await
    }

    /// The secret and picture for an authenticator app. It counts once one of its codes has been confirmed.
    ///
    /// # Errors
    /// [`EditError`].
    pub async fn totp_set_up(&self, id: &AccountId) -> Result<TotpSetUp, EditError> {
        let _at_work = self.begin(Work::EditingProfile(id.clone()));
        let account = self.active_account(id).await?;
        let (userfront, tenant) = (&self.ports.userfront, &account.tenant);
        self.with_token(id, |token| async move {
            userfront.totp_set_up(tenant, TotpOwner::LoggedIn(&token)).await
        })
        .await
    }

    /// Confirms an authenticator app with one of its codes. This logs in the same account again.
    ///
    /// # Errors
    /// [`LogInError`]; the account is then logged in as before.
    pub async fn confirm_totp(&self, id: &AccountId, code: &OneTimeCode) -> Result<Progress, LogInError> {
        let account = self.account_to_confirm(id).await?;
        let (who, proof) = (TotpFor::User(id.user()), TotpProof::Code(code));
        let call = self.ports.userfront.log_in_with_totp(&account.tenant, who, proof);
        self.log_in_anew(&account, call).await
    }

    /// The page that completes a service provider's log-in or log-out in a browser. Its address holds a token
    /// that works once: it must not be in a process argument, log or file.
    ///
    /// # Errors
    /// [`EditError`].
    pub async fn saml_page(&self, id: &AccountId, step: SamlStep) -> Result<SecretString, EditError> {
        let _at_work = self.begin(Work::EditingProfile(id.clone()));
        let account: Account = self.active_account(id).await?;
        let (userfront, tenant) = (&self.ports.userfront, &account.tenant);
        let token =
            self.with_token(id, |token| async move { userfront.saml_token(tenant, &token).await }).await?;
        Ok(saml_url(&account.tenant, step, &token, id.user()))
    }

    async fn with_token<T, C>(&self, id: &AccountId, call: impl Fn(AccessToken) -> C) -> Result<T, EditError>
    where
        C: Future<Output = Result<T, UserError>>,
    {
        match call(self.access_token(id).await?).await {
            Err(UserError::NotValid { message }) => match self.refresh(id).await? {
                Refreshed::Stored => Ok(call(self.access_token(id).await?).await?),
                Refreshed::SignedOutByServer | Refreshed::NoRefreshToken | Refreshed::TooLate => {
                    Err(UserError::NotValid { message }.into())
                }
            },
            done => Ok(done?),
        }
    }
}
