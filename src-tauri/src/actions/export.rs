//! Saves the activity as one JSON document, and backup codes one per line, to a file that the user chooses.

use accounts::model::token::OneTimeCode;
use tauri::{AppHandle, Runtime};

use crate::actions::action::{Action, Done};
use crate::dto::{ErrorCause, IpcError, Notice};
use crate::state::steps::Step;
use crate::system::save_file::{ask_where_to_save, open_folder, put};

impl Action {
    pub(crate) async fn save_backup_codes<R: Runtime>(&self, window: &AppHandle<R>) -> Done {
        let screen = self.app.screen();
        let in_log_in = screen.steps.iter().rev().find_map(|step| match step {
            Step::SetUpTotp(_, totp) => Some(totp.as_ref().clone()),
            _ => None,
        });
        let in_profile = screen.profile.and_then(|profile| profile.totp);
        let totp = in_log_in.or(in_profile).ok_or(ErrorCause::OtherStep)?;
        let home = &self.app.environment.home;
        let name = "userfront-accounts-backup-codes.txt";
        let Some(path) = ask_where_to_save(window, name, home).await else { return Ok(()) };
        put(&path, lines(&totp.backup_codes).as_bytes())
            .map_err(|error| IpcError::from(ErrorCause::BackupCodesNotSaved).with_detail(&error))?;
        let path = path.display().to_string();
        self.app.change_screen(|screen| screen.notice = Some(Notice::BackupCodesSaved { path }));
        Ok(())
    }

    pub(crate) async fn export_activity<R: Runtime>(&self, window: &AppHandle<R>) -> Done {
        let lines = self.app.accounts.activity().await?;
        let home = &self.app.environment.home;
        let name = "userfront-accounts-activity.json";
        let Some(path) = ask_where_to_save(window, name, home).await else { return Ok(()) };
        let saved = serde_json::to_vec_pretty(&lines).map_err(Into::into).and_then(|json| put(&path, &json));
        saved.map_err(|error| IpcError::from(ErrorCause::NotExported).with_detail(&error))?;
        let path = path.display().to_string();
        self.app.change_screen(|screen| screen.notice = Some(Notice::ActivityExported { path }));
        Ok(())
    }

    pub(crate) async fn open_folder(&self) -> Done {
        let path = self.app.screen().notice.and_then(Notice::path).ok_or(ErrorCause::NoPage)?;
        open_folder(&path)
            .await
            .map_err(|error| IpcError::from(ErrorCause::FolderNotOpened).with_detail(&error))
    }
}

fn lines(codes: &[OneTimeCode]) -> String {
    codes.iter().flat_map(|code| [code.secret(), "\n"]).collect()
}
