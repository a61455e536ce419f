//! What the shell keeps of its own: which screen each window shows, what is typed on the login screen, pictures.
//!
//! Life: [`wake`] starts the loop that sends snapshots and restores the accounts in the background, so that neither a
//! slow keyring nor a dead server delays the first view. Every change rings the [`Bell`]; the loop answers with one
//! snapshot, however often it rang meanwhile.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use accounts::environment::Environment;
use accounts::log_out::{LogOut, Revocation};
use accounts::ports::{Deletion, Observer, StoreStatus, TenantMode};
use accounts::registry::Registry;
use accounts::{AccountId, Accounts, Tenant};
use tauri::{AppHandle, Emitter, Manager, Runtime};
use tokio::sync::Notify;
use userfront_client::UserfrontClient;

use crate::ipc::dto::Notice;
use crate::snapshot;
use crate::window::MAIN;

/// Rung by the domain at every change.
#[derive(Debug, Default)]
pub(crate) struct Bell(Notify);

impl Observer for Bell {
    fn changed(&self) {
        self.0.notify_one();
    }
}

/// The app's state beside the domain's.
pub(crate) struct Shell {
    pub(crate) accounts: Accounts,
    pub(crate) userfront: Arc<UserfrontClient>,
    pub(crate) environment: Environment,
    bell: Arc<Bell>,
    screens: Mutex<HashMap<String, Screen>>,
    revision: tokio::sync::Mutex<u64>,
    pictures: Mutex<HashMap<AccountId, Picture>>,
    watching: AtomicBool,
}

/// How often a keyring that hangs is looked at.
const WATCH: Duration = Duration::from_secs(2);

/// What one window shows, as far as the accounts do not say it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Screen {
    /// The login screen was asked for although an account could be shown.
    pub(crate) wants_login: bool,
    /// The tenant that is shown on the login screen.
    pub(crate) tenant: ChosenTenant,
    /// What happened, until it is dismissed or replaced.
    pub(crate) notice: Option<Notice>,
}

/// The tenant on a login screen.
#[derive(Debug, Clone, Default)]
pub(crate) enum ChosenTenant {
    /// The one of the last log-in, if there was one.
    #[default]
    Last,
    /// None: the form asks for one, filled in with the last.
    Asking,
    /// One that has answered.
    Chosen(Tenant, TenantMode),
}

impl Screen {
    /// Back to the account, or on to the one that has just logged in.
    pub(crate) fn leave_login(&mut self) {
        *self = Self { tenant: std::mem::take(&mut self.tenant), ..Self::default() };
    }

    /// To the login screen, though an account could be shown.
    pub(crate) fn ask_for_log_in(&mut self) {
        *self = Self { wants_login: true, ..Self::default() };
    }

    /// To the login screen after a log-out. A window that shows another account stays there.
    pub(crate) fn show_logged_out(&mut self, notice: Option<Notice>) {
        self.notice = notice;
    }
}

impl Notice {
    /// What to say of a log-out above the login screen. What is left behind is listed by the snapshot itself.
    pub(crate) fn of_log_out(outcome: &LogOut) -> Option<Self> {
        let was_already_over = match outcome.revocation {
            Revocation::Revoked => false,
            Revocation::AlreadyInvalid => true,
            Revocation::Impossible { alive_until } => {
                let account_name = outcome.account_name.clone();
                return Some(Self::SessionLost { account_name, alive_until: alive_until.0 });
            }
        };
        if let Deletion::StillPresent(_) = outcome.deletion {
            return None;
        }
        let account_name = outcome.account_name.clone();
        Some(Self::LoggedOut { account_name, was_already_over, open_in_browser: None })
    }
}

/// A picture, and the address that it was fetched from.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) address: String,
    pub(crate) data_url: Option<String>,
}

impl Shell {
    pub(crate) fn new(
        accounts: Accounts,
        userfront: Arc<UserfrontClient>,
        environment: Environment,
        bell: Arc<Bell>,
    ) -> Self {
        Self {
            accounts,
            userfront,
            environment,
            bell,
            screens: Mutex::default(),
            revision: tokio::sync::Mutex::new(0),
            pictures: Mutex::default(),
            watching: AtomicBool::new(false),
        }
    }

    /// What a window shows.
    pub(crate) fn screen(&self, window: &str) -> Screen {
        self.screens().get(window).cloned().unwrap_or_default()
    }

