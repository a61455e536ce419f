use std::io::ErrorKind;

use crate::actions::action::{Action, Done};
use crate::dto::{ErrorCause, IpcError, SettingsChange};
use crate::system::autostart;

impl Action {
    pub(crate) async fn set_settings(&self, change: SettingsChange) -> Done {
        let before = self.app.accounts.settings().await.start_at_login;
        let set = |is_on| {
            autostart::set(is_on).map_err(|error| {
                let cause = match error.kind() {
                    ErrorKind::InvalidInput => ErrorCause::AutostartPath,
                    _ => ErrorCause::AutostartUnwritable,
                };
                IpcError::from(cause).with_detail(&error)
            })
        };
        change.start_at_login.map_or(Ok(()), set)?;
        let saved = self.app.accounts.change_settings(|settings| change.apply(settings)).await;
        if saved.is_err() && change.start_at_login.is_some() {
            // The switch shows what was, and so does the entry.
            set(before)?;
        }
        Ok(saved?)
    }
}
