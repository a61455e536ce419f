//! A log-in under way: what every auth method says of it, and where a right factor has led.

use crate::model::account::AccountId;
use crate::model::factor::{Factor, SecondFactor, second_to_offer};
use crate::model::tenant::Tenant;
use crate::model::token::FirstFactorToken;
use crate::ports::MfaRequired;

/// What every way in needs to know besides its call.
#[derive(Debug, Clone)]
pub(crate) struct LogIn<'a> {
    pub(crate) tenant: &'a Tenant,
    /// What the user typed to say who they are, if anything; offered again the next time.
    pub(crate) name: Option<&'a str>,
    /// Which first factor; offered first the next time.
    pub(crate) factor: Option<&'a Factor>,
    /// It must be this account.
    pub(crate) only: Option<&'a AccountId>,
}

/// Where a factor that was right has led.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub enum Progress {
    /// Logged in.
    LoggedIn(AccountId),
    /// One more factor is asked for.
    SecondFactor(MfaChallenge),
}

/// Somebody whose first factor was right. Lives in memory alone.
#[derive(Debug, Clone)]
pub struct MfaChallenge {
    pub(crate) tenant: Tenant,
    pub(crate) name: Option<String>,
    pub(crate) factor: Option<Factor>,
    pub(crate) only: Option<AccountId>,
    pub(crate) token: FirstFactorToken,
    /// What there is to choose from as the second factor: see [`second_to_offer`].
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

    /// To which tenant.
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
