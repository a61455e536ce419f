//! First-factor tokens, which lead from the first factor to the second.
//!
//! From `userfront-api.md`: opaque; a new first-factor answer replaces the user's older token. Assumptions:
//! it lives 15 minutes, and the tokens that it leads to use it up.

use crate::{factor::Factor, random, refusal::Refusal, tenant::Mode};

const LIFE_SECONDS: i64 = 900;

/// The prefix of every first-factor token; no JWT begins with it.
pub(crate) const PREFIX: &str = "uf_";

/// A log-in that waits for its second factor. No `Debug`: it holds a token.
#[derive(Clone)]
pub(crate) struct FirstFactor {
    pub(crate) token: String,
    pub(crate) tenant_id: String,
    pub(crate) user_uuid: String,
    /// The first factor, which cannot be the second, too.
    pub(crate) factor: Factor,
    expires_at: i64,
}

/// At most one a user.
#[derive(Default)]
pub(crate) struct FirstFactors(Vec<FirstFactor>);

impl FirstFactors {
    /// Makes a token in the place of the user's older one.
    pub(crate) fn begin(
        &mut self,
        mode: Mode,
        tenant_id: &str,
        user_uuid: &str,
        factor: &Factor,
        now: i64,
    ) -> String {
        self.0.retain(|found| found.user_uuid != user_uuid);
        let token = format!("{PREFIX}{mode}_first_factor_{}", random::token());
        self.0.push(FirstFactor {
            token: token.clone(),
            tenant_id: tenant_id.to_owned(),
            user_uuid: user_uuid.to_owned(),
            factor: factor.clone(),
            expires_at: now.saturating_add(LIFE_SECONDS),
        });
        token
    }

    pub(crate) fn find(&self, token: &str, now: i64) -> Result<&FirstFactor, Refusal> {
        let found = self.0.iter().find(|found| found.token == token).ok_or_else(Refusal::unauthorized)?;
        if now >= found.expires_at {
            return Err(Refusal::unauthorized_because("The first factor has expired: log in again"));
        }
        Ok(found)
    }

    pub(crate) fn end(&mut self, token: &str) {
        self.0.retain(|found| found.token != token);
    }
}
