//! What log-outs do to the windows.

use accounts::model::destination::Place;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::{RecentLogOut, Registry};
use accounts::{AccountId, Timestamp};
use tauri::{AppHandle, Manager, Runtime};

use super::Shell;
use crate::ipc::dto::IpcError;
use crate::log_in::now;
use crate::screen::ChosenTenant;

/// A log-out that could not be written is in no list: the windows learn of it here, and of what its
/// verification finds.
pub(crate) async fn unwritten<R: Runtime>(app: &AppHandle<R>, id: AccountId, outcome: LogOut) {
    if outcome.unwritten.is_none() {
        return;
    }
    let registry = app.state::<Shell>().registry().await;
    let at = Timestamp(now());
    let log_out =
        RecentLogOut { account: id.clone(), generation: 0, entry: None, at, outcome: outcome.clone() };
    go_to_destination(app, &log_out, &registry);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        for (_, known) in shell.accounts.verified(vec![(id, outcome.clone())]).await {
            shell.change_screens(|screen| screen.revise_log_out(&outcome, &known));
        }
    });
}

impl Shell {
    /// Of logging out of all: these accounts are still logged in. The others are told first.
    pub(crate) async fn say_failed<R: Runtime>(
        &self,
        app: &AppHandle<R>,
        failed: &[(AccountId, String, IpcError)],
    ) {
        self.catch_up(app).await;
        self.change_screens(|screen| screen.say_failed(failed));
    }

    /// The windows are told what the list says of log-outs by now.
    pub(crate) async fn catch_up<R: Runtime>(&self, app: &AppHandle<R>) {
        let _one_at_a_time = self.revision.lock().await;
        self.follow(app, &self.accounts.overview().await);
    }
}

/// Sends the windows that showed an account to where its log-out leads.
pub(super) fn go_to_destination<R: Runtime>(app: &AppHandle<R>, log_out: &RecentLogOut, registry: &Registry) {
    let (shell, place) = (app.state::<Shell>(), log_out.outcome.destination.place.clone());
    shell.change_screens(|screen| screen.go_to_destination(log_out, registry.last_tenant.as_ref()));
    let unasked = shell.screens().values().find_map(|screen| match &screen.tenant {
        ChosenTenant::Unasked(tenant, _) if tenant.id == *log_out.account.tenant() => Some(tenant.clone()),
        _ => None,
    });
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        if let Some(tenant) = unasked {
            match shell.accounts.auth_config(&tenant).await {
                Ok(ways_in) => {
                    shell.change_screens(|screen| screen.has_answered(&tenant, &ways_in, &place));
                }
                // The login screen offers to ask again.
                Err(error) => tracing::info!(%error, "a tenant does not say how to log in"),
            }
        }
        if let Place::Account(account) = &place
            && let Err(error) = shell.accounts.switch(account).await
        {
            tracing::warn!(%account, %error, "the account that a log-out leads to is not shown");
        }
    });
}
