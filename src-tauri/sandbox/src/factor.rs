//! Factors: pairs of strategy and channel (`userfront-api.md`, "Factors").

use serde::{Deserialize, Serialize};

/// A first or second factor, spelled as in Userfront's answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Factor {
    /// `password`, `link`, `verificationCode`, `totp`, the name of a provider, or whatever comes next.
    pub strategy: String,
    /// `email`, `sms`, `authenticator`, or whatever comes next; `email` for a provider.
    pub channel: String,
    /// The ID of the tenant's own provider, for `custom`. Its place is an assumption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
}

/// The providers of single sign-on that need no `provider_id`.
pub(crate) const PROVIDERS: [&str; 8] =
    ["apple", "azure", "facebook", "github", "google", "linkedin", "okta", "twitter"];

impl Factor {
    /// A factor without a provider ID.
    #[must_use]
    pub fn new(strategy: &str, channel: &str) -> Self {
        Self { strategy: strategy.to_owned(), channel: channel.to_owned(), provider_id: None }
    }

    /// A password, with an e-mail address or a user name.
    pub(crate) fn password() -> Self {
        Self::new("password", "email")
    }

    /// A link by e-mail.
    pub(crate) fn link() -> Self {
        Self::new("link", "email")
    }

    /// A code by `email` or `sms`.
    pub(crate) fn code(channel: &str) -> Self {
        Self::new("verificationCode", channel)
    }

    /// A code of an authenticator app, or one of its backup codes.
    pub(crate) fn totp() -> Self {
        Self::new("totp", "authenticator")
    }

    /// Whether the two are shown in the same way: passwords have one form, whatever their channel is called.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self == other || self.strategy == "password" && other.strategy == "password"
    }

    /// Whether this is single sign-on at `provider`: named by the strategy, and by the channel in what a test
    /// sets.
    pub(crate) fn is_provider(&self, provider: &str, provider_id: Option<&str>) -> bool {
        (self.strategy == provider || self.channel == provider) && self.provider_id.as_deref() == provider_id
    }
}

/// A tenant's default factors: all but single sign-on, password first.
pub(crate) fn ordinary() -> Vec<Factor> {
    vec![Factor::password(), Factor::link(), Factor::code("email"), Factor::code("sms"), Factor::totp()]
}

/// Every provider, one of the tenant's own, and one factor that no client knows.
pub(crate) fn single_sign_on() -> Vec<Factor> {
    let mut factors: Vec<Factor> = PROVIDERS.into_iter().map(|name| Factor::new(name, "email")).collect();
    factors.push(Factor { provider_id: Some("acme-login".to_owned()), ..Factor::new("custom", "email") });
    factors.push(Factor::new("webauthn", "device"));
    factors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_known_by_strategy_or_channel_and_its_own_id() {
        assert!(Factor::new("google", "email").is_provider("google", None));
        assert!(Factor::new("sso", "google").is_provider("google", None));
        assert!(!Factor::new("google", "google").is_provider("google", Some("acme")));
        let custom = Factor { provider_id: Some("acme".to_owned()), ..Factor::new("custom", "custom") };
        assert!(custom.is_provider("custom", Some("acme")));
        assert!(!custom.is_provider("custom", None) && !custom.is_provider("custom", Some("other")));
    }

    #[test]
    fn only_a_custom_provider_shows_an_id() {
        let shown = serde_json::to_value(single_sign_on()).expect("JSON");
        let with_id =
            shown.as_array().into_iter().flatten().filter(|factor| factor["providerId"].is_string());
        assert_eq!(with_id.count(), 1);
    }
}
