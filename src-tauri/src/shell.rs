//! What the shell keeps of its own: which screen each window shows, what is typed on the login screen, pictures.
//!
//! Life: [`wake`] has what was cut off finished on this machine, before the first view; what needs a server goes on in the
//! background, so that a dead one delays nothing. Every change rings the [`Bell`], also one that another program of ours has
//! made on disk ([`watch`]); the loop answers with one snapshot, however often it rang meanwhile.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use accounts::destination::{BrowserPage, Place};
use accounts::environment::Environment;
use accounts::factor::Factor;
use accounts::log_out::{LogOut, Revocation};
use accounts::pending::Occasion;
use accounts::ports::{Deletion, Observer, StoreStatus, TenantMode};
use accounts::registry::{Registry, RegistryError};
use accounts::{AccountId, Accounts, Tenant, Unread};
use tauri::{AppHandle, Emitter, Manager, Runtime};
use tokio::sync::Notify;
use userfront_client::UserfrontClient;

use crate::ipc::dto::{Notice, SessionAfterLogOut};
use crate::links::Arrived;
use crate::profile::ProfileScreen;
use crate::snapshot;
use crate::steps::Step;
use crate::watch::{self, Watch};
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
    /// The notice in the last snapshot of each window.
    shown: Mutex<HashMap<String, Shown>>,
    revision: tokio::sync::Mutex<u64>,
    pictures: Mutex<HashMap<AccountId, Picture>>,
    watching: AtomicBool,
    /// What was cut off is finished as far as this machine goes: the first view can be shown.
    resumed: AtomicBool,
    /// The generation of the last log-out, by whichever program, whose destination the windows have gone to.
    followed: Mutex<Option<u64>>,
    /// A link that came unasked.
    arrived: Mutex<Option<Arrived>>,
    watch: Mutex<Option<Watch>>,
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
    /// How far the log-in to that tenant is; empty at the factor that is offered first.
    pub(crate) steps: Vec<Step>,
    /// Who is to log in again, if that is said.
    pub(crate) name: Option<String>,
    /// What happened, until it is dismissed or replaced.
    pub(crate) notice: Option<Notice>,
    /// What the notice of a log-out offers to open in the browser.
    pub(crate) page: Option<BrowserPage>,
    /// A view beside the account and the login screen.
    pub(crate) open: Option<Open>,
    /// The user's own details, while they are open.
    pub(crate) profile: Option<ProfileScreen>,
}

/// A notice that a window shows, and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown {
    /// The domain's.
    Unread(Unread),
    /// The window's own.
    Own(Notice),
}

/// A view beside the account and the login screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Open {
    /// The list of accounts.
    Accounts,
    /// What was done.
    Activity,
    /// What can be chosen.
    Settings,
    /// The user's own details.
    Profile,
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

    /// Another tenant, or none: the log-in begins anew.
    pub(crate) fn choose(&mut self, tenant: ChosenTenant) {
        self.tenant = tenant;
        self.steps.clear();
        self.name = None;
    }

    /// Back to the account or the login screen.
    pub(crate) fn leave_view(&mut self) {
        self.open = None;
        self.profile = None;
    }

    /// To the login screen, though an account could be shown.
    pub(crate) fn ask_for_log_in(&mut self) {
        *self = Self { wants_login: true, ..Self::default() };
    }

    /// Where a log-out leads. A window whose account is still there stays with it.
    fn go_to_destination(&mut self, outcome: &LogOut) {
        self.notice = Notice::of_log_out(outcome);
        self.page.clone_from(&outcome.destination.open_in_browser);
        self.open = match outcome.destination.place {
            Place::Here => self.open,
            Place::LogIn | Place::Account(_) => None,
            Place::Accounts => Some(Open::Accounts),
            Place::Activity => Some(Open::Activity),
            Place::Settings => Some(Open::Settings),
        };
    }
}

