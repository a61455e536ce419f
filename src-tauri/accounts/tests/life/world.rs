//! A machine and a server, the processes that come and go on it, and what must be true of them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use accounts::activity::Program;
use accounts::claims::session_of;
use accounts::destination::Redirect;
use accounts::log_in::{LogInError, Undone};
use accounts::log_out::{LogOut, LogOutError};
use accounts::ports::{AccountLock, Observer, Ports, RegistryStorage, StoreStatus};
use accounts::refresh::{RefreshFailure, Refreshed};
use accounts::registry::{PendingRevocation, Phase, Registry};
use accounts::ways_in::Progress;
use accounts::{AccessToken, AccountId, Accounts, Password, SessionToken, Tenant};
use credential_store::effects::{Effects, Fault};
use credential_store::memory::{Items, MemoryKeyring};
use sandbox::{Clock, Options, RefreshSession, Server};

use crate::twins::{Disk, DiskTrouble, LastGood, MemoryRegistry, MemoryUserfront, Network, SharedClock};

pub(crate) const SERVICE: &str = "desktop.userfront.accounts.test";
pub(crate) const PASSWORD: &str = "testmodepassword";
const NOW: i64 = 1_800_000_000;

/// What outlives a process.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) server: Arc<Server>,
    pub(crate) network: Network,
    pub(crate) keyring: Items,
    pub(crate) disk: Disk,
    pub(crate) clock: Clock,
    pub(crate) clock_ahead: Arc<AtomicI64>,
    pub(crate) tenant: Tenant,
    /// Somebody has removed tokens by hand: an account may be without.
    pub(crate) tokens_removed: bool,
    /// A session may be dead without anybody here having been able to tell.
    pub(crate) unsure: bool,
    /// Sessions that the user discarded, or was told to be out of reach.
    pub(crate) given_up: Arc<Mutex<BTreeSet<String>>>,
    /// Entries that were in the keyring when the list was lost or damaged: these may be foreign, and no others but those
    /// of `beside`.
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
            network: Network::beside(&self.network),
            disk: Disk::default(),
            given_up: Arc::default(),
            beside: Some(self.disk.clone()),
            ..self.clone()
        };
        (Self { beside: Some(other.disk.clone()), ..self }, other)
    }

    /// The list is lost, with its last good copy. What lies in the keyring is foreign to the next one.
    pub(crate) fn lose_registry(&self) {
        self.replace_registry(Registry::default());
    }

    /// The list is another one, behind everybody's back. What lies in the keyring may be foreign to it.
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

    /// What a program of ours works with.
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

    /// A start on which nothing goes wrong (any more), after whatever a server has asked to wait for.
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

    /// Somebody else holds the lock of an account, until it is dropped.
    pub(crate) async fn hold_lock(&self, id: &AccountId) -> AccountLock {
        let somebody = MemoryRegistry { disk: self.disk.clone(), effects: Effects::new() };
        somebody.lock_account(id).await.unwrap()
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

    /// A log-in that may fail. What it says to be alive and out of reach is given up only where nothing could be written
    /// down: else it is owed, or named as lost.
    pub(crate) async fn log_in_at(&self, process: &Process, at: &Tenant) {
        let password = Password::new(PASSWORD);
        let done = process.accounts.log_in_with_password(at, "admin@example.com", &password).await;
        let is_alive = matches!(
            done,
            Err(LogInError::NotStored { undone: Undone::Alive { .. }, .. }
                | LogInError::LoggedOutMeanwhile { undone: Undone::Alive { .. } }
                | LogInError::Foreign { undone: Undone::Alive { .. }, .. }
                | LogInError::Tokens { undone: Undone::Alive { .. }, .. })
        );
        if is_alive && self.disk.is_full() {
            self.unseen().into_iter().for_each(|session| self.give_up(session));
        }
    }

    /// The registry is damaged. What only it could tell, nobody on this machine can tell any more, and the user is told that
    /// it was damaged: sessions without a token in the keyring are given up.
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

    /// Sessions alive whose tokens were received here, and of which nothing here knows.
    pub(crate) fn unseen(&self) -> Vec<String> {
        let registry = self.registry();
        let reserved: Vec<_> = registry.accounts.iter().map(|it| it.revoke_entry.to_string()).collect();
        let listed: BTreeSet<String> = (registry.accounts.iter().map(|account| account.session.to_string()))
            .chain(rows(&registry).flat_map(PendingRevocation::sessions).map(ToString::to_string))
            .chain(registry.lost.iter().map(|lost| lost.session.to_string()))
            .chain(self.given_up.lock().unwrap().iter().cloned())
            .chain(self.network.lied_about())
            .chain(self.sessions_in(&self.foreign()))
            // Tokens that a refresh left: the account's log-out ends their session, too.
            .chain(self.sessions_in(&reserved))
            .collect();
        let received = self.network.received();
        let unseen = |id: &String| received.contains(id) && !listed.contains(id);
        self.sessions_alive().into_iter().filter(unseen).collect()
    }

    /// What the keyring holds beyond this list, and may: all of it is named.
    pub(crate) fn foreign(&self) -> Vec<String> {
        let registry = self.registry();
        let known: BTreeSet<String> = registry.known_entries().map(|entry| entry.to_string()).collect();
        let mut may_be = self.may_be_foreign.lock().unwrap().clone();
        // Tokens of a session that was found alive when no list could be written.
        let lied_about = self.network.lied_about();
        let is_found = |name: &String| {
            let sessions = self.sessions_in(std::slice::from_ref(name));
            name.starts_with("revoke.") && sessions.iter().any(|session| lied_about.contains(session))
        };
        may_be.extend(self.entries().into_iter().filter(is_found));
        let beside = self.beside.iter().map(Disk::registry);
        may_be.extend(
            beside.flat_map(|other| other.known_entries().collect::<Vec<_>>()).map(|it| it.to_string()),
        );
        self.entries().into_iter().filter(|name| !known.contains(name) && may_be.contains(name)).collect()
    }

    /// The sessions of the tokens in these entries.
    pub(crate) fn sessions_in(&self, names: &[String]) -> BTreeSet<String> {
        let token = |text: String| SessionToken::Access(AccessToken::new(text));
        let tokens = names.iter().flat_map(|name| self.tokens_in(name)).map(token);
        tokens.filter_map(|token| Some(session_of(&token)?.to_string())).collect()
    }

    /// What the accounts of this list hold: their tokens, and which of their sessions are alive.
    pub(crate) fn holding(&self) -> (Vec<Vec<String>>, BTreeSet<String>) {
        let accounts = self.registry().accounts;
        let accounts: Vec<_> = accounts.iter().filter(|account| account.phase == Phase::Active).collect();
        let entries = accounts.iter().flat_map(|account| account.entries().into_iter().take(2));
        let tokens = entries.map(|entry| self.tokens_in(entry.as_str())).collect();
        let alive = self.sessions_alive();
        let sessions = accounts.iter().map(|account| account.session.to_string());
        (tokens, sessions.filter(|session| alive.contains(session)).collect())
    }

    /// The invariant of `accounts`' crate documentation.
    pub(crate) fn assert_invariant(&self, what: &str) {
        let registry = self.registry();
        let unseen = self.unseen();
        assert!(unseen.is_empty(), "{what}: alive and unseen: {unseen:?}\n{registry:#?}");
        let known: BTreeSet<String> = registry.known_entries().map(|entry| entry.to_string()).collect();
        let foreign = self.foreign();
        let is_said = |name: &String| known.contains(name) || foreign.contains(name);
        let unsaid: Vec<_> = self.entries().into_iter().filter(|name| !is_said(name)).collect();
        assert!(unsaid.is_empty(), "{what}: in the keyring and unsaid: {unsaid:?}\n{registry:#?}");
    }

    /// After a start on which nothing went wrong: each account is wholly logged in, or has left nothing.
    pub(crate) fn assert_settled(&self, what: &str) {
        self.assert_invariant(what);
        let registry = self.registry();
        assert!(registry.pending.is_empty() && registry.remnants.is_empty(), "{what}: {registry:#?}");
        let mut whole = BTreeSet::new();
        let mut sessions: BTreeSet<String> =
            registry.lost.iter().map(|lost| lost.session.to_string()).collect();
        for account in &registry.accounts {
            assert_eq!(account.phase, Phase::Active, "{what}");
            whole.extend(account.entries()[..2].iter().map(ToString::to_string));
            sessions.insert(account.session.to_string());
        }
        sessions.extend(
            registry.superseded.iter().flat_map(PendingRevocation::sessions).map(ToString::to_string),
        );
        let superseded = registry.superseded.iter().map(|row| &row.entry);
        let foreign = self.foreign();
        let found: BTreeSet<String> =
            self.entries().into_iter().filter(|name| !foreign.contains(name)).collect();
        // A crash while an account logs in again may leave its older token a second time, under the reserved name.
        let reserved: BTreeSet<String> = registry
            .accounts
            .iter()
            .map(|a| &a.revoke_entry)
            .chain(superseded)
            .map(ToString::to_string)
            .collect();
        assert!(
            self.tokens_removed || whole.is_subset(&found),
            "{what}: tokens missing: {whole:?} {found:?}"
        );
        assert!(
            found.iter().all(|name| {
                whole.contains(name)
                    || reserved.contains(name)
                    || registry.ended_elsewhere.iter().any(|ended| ended.as_str() == name)
            }),
            "{what}: {found:?}"
        );
        let alive = self.sessions_alive();
        assert!(
            self.unsure || registry.lost.iter().all(|lost| alive.contains(lost.session.as_str())),
            "{what}: a dead session is said to be alive: {:#?}",
            registry.lost
        );
        let received = self.network.received();
        sessions.extend(self.given_up.lock().unwrap().iter().cloned());
        sessions.extend(self.network.lied_about());
        sessions.extend(self.sessions_in(&foreign));
        let is_seen = |id: &String| sessions.contains(id) || !received.contains(id);
        assert!(self.sessions_alive().iter().all(is_seen), "{what}");
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
    pub(crate) async fn until_crash<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.effects.crashed() => None,
            done = work => Some(done),
        }
    }
}

/// Rows of sessions that are to be ended, now or later.
fn rows(registry: &Registry) -> impl Iterator<Item = &PendingRevocation> {
    registry.pending.iter().chain(&registry.superseded)
}

pub(crate) fn tenant(api: &str) -> Tenant {
    Tenant { id: "demo1234".parse().unwrap(), api: api.parse().unwrap(), domain: None }
}
