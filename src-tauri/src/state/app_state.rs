//! What the shell keeps of its own: which screen each window shows ([`Screen`]), pictures, a link that came
//! unasked. How it comes to life is told in [`wake`](mod@wake).

mod close;
mod log_outs;
mod pictures;
mod wake;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounts::log_out::pending_revocations::Occasion;
use accounts::model::auth_config::AuthConfig;
use accounts::model::factor::Factor;
use accounts::model::registry::{Account, RecentLogOut, Registry};
use accounts::model::registry_error::RegistryError;
use accounts::ports::Observer;
use accounts::storage::environment::Environment;
use accounts::{AccountId, Accounts, Tenant, Work};
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::Notify;
use userfront_client::UserfrontClient;

use crate::ipc::dto;
use crate::links::Arrived;
use crate::screen::{ChosenTenant, Open, Screen, Shown};
use crate::snapshot;
use crate::watch::Watch;
use crate::window::MAIN;

use pictures::Pictures;

pub(crate) use close::close_later;
pub(crate) use log_outs::unwritten;
pub(crate) use pictures::version;
pub(crate) use wake::{look_at_keyring, restore_soon, wake};

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
    pictures: Pictures,
    watching: AtomicBool,
    /// What was cut off is finished as far as this machine goes: the first view can be shown.
    resumed: AtomicBool,
    /// The generations of the log-outs, by whichever program, whose destination the windows have gone to.
    followed: Mutex<Option<HashSet<u64>>>,
    /// The log-outs of the last minute, as the windows were told of them.
    told: Mutex<Vec<RecentLogOut>>,
    /// A link that came unasked.
    arrived: Mutex<Option<Arrived>>,
    /// How many came so far.
    arrivals: AtomicU64,
    watch: Mutex<Option<Watch>>,
    /// The user has closed the window, which waits for what is under way.
    closing: AtomicBool,
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
            pictures: Pictures::default(),
            watching: AtomicBool::new(false),
            resumed: AtomicBool::new(false),
            followed: Mutex::default(),
            told: Mutex::default(),
            arrived: Mutex::default(),
            arrivals: AtomicU64::new(0),
            watch: Mutex::default(),
            closing: AtomicBool::new(false),
        }
    }

    /// What a window shows.
    pub(crate) fn screen(&self, window: &str) -> Screen {
        self.screens().get(window).cloned().unwrap_or_default()
    }

    /// Dismisses the notice that this window was last told to show, and no other: a second click must not
    /// take away the next one, which nobody has read.
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

    /// The same where the user goes another way: a link that was asked for is not awaited any more, and the
    /// next one asks.
    pub(crate) fn go_another_way(&self, window: &str, change: impl FnOnce(&mut Screen)) {
        self.accounts.forget_asked_for_link();
        self.change_screen(window, change);
    }

    /// The same in the middle of a log-in: when that takes place all the same, it does not take the window
    /// away from where the user has gone.
    pub(crate) async fn leave_form(&self, window: &str, change: impl FnOnce(&mut Screen)) {
        let is_logging_in = self.accounts.overview().await.in_progress.contains(&Work::LoggingIn);
        self.go_another_way(window, |screen| {
            change(screen);
            screen.wants_login |= is_logging_in;
        });
    }

    /// Changes what every window shows.
    pub(crate) fn change_screens(&self, change: impl Fn(&mut Screen)) {
        let mut screens = self.screens();
        screens.entry(MAIN.to_owned()).or_default();
        screens.values_mut().for_each(change);
        drop(screens);
        self.bell.changed();
    }

    /// The snapshot of a window, with the next revision. One at a time, so that a higher revision is never
    /// older. The windows go to where a log-out leads before any of them shows that the account is gone.
    pub(crate) async fn snapshot<R: Runtime>(&self, app: &AppHandle<R>, window: &str) -> snapshot::Snapshot {
        let mut revision = self.revision.lock().await;
        *revision += 1;
        let overview = self.accounts.overview().await;
        self.follow(app, &overview);
        self.pictures.forget_but(&overview.registry);
        let screen = self.show_account(window, accounts::view::shown_account(&overview));
        match snapshot::shown_notice(&overview, &screen) {
            Some(shown) => self.shown().insert(window.to_owned(), shown),
            None => self.shown().remove(window),
        };
        let resumed = self.resumed.load(Ordering::SeqCst);
        let activity = match screen.open {
            Some(Open::Activity) => Some(self.accounts.activity().await),
            _ => None,
        };
        let arrived = self.arrived_link();
        let mut snapshot = snapshot::take(
            *revision,
            &overview,
            &screen,
            &self.environment,
            resumed,
            activity,
            arrived.as_ref(),
        );
        if self.is_closing() {
            snapshot.in_progress.insert(0, dto::Work::Closing);
        }
        snapshot
    }

    /// What a window shows, which remembers the account in it.
    fn show_account(&self, window: &str, shown: Option<&Account>) -> Screen {
        let mut screens = self.screens();
        let screen = screens.entry(window.to_owned()).or_default();
        if let Some(account) = shown {
            screen.account = Some(account.clone());
        }
        screen.clone()
    }

    /// The tenant that the login screen of a window shows, and its ways in. The screen stays with it from now
    /// on: another program may log in elsewhere meanwhile, and what is typed for one tenant goes to no other.
    pub(crate) async fn hold_tenant(&self, window: &str) -> Option<(Tenant, AuthConfig)> {
        match self.screen(window).tenant {
            ChosenTenant::Asking | ChosenTenant::Unasked(..) => None,
            ChosenTenant::Chosen(tenant, ways_in) => Some((tenant, ways_in)),
            ChosenTenant::Last => {
                let registry = self.registry().await;
                let last = snapshot::last_tenant(&registry, &self.environment)?;
                let (tenant, ways_in) = (last.tenant.clone(), last.auth_config.clone()?);
                self.change_screen(window, |screen| screen.stay_with(&tenant, &ways_in));
                Some((tenant, ways_in))
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

    /// A number that no link before had.
    pub(crate) fn next_arrival(&self) -> u64 {
        self.arrivals.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Another one takes the place of the one that waits, and is another question.
    pub(crate) fn ask_about_link(&self, arrived: Arrived) {
        *self.arrived.lock().unwrap_or_else(PoisonError::into_inner) = Some(arrived);
        self.bell.changed();
    }

    /// The question about this link is answered; one about another link stays.
    pub(crate) fn drop_arrived_link(&self, id: u64) {
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        *arrived = arrived.take().filter(|other| other.id != id);
        drop(arrived);
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
            ChosenTenant::Chosen(tenant, _) | ChosenTenant::Unasked(tenant, _) => Some(tenant),
            ChosenTenant::Last => snapshot::last_tenant(&self.registry().await, &self.environment)
                .map(|last| last.tenant.clone()),
        }
    }

    fn shown(&self) -> MutexGuard<'_, HashMap<String, Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn screens(&self) -> MutexGuard<'_, HashMap<String, Screen>> {
        self.screens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the background: ends the older session, if the account was logged in before, and asks the server for
/// what the tokens do not say: the tenant's name.
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