impl Notice {
    /// What to say of a log-out. What is left behind is listed by the snapshot itself.
    fn of_log_out(outcome: &LogOut) -> Option<Self> {
        let session = match outcome.revocation {
            Revocation::Revoked => SessionAfterLogOut::Ended,
            Revocation::AlreadyInvalid => SessionAfterLogOut::AlreadyOver,
            Revocation::Pending { .. } => SessionAfterLogOut::Pending,
            Revocation::Impossible { alive_until } => {
                let account_name = outcome.account_name.clone();
                return Some(Self::SessionLost { account_name, alive_until: alive_until.0 });
            }
        };
        if let Deletion::StillPresent(_) = outcome.deletion {
            return None;
        }
        let open_in_browser = outcome.destination.open_in_browser.as_ref().map(ToString::to_string);
        Some(Self::LoggedOut { account_name: outcome.account_name.clone(), session, open_in_browser })
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
            shown: Mutex::default(),
            revision: tokio::sync::Mutex::new(0),
            pictures: Mutex::default(),
            watching: AtomicBool::new(false),
            resumed: AtomicBool::new(false),
            followed: Mutex::default(),
            arrived: Mutex::default(),
            watch: Mutex::default(),
        }
    }

    /// The log-outs, by whichever program, whose destination the windows have not gone to yet. Those that were there at the
    /// start are nobody's business any more.
    fn log_outs_to_follow(&self, registry: &Registry) -> Vec<LogOut> {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = registry.recent_log_outs.iter().map(|recent| recent.generation).max();
        let latest = latest.unwrap_or_default().max(followed.unwrap_or_default());
        let before = followed.replace(latest);
        let is_new = |generation: u64| before.is_some_and(|before| generation > before);
        let recent = registry.recent_log_outs.iter().filter(|recent| is_new(recent.generation));
        recent.map(|recent| recent.outcome.clone()).collect()
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

    /// Dismisses the notice that this window was last told to show, and no other: a second click must not take away the
    /// next one, which nobody has read.
    pub(crate) async fn dismiss_notice(&self, window: &str) -> Result<(), RegistryError> {
        let Some(shown) = self.shown().get(window).cloned() else { return Ok(()) };
        let notice = shown.notice();
        self.change_screen(window, |screen| {
            // Also what a log-out has said of a session that it lost: it is the same.
            screen.notice.take_if(|own| *own == notice);
        });
        match shown {
            Shown::Unread(read) => self.accounts.dismiss(&read).await,
            Shown::Own(_) => Ok(()),
        }
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
        let (overview, screen) = (self.accounts.overview().await, self.screen(window));
        match snapshot::shown(&overview, &screen) {
            Some(shown) => self.shown().insert(window.to_owned(), shown),
            None => self.shown().remove(window),
        };
        let resumed = self.resumed.load(Ordering::SeqCst);
        let activity = match screen.open {
            Some(Open::Activity) => Some(self.accounts.activity().await),
            _ => None,
        };
        let arrived = self.arrived_link();
        snapshot::take(*revision, &overview, &screen, &self.environment, resumed, activity, arrived.as_ref())
    }

    /// The tenant that the login screen of a window shows, and its ways in.
    pub(crate) async fn ways_in_of(&self, window: &str) -> Option<(Tenant, TenantMode)> {
        match self.screen(window).tenant {
            ChosenTenant::Asking => None,
            ChosenTenant::Chosen(tenant, ways_in) => Some((tenant, ways_in)),
            ChosenTenant::Last => {
                let registry = self.registry().await;
                let last = snapshot::last_tenant(&registry, &self.environment)?;
                Some((last.tenant.clone(), last.ways_in.clone()?))
            }
        }
    }

    /// The first factor that was used last at a tenant.
    pub(crate) async fn last_factor(&self, tenant: &Tenant) -> Option<Factor> {
        let registry = self.registry().await;
        registry.last_tenant.filter(|last| last.tenant == *tenant)?.last_factor
    }

    /// The link that waits for the user to say whether it is to be taken.
    pub(crate) fn arrived_link(&self) -> Option<Arrived> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn ask_about_link(&self, arrived: Option<Arrived>) {
        *self.arrived.lock().unwrap_or_else(PoisonError::into_inner) = arrived;
        self.bell.changed();
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

    fn shown(&self) -> MutexGuard<'_, HashMap<String, Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn screens(&self) -> MutexGuard<'_, HashMap<String, Screen>> {
        self.screens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the loop that sends snapshots, finishes what was cut off, and then restores the accounts and tends to what is
/// owed.
pub(crate) fn wake<R: Runtime>(app: &AppHandle<R>) {
    watch_the_disk(app);
    watch_sleep(app);
    let sending = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = sending.state::<Shell>();
        loop {
            shell.bell.0.notified().await;
            follow(&sending, &shell).await;
            send(&sending, &shell).await;
            shell.watch_hung_keyring(&sending).await;
        }
    });
    let restoring = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = restoring.state::<Shell>();
        shell.log_outs_to_follow(&shell.registry().await);
        if let Err(error) = shell.accounts.resume().await {
            tracing::error!(%error, "what was cut off is not finished");
        }
        shell.resumed.store(true, Ordering::SeqCst);
        shell.bell.changed();
        // Beside it: a server that hangs keeps nothing else from being done in its time.
        restore_soon(&restoring);
        shell.accounts.tend().await;
    });
}

/// What other programs of ours change is shown too. Without that the app works on its own.
fn watch_the_disk<R: Runtime>(app: &AppHandle<R>) {
    let (shell, watching) = (app.state::<Shell>(), app.clone());
    match watch::start(&shell.environment.home, move || watching.state::<Shell>().accounts.registry_changed())
    {
        Ok(watch) => *shell.watch.lock().unwrap_or_else(PoisonError::into_inner) = Some(watch),
        Err(error) => tracing::warn!(%error, "what other programs change is not noticed at once"),
    }
}

/// After a sleep, what is due is looked at again. Without that the window's focus is the occasion.
fn watch_sleep<R: Runtime>(app: &AppHandle<R>) {
    #[cfg(target_os = "linux")]
    {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Err(error) = crate::sleep::watch(|| app.state::<Shell>().accounts.woke()).await {
                tracing::info!(%error, "nobody tells of this machine's sleep");
            }
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _: &AppHandle<R> = app;
}

async fn follow<R: Runtime>(app: &AppHandle<R>, shell: &Shell) {
    for outcome in shell.log_outs_to_follow(&shell.registry().await) {
        go_to_destination(app, &outcome);
    }
}

/// Sends every window to where a log-out leads.
pub(crate) fn go_to_destination<R: Runtime>(app: &AppHandle<R>, outcome: &LogOut) {
    app.state::<Shell>().change_screens(|screen| screen.go_to_destination(outcome));
    if let Place::Account(account) = outcome.destination.place.clone() {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Err(error) = app.state::<Shell>().accounts.switch(&account).await {
                tracing::warn!(%account, %error, "the account that a log-out leads to is not shown");
            }
        });
    }
}

/// Does what had to wait, in the background.
pub(crate) fn restore_soon<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { restore(&app).await });
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
        accounts.woke();
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
        if let Err(error) = app.state::<Shell>().accounts.retry_pending(Occasion::Opportunity).await {
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
