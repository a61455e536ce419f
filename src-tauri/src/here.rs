//! A window at the moment in which something is begun in it. What comes of that is for this place: where the
//! user has gone elsewhere meanwhile, it changes nothing there, and nobody waits for its error.

use accounts::Tenant;
use accounts::model::auth_config::AuthConfig;
use tauri::{AppHandle, Manager, Runtime};

use crate::ipc::dto::{ErrorCause, IpcError};
use crate::screen::{ChosenTenant, Screen};
use crate::shell::Shell;
use crate::steps::Step;

/// A window of the app, and where its user was.
pub(crate) struct Window<'a, R: Runtime> {
    pub(crate) app: &'a AppHandle<R>,
    pub(crate) label: &'a str,
    place: u64,
}

impl<R: Runtime> Clone for Window<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Runtime> Copy for Window<'_, R> {}

impl<'a, R: Runtime> Window<'a, R> {
    /// The window as it is now.
    pub(crate) fn at(app: &'a AppHandle<R>, label: &'a str) -> Self {
        let place = app.state::<Shell>().screen(label).place;
        Self { app, label, place }
    }

    pub(crate) fn shell(self) -> &'a Shell {
        self.app.state::<Shell>().inner()
    }

    /// Whether its user has not gone elsewhere.
    pub(crate) fn is_here(self) -> bool {
        self.shell().screen(self.label).place == self.place
    }

    /// What a command answers: nothing, where the user has gone elsewhere.
    pub(crate) async fn answer(
        self,
        done: impl Future<Output = Result<(), IpcError>>,
    ) -> Result<(), IpcError> {
        match done.await {
            // Nothing else in the window says it.
            Err(error) if !self.is_here() && error.tells_of_session() => {
                self.shell().change_screen(self.label, |screen| screen.notice = Some(error.into()));
                Ok(())
            }
            Err(error) if !self.is_here() => {
                tracing::info!(code = ?error.code, "an error came after the user had left");
                Ok(())
            }
            done => done,
        }
    }

    /// Goes on, unless the user has gone elsewhere.
    pub(crate) fn if_still_here(self, change: impl FnOnce(&mut Screen)) {
        self.shell().change_screen(self.label, |screen| {
            if screen.place == self.place {
                change(screen);
            }
        });
    }

    /// The same where the user goes another way: a link that was asked for is not awaited any more.
    pub(crate) fn go(self, change: impl FnOnce(&mut Screen)) {
        if self.is_here() {
            self.shell().go_another_way(self.label, change);
        }
    }

    pub(crate) async fn tenant(self) -> Result<(Tenant, AuthConfig), IpcError> {
        self.shell().hold_tenant(self.label).await.ok_or_else(|| ErrorCause::NoTenant.into())
    }

    /// Asks a tenant how to log in, and shows that.
    pub(crate) async fn choose_tenant(self, tenant: Tenant) -> Result<(), IpcError> {
        let ways_in = self.shell().accounts.auth_config(&tenant).await?;
        self.go(|screen| screen.choose(ChosenTenant::Chosen(tenant, ways_in)));
        Ok(())
    }

    pub(crate) fn step(self) -> Option<Step> {
        self.shell().screen(self.label).steps.pop()
    }

    pub(crate) fn push(self, step: Step) {
        self.if_still_here(|screen| screen.push(step));
    }

    /// The same step, renewed.
    pub(crate) fn replace(self, step: Step) {
        self.if_still_here(|screen| {
            screen.pop();
            screen.push(step);
        });
    }
}
