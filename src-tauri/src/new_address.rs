//! *My account*, from a window: another e-mail address or phone number, confirmed by what is sent to it.
//!
//! Whether it was changed is what the server then says of the user: a link that is pasted may be another one, and with a tenant
//! that asks for a second factor the account goes on with the session that it has.

use std::sync::Arc;

use accounts::AccountId;
use accounts::log_in::error::LogInError;
use accounts::log_in::progress::Progress;
use accounts::model::link::{Link, Refusal, Verdict};
use accounts::model::pasted;
use accounts::model::token::{LinkText, OneTimeCode};
use accounts::ports::{CodeAddress, User};
use tauri::Runtime;

use crate::here::Window;
use crate::ipc::dto::{self, CodeChannel, ErrorCause, IpcError, Notice};
use crate::ipc::error::{self, Wrong};
use crate::log_in::now;
use crate::shell;
use crate::steps::RESEND_AFTER;

type Done = Result<(), IpcError>;

/// An address that something was sent to. In memory only.
#[derive(Debug)]
pub(crate) struct NewAddress {
    to: CodeAddress,
    /// The link, in test mode.
    link: Option<LinkText>,
    /// The code, in test mode.
    code: Option<OneTimeCode>,
    at: i64,
}

impl NewAddress {
    pub(crate) fn to_dto(&self) -> dto::NewAddress {
        let (CodeAddress::Email(address) | CodeAddress::Phone(address)) = &self.to;
        dto::NewAddress {
            channel: channel(&self.to),
            address: address.clone(),
            test_link: self.link.as_ref().map(|link| link.secret().to_owned()),
            test_code: self.code.as_ref().map(|code| code.secret().to_owned()),
            resend_at: self.at + RESEND_AFTER,
        }
    }

    fn is_of(&self, user: &User) -> bool {
        match &self.to {
            CodeAddress::Email(email) => {
                user.profile.email.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(email))
            }
            CodeAddress::Phone(number) => user.phone_number.as_ref() == Some(number),
        }
    }
}

fn channel(to: &CodeAddress) -> CodeChannel {
    match to {
        CodeAddress::Email(_) => CodeChannel::Email,
        CodeAddress::Phone(_) => CodeChannel::Sms,
    }
}

impl<R: Runtime> Window<'_, R> {
    /// Has a link or a code sent to the new address; to the same one again, another one.
    pub(crate) async fn send_verification(
        self,
        account: AccountId,
        channel: CodeChannel,
        address: &str,
    ) -> Done {
        let address = pasted::name(address).to_owned();
        let to = match channel {
            CodeChannel::Email => CodeAddress::Email(address),
            CodeChannel::Sms => CodeAddress::Phone(address),
        };
        let sent = self.shell().accounts.send_verification(&account, &to).await;
        let sent = sent.map_err(|error| error::of_new_address(error, channel))?;
        let new = Arc::new(NewAddress { to, link: sent.link, code: sent.code, at: now() });
        self.change_profile(&account, |profile| profile.new_address = Some(new));
        Ok(())
    }

    /// Takes the link that was sent to the new e-mail address.
    pub(crate) async fn confirm_email(self, account: AccountId, text: &str) -> Done {
        let new = self.new_address(&account)?;
        let link = Link::parse(text)?;
        let (accounts, tenant) = (&self.shell().accounts, self.tenant_of(&account).await?);
        if let Verdict::Refuse(Refusal::OtherTenant) = accounts.judge_link(&link, Some(&tenant)) {
            return Err(ErrorCause::LinkOfOtherTenant.into());
        }
        if link.kind.is_for_new_password() {
            return Err(ErrorCause::LinkForPassword.into());
        }
        let done = accounts.confirm_email(&account, &link).await;
        self.confirmed(account, &new, done, Wrong::Link).await
    }

    /// Takes the code that was sent to the new phone number.
    pub(crate) async fn confirm_phone(self, account: AccountId, code: &OneTimeCode) -> Done {
        let new = self.new_address(&account)?;
        let done = self.shell().accounts.confirm_phone(&account, &new.to, code).await;
        self.confirmed(account, &new, done, Wrong::Code).await
    }

    /// The address stays as it is.
    pub(crate) fn leave_verification(self) {
        self.shell().go_another_way(self.label, |screen| {
            if let Some(profile) = &mut screen.profile {
                profile.new_address = None;
            }
        });
    }

    fn new_address(self, account: &AccountId) -> Result<Arc<NewAddress>, IpcError> {
        self.profile(account)?.new_address.ok_or_else(|| ErrorCause::OtherStep.into())
    }

    async fn tenant_of(self, account: &AccountId) -> Result<accounts::Tenant, IpcError> {
        let registry = self.shell().registry().await;
        registry
            .account(account)
            .map(|account| account.tenant.clone())
            .ok_or_else(|| ErrorCause::NoTenant.into())
    }

    async fn confirmed(
        self,
        account: AccountId,
        new: &NewAddress,
        done: Result<Progress, LogInError>,
        wrong: Wrong,
    ) -> Done {
        let accounts = &self.shell().accounts;
        match done.map_err(|failure| error::of_log_in(failure, wrong))? {
            Progress::LoggedIn(account) => shell::after_log_in(self.app, account),
            Progress::SecondFactor(_) => {
                if let Err(failure) = accounts.refresh(&account).await {
                    tracing::warn!(%account, %failure, "the tokens do not say the new address yet");
                }
            }
        }
        let user = accounts.user(&account).await.map_err(error::of_unread_address)?;
        let is_changed = new.is_of(&user);
        self.change_profile(&account, |profile| {
            profile.user = Some(user);
            profile.new_address = profile.new_address.take().filter(|_| !is_changed);
        });
        if !is_changed {
            return Err(error::address_unchanged(wrong).into());
        }
        let dto::NewAddress { channel, address, .. } = new.to_dto();
        self.say(&account, |account_name| Notice::AddressChanged { account_name, channel, address }).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::account::Profile;
    use accounts::model::custom_data::CustomData;

    use super::*;

    #[test]
    fn an_address_is_changed_once_the_server_says_so() {
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
        let nobody = User { profile: Profile::default(), phone_number: None, ..user };
        assert!(!new(CodeAddress::Email(String::new())).is_of(&nobody));
    }

    #[test]
    fn what_waits_prints_neither_link_nor_code() {
        let link = LinkText::new("https://x.example/?token=canary");
        let code = OneTimeCode::new("canary");
        let new =
            NewAddress { to: CodeAddress::Email("a@b.c".into()), link: Some(link), code: Some(code), at: 0 };
        assert!(!format!("{new:?} {:?}", new.to_dto()).contains("canary"));
    }
}
