//! *My account*: a new e-mail address or phone number, confirmed by the link or code that is sent to it.
//!
//! Only the server's answer counts as a change: a pasted link may be another one. Where the tenant asks for a
//! second factor, the account keeps its session.

use std::sync::Arc;

use accounts::AccountId;
use accounts::log_in::error::LogInError;
use accounts::log_in::progress::Progress;
use accounts::model::link::{Link, Refusal, Verdict};
use accounts::model::pasted;
use accounts::model::token::OneTimeCode;
use accounts::ports::CodeAddress;

use crate::actions::action::{Action, Done, now};
use crate::actions::after_log_in::after_log_in;
use crate::dto::{self, CodeChannel, ErrorCause, IpcError, Notice};
use crate::error::{self, Wrong};
use crate::state::profile_screen::NewAddress;
use crate::views::profile::new_address;

impl Action {
    pub(crate) async fn send_verification(
        &self,
        account: AccountId,
        channel: CodeChannel,
        address: &str,
    ) -> Done {
        let address = pasted::name(address).to_owned();
        let to = match channel {
            CodeChannel::Email => CodeAddress::Email(address),
            CodeChannel::Sms => CodeAddress::Phone(address),
        };
        let sent = self.app.accounts.send_verification(&account, &to).await;
        let sent = sent.map_err(|error| error::of_new_address(error, channel))?;
        let new = Arc::new(NewAddress { to, link: sent.link, code: sent.code, at: now() });
        self.change_profile(&account, |profile| profile.new_address = Some(new));
        Ok(())
    }

    pub(crate) async fn confirm_email(&self, account: AccountId, text: &str) -> Done {
        let new = self.new_address(&account)?;
        let link = Link::parse(text)?;
        let (accounts, tenant) = (&self.app.accounts, self.tenant_of(&account).await?);
        if let Verdict::Refuse(Refusal::OtherTenant) = accounts.judge_link(&link, Some(&tenant)) {
            return Err(ErrorCause::LinkOfOtherTenant.into());
        }
        if link.kind.is_for_new_password() {
            return Err(ErrorCause::LinkForPassword.into());
        }
        let done = accounts.confirm_email(&account, &link).await;
        self.confirmed(account, &new, done, Wrong::Link).await
    }

    pub(crate) async fn confirm_phone(&self, account: AccountId, code: &OneTimeCode) -> Done {
        let new = self.new_address(&account)?;
        let done = self.app.accounts.confirm_phone(&account, &new.to, code).await;
        self.confirmed(account, &new, done, Wrong::Code).await
    }

    pub(crate) fn leave_verification(&self) {
        self.app.go_another_way(|screen| {
            if let Some(profile) = &mut screen.profile {
                profile.new_address = None;
            }
        });
    }

    fn new_address(&self, account: &AccountId) -> Result<Arc<NewAddress>, IpcError> {
        self.profile(account)?.new_address.ok_or_else(|| ErrorCause::OtherStep.into())
    }

    async fn tenant_of(&self, account: &AccountId) -> Result<accounts::Tenant, IpcError> {
        let registry = self.app.registry().await;
        registry
            .account(account)
            .map(|account| account.tenant.clone())
            .ok_or_else(|| ErrorCause::NoTenant.into())
    }

    async fn confirmed(
        &self,
        account: AccountId,
        new: &NewAddress,
        done: Result<Progress, LogInError>,
        wrong: Wrong,
    ) -> Done {
        let accounts = &self.app.accounts;
        match done.map_err(|failure| error::of_log_in(failure, wrong))? {
            Progress::LoggedIn(account) => after_log_in(&self.app, account),
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
        let dto::NewAddress { channel, address, .. } = new_address(new);
        self.say(&account, |account_name| Notice::AddressChanged { account_name, channel, address }).await;
        Ok(())
    }
}
