//! Factors as the API names them, by a strategy and a channel, and the [`AuthMethod`] of each.
//!
//! Both words come from the server. A factor without one is shown as unavailable, not as an error. A single
//! sign-on provider is the strategy of a factor by `email`; its name is taken from either word. There is one
//! password form for every channel, for e-mail addresses and user names alike.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A factor, e.g. `password` by `email`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Factor {
    /// The kind of proof: `password`, `link`, `verificationCode`, `totp`, or a provider's name.
    pub strategy: String,
    /// `email`, `sms` or `authenticator`; older answers also had `username` or a provider's name.
    pub channel: String,
    /// The custom provider, if the answer names it (an assumption; otherwise the user is asked).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
}

/// A second factor that the tenant accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The factor.
    pub factor: Factor,
    /// Whether the user has set it up; if not, it is set up during the log-in.
    pub is_configured: bool,
    /// Whether the user prefers it.
    pub is_preferred: bool,
}

/// How this app handles a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthMethod {
    /// Asks for a password.
    Password,
    /// Has a link sent by e-mail.
    Link,
    /// Has a code sent.
    Code(Channel),
    /// Asks for a code of an authenticator app, or a backup code.
    Totp,
    /// Opens a provider in the system's browser.
    Sso(Provider),
}

/// The channel of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
}

impl Channel {
    /// As the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// A provider of single sign-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// `apple`.
    Apple,
    /// `azure`.
    Azure,
    /// `facebook`.
    Facebook,
    /// `github`.
    Github,
    /// `google`.
    Google,
    /// `linkedin`.
    Linkedin,
    /// `okta`.
    Okta,
    /// `twitter`.
    Twitter,
    /// One of the tenant's own; it has an ID.
    Custom,
}

impl Provider {
    const ALL: [Self; 9] = [
        Self::Apple,
        Self::Azure,
        Self::Facebook,
        Self::Github,
        Self::Google,
        Self::Linkedin,
        Self::Okta,
        Self::Twitter,
        Self::Custom,
    ];

    /// As the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apple => "apple",
            Self::Azure => "azure",
            Self::Facebook => "facebook",
            Self::Github => "github",
            Self::Google => "google",
            Self::Linkedin => "linkedin",
            Self::Okta => "okta",
            Self::Twitter => "twitter",
            Self::Custom => "custom",
        }
    }

    fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == word)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Factor {
    /// A password, with an e-mail address or a user name.
    #[must_use]
    pub fn password() -> Self {
        Self::new("password", "email")
    }

    /// A factor of this strategy and channel.
    #[must_use]
    pub fn new(strategy: impl Into<String>, channel: impl Into<String>) -> Self {
        Self { strategy: strategy.into(), channel: channel.into(), provider_id: None }
    }

    /// How this app handles it; `None` for an unknown factor.
    #[must_use]
    pub fn method(&self) -> Option<AuthMethod> {
        match (self.strategy.as_str(), self.channel.as_str()) {
            ("password", "email" | "username") => Some(AuthMethod::Password),
            ("link", "email") => Some(AuthMethod::Link),
            ("verificationCode", "email") => Some(AuthMethod::Code(Channel::Email)),
            ("verificationCode", "sms") => Some(AuthMethod::Code(Channel::Sms)),
            ("totp", _) => Some(AuthMethod::Totp),
            (strategy, channel) => {
                Provider::named(strategy).or_else(|| Provider::named(channel)).map(AuthMethod::Sso)
            }
        }
    }

    /// Whether both lead to the same form: the last used one may have been spelt in another way.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.method().is_some() && self.method() == other.method() && self.provider_id == other.provider_id
    }

    /// Whether it has this strategy and channel.
    #[must_use]
    pub fn is(&self, strategy: &str, channel: &str) -> bool {
        self.strategy == strategy && self.channel == channel
    }
}

/// The factor to offer first: the one used last, else the first known one.
#[must_use]
pub fn to_offer<'a>(factors: &'a [Factor], last_used: Option<&Factor>) -> Option<&'a Factor> {
    let last = last_used.and_then(|last| factors.iter().find(|factor| factor.is_like(last)));
    last.or_else(|| factors.iter().find(|factor| factor.method().is_some()))
}

/// Every factor that this app can handle: the offer when a tenant does not name its factors.
#[must_use]
pub fn every() -> Vec<Factor> {
    let ordinary = [
        ("password", "email"),
        ("link", "email"),
        ("verificationCode", "email"),
        ("verificationCode", "sms"),
        ("totp", "authenticator"),
    ];
    let providers = Provider::ALL.map(|provider| (provider.as_str(), "email"));
    ordinary.into_iter().chain(providers).map(|(strategy, channel)| Factor::new(strategy, channel)).collect()
}

