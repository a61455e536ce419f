//! The twins that are not the keyring's: a disk and a server in memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use accounts::account::{AccountId, Profile};
use accounts::activity::Line;
use accounts::factor::Factor;
use accounts::ports::{
    AccountLock, ActivityStorage, CallFailure, Change, Clock, FileError, LogInAnswer, ModeError,
    PasswordError, RefreshError, RegistryStorage, RevokeAnswer, RevokeAttempt, SettingsStorage, TenantMode,
    Timestamp, UserError, Userfront,
};
use accounts::registry::{Registry, RegistryError};
use accounts::settings::Settings;
use accounts::{AccessToken, IdToken, Mode, Password, RefreshToken, SessionToken, Tenant, Tokens};
use async_trait::async_trait;
use credential_store::effects::{Effects, Fate};
use sandbox::{Request, Response, Server};
use serde_json::json;
use tokio::sync::Notify;
use tokio::time::timeout;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The disk of a machine: the registry and what lies beside it, and whether it can be written.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    registry: Arc<Mutex<Registry>>,
    full: Arc<Mutex<bool>>,
    locks: Arc<Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<()>>>>>,
    activity: Arc<Mutex<Vec<Line>>>,
    settings: Arc<Mutex<Settings>>,
}

impl Disk {
    pub(crate) fn registry(&self) -> Registry {
        lock(&self.registry).clone()
    }

    pub(crate) fn activity(&self) -> Vec<Line> {
        lock(&self.activity).clone()
    }

    /// Behind everybody's back.
    pub(crate) fn replace_registry(&self, registry: Registry) {
        *lock(&self.registry) = registry;
    }

    pub(crate) fn set_full(&self, full: bool) {
        *lock(&self.full) = full;
    }
}

/// One process's way to the disk.
pub(crate) struct MemoryRegistry {
    pub(crate) disk: Disk,
    pub(crate) effects: Effects,
}

fn not_written() -> RegistryError {
    RegistryError::Io { action: "written", detail: "no space left on device".to_owned() }
}

#[async_trait]
impl RegistryStorage for MemoryRegistry {
    async fn read(&self) -> Result<Registry, RegistryError> {
        self.effects.alive().await;
        Ok(self.disk.registry())
    }

    async fn update(&self, change: Change) -> Result<Registry, RegistryError> {
        let step = self.effects.begin("write the registry").await;
        let fate = if *lock(&self.disk.full) { Fate::Fail } else { step.fate() };
        if fate.happens() {
            change(&mut lock(&self.disk.registry));
        }
        let written = self.disk.registry();
        step.end().await;
        if fate == Fate::Happen { Ok(written) } else { Err(not_written()) }
    }

    async fn lock_account(&self, account: &AccountId) -> Result<AccountLock, RegistryError> {
        self.effects.alive().await;
        let mutex = lock(&self.disk.locks).entry(account.clone()).or_default().clone();
        let Ok(guard) = timeout(LOCK_LIMIT, mutex.lock_owned()).await else {
            return Err(RegistryError::Busy);
        };
        let held = Held(Arc::new(Mutex::new(Some(guard))));
        // The system lets go of the locks of a dead process, whatever of it still waits for an answer here.
        let (slot, effects) = (held.0.clone(), self.effects.clone());
        tokio::spawn(async move {
            effects.crashed().await;
            lock(&slot).take();
        });
        Ok(AccountLock::new(held))
    }

    async fn is_at_work(&self, account: &AccountId) -> bool {
        let mutex = lock(&self.disk.locks).entry(account.clone()).or_default().clone();
        mutex.try_lock().is_err()
    }
}

/// As long as the real one waits.
const LOCK_LIMIT: Duration = Duration::from_secs(5);

struct Held(Arc<Mutex<Option<tokio::sync::OwnedMutexGuard<()>>>>);

impl Drop for Held {
    fn drop(&mut self) {
        lock(&self.0).take();
    }
}

#[async_trait]
impl ActivityStorage for Disk {
    async fn append(&self, line: Line) -> Result<(), FileError> {
        lock(&self.activity).push(line);
        Ok(())
    }

    async fn lines(&self) -> Result<Vec<Line>, FileError> {
        Ok(self.activity())
    }
}

