//! A machine, its processes, a server, and the invariant.

mod invariant;

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use accounts::base::refresh_outcome::{RefreshFailure, Refreshed};
use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::LogInError;
use accounts::log_in::progress::Progress;
use accounts::log_out::error::LogOutError;
use accounts::model::activity::Program;
use accounts::model::destination::Redirect;
use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::Registry;
use accounts::ports::{AccountLock, Observer, Ports, RegistryStorage, StoreStatus};
use accounts::{AccessToken, AccountId, Accounts, Password, Tenant};
use credential_store::effects::{Effects, Fault};
use credential_store::memory::{Items, MemoryKeyring};
use sandbox::{Clock, Options, RefreshSession, Server};

use crate::fakes::{Disk, DiskTrouble, LastGood, MemoryRegistry, MemoryUserfront, Network, SharedClock};

pub(crate) const SERVICE: &str = "desktop.userfront.accounts.test";
pub(crate) const PASSWORD: &str = "testmodepassword";
const NOW: i64 = 1_800_000_000;

/// The state that outlives a process.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) server: Arc<Server>,
    pub(crate) network: Network,
    pub(crate) keyring: Items,
    pub(crate) disk: Disk,
    pub(crate) clock: Clock,
    pub(crate) clock_ahead: Arc<AtomicI64>,
    pub(crate) tenant: Tenant,
    /// Tokens were removed by hand: an account may be without.
    pub(crate) tokens_removed: bool,
    /// A session may be over without a program here having been able to tell.
    pub(crate) unsure: bool,
    /// Sessions that the user discarded, or was told to be out of reach.
    pub(crate) given_up: Arc<Mutex<BTreeSet<String>>>,
    /// Entries that were in the keyring when the list was lost or damaged: these may be foreign, and no
    /// others but those of `beside`.
    pub(crate) may_be_foreign: Arc<Mutex<BTreeSet<String>>>,
    /// The disk of another data folder, which uses the same keyring.
    pub(crate) beside: Option<Disk>,
}

/// One run of the app.
#[derive(Clone)]
pub(crate) struct Process {
    pub(crate) accounts: Accounts,
    pub(crate) effects: Effects,
}

struct Nobody;

