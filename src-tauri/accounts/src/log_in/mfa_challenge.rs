//! The second factor: the calls that answer an MFA challenge.

use crate::base::Accounts;
use crate::base::work::Work;
use crate::log_in::error::LogInError;
use crate::log_in::progress::MfaChallenge;
use crate::log_in::progress::Progress;
use crate::model::factor::Channel;
use crate::model::token::OneTimeCode;
use crate::ports::{
    CodeAddress, CodeFor, FactorError, Sent, TotpFor, TotpOwner, TotpProof, TotpSetUp, UserError,
};

impl Accounts {
    /// Sends a code as the second factor; to an `address` only while that is being set up.
    ///
    /// # Errors
    /// [`FactorError`]; then nothing was sent.
    pub async fn send_second_code(
        &self,
        challenge: &MfaChallenge,
        channel: Channel,
        address: Option<&CodeAddress>,
    ) -> Result<Sent, FactorError> {
        let _at_work = self.begin(Work::Sending);
        let to = CodeFor::SecondFactor { channel, address, token: &challenge.token };
        self.ports.userfront.send_code(&challenge.tenant, to, None).await
    }

    /// Answers with the code that was sent.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn confirm_second_code(
        &self,
        challenge: &MfaChallenge,
        channel: Channel,
        address: Option<&CodeAddress>,
        code: &OneTimeCode,
    ) -> Result<Progress, LogInError> {
        let to = CodeFor::SecondFactor { channel, address, token: &challenge.token };
        let call = self.ports.userfront.log_in_with_code(&challenge.tenant, to, code);
        self.log_in(challenge.log_in(), call).await
    }

    /// Answers with a code of an authenticator app, or a backup code.
    ///
    /// # Errors
    /// [`LogInError`].
    pub async fn confirm_second_totp(
        &self,
        challenge: &MfaChallenge,
        proof: TotpProof<'_>,
    ) -> Result<Progress, LogInError> {
        let who = TotpFor::SecondFactor(&challenge.token);
        let call = self.ports.userfront.log_in_with_totp(&challenge.tenant, who, proof);
        self.log_in(challenge.log_in(), call).await
    }

    /// The secret and picture for an authenticator app that is set up during a log-in.
    ///
    /// # Errors
    /// [`UserError`].
    pub async fn second_totp_set_up(&self, challenge: &MfaChallenge) -> Result<TotpSetUp, UserError> {
        let _at_work = self.begin(Work::Sending);
        self.ports.userfront.totp_set_up(&challenge.tenant, TotpOwner::SecondFactor(&challenge.token)).await
    }
}
