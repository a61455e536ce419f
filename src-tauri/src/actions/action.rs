//! An action that the user has begun, and the place in the window where it began. Its result belongs to that
//! place: when the user has left it, the result changes nothing and the error is not shown.

use std::sync::Arc;

use accounts::model::auth_config::AuthConfig;
use accounts::ports::Clock as _;
use accounts::storage::system_clock::SystemClock;
use accounts::{AccountId, Tenant};

use crate::dto::{ErrorCause, IpcError, Notice};
use crate::state::app_state::AppState;
use crate::state::profile_screen::ProfileScreen;
use crate::state::screen::Screen;
use crate::state::steps::Step;

pub(crate) type Done = Result<(), IpcError>;

#[derive(Clone)]
pub(crate) struct Action {
    pub(crate) app: Arc<AppState>,
    place: u64,
}

impl Action {
    pub(crate) fn begin(app: &Arc<AppState>) -> Self {
        Self { app: app.clone(), place: app.screen().place }
    }

    pub(crate) fn is_still_here(&self) -> bool {
        self.app.screen().place == self.place
    }

    pub(crate) async fn answer(&self, done: impl Future<Output = Done>) -> Done {
        match done.await {
            // The window says it nowhere else.
            Err(error) if !self.is_still_here() && error.tells_of_session() => {
                self.app.change_screen(|screen| screen.notice = Some(error.into()));
                Ok(())
            }
            Err(error) if !self.is_still_here() => {
                tracing::info!(code = ?error.code, "an error came after the user had left");
                Ok(())
            }
            done => done,
        }
    }

    pub(crate) fn if_still_here(&self, change: impl FnOnce(&mut Screen)) {
        self.app.change_screen(|screen| {
            if screen.place == self.place {
                change(screen);
            }
        });
    }

    /// As `if_still_here`, when the user chooses another way: a requested link is no longer awaited.
    pub(crate) fn go(&self, change: impl FnOnce(&mut Screen)) {
        if self.is_still_here() {
            self.app.go_another_way(change);
        }
    }

    pub(crate) async fn tenant(&self) -> Result<(Tenant, AuthConfig), IpcError> {
        self.app.hold_tenant().await.ok_or_else(|| ErrorCause::NoTenant.into())
    }

    pub(crate) fn step(&self) -> Option<Step> {
        self.app.screen().steps.pop()
    }

    pub(crate) fn push(&self, step: Step) {
        self.if_still_here(|screen| screen.push(step));
    }

    pub(crate) fn replace(&self, step: Step) {
        self.if_still_here(|screen| {
            screen.pop();
            screen.push(step);
        });
    }

    pub(crate) fn profile(&self, account: &AccountId) -> Result<ProfileScreen, IpcError> {
        let profile = self.app.screen().profile;
        profile.filter(|profile| profile.account == *account).ok_or_else(|| ErrorCause::OtherStep.into())
    }

    pub(crate) fn change_profile(&self, account: &AccountId, change: impl FnOnce(&mut ProfileScreen)) {
        self.app.change_screen(|screen| {
            if let Some(profile) = screen.profile.as_mut().filter(|profile| profile.account == *account) {
                change(profile);
            }
        });
    }

    pub(crate) async fn say(&self, account: &AccountId, notice: impl FnOnce(String) -> Notice) {
        let registry = self.app.registry().await;
        let name =
            registry.account(account).map(accounts::model::registry::Account::called).unwrap_or_default();
        self.app.change_screen(|screen| screen.notice = Some(notice(name)));
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    SystemClock.now().0
}
