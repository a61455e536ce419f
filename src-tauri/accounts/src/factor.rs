//! The ways in that a tenant offers, as the API names them: a strategy and a channel.

use serde::{Deserialize, Serialize};

/// A first factor, e.g. `password` by `email`. Both words come from the server; one that we do not know is shown as
/// unavailable, not as an error.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Factor {
    /// How one proves it: `password`, `link`, `verificationCode`, `totp`, or a provider's name.
    pub strategy: String,
    /// By which way: `email`, `username`, `sms`, `authenticator`, or a provider's name.
    pub channel: String,
}

impl Factor {
    /// A password, by whatever channel.
    #[must_use]
    pub fn is_password(&self) -> bool {
        self.strategy == "password"
    }
}

/// Password first, then the tenant's own order.
#[must_use]
pub fn in_order(mut factors: Vec<Factor>) -> Vec<Factor> {
    factors.sort_by_key(|factor| !factor.is_password());
    factors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_comes_first_and_the_rest_keeps_its_order() {
        let factor =
            |strategy: &str, channel: &str| Factor { strategy: strategy.into(), channel: channel.into() };
        let ordered = in_order(vec![
            factor("link", "email"),
            factor("password", "username"),
            factor("github", "github"),
            factor("password", "email"),
        ]);
        let words: Vec<_> = ordered.iter().map(|f| format!("{}/{}", f.strategy, f.channel)).collect();
        assert_eq!(words, ["password/username", "password/email", "link/email", "github/github"]);
    }
}
