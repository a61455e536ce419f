use std::sync::Arc;

use accounts::AccountId;
use accounts::model::token::{LinkText, OneTimeCode};
use accounts::ports::{CodeAddress, TotpSetUp, User};

#[derive(Debug, Clone)]
pub(crate) struct ProfileScreen {
    pub(crate) account: AccountId,
    /// `None` while the server is asked.
    pub(crate) user: Option<User>,
    pub(crate) totp: Option<TotpSetUp>,
    pub(crate) new_address: Option<Arc<NewAddress>>,
}

impl ProfileScreen {
    pub(crate) fn of(account: AccountId) -> Self {
        Self { account, user: None, totp: None, new_address: None }
    }
}

#[derive(Debug)]
pub(crate) struct NewAddress {
    pub(crate) to: CodeAddress,
    /// Only in test mode; so is the code.
    pub(crate) link: Option<LinkText>,
    pub(crate) code: Option<OneTimeCode>,
    pub(crate) at: i64,
}

impl NewAddress {
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
    fn a_new_address_belongs_to_the_user_once_the_server_reports_the_change() {
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
