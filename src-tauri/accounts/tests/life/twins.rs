//! The twins that are not the keyring's: a disk and a server in memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounts::account::{AccountId, Profile};
use accounts::factor::Factor;
use accounts::ports::{
    AccountLock, CallFailure, Change, Clock, LogInAnswer, ModeError, PasswordError, RefreshError,
    RegistryStorage, RevokeAnswer, TenantMode, Timestamp, UserError, Userfront,
};
use accounts::registry::{Registry, RegistryError};
use accounts::{AccessToken, IdToken, Mode, Password, RefreshToken, SessionToken, Tenant, Tokens};
use async_trait::async_trait;
use credential_store::effects::{Effects, Fate};
use sandbox::{Request, Response, Server};
use serde_json::json;
use tokio::sync::Notify;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The disk of a machine: one registry, and whether it can be written.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    registry: Arc<Mutex<Registry>>,
    full: Arc<Mutex<bool>>,
    locks: Arc<Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Disk {
    pub(crate) fn registry(&self) -> Registry {
        lock(&self.registry).clone()
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
        Ok(AccountLock::new(mutex.lock_owned().await))
    }
}

/// The network between a machine and the server, as it is now.
#[derive(Clone, Default)]
pub(crate) struct Network {
    failure: Arc<Mutex<Option<(bool, CallFailure)>>>,
    received: Arc<Mutex<HashSet<String>>>,
    slow_refresh: Arc<Mutex<Option<Arc<Notify>>>>,
}

impl Network {
    /// From here on calls fail: before they take effect, or after.
    pub(crate) fn fail(&self, after: bool, failure: CallFailure) {
        *lock(&self.failure) = Some((after, failure));
    }

    pub(crate) fn heal(&self) {
        *lock(&self.failure) = None;
    }

    /// The answer to the next refresh is on its way until the returned bell rings.
    pub(crate) fn slow_down_refresh(&self) -> Arc<Notify> {
        lock(&self.slow_refresh).insert(Arc::default()).clone()
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
}

impl MemoryUserfront {
    async fn call(&self, what: &str, request: Request) -> Result<Response, CallFailure> {
        let step = self.effects.begin(what).await;
        let fate = step.fate();
        let spoiled = lock(&self.network.failure).clone();
        let arrives = fate.happens() && !matches!(spoiled, Some((false, _)));
        let answer = arrives.then(|| self.server.handle(&request));
        step.end().await;
        match (spoiled, fate, answer) {
            (Some((_, failure)), ..) => Err(failure),
            (None, Fate::Happen, Some(answer)) => Ok(answer),
            (None, Fate::Lie, _) => {
                Err(CallFailure::Unintelligible { status: 200, detail: "HTML".to_owned() })
            }
            (None, Fate::Fail, _) => Err(CallFailure::Unreachable { detail: "refused".to_owned() }),
            (None, _, _) => Err(CallFailure::TimedOut),
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
        let slow = lock(&self.network.slow_refresh).take();
        if let Some(arrived) = slow {
            arrived.notified().await;
        }
        match answer.status.as_u16() {
            200 => Ok(self.tokens(tenant, &answer)),
            _ => Err(RefreshError::SessionOver { message: message(&answer) }),
        }
    }

    async fn user(&self, _: &Tenant, _: &AccessToken) -> Result<Profile, UserError> {
        Ok(Profile { tenant_name: Some("Demo Workspace".to_owned()), ..Profile::default() })
    }

    async fn revoke(&self, _: &Tenant, token: &SessionToken) -> Result<RevokeAnswer, CallFailure> {
        let answer =
            self.call("revoke at the server", Request::get("auth/logout").bearer(token.secret())).await?;
        match answer.status.as_u16() {
            200 => Ok(RevokeAnswer::Revoked { redirect_to: answer.text("/redirectTo").map(str::to_owned) }),
            status => Ok(RevokeAnswer::Invalid { status, message: message(&answer) }),
        }
    }
}

/// The server's clock is the machine's too.
pub(crate) struct SharedClock(pub(crate) sandbox::Clock);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now())
    }
}
