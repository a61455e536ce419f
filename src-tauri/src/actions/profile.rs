//! *My account*: reads and changes the user's details.

use std::sync::Arc;

use accounts::AccountId;
use accounts::log_in::progress::Progress;
use accounts::model::account::Profile;
use accounts::model::browser_pages::SamlStep;
use accounts::model::custom_data::CustomData;
use accounts::model::password_rule;
use accounts::model::token::{OneTimeCode, Password};
use accounts::ports::{User, UserChange};
use loopback::{RedirectServer, open_browser};
use url::Url;

use crate::actions::action::{Action, Done};
use crate::actions::after_log_in::after_log_in;
use crate::dto::{ErrorCause, IpcError, Notice};
use crate::error::{self, Wrong};
use crate::state::app_state::AppState;
use crate::state::profile_screen::ProfileScreen;
use crate::state::screen::Open;

pub(crate) struct Edited {
    pub(crate) name: String,
    pub(crate) username: String,
    pub(crate) image: String,
    pub(crate) data: String,
}

impl Edited {
    /// The user's changes; an empty field is cleared.
    fn change(&self, before: &User) -> Result<UserChange, IpcError> {
        let image = self.image.trim();
        let is_address = |text: &str| text.parse::<Url>().is_ok_and(|url| url.scheme() == "https");
        let Profile { name, username, image: image_before, .. } = &before.profile;
        let new = |text: &str, before: &Option<String>| {
            (text != before.as_deref().unwrap_or_default()).then(|| text.to_owned())
        };
        let image = new(image, image_before);
        if image.as_deref().is_some_and(|image| !image.is_empty() && !is_address(image)) {
            return Err(ErrorCause::PictureAddress.into());
        }
        Ok(UserChange {
            name: new(self.name.trim(), name),
            username: new(self.username.trim(), username),
            image,
            data: self.new_data(&before.data)?,
        })
    }

    /// Unchanged data is not sent, whatever the server made of it.
    fn new_data(&self, before: &CustomData) -> Result<Option<CustomData>, IpcError> {
        let text = if self.data.trim().is_empty() { "{}" } else { &self.data };
        if CustomData::as_sent(text).as_ref() == Some(before) {
            return Ok(None);
        }
        Ok(Some(text.parse().map_err(ErrorCause::from)?))
    }
}

impl Action {
    pub(crate) async fn show_profile(&self, account: AccountId) -> Done {
        self.app.change_screen(|screen| {
            screen.turn_to(Some(Open::Profile));
            screen.profile = Some(ProfileScreen::of(account.clone()));
        });
        let user = self.app.accounts.user(&account).await?;
        self.change_profile(&account, |profile| profile.user = Some(user));
        Ok(())
    }

    pub(crate) async fn save_profile(&self, account: AccountId, edited: &Edited) -> Done {
        let before = self.profile(&account)?.user.ok_or(ErrorCause::OtherStep)?;
        let change = edited.change(&before)?;
        let done = self.app.accounts.change_user(&account, &change).await;
        let changed = done.map_err(|error| error::of_edit(error, &change))?;
        self.change_profile(&account, |profile| profile.user = Some(changed.user));
        let tokens_later = error::tokens_later(changed.tokens);
        self.say(&account, |account_name| Notice::ProfileSaved { account_name, tokens_later }).await;
        Ok(())
    }

    pub(crate) async fn change_password(
        &self,
        account: AccountId,
        existing: &Password,
        new: &Password,
    ) -> Done {
        if !password_rule::is_met(new, account.mode()) {
            return Err(ErrorCause::WeakPassword.into());
        }
        let done = self.app.accounts.change_password(&account, existing, new).await;
        done.map_err(error::of_password_change)?;
        self.say(&account, |account_name| Notice::PasswordChanged { account_name }).await;
        Ok(())
    }

    pub(crate) async fn set_up_totp(&self, account: AccountId) -> Done {
        let totp = self.app.accounts.totp_set_up(&account).await?;
        self.change_profile(&account, |profile| profile.totp = Some(totp));
        Ok(())
    }

    pub(crate) async fn confirm_totp(&self, account: AccountId, code: &OneTimeCode) -> Done {
        let done = self.app.accounts.confirm_totp(&account, code).await;
        let progress = done.map_err(|failure| error::of_log_in(failure, Wrong::Code))?;
        self.leave_totp();
        self.say(&account, |account_name| Notice::TotpIsSetUp { account_name }).await;
        // Where a second factor is required, the older session stays.
        if let Progress::LoggedIn(account) = progress {
            after_log_in(&self.app, account);
        }
        Ok(())
    }

