//! The app's own state, beside the domain's.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use accounts::model::auth_config::AuthConfig;
use accounts::model::factor::Factor;
use accounts::model::registry::{Account, Registry};
use accounts::ports::Observer as _;
use accounts::storage::environment::Environment;
use accounts::{Accounts, Tenant, Work};
use folder_watch::Watch;
use tokio::sync::watch;
use userfront_client::UserfrontClient;

use crate::dto::Snapshot;
use crate::state::arrived_link::ArrivedLink;
use crate::state::change_notifier::ChangeNotifier;
use crate::state::followed_log_outs::FollowedLogOuts;
use crate::state::lock;
use crate::state::news::News;
use crate::state::pictures::Pictures;
use crate::state::screen::{Screen, ShownNotice};
use crate::state::tenant::{ChosenTenant, last_tenant};
use crate::state::tray_action::TrayAction;
use crate::system::clipboard::Clipboard;
use crate::system::notified;
use crate::system::tray::Menu;
use crate::system::window_place::WindowPlace;

pub(crate) struct AppState {
    pub(crate) accounts: Accounts,
    pub(crate) userfront: Arc<UserfrontClient>,
    pub(crate) environment: Environment,
    notifier: Arc<ChangeNotifier>,
    screen: Mutex<Screen>,
    pub(crate) shown_notice: Mutex<Option<ShownNotice>>,
    /// Locked while the next one is made, so that a higher revision is never older.
    pub(crate) latest_snapshot: tokio::sync::Mutex<Option<Snapshot>>,
    pub(crate) pictures: Pictures,
    pub(crate) clipboard: Clipboard,
    pub(crate) place: WindowPlace,
    pub(crate) followed_log_outs: Mutex<FollowedLogOuts>,
    /// Interrupted work is finished as far as possible without a server: the first view can be shown.
    pub(crate) is_resumed: AtomicBool,
    pub(crate) is_watching_keyring: AtomicBool,
    pub(crate) news: Mutex<News>,
    pub(crate) tray_menu: watch::Sender<Menu<TrayAction>>,
    /// The desktop shows our item in its tray.
    pub(crate) has_tray: AtomicBool,
    pub(crate) closes_to_tray: AtomicBool,
    /// The desktop says when the user is away.
    pub(crate) hears_of_idle: AtomicBool,
    /// The window shows nothing of the accounts until the user asks.
    pub(crate) is_covered: AtomicBool,
    pub(crate) is_closing: AtomicBool,
    pub(crate) watch: Mutex<Option<Watch>>,
    arrived_link: Mutex<Option<ArrivedLink>>,
    arrivals: AtomicU64,
}

impl AppState {
    pub(crate) fn new(
        accounts: Accounts,
        userfront: Arc<UserfrontClient>,
        environment: Environment,
        notifier: Arc<ChangeNotifier>,
    ) -> Self {
        Self {
            accounts,
            userfront,
            notifier,
            screen: Mutex::default(),
            shown_notice: Mutex::default(),
            latest_snapshot: tokio::sync::Mutex::default(),
            pictures: Pictures::default(),
            clipboard: Clipboard::default(),
            place: WindowPlace::default(),
            followed_log_outs: Mutex::default(),
            is_resumed: AtomicBool::new(false),
            is_watching_keyring: AtomicBool::new(false),
            news: Mutex::new(News::after(notified::read(&environment.home))),
            tray_menu: watch::Sender::new(None),
            has_tray: AtomicBool::new(false),
            closes_to_tray: AtomicBool::new(false),
            hears_of_idle: AtomicBool::new(false),
            is_covered: AtomicBool::new(false),
            is_closing: AtomicBool::new(false),
            watch: Mutex::default(),
            arrived_link: Mutex::default(),
            arrivals: AtomicU64::new(0),
            environment,
        }
    }

    pub(crate) fn changed(&self) {
        self.notifier.changed();
    }

    pub(crate) async fn wait_for_change(&self) {
        self.notifier.wait().await;
    }

    pub(crate) fn screen(&self) -> Screen {
        lock(&self.screen).clone()
    }

    pub(crate) fn change_screen(&self, change: impl FnOnce(&mut Screen)) {
        change(&mut lock(&self.screen));
        self.changed();
    }

    /// The user chooses another way: a requested link is no longer awaited, and the window asks when it
    /// comes.
    pub(crate) fn go_another_way(&self, change: impl FnOnce(&mut Screen)) {
        self.accounts.forget_asked_for_link();
        self.change_screen(change);
    }

    /// The same during a log-in: if it succeeds later, the window stays where the user has gone.
    pub(crate) async fn leave_form(&self, change: impl FnOnce(&mut Screen)) {
        let is_logging_in = self.accounts.overview().await.in_progress.contains(&Work::LoggingIn);
        self.go_another_way(|screen| {
            change(screen);
            screen.wants_login |= is_logging_in;
        });
    }

    /// A copy of the screen. The screen remembers this account, if there is one, as shown.
    pub(crate) fn show_account(&self, shown: Option<&Account>) -> Screen {
        let mut screen = lock(&self.screen);
        if let Some(account) = shown {
            screen.visit(account);
        }
        screen.clone()
    }

    /// The current registry; empty when it cannot be read (the snapshot then says why).
    pub(crate) async fn registry(&self) -> Arc<Registry> {
        self.accounts.overview().await.registry
    }

    /// The tenant on the login screen, and its auth config. The screen keeps it from now on: another program
    /// may log in elsewhere, and a password for one tenant must not go to another.
    pub(crate) async fn hold_tenant(&self) -> Option<(Tenant, AuthConfig)> {
        match self.screen().tenant {
            ChosenTenant::Asking | ChosenTenant::Unasked(..) => None,
            ChosenTenant::Chosen(tenant, config) => Some((tenant, config)),
            ChosenTenant::Last => {
                let registry = self.registry().await;
                let last = last_tenant(&registry, &self.environment)?;
                let (tenant, config) = (last.tenant.clone(), last.auth_config.clone()?);
                self.change_screen(|screen| screen.stay_with(&tenant, &config));
                Some((tenant, config))
            }
        }
    }

    pub(crate) fn login_tenant(&self, registry: &Registry) -> Option<Tenant> {
        match self.screen().tenant {
            ChosenTenant::Asking => None,
            ChosenTenant::Chosen(tenant, _) | ChosenTenant::Unasked(tenant, _) => Some(tenant),
            ChosenTenant::Last => last_tenant(registry, &self.environment).map(|last| last.tenant.clone()),
        }
    }

    pub(crate) async fn last_factor(&self, tenant: &Tenant) -> Option<Factor> {
        let registry = self.registry().await;
        registry.last_tenant.as_ref().filter(|last| last.tenant == *tenant)?.last_factor.clone()
    }

    pub(crate) fn arrived_link(&self) -> Option<ArrivedLink> {
        lock(&self.arrived_link).clone()
    }

    pub(crate) fn next_arrival(&self) -> u64 {
        self.arrivals.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn ask_about_link(&self, arrived: ArrivedLink) {
        *lock(&self.arrived_link) = Some(arrived);
        self.changed();
    }

    /// The question about this link is answered; a question about another link stays.
    pub(crate) fn drop_arrived_link(&self, id: u64) {
        lock(&self.arrived_link).take_if(|arrived| arrived.id == id);
        self.changed();
    }
}