#[async_trait]
impl SettingsStorage for Disk {
    async fn read(&self) -> Result<Settings, FileError> {
        Ok(*lock(&self.settings))
    }

    async fn write(&self, settings: Settings) -> Result<(), FileError> {
        *lock(&self.settings) = settings;
        Ok(())
    }
}

/// What is wrong between a machine and the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The call fails: before it took effect, or after.
    Fails { after: bool, failure: CallFailure },
    /// Nothing answers until the limit of the call has passed: before it took effect, or after.
    Hangs { after: bool },
    /// The answer, a good one, takes this long. (Effects take place at once.)
    Slow(Duration),
    /// A log-out is answered as done, and the session lives on.
    Lies,
}

/// The limit of a call.
const CALL_LIMIT: Duration = Duration::from_secs(15);

/// The network between a machine and the server, as it is now.
#[derive(Clone, Default)]
pub(crate) struct Network {
    trouble: Arc<Mutex<Option<Trouble>>>,
    received: Arc<Mutex<HashSet<String>>>,
    lied_about: Arc<Mutex<HashSet<String>>>,
    slow_tokens: Arc<Mutex<Option<Arc<Notify>>>>,
}

impl Network {
    /// From here on calls fail: before they take effect, or after.
    pub(crate) fn fail(&self, after: bool, failure: CallFailure) {
        self.trouble(Trouble::Fails { after, failure });
    }

    pub(crate) fn trouble(&self, trouble: Trouble) {
        *lock(&self.trouble) = Some(trouble);
    }

    pub(crate) fn heal(&self) {
        *lock(&self.trouble) = None;
    }

    /// The answer to the next refresh or log-in is on its way until the returned bell rings.
    pub(crate) fn slow_down_tokens(&self) -> Arc<Notify> {
        lock(&self.slow_tokens).insert(Arc::default()).clone()
    }

    /// Nobody waits for it any more.
    pub(crate) fn forget_slow_tokens(&self) {
        *lock(&self.slow_tokens) = None;
    }

    async fn wait_for_tokens(&self) {
        let slow = lock(&self.slow_tokens).take();
        if let Some(arrived) = slow {
            arrived.notified().await;
        }
    }

    /// Sessions that the server has called over while they live: nothing but the probe can tell.
    pub(crate) fn lied_about(&self) -> HashSet<String> {
        lock(&self.lied_about).clone()
    }

    /// Sessions whose tokens some process received whole.
    pub(crate) fn received(&self) -> HashSet<String> {
        lock(&self.received).clone()
    }
}

/// One process's way to the server.
pub(crate) struct MemoryUserfront {
    pub(crate) server: Arc<Server>,
    pub(crate) network: Network,
    pub(crate) effects: Effects,
    pub(crate) clock: sandbox::Clock,
}

impl MemoryUserfront {
    async fn call(&self, what: &str, request: Request) -> Result<Response, CallFailure> {
        let step = self.effects.begin(what).await;
        let fate = step.fate();
        let trouble = lock(&self.network.trouble).clone();
        let never_arrives =
            matches!(trouble, Some(Trouble::Fails { after: false, .. } | Trouble::Hangs { after: false }));
        let lies = trouble == Some(Trouble::Lies) && request.path.ends_with("auth/logout");
        let arrives = fate.happens() && !never_arrives && !lies;
        let answer = arrives.then(|| self.server.handle(&request));
        step.end().await;
        match (trouble, fate, answer) {
            (Some(Trouble::Fails { failure, .. }), ..) => Err(failure),
            (Some(Trouble::Hangs { .. }), ..) => {
                tokio::time::sleep(CALL_LIMIT).await;
                self.effects.alive().await;
                Err(CallFailure::TimedOut)
            }
            // 200 with an object, as a log-out has.
            (Some(Trouble::Lies), ..) if lies => {
                Ok(self.server.handle(&Request::get("tenants/demo1234/mode")))
            }
            (trouble, Fate::Happen, Some(answer)) => {
                if let Some(Trouble::Slow(wait)) = trouble {
                    tokio::time::sleep(wait).await;
                    self.effects.alive().await;
                }
                Ok(answer)
            }
            (_, Fate::Lie, _) => Err(CallFailure::Unintelligible { status: 200, detail: "HTML".to_owned() }),
            (_, Fate::Fail, _) => Err(CallFailure::Unreachable { detail: "refused".to_owned() }),
            (..) => Err(CallFailure::TimedOut),
        }
    }

