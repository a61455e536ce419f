//! Copies an access token. It goes from the keyring to the clipboard and never through the webview.

use std::sync::Arc;
use std::time::Duration;

use accounts::AccountId;

use crate::actions::action::{Action, Done};
use crate::dto::{ErrorCause, IpcError, Notice};
use crate::state::app_state::AppState;
use crate::system::clipboard::{Clipboard, Copy};

const STAYS: Duration = Duration::from_secs(30);

impl Action {
    pub(crate) async fn copy_token(&self, account: &AccountId) -> Done {
        if !self.app.accounts.settings().await.copy_token {
            return Err(ErrorCause::CopyTokenOff.into());
        }
        let token = self.app.accounts.access_token(account).await?;
        let of = account.clone();
        let copied = on_clipboard(&self.app, |clipboard| clipboard.copy(of, token)).await;
        let copy = copied.map_err(|detail| no_clipboard(ErrorCause::NoClipboard, &detail))?;
        let seconds = u32::try_from(STAYS.as_secs()).unwrap_or_default();
        self.say(account, |account_name| Notice::TokenCopied { account_name, seconds }).await;
        tauri::async_runtime::spawn(clear_later(self.app.clone(), copy));
        Ok(())
    }
}

/// After its account's log-out. A failure is logged: the copy's own 30 seconds try again, and say it.
pub(crate) fn clear_after_log_out(app: &Arc<AppState>, account: AccountId) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(detail) = on_clipboard(&app, move |clipboard| clipboard.clear_of(&account)).await {
            tracing::warn!(detail, "a token may still be in the clipboard");
        }
    });
}

async fn clear_later(app: Arc<AppState>, copy: Copy) {
    tokio::time::sleep(STAYS).await;
    let cleared = on_clipboard(&app, move |clipboard| clipboard.clear_after(copy)).await;
    if !app.clipboard.is_latest(copy) {
        return;
    }
    app.change_screen(|screen| {
        screen.notice.take_if(|notice| matches!(notice, Notice::TokenCopied { .. }));
        if let Err(detail) = cleared {
            let error = no_clipboard(ErrorCause::ClipboardNotCleared, &detail);
            tracing::warn!(detail = error.detail, "a token may still be in the clipboard");
            screen.notice = Some(Notice::Warning { causes: vec![error.cause] });
        }
    });
}

/// On a thread of its own, since the clipboard's owner may be slow. The error is the technical detail.
async fn on_clipboard<T: Send + 'static>(
    app: &Arc<AppState>,
    call: impl FnOnce(&Clipboard) -> Result<T, arboard::Error> + Send + 'static,
) -> Result<T, String> {
    let app = app.clone();
    let called = tauri::async_runtime::spawn_blocking(move || call(&app.clipboard)).await;
    called.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
}

fn no_clipboard(cause: ErrorCause, detail: &String) -> IpcError {
    IpcError::from(cause).with_detail(detail)
}
