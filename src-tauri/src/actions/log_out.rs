//! Shows log-outs in the window, whichever program they are from.

use std::sync::Arc;

use accounts::model::destination::Place;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::{RecentLogOut, Registry};
use accounts::{AccountId, Overview, Tenant, Timestamp};

use crate::actions::action::{Action, Done, now};
use crate::error;
use crate::state::app_state::AppState;
use crate::state::lock;
use crate::state::tenant::ChosenTenant;

impl Action {
    /// A failed log-out does not stop the others; the notice names the accounts that stay logged in.
    pub(crate) async fn log_out_all(&self) -> Done {
        let mut failed = Vec::new();
        for (account, done) in self.app.accounts.log_out_all().await? {
            match done {
                Ok(outcome) => say_unwritten(&self.app, account.id, outcome).await,
                Err(error) => failed.push((account.id.clone(), account.called(), error.into())),
            }
        }
        catch_up(&self.app).await;
        self.app.change_screen(|screen| screen.say_failed(&failed));
        error::of_log_outs(failed)
    }
}

/// A log-out that could not be written is in no list, so its outcome and its verification are reported here.
pub(crate) async fn say_unwritten(app: &Arc<AppState>, id: AccountId, outcome: LogOut) {
    if outcome.unwritten.is_none() {
        return;
    }
    let (account, at) = (id.clone(), Timestamp(now()));
    let log_out = RecentLogOut { account, generation: 0, entry: None, at, outcome: outcome.clone() };
    follow(app, &log_out, &app.registry().await);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        for (_, known) in app.accounts.verified(vec![(id, outcome.clone())]).await {
            app.change_screen(|screen| screen.revise_log_out(&outcome, &known));
        }
    });
}

pub(crate) async fn catch_up(app: &Arc<AppState>) {
    let _one_at_a_time = app.revision.lock().await;
    follow_log_outs(app, &app.accounts.overview().await);
}

pub(crate) fn follow_log_outs(app: &Arc<AppState>, overview: &Overview) {
    if !overview.registry_is_read {
        return;
    }
    let registry = &overview.registry;
    let (new, revised) = {
        let mut followed = lock(&app.followed_log_outs);
        (followed.take_new(registry), followed.take_revised(registry))
    };
    for log_out in new {
        follow(app, &log_out, registry);
    }
    for (before, after) in revised {
        app.change_screen(|screen| screen.revise_log_out(&before, &after));
    }
}

fn follow(app: &Arc<AppState>, log_out: &RecentLogOut, registry: &Registry) {
    let place = log_out.outcome.destination.place.clone();
    app.change_screen(|screen| screen.go_to_destination(log_out, registry.last_tenant.as_ref()));
    let unasked = match app.screen().tenant {
        ChosenTenant::Unasked(tenant, _) if tenant.id == *log_out.account.tenant() => Some(tenant),
        _ => None,
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(tenant) = unasked {
            ask_how_to_log_in(&app, &tenant, &place).await;
        }
        if let Place::Account(account) = &place
            && let Err(error) = app.accounts.switch(account).await
        {
            tracing::warn!(%account, %error, "the account that a log-out leads to is not shown");
        }
    });
}

async fn ask_how_to_log_in(app: &AppState, tenant: &Tenant, place: &Place) {
    match app.accounts.auth_config(tenant).await {
        Ok(config) => app.change_screen(|screen| screen.has_answered(tenant, &config, place)),
        // The login screen offers a retry.
        Err(error) => tracing::info!(%error, "a tenant does not say how to log in"),
    }
}