    /// While the keyring hangs, looks every two seconds whether it answers again; then does what had to wait for it.
    /// Nothing polls at any other time.
    async fn watch_hung_keyring<R: Runtime>(&self, app: &AppHandle<R>) {
        let hangs = self.accounts.overview().await.store == StoreStatus::Hung;
        if !hangs || self.watching.swap(true, Ordering::SeqCst) {
            return;
        }
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            let shell = app.state::<Shell>();
            loop {
                tokio::time::sleep(WATCH).await;
                if shell.accounts.look_at_store().await != StoreStatus::Hung {
                    break;
                }
            }
            shell.watching.store(false, Ordering::SeqCst);
            restore(&app).await;
        });
    }

    /// Dismisses the notice that this window shows, if it is one of its own: what is on disk to be read comes first, and
    /// is the domain's.
    pub(crate) async fn dismiss_own_notice(&self, window: &str) -> bool {
        let registry = self.registry().await;
        let is_own =
            registry.mended.is_none() && registry.lost.is_empty() && self.screen(window).notice.is_some();
        let says_the_same = |notice: &Notice| matches!(notice, Notice::SessionLost { .. });
        self.change_screen(window, |screen| {
            screen.notice = screen.notice.take().filter(|notice| !is_own && !says_the_same(notice));
        });
        is_own
    }

    /// Changes what a window shows.
    pub(crate) fn change_screen(&self, window: &str, change: impl FnOnce(&mut Screen)) {
        change(self.screens().entry(window.to_owned()).or_default());
        self.bell.changed();
    }

    /// Changes what every window shows.
    pub(crate) fn change_screens(&self, change: impl Fn(&mut Screen)) {
        let mut screens = self.screens();
        screens.entry(MAIN.to_owned()).or_default();
        screens.values_mut().for_each(change);
        drop(screens);
        self.bell.changed();
    }

    /// The snapshot of a window, with the next revision. One at a time, so that a higher revision is never older.
    pub(crate) async fn snapshot(&self, window: &str) -> snapshot::Snapshot {
        let mut revision = self.revision.lock().await;
        *revision += 1;
        snapshot::take(*revision, &self.accounts.overview().await, &self.screen(window), &self.environment)
    }

    /// What the registry says now; empty when it cannot be read (the snapshot then says why).
    pub(crate) async fn registry(&self) -> Registry {
        self.accounts.overview().await.registry
    }

    /// The tenant that the login screen of a window shows.
    pub(crate) async fn tenant_of(&self, window: &str) -> Option<Tenant> {
        match self.screen(window).tenant {
            ChosenTenant::Asking => None,
            ChosenTenant::Chosen(tenant, _) => Some(tenant),
            ChosenTenant::Last => snapshot::last_tenant(&self.registry().await, &self.environment)
                .map(|last| last.tenant.clone()),
        }
    }

    /// The tenant of an account, and where its picture is to be fetched from.
    pub(crate) async fn picture_address(&self, account: &AccountId) -> Option<(Tenant, String)> {
        let registry = self.registry().await;
        let account = registry.account(account)?;
        Some((account.tenant.clone(), account.profile.image.clone()?))
    }

    pub(crate) fn known_picture(&self, account: &AccountId, address: &str) -> Option<Picture> {
        let pictures = self.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.get(account).filter(|picture| picture.address == address).cloned()
    }

    pub(crate) fn keep_picture(&self, account: AccountId, picture: Picture) {
        self.pictures.lock().unwrap_or_else(PoisonError::into_inner).insert(account, picture);
    }

    fn screens(&self) -> MutexGuard<'_, HashMap<String, Screen>> {
        self.screens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the loop that sends snapshots, and restores the accounts.
pub(crate) fn wake<R: Runtime>(app: &AppHandle<R>) {
    let sending = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = sending.state::<Shell>();
        loop {
            shell.bell.0.notified().await;
            send(&sending, &shell).await;
            shell.watch_hung_keyring(&sending).await;
        }
    });
    let restoring = app.clone();
    tauri::async_runtime::spawn(async move { restore(&restoring).await });
}

async fn restore<R: Runtime>(app: &AppHandle<R>) {
    let shell = app.state::<Shell>();
    if let Err(error) = shell.accounts.restore().await {
        tracing::error!(%error, "the accounts were not restored");
    }
}

/// Asks the keyring how it is. Once it is open again, what had to wait for it is done.
pub(crate) fn look_at_keyring<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let accounts = &app.state::<Shell>().accounts;
        let before = accounts.overview().await.store;
        if accounts.look_at_store().await == StoreStatus::Ok && before != StoreStatus::Ok {
            restore(&app).await;
        }
    });
}

/// In the background: ends the older session, if the account was logged in before, and asks the server for what the
/// tokens do not say: the tenant's name.
pub(crate) fn after_log_in<R: Runtime>(app: &AppHandle<R>, account: AccountId) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = app.state::<Shell>().accounts.renew_profile(&account).await {
            tracing::warn!(%account, %error, "the profile was not kept");
        }
        if let Err(error) = app.state::<Shell>().accounts.retry_revocations().await {
            tracing::warn!(%account, %error, "pending revocations were not tried again");
        }
    });
}

async fn send<R: Runtime>(app: &AppHandle<R>, shell: &Shell) {
    for label in app.webview_windows().into_keys() {
        let snapshot = shell.snapshot(&label).await;
        if let Err(error) = app.emit_to(&label, "snapshot", &snapshot) {
            tracing::error!(%error, window = label, "a window was not told of a change");
        }
    }
}
