//! The state of *My account* beside the account itself.

use std::sync::Arc;

use accounts::AccountId;
use accounts::model::token::{LinkText, OneTimeCode};
use accounts::ports::{CodeAddress, TotpSetUp, User};

#[derive(Debug, Clone)]
pub(crate) struct ProfileScreen {
    pub(crate) account: AccountId,
    /// None while the server is asked.
    pub(crate) user: Option<User>,
    /// An authenticator app that is being set up.
    pub(crate) totp: Option<TotpSetUp>,
    /// A new e-mail address or phone number that is not confirmed yet.
    pub(crate) new_address: Option<Arc<NewAddress>>,
}

impl ProfileScreen {
    pub(crate) fn of(account: AccountId) -> Self {
        Self { account, user: None, totp: None, new_address: None }
    }
}

/// An address that a link or a code was sent to.
#[derive(Debug)]
pub(crate) struct NewAddress {
    pub(crate) to: CodeAddress,
    /// The link, in test mode.
    pub(crate) link: Option<LinkText>,
    /// The code, in test mode.
    pub(crate) code: Option<OneTimeCode>,
    pub(crate) at: i64,
}

impl NewAddress {
    /// Whether the server names this address as the user's.
    pub(crate) fn is_of(&self, user: &User) -> bool {
        match &self.to {
            CodeAddress::Email(email) => {
                user.profile.email.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(email))
            }
            CodeAddress::Phone(number) => user.phone_number.as_ref() == Some(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::account::Profile;
    use accounts::model::custom_data::CustomData;

    use super::*;

    #[test]
    fn an_address_is_the_users_once_the_server_says_so() {
        let user = User {
            profile: Profile { email: Some("New@Example.com".into()), ..Profile::default() },
            phone_number: Some("+15555559999".into()),
            data: CustomData::default(),
        };
        let new = |to| NewAddress { to, link: None, code: None, at: 0 };
        assert!(new(CodeAddress::Email("new@example.com".into())).is_of(&user));
        assert!(new(CodeAddress::Phone("+15555559999".into())).is_of(&user));
        assert!(!new(CodeAddress::Email("+15555559999".into())).is_of(&user));
        assert!(!new(CodeAddress::Phone("+15555550000".into())).is_of(&user));
        let without_address = User { profile: Profile::default(), phone_number: None, ..user };
        assert!(!new(CodeAddress::Email(String::new())).is_of(&without_address));
    }
}