    pub(crate) fn leave_totp(&self) {
        self.app.change_screen(|screen| {
            if let Some(profile) = &mut screen.profile {
                profile.totp = None;
            }
        });
    }

    /// Opens the page in the browser through a redirect server: the page's address holds a token, which must
    /// not be a process argument.
    pub(crate) async fn complete_saml(&self, account: AccountId, step: SamlStep) -> Done {
        let page = self.app.accounts.saml_page(&account, step).await?;
        let redirect_server = RedirectServer::open(page)
            .await
            .map_err(|error| IpcError::from(ErrorCause::NoCallbackServer).with_detail(&error))?;
        let address = redirect_server.address();
        wait_for_redirect(&self.app, redirect_server, address.clone());
        let notice = Notice::SamlInBrowser { address: address.clone() };
        self.app.change_screen(|screen| screen.notice = Some(notice));
        open_browser(address)
            .await
            .map_err(|error| IpcError::from(ErrorCause::BrowserNotOpened).with_detail(&error))
    }
}

fn wait_for_redirect(app: &Arc<AppState>, redirect_server: RedirectServer, address: String) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(no) = redirect_server.taken().await {
            tracing::info!(%no, "no browser took the page of a service provider");
        }
        app.change_screen(|screen| screen.close_redirect_server(&address));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::ErrorCode;

    fn user() -> User {
        let profile = Profile { name: Some("Ådmin 名".into()), ..Profile::default() };
        User {
            profile,
            phone_number: None,
            data: r#"{"id":18446744073709551616,"x":59.32932349999999,"a":1.0}"#.parse().unwrap(),
        }
    }

    fn edited(name: &str, image: &str, data: &str) -> Edited {
        Edited { name: name.into(), username: String::new(), image: image.into(), data: data.into() }
    }

    #[test]
    fn only_changed_details_are_sent() {
        let same = "{\n  \"id\": 18446744073709551616,\n  \"x\": 59.32932349999999,\n  \"a\": 1.0\n}";
        let same = edited(" Ådmin 名 ", "", same).change(&user()).unwrap();
        assert_eq!(same, UserChange::default());
        let new = edited("", "https://x.example/a.png", r#"{"ключ": ["🙂"]}"#).change(&user()).unwrap();
        assert_eq!(new.name.as_deref(), Some(""));
        assert_eq!(new.username, None);
        assert_eq!(new.image.as_deref(), Some("https://x.example/a.png"));
        assert_eq!(new.data.unwrap().as_str(), r#"{"ключ":["🙂"]}"#);
    }

    #[test]
    fn untouched_parts_of_custom_data_are_sent_as_they_were() {
        let typed = "{\n  \"id\": 18446744073709551616,\n  \"x\": 59.32932349999999,\n  \"a\": 1.00\n}";
        let new = edited("Ådmin 名", "", typed).change(&user()).unwrap().data.unwrap();
        assert_eq!(new.as_str(), r#"{"id":18446744073709551616,"x":59.32932349999999,"a":1.00}"#);
        for nothing in ["", " \n"] {
            let new = edited("Ådmin 名", "", nothing).change(&user()).unwrap().data;
            assert_eq!(new, Some(CustomData::default()));
            let empty = User { data: CustomData::default(), ..user() };
            assert_eq!(edited("Ådmin 名", "", nothing).change(&empty).unwrap().data, None);
        }
    }

    #[test]
    fn a_doubled_name_in_custom_data_is_refused_only_once_it_is_edited() {
        let twice = CustomData::as_sent(r#"{"a":1,"a":2}"#).unwrap();
        let before = User { data: twice, ..user() };
        let change = edited("New", "", "{\"a\": 1, \"a\": 2}").change(&before).unwrap();
        assert_eq!((change.name.as_deref(), change.data), (Some("New"), None));
        let refused = edited("New", "", "{\"a\": 1, \"a\": 3}").change(&before).unwrap_err();
        assert_eq!(refused.code, ErrorCode::CustomData);
        assert!(matches!(refused.cause, ErrorCause::RepeatedName { line: 1, .. }), "{refused:?}");
    }

    #[test]
    fn details_that_cannot_be_saved_mark_their_field() {
        for (image, data, code) in [
            ("http://x.example/a.png", "{}", ErrorCode::Image),
            ("javascript:alert(1)", "{}", ErrorCode::Image),
            ("", "[]", ErrorCode::CustomData),
            ("", "{\"a\":", ErrorCode::CustomData),
            ("", "null", ErrorCode::CustomData),
            ("", r#"{"b":{"c":1,"c":1}}"#, ErrorCode::CustomData),
        ] {
            assert_eq!(edited("x", image, data).change(&user()).unwrap_err().code, code, "{image} {data}");
        }
    }
}
