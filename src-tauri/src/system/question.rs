//! A question in a dialog of the desktop, for a window that may be hidden.

use tauri::{AppHandle, Runtime};
use tokio::sync::{Mutex, oneshot};

static OPEN: Mutex<()> = Mutex::const_new(());

/// Whether the user answers with `yes`. One that is asked beside another is not shown: its answer is no.
pub(crate) async fn ask<R: Runtime>(app: &AppHandle<R>, title: String, text: String, yes: String) -> bool {
    let Ok(_open) = OPEN.try_lock() else { return false };
    let (sender, receiver) = oneshot::channel();
    let asked = app.run_on_main_thread(move || {
        let buttons = rfd::MessageButtons::OkCancelCustom(yes.clone(), "Cancel".to_owned());
        let dialog =
            rfd::AsyncMessageDialog::new().set_title(title).set_description(text).set_buttons(buttons);
        let answer = dialog.show();
        tauri::async_runtime::spawn(async move {
            let answer = answer.await;
            let is_yes =
                answer == rfd::MessageDialogResult::Ok || answer == rfd::MessageDialogResult::Custom(yes);
            // Nobody may be waiting any more.
            sender.send(is_yes).unwrap_or_default();
        });
    });
    if let Err(error) = asked {
        tracing::error!(%error, "a question was not asked");
    }
    receiver.await.unwrap_or_default()
}