/// The second factors to offer, as in Userfront's own forms: once the user has set one up, only such ones, so
/// that the first factor alone is not enough to set up a new one. The preferred one comes first.
#[must_use]
pub fn second_to_offer(mut factors: Vec<SecondFactor>) -> Vec<SecondFactor> {
    if factors.iter().any(|second| second.is_configured) {
        factors.retain(|second| second.is_configured);
    }
    factors.sort_by_key(|second| !second.is_preferred);
    factors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_known_factor_maps_to_its_auth_method() {
        let method = |strategy: &str, channel: &str| Factor::new(strategy, channel).method();
        assert_eq!(method("password", "username"), Some(AuthMethod::Password));
        assert_eq!(method("link", "email"), Some(AuthMethod::Link));
        assert_eq!(method("verificationCode", "sms"), Some(AuthMethod::Code(Channel::Sms)));
        assert_eq!(method("totp", "authenticator"), Some(AuthMethod::Totp));
        for provider in Provider::ALL {
            assert_eq!(method(provider.as_str(), "email"), Some(AuthMethod::Sso(provider)));
            assert_eq!(method("sso", provider.as_str()), Some(AuthMethod::Sso(provider)));
        }
        for (strategy, channel) in [("webauthn", "device"), ("link", "sms"), ("", ""), ("Password", "email")]
        {
            assert_eq!(method(strategy, channel), None, "{strategy}/{channel}");
        }
    }

    #[test]
    fn the_factor_used_last_is_offered_before_the_tenants_first() {
        let factors = [
            Factor::new("webauthn", "device"),
            Factor::new("link", "email"),
            Factor::new("password", "email"),
        ];
        assert_eq!(to_offer(&factors, None), Some(&factors[1]));
        assert_eq!(to_offer(&factors, Some(&factors[2])), Some(&factors[2]));
        assert_eq!(to_offer(&factors, Some(&Factor::new("github", "github"))), Some(&factors[1]), "gone");
        assert_eq!(to_offer(&factors, Some(&factors[0])), Some(&factors[1]), "unknown");
        assert_eq!(to_offer(&factors[..1], None), None);
    }

    #[test]
    fn the_factor_used_last_is_found_in_any_spelling() {
        let factors = [
            Factor::new("link", "email"),
            Factor::password(),
            Factor::new("google", "email"),
            Factor { provider_id: Some("a".into()), ..Factor::new("custom", "email") },
        ];
        let offered = |last: Factor| to_offer(&factors, Some(&last)).cloned();
        assert_eq!(offered(Factor::new("password", "username")).as_ref(), Some(&factors[1]));
        assert_eq!(offered(Factor::new("google", "google")).as_ref(), Some(&factors[2]));
        let custom = |id: &str| Factor { provider_id: Some(id.into()), ..Factor::new("custom", "custom") };
        assert_eq!(offered(custom("a")).as_ref(), Some(&factors[3]));
        assert_eq!(offered(custom("b")).as_ref(), Some(&factors[0]), "another provider of the tenant's own");
    }

    #[test]
    fn every_factor_has_a_distinct_auth_method() {
        let every = every();
        assert_eq!(every.len(), 5 + Provider::ALL.len());
        for (nth, factor) in every.iter().enumerate() {
            assert!(factor.method().is_some());
            assert!(!every[..nth].iter().any(|other| other.is_like(factor)), "{factor:?}");
        }
    }

    #[test]
    fn only_set_up_second_factors_are_offered_once_there_is_one() {
        let second = |strategy: &str, is_configured: bool, is_preferred: bool| SecondFactor {
            factor: Factor::new(strategy, "x"),
            is_configured,
            is_preferred,
        };
        let offered = |factors: &[SecondFactor]| {
            let offered = second_to_offer(factors.to_vec()).into_iter();
            offered.map(|second| second.factor.strategy).collect::<Vec<_>>()
        };
        let fresh = [second("totp", false, false), second("verificationCode", false, false)];
        assert_eq!(offered(&fresh), ["totp", "verificationCode"]);
        let one = [second("totp", false, true), second("verificationCode", true, false)];
        assert_eq!(offered(&one), ["verificationCode"], "no fresh authenticator past what is set up");
        let both = [second("totp", true, false), second("verificationCode", true, true)];
        assert_eq!(offered(&both), ["verificationCode", "totp"]);
        assert_eq!(offered(&[]), [""; 0]);
    }
}
