//! The three JWTs and other secrets, one type each.
//!
//! Only [`secret`](AccessToken::secret) gives the text; `Debug` is redacted; no `Display`, no `Serialize`.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::model::text::hex;

macro_rules! secret_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Wraps the text as received.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(SecretString::from(text.into()))
            }

            /// The text: for the authorization header, a request's body and the keyring, nothing else.
            #[must_use]
            #[expect(clippy::disallowed_methods, reason = "the one way in to the text of this type")]
            pub fn secret(&self) -> &str {
                self.0.expose_secret()
            }

            /// The text in its wrapper, for the credential store.
            #[must_use]
            pub fn into_secret(self) -> SecretString {
                self.0
            }
        }

        impl From<SecretString> for $name {
            fn from(secret: SecretString) -> Self {
                Self(secret)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

secret_text!(
    /// Authorizes calls to the API for one user of one tenant. Stored in the keyring as `access.…`.
    AccessToken
);
secret_text!(
    /// Names the user. Never stored: its claims become the profile.
    IdToken
);
secret_text!(
    /// Gets new tokens for the same session. Stored in the keyring as `refresh.…`.
    RefreshToken
);
secret_text!(
    /// A password, as the user typed it. Never stored.
    Password
);
secret_text!(
    /// Proves the first factor. Opaque; kept in memory only, until the second factor is accepted.
    FirstFactorToken
);
secret_text!(
    /// A verification code, a TOTP code, or a backup code. Never stored.
    OneTimeCode
);
secret_text!(
    /// A complete log-in link, which test mode answers instead of sending it.
    LinkText
);
secret_text!(
    /// The secret of an authenticator app, or its picture. Kept in memory during the set-up.
    TotpSecret
);
secret_text!(
    /// Completes a log-in or log-out at a SAML service provider in a browser, once.
    SamlToken
);
secret_text!(
    /// The secret part of a link from an e-mail or from single sign-on (`link.rs`). Never stored.
    LinkToken
);

/// The tokens of an answer to a log-in or a refresh.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Always present.
    pub access: AccessToken,
    /// Always present, by `userfront-api.md`; an answer without it still logs in, with an empty profile.
    pub id: Option<IdToken>,
    /// Present if the tenant uses refresh tokens; a refresh may send none and leave the old one valid.
    pub refresh: Option<RefreshToken>,
}

impl Tokens {
    /// The tokens that can revoke their session, in the order to try.
    #[must_use]
    pub fn for_revocation(&self) -> Vec<SessionToken> {
        let access = SessionToken::Access(self.access.clone());
        std::iter::once(access).chain(self.refresh.clone().map(SessionToken::Refresh)).collect()
    }
}

/// A token that can revoke its session, expired or not (`GET auth/logout`).
#[derive(Debug, Clone)]
pub enum SessionToken {
    /// To be tried first.
    Access(AccessToken),
    /// For when the access token is missing or refused.
    Refresh(RefreshToken),
}

impl SessionToken {
    /// The text: for the authorization header and the keyring.
    #[must_use]
    pub fn secret(&self) -> &str {
        match self {
            Self::Access(token) => token.secret(),
            Self::Refresh(token) => token.secret(),
        }
    }

    /// SHA-256 of the text as 64 hex digits: identifies a token without revealing it.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex(&Sha256::digest(self.secret()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "eyJcanary";

    #[test]
    fn no_struct_prints_its_secret() {
        let tokens = Tokens {
            access: AccessToken::new(CANARY),
            id: Some(IdToken::new(CANARY)),
            refresh: Some(RefreshToken::new(CANARY)),
        };
        let printed = [
            format!("{tokens:?}"),
            format!("{:?}", Password::new(CANARY)),
            format!("{:?}", LinkToken::new(CANARY)),
            format!("{:?}", SessionToken::Access(tokens.access.clone())),
            format!("{:?}", SessionToken::Refresh(RefreshToken::new(CANARY))),
            format!("{:#?}", tokens.access.into_secret()),
        ];
        for text in printed {
            assert!(!text.contains("canary"), "{text}");
            assert!(text.contains("edacted") || text.contains("REDACTED"), "{text}");
        }
    }

    #[test]
    fn a_token_is_identified_by_its_sha256() {
        let name = SessionToken::Access(AccessToken::new("abc")).sha256();
        assert_eq!(name, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
