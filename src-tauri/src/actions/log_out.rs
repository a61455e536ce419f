//! Shows log-outs in the window, whichever program they are from.

use std::sync::Arc;

use accounts::model::destination::Place;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::{Account, Phase, RecentLogOut, Registry};
use accounts::{AccountId, Overview, Tenant, Timestamp};

use crate::actions::action::{Action, Done, now};
use crate::actions::copy_token::clear_after_log_out;
use crate::error;
use crate::state::app_state::AppState;
use crate::state::lock;
use crate::state::screen::Screen;
use crate::state::tenant::ChosenTenant;
use crate::views::order::in_order;

impl Action {
    /// Logs out the chosen accounts, or all. A failed log-out does not stop the others. The result page has a
    /// row for each; the error names those that stay logged in and have no row, or all when the user has left
    /// the page.
    pub(crate) async fn log_out_several(&self, chosen: Option<Vec<AccountId>>) -> Done {
        let is_chosen = |account: &Account| chosen.as_ref().is_none_or(|ids| ids.contains(&account.id));
        let registry = self.app.registry().await;
        let is_in = |account: &&Account| account.phase == Phase::Active && is_chosen(account);
        let listed: Vec<_> = in_order(&registry).into_iter().filter(is_in).collect();
        // One alone ends on its login screen.
        if listed.len() > 1 {
            self.app.change_screen(|screen| screen.open_results(listed.into_iter()));
        }
        let mut failed = Vec::new();
        let done = self.app.accounts.log_out_several(is_chosen).await;
        for (account, done) in done.inspect_err(|_| self.app.change_screen(Screen::leave_view))? {
            match done {
                Ok(outcome) => say_unwritten(&self.app, account.id, outcome).await,
                Err(error) => failed.push((account.id.clone(), account.called(), error.into())),
            }
        }
        catch_up(&self.app).await;
        let mut untold = Vec::new();
        self.app.change_screen(|screen| untold = screen.say_failed(failed));
        error::of_log_outs(untold)
    }
}

/// A log-out that could not be written is in no list, so its outcome and its verification are reported here.
pub(crate) async fn say_unwritten(app: &Arc<AppState>, id: AccountId, outcome: LogOut) {
    if outcome.unwritten.is_none() {
        return;
    }
    let (account, at) = (id.clone(), Timestamp(now()));
    let log_out = RecentLogOut { account, generation: 0, entry: None, at, outcome: outcome.clone() };
    follow(app, &log_out, &*app.registry().await);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        for (_, known) in app.accounts.verified(vec![(id, outcome.clone())]).await {
            app.change_screen(|screen| screen.revise_log_out(&outcome, &known));
        }
    });
}

pub(crate) async fn catch_up(app: &Arc<AppState>) {
    let _one_at_a_time = app.latest_snapshot.lock().await;
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
        clear_after_log_out(app, log_out.account.clone());
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