    /// The tokens of an answer; from here on their session counts as received.
    fn tokens(&self, tenant: &Tenant, answer: &Response) -> Tokens {
        let token = |kind: &str| answer.text(&format!("/tokens/{kind}/value")).unwrap().to_owned();
        let tokens = Tokens {
            access: AccessToken::new(token("access")),
            id: Some(IdToken::new(token("id"))),
            refresh: Some(RefreshToken::new(token("refresh"))),
        };
        let claims = accounts::claims::Claims::read(tenant, &tokens).unwrap();
        lock(&self.network.received).insert(claims.session.to_string());
        tokens
    }
}

fn message(answer: &Response) -> String {
    answer.text("/message").unwrap_or_default().to_owned()
}

#[async_trait]
impl Userfront for MemoryUserfront {
    async fn mode(&self, _: &Tenant) -> Result<TenantMode, ModeError> {
        let factor =
            |strategy: &str, channel: &str| Factor { strategy: strategy.into(), channel: channel.into() };
        Ok(TenantMode {
            mode: Mode::Test,
            first_factors: vec![factor("link", "email"), factor("password", "email")],
        })
    }

    async fn log_in_with_password(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        password: &Password,
    ) -> Result<LogInAnswer, PasswordError> {
        let body = json!({"emailOrUsername": email_or_username, "password": password.secret()});
        let request = Request::post(&format!("tenants/{}/auth/basic", tenant.id), &body);
        let answer = self.call("log in at the server", request).await?;
        self.network.wait_for_tokens().await;
        match answer.status.as_u16() {
            200 => Ok(LogInAnswer {
                tokens: self.tokens(tenant, &answer),
                redirect_to: answer.text("/redirectTo").map(str::to_owned),
            }),
            404 => Err(PasswordError::UnknownTenant { message: message(&answer) }),
            _ => Err(PasswordError::WrongCredentials { message: message(&answer) }),
        }
    }

    async fn refresh(&self, tenant: &Tenant, token: &RefreshToken) -> Result<Tokens, RefreshError> {
        let answer =
            self.call("refresh at the server", Request::get("auth/refresh").bearer(token.secret())).await?;
        self.network.wait_for_tokens().await;
        match answer.status.as_u16() {
            200 => Ok(self.tokens(tenant, &answer)),
            _ => Err(RefreshError::SessionOver { message: message(&answer) }),
        }
    }

    async fn user(&self, _: &Tenant, token: &AccessToken) -> Result<Profile, UserError> {
        let answer = self.call("user at the server", Request::get("self").bearer(token.secret())).await?;
        match answer.status.as_u16() {
            200 => Ok(Profile { tenant_name: Some("Demo Workspace".to_owned()), ..Profile::default() }),
            _ => Err(UserError::NotValid { message: message(&answer) }),
        }
    }

    async fn revoke(&self, _: &Tenant, token: &SessionToken) -> RevokeAttempt {
        if *lock(&self.network.trouble) == Some(Trouble::Lies) {
            let session = accounts::claims::session_of(token).map(|session| session.to_string());
            lock(&self.network.lied_about).extend(session);
        }
        let answer =
            self.call("revoke at the server", Request::get("auth/logout").bearer(token.secret())).await;
        let nobody = matches!(answer, Err(CallFailure::Unreachable { .. } | CallFailure::TimedOut));
        let server_time = (!nobody).then(|| Timestamp(self.clock.now()));
        let answer = answer.map(|answer| match answer.status.as_u16() {
            200 => RevokeAnswer::Revoked { redirect_to: answer.text("/redirectTo").map(str::to_owned) },
            status => RevokeAnswer::Invalid { status, message: message(&answer) },
        });
        RevokeAttempt { answer, server_time }
    }
}

/// The server's clock is the machine's too.
pub(crate) struct SharedClock(pub(crate) sandbox::Clock);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now())
    }
}
