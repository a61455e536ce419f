//! A log-in under way.

use crate::model::account::AccountId;
use crate::model::factor::{Factor, SecondFactor, second_to_offer};
use crate::model::tenant::Tenant;
use crate::model::token::FirstFactorToken;
use crate::ports::MfaRequired;

#[derive(Debug, Clone)]
pub(crate) struct LogIn<'a> {
    pub(crate) tenant: &'a Tenant,
    /// The name that the user typed; offered again the next time, as is the factor.
    pub(crate) name: Option<&'a str>,
    pub(crate) factor: Option<&'a Factor>,
    /// The log-in must be to this account.
    pub(crate) only: Option<&'a AccountId>,
}

/// The result of a correct factor.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Progress {
    /// Logged in.
    LoggedIn(AccountId),
    /// One more factor is required.
    SecondFactor(MfaChallenge),
}

/// A log-in that waits for its second factor. Lives in memory alone.
#[derive(Debug, Clone)]
pub struct MfaChallenge {
    pub(crate) tenant: Tenant,
    pub(crate) name: Option<String>,
    pub(crate) factor: Option<Factor>,
    pub(crate) only: Option<AccountId>,
    pub(crate) token: FirstFactorToken,
    /// The second factors to choose from: see [`second_to_offer`].
    pub second_factors: Vec<SecondFactor>,
}

impl MfaChallenge {
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

    /// The tenant of the log-in.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    pub(crate) fn log_in(&self) -> LogIn<'_> {
        LogIn {
            tenant: &self.tenant,
            name: self.name.as_deref(),
            factor: self.factor.as_ref(),
            only: self.only.as_ref(),
        }
    }
}
