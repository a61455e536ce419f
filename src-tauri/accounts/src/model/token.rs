//! The three JWTs, one type each, and the password.
//!
//! A token is made from text, goes to the keyring or into a header, and ends. There is one way in to its text,
//! [`secret`](AccessToken::secret); `Debug` prints no part of it, there is no `Display` and no `Serialize`.

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
            /// Wraps the text as it was received.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(SecretString::from(text.into()))
            }

            /// The text itself: for the authorization header, a request's body and the keyring, nothing else.
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
    /// Opens the API for one user of one tenant. Kept in the keyring as `access.…`.
    AccessToken
);
secret_text!(
    /// Says who the user is. Kept nowhere: its claims become the profile.
    IdToken
);
secret_text!(
    /// Gets new tokens for the same session. Kept in the keyring as `refresh.…`.
    RefreshToken
);
secret_text!(
    /// What the user typed. Kept nowhere.
    Password
);
secret_text!(
    /// Says that the first factor was right. Opaque; kept in memory until the second factor was right, too, and nowhere else.
    FirstFactorToken
);
secret_text!(
    /// A verification code, a code of an authenticator app, or a backup code. Kept nowhere.
    OneTimeCode
);
secret_text!(
    /// A whole link that logs somebody in, as test mode answers with it instead of sending it.
    LinkText
);
secret_text!(
    /// The secret of an authenticator app, or the picture of it. Kept in memory while it is set up.
    TotpSecret
);
secret_text!(
    /// Lets a browser complete a log-in or log-out at a SAML service provider, once.
    SamlToken
);
secret_text!(
    /// The secret part of a link from an e-mail or from single sign-on (`link.rs`). Kept nowhere.
    LinkToken
);

/// What an answer to a log-in or a refresh brings.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Always there.
    pub access: AccessToken,
    /// Always there, by `userfront-api.md`; an answer without it still logs in, with an empty profile.
    pub id: Option<IdToken>,
    /// There when the tenant gives refresh tokens; a refresh may leave the old one valid and send none.
    pub refresh: Option<RefreshToken>,
}

impl Tokens {
    /// What can end their session, in the order in which it is tried.
    #[must_use]
    pub fn for_revocation(&self) -> Vec<SessionToken> {
        let access = SessionToken::Access(self.access.clone());
        std::iter::once(access).chain(self.refresh.clone().map(SessionToken::Refresh)).collect()
    }
}

/// Either token can end its session, expired or not (`GET auth/logout`).
#[derive(Debug, Clone)]
pub enum SessionToken {
    /// The one to try first.
    Access(AccessToken),
    /// The one that serves when the access token is gone or refused.
    Refresh(RefreshToken),
}

impl SessionToken {
    /// The text itself: for the authorization header and the keyring.
    #[must_use]
    pub fn secret(&self) -> &str {
        match self {
            Self::Access(token) => token.secret(),
            Self::Refresh(token) => token.secret(),
        }
    }

    /// SHA-256 of the text as 64 hex digits: names a token without giving any of it away.
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
    fn no_struct_that_holds_a_secret_prints_it() {
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
    fn a_token_is_named_by_its_sha256() {
        let name = SessionToken::Access(AccessToken::new("abc")).sha256();
        assert_eq!(name, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
