use accounts::model::registry::{Phase, Registry};
use accounts::ports::{CodeAddress, User};

use crate::dto::{self, CodeChannel, View};
use crate::state::profile_screen::{NewAddress, ProfileScreen};
use crate::state::steps::RESEND_AFTER;
use crate::views::step::totp_set_up;

/// `None` once the account is logged out.
pub(crate) fn profile(profile: &ProfileScreen, registry: &Registry) -> Option<View> {
    registry.account(&profile.account).filter(|account| account.phase == Phase::Active)?;
    Some(View::Profile {
        id: profile.account.to_string(),
        user: profile.user.as_ref().map(form),
        totp: profile.totp.as_ref().map(totp_set_up),
        new_address: profile.new_address.as_deref().map(new_address),
    })
}

fn form(User { profile, phone_number, data }: &User) -> dto::UserForm {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    dto::UserForm {
        name: text(&profile.name),
        username: text(&profile.username),
        image: text(&profile.image),
        email: text(&profile.email),
        phone_number: text(phone_number),
        data: data.as_str().to_owned(),
    }
}

pub(crate) fn new_address(NewAddress { to, link, code, at }: &NewAddress) -> dto::NewAddress {
    let (channel, address) = match to {
        CodeAddress::Email(address) => (CodeChannel::Email, address),
        CodeAddress::Phone(number) => (CodeChannel::Sms, number),
    };
    dto::NewAddress {
        channel,
        address: address.clone(),
        test_link: link.as_ref().map(|link| link.secret().to_owned()),
        test_code: code.as_ref().map(|code| code.secret().to_owned()),
        resend_at: at + RESEND_AFTER,
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::token::{LinkText, OneTimeCode};

    use super::*;

    #[test]
    fn the_debug_text_of_a_new_address_holds_neither_link_nor_code() {
        let link = LinkText::new("https://x.example/?token=canary");
        let code = OneTimeCode::new("canary");
        let new =
            NewAddress { to: CodeAddress::Email("a@b.c".into()), link: Some(link), code: Some(code), at: 0 };
        assert!(!format!("{new:?} {:?}", new_address(&new)).contains("canary"));
    }
}
