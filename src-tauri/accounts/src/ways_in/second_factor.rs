//! The second factor: who is half logged in, and the calls by which they get in.

use super::Progress;
use crate::account::AccountId;
use crate::factor::{Channel, Factor, SecondFactor, second_to_offer};
use crate::log_in::{LogIn, LogInError};
use crate::ports::{
    CodeAddress, CodeFor, FactorError, MfaRequired, Sent, TotpFor, TotpOwner, TotpProof, TotpSetUp, UserError,
};
use crate::tenant::Tenant;
use crate::token::{FirstFactorToken, OneTimeCode};
use crate::{Accounts, Work};

/// Somebody whose first factor was right. Lives in memory alone.
#[derive(Debug, Clone)]
pub struct HalfLoggedIn {
    tenant: Tenant,
    name: Option<String>,
    factor: Option<Factor>,
    only: Option<AccountId>,
    token: FirstFactorToken,
    /// What there is to choose from as the second factor: see [`second_to_offer`].
    pub second_factors: Vec<SecondFactor>,
}

impl HalfLoggedIn {
    pub(crate) fn new(log_in: &LogIn<'_>, required: MfaRequired) -> Self {
        Self {
            tenant: log_in.tenant.clone(),
            name: log_in.name.map(str::to_owned),
            factor: log_in.factor.cloned(),
            only: log_in.only.cloned(),
            token: required.token,
            second_factors: second_to_offer(required.second_factors),
        }
    }

    /// To which tenant.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    fn log_in(&self) -> LogIn<'_> {
        LogIn {
            tenant: &self.tenant,
            name: self.name.as_deref(),
            factor: self.factor.as_ref(),
            only: self.only.as_ref(),
        }
    }
}

impl Accounts {
    /// Has a code sent as the second factor; to an address only where that is being set up.
    ///
    /// # Errors
    /// [`FactorError`]; then nothing was sent.
    pub async fn send_second_code(
        &self,
        half: &HalfLoggedIn,
        channel: Channel,
        address: Option<&CodeAddress>,
    ) -> Result<Sent, FactorError> {
        let _at_work = self.begin(Work::Sending);
        let to = CodeFor::SecondFactor { channel, address, token: &half.token };
        self.ports.userfront.send_code(&half.tenant, to, None).await
    }

    /// Gives the code that was sent as the second factor.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn confirm_second_code(
        &self,
        half: &HalfLoggedIn,
        channel: Channel,
        address: Option<&CodeAddress>,
        code: &OneTimeCode,
    ) -> Result<Progress, LogInError> {
        let to = CodeFor::SecondFactor { channel, address, token: &half.token };
        let call = self.ports.userfront.log_in_with_code(&half.tenant, to, code);
        self.log_in(half.log_in(), call).await
    }

    /// Gives a code of an authenticator app, or a backup code, as the second factor.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn confirm_second_totp(
        &self,
        half: &HalfLoggedIn,
        proof: TotpProof<'_>,
    ) -> Result<Progress, LogInError> {
        let who = TotpFor::SecondFactor(&half.token);
        let call = self.ports.userfront.log_in_with_totp(&half.tenant, who, proof);
        self.log_in(half.log_in(), call).await
    }

    /// What an authenticator app is set up with, on the way in.
    ///
    /// # Errors
    /// [`UserError`].
    pub async fn second_totp_set_up(&self, half: &HalfLoggedIn) -> Result<TotpSetUp, UserError> {
        let _at_work = self.begin(Work::Sending);
        self.ports.userfront.totp_set_up(&half.tenant, TotpOwner::SecondFactor(&half.token)).await
    }
}