impl Observer for Nobody {
    fn changed(&self) {}
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = Clock::fixed(NOW);
        let options = Options { clock: clock.clone(), ..Options::default() };
        Self {
            server: Arc::new(Server::new(&options)),
            network: Network::default(),
            keyring: Items::new(),
            disk: Disk::default(),
            clock,
            clock_ahead: Arc::default(),
            tenant: tenant("https://api.userfront.com/v0/"),
            tokens_removed: false,
            unsure: false,
            given_up: Arc::default(),
            may_be_foreign: Arc::default(),
            beside: None,
        }
    }

    /// This world, and another data folder on the same machine, keyring and service.
    pub(crate) fn and_another_list(self) -> (Self, Self) {
        let other = Self {
            network: Network::for_other_program(&self.network),
            disk: Disk::default(),
            given_up: Arc::default(),
            beside: Some(self.disk.clone()),
            ..self.clone()
        };
        (Self { beside: Some(other.disk.clone()), ..self }, other)
    }

    /// The list is lost, with its last good copy. The entries in the keyring are foreign to the next one.
    pub(crate) fn lose_registry(&self) {
        self.replace_registry(Registry::default());
    }

    /// The list is replaced while no program looks. The entries in the keyring may be foreign to the new one.
    pub(crate) fn replace_registry(&self, registry: Registry) {
        self.may_be_foreign.lock().unwrap().extend(self.entries());
        self.disk.replace_registry(registry);
    }

    /// A server in live mode.
    pub(crate) fn live() -> Self {
        let world = Self::new();
        let options = Options { clock: world.clock.clone(), mode: sandbox::Mode::Live, ..Options::default() };
        Self { server: Arc::new(Server::new(&options)), ..world }
    }

    /// A server where a refresh does this to the session.
    pub(crate) fn refreshing(refresh_session: RefreshSession) -> Self {
        let world = Self::new();
        let options = Options { clock: world.clock.clone(), refresh_session, ..Options::default() };
        Self { server: Arc::new(Server::new(&options)), ..world }
    }

    /// A machine whose clock is set wrong by so many seconds.
    pub(crate) fn with_clock_ahead(seconds: i64) -> Self {
        let world = Self::new();
        world.set_clock_ahead(seconds);
        world
    }

    pub(crate) fn set_clock_ahead(&self, seconds: i64) {
        self.clock_ahead.store(seconds, Ordering::SeqCst);
    }

    /// The app starts; nothing is restored yet.
    pub(crate) fn process(&self, plan: impl IntoIterator<Item = (u64, Fault)>) -> Process {
        self.program(Program::App, plan)
    }

    /// The same of one of our programs.
    pub(crate) fn program(&self, program: Program, plan: impl IntoIterator<Item = (u64, Fault)>) -> Process {
        let effects = Effects::planned(plan);
        Process { accounts: Accounts::new(self.ports(&effects), program), effects }
    }

    /// The ports of one of our programs.
    pub(crate) fn ports(&self, effects: &Effects) -> Ports {
        Ports {
            store: Arc::new(MemoryKeyring::new(SERVICE, self.keyring.clone(), effects.clone())),
            userfront: Arc::new(MemoryUserfront {
                server: self.server.clone(),
                network: self.network.clone(),
                effects: effects.clone(),
                clock: self.clock.clone(),
            }),
            registry: Arc::new(MemoryRegistry { disk: self.disk.clone(), effects: effects.clone() }),
            activity: Arc::new(self.disk.clone()),
            settings: Arc::new(self.disk.clone()),
            clock: Arc::new(SharedClock { server: self.clock.clone(), ahead: self.clock_ahead.clone() }),
            observer: Arc::new(Nobody),
        }
    }

    /// A process, and `admin` logged in by it.
    pub(crate) async fn logged_in(&self) -> (Process, AccountId) {
        let process = self.process([]);
        let id = process.log_in(self).await.unwrap();
        (process, id)
    }

    /// A start without a fault, after any time that a server has asked to wait.
    pub(crate) async fn quiet_start(&self) -> Process {
        self.keyring.set_status(StoreStatus::Ok);
        self.network.heal();
        self.disk.set_full(false);
        self.disk.set_trouble(DiskTrouble::default());
        self.clock.advance(61 * 60);
        let process = self.process([]);
        process.accounts.restore().await.unwrap();
        // A try that was cut off while it asked for a refresh does so again only when the user wants it.
        for row in self.registry().pending.into_iter().filter(|row| row.refresh_asked) {
            process.accounts.retry_revocation(&row.entry).await.unwrap();
        }
        process
    }

    /// A start of the app, as things are.
    pub(crate) async fn start(&self) -> Process {
        let process = self.process([]);
        process.accounts.restore().await.unwrap();
        process
    }

    pub(crate) fn registry(&self) -> Registry {
        self.disk.registry()
    }

    /// Names of our entries in the keyring.
    pub(crate) fn entries(&self) -> Vec<String> {
        self.keyring
            .names()
            .into_iter()
            .map(|(service, name)| {
                assert_eq!(service, SERVICE);
                name
            })
            .collect()
    }

    /// The tokens in an entry, a line each.
    pub(crate) fn tokens_in(&self, name: &str) -> Vec<String> {
        let secrets = self.keyring.secrets(SERVICE, name);
        let text = |secret| AccessToken::from(secret).secret().to_owned();
        secrets
            .into_iter()
            .flat_map(|secret| text(secret).lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    /// Another process holds the lock of an account, until it is dropped.
    pub(crate) async fn hold_lock(&self, id: &AccountId) -> AccountLock {
        let other = MemoryRegistry { disk: self.disk.clone(), effects: Effects::new() };
        other.lock_account(id).await.unwrap()
    }

    pub(crate) fn sessions_alive(&self) -> BTreeSet<String> {
        self.server
            .sessions()
            .into_iter()
            .filter(|session| session.alive)
            .map(|session| session.session_id)
            .collect()
    }

    /// How often the server was asked to end a session.
    pub(crate) fn revocations(&self) -> usize {
        self.server.requests().iter().filter(|request| request.path.ends_with("auth/logout")).count()
    }

    /// The account at this host, if there is one.
    pub(crate) fn account_at(&self, host: &str) -> Option<AccountId> {
        let at = tenant(host);
        self.registry().accounts.into_iter().find(|account| account.tenant == at).map(|account| account.id)
    }

    /// A log-in that may fail. A session that it reports as alive and out of reach is given up only where
    /// nothing could be written: else it is pending, or named as lost.
    pub(crate) async fn log_in_at(&self, process: &Process, at: &Tenant) {
        let password = Password::new(PASSWORD);
        let done = process.accounts.log_in_with_password(at, "admin@example.com", &password).await;
        let is_alive = matches!(
            done,
            Err(LogInError::NotStored { rollback: Rollback::Alive { .. }, .. }
                | LogInError::LoggedOutMeanwhile { rollback: Rollback::Alive { .. } }
                | LogInError::Foreign { rollback: Rollback::Alive { .. }, .. }
                | LogInError::Tokens { rollback: Rollback::Alive { .. }, .. })
        );
        if is_alive && self.disk.is_full() {
            self.unseen().into_iter().for_each(|session| self.give_up(session));
        }
    }

    /// The registry is damaged, and the user is told so. Sessions that only the registry knew, without a
    /// token in the keyring, are given up.
    pub(crate) fn damage_registry(&self, copy: LastGood) {
        let in_keyring = self.sessions_in(&self.entries());
        let received = self.network.received().into_iter();
        received.filter(|session| !in_keyring.contains(session)).for_each(|session| self.give_up(session));
        self.may_be_foreign.lock().unwrap().extend(self.entries());
        self.disk.damage(copy, self.clock.now().unsigned_abs() * 1_000);
    }

    pub(crate) fn give_up(&self, session: String) {
        self.given_up.lock().unwrap().insert(session);
    }
}

impl Process {
    pub(crate) async fn log_in(&self, world: &World) -> Result<AccountId, LogInError> {
        let password = Password::new(PASSWORD);
        let done = self.accounts.log_in_with_password(&world.tenant, "admin@example.com", &password).await?;
        let Progress::LoggedIn(id) = done else { panic!("a second factor") };
        Ok(id)
    }

    /// The names that `status` would list as foreign, and that the user has not left.
    pub(crate) async fn named(&self) -> Vec<String> {
        let foreign = self.accounts.overview().await.foreign;
        foreign.into_iter().filter(|it| !it.is_left).map(|it| it.entry.to_string()).collect()
    }

    pub(crate) async fn log_out(&self, id: &AccountId) -> Result<LogOut, LogOutError> {
        self.accounts.log_out(id, &Redirect::Follow).await
    }

    /// A refresh; `meanwhile` takes place when the server has answered, and before its answer arrives.
    pub(crate) async fn refresh_while(
        &self,
        world: &World,
        id: &AccountId,
        meanwhile: impl Future<Output = ()>,
    ) -> Result<Refreshed, RefreshFailure> {
        let arrived = world.network.slow_down_tokens();
        let meanwhile = async {
            world.network.tokens_are_on_their_way().await;
            meanwhile.await;
            arrived.notify_one();
        };
        tokio::join!(self.accounts.refresh(id), meanwhile).0
    }

    /// Runs it until it is done, or until the process dies.
    pub(crate) fn until_crash<'a, T: 'a>(
        &'a self,
        work: impl Future<Output = T> + 'a,
    ) -> Pin<Box<dyn Future<Output = Option<T>> + 'a>> {
        Box::pin(async move {
            tokio::select! {
                biased;
                () = self.effects.crashed() => None,
                done = work => Some(done),
            }
        })
    }
}

pub(crate) fn tenant(api: &str) -> Tenant {
    Tenant { id: "demo1234".parse().unwrap(), api: api.parse().unwrap(), domain: None }
}
