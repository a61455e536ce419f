//! The ways in that a tenant offers, as the API names them: a strategy and a channel.
//!
//! Both words come from the server. What they mean to this app is a [`Way`]; a factor without one is shown as unavailable, not
//! as an error. How single sign-on is spelled is not known (`userfront-api.md`, *Factors*): a provider's name is taken from either
//! word.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A factor, e.g. `password` by `email`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Factor {
    /// How one proves it: `password`, `link`, `verificationCode`, `totp`, or a provider's name.
    pub strategy: String,
    /// By which way: `email`, `username`, `sms`, `authenticator`, or a provider's name.
    pub channel: String,
    /// Which custom single sign-on, if the answer says so (assumed; the user is asked for it otherwise).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
}

/// A second factor that the tenant accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Which.
    pub factor: Factor,
    /// Whether the user has set it up; if not, it is set up on the way.
    pub is_configured: bool,
}

/// What this app does with a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
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

/// By which way a code is sent.
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

/// Who vouches for the user in single sign-on.
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
    /// One of the tenant's own; it has an ID.
    Custom,
}

impl Provider {
    const ALL: [Self; 8] = [
        Self::Apple,
        Self::Azure,
        Self::Facebook,
        Self::Github,
        Self::Google,
        Self::Linkedin,
        Self::Okta,
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
    /// A factor of these two words.
    #[must_use]
    pub fn new(strategy: impl Into<String>, channel: impl Into<String>) -> Self {
        Self { strategy: strategy.into(), channel: channel.into(), provider_id: None }
    }

    /// What this app does with it; nothing, if it does not know it.
    #[must_use]
    pub fn way(&self) -> Option<Way> {
        match (self.strategy.as_str(), self.channel.as_str()) {
            ("password", "email" | "username") => Some(Way::Password),
            ("link", "email") => Some(Way::Link),
            ("verificationCode", "email") => Some(Way::Code(Channel::Email)),
            ("verificationCode", "sms") => Some(Way::Code(Channel::Sms)),
            ("totp", _) => Some(Way::Totp),
            (strategy, channel) => {
                Provider::named(strategy).or_else(|| Provider::named(channel)).map(Way::Sso)
            }
        }
    }

    /// The same strategy by the same channel.
    #[must_use]
    pub fn is(&self, strategy: &str, channel: &str) -> bool {
        self.strategy == strategy && self.channel == channel
    }
}

/// The factor to offer first: the one that was used last, else the first that this app knows.
#[must_use]
pub fn to_offer<'a>(factors: &'a [Factor], last_used: Option<&Factor>) -> Option<&'a Factor> {
    let known = |factor: &&Factor| factor.way().is_some();
    let last = last_used.and_then(|last| factors.iter().find(|factor| *factor == last));
    last.filter(known).or_else(|| factors.iter().find(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_app_does_with_a_factor() {
        let way = |strategy: &str, channel: &str| Factor::new(strategy, channel).way();
        assert_eq!(way("password", "username"), Some(Way::Password));
        assert_eq!(way("link", "email"), Some(Way::Link));
        assert_eq!(way("verificationCode", "sms"), Some(Way::Code(Channel::Sms)));
        assert_eq!(way("totp", "authenticator"), Some(Way::Totp));
        for provider in Provider::ALL {
            assert_eq!(way(provider.as_str(), "email"), Some(Way::Sso(provider)));
            assert_eq!(way("sso", provider.as_str()), Some(Way::Sso(provider)));
        }
        for (strategy, channel) in [("webauthn", "device"), ("link", "sms"), ("", ""), ("Password", "email")]
        {
            assert_eq!(way(strategy, channel), None, "{strategy}/{channel}");
        }
    }

    #[test]
    fn the_one_used_last_comes_first_and_the_rest_is_the_tenants_order() {
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
}
