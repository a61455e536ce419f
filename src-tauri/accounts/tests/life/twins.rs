//! The twins that are not the keyring's: a disk and a server in memory.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use accounts::account::{AccountId, Profile};
use accounts::activity::Line;
use accounts::factor::Factor;
use accounts::factor::SecondFactor;
use accounts::link::Link;
use accounts::ports::{
    AccountLock, ActivityStorage, CallFailure, Change, Clock, CodeAddress, CodeFor, FactorAnswer,
    FactorError, FileError, LogInAnswer, MfaRequired, ModeError, NewUser, RefreshError, RegistryStorage,
    RevokeAnswer, RevokeAttempt, Sent, SettingsStorage, TenantMode, Timestamp, TotpFor, TotpOwner, TotpProof,
    TotpSetUp, User, UserChange, UserError, Userfront,
};
use accounts::registry::{Registry, RegistryError};
use accounts::settings::Settings;
use accounts::token::{FirstFactorToken, LinkText, OneTimeCode, SamlToken, TotpSecret};
use accounts::{AccessToken, IdToken, Mode, Password, RefreshToken, SessionToken, Tenant, Tokens};
use async_trait::async_trait;
use credential_store::effects::{Effects, Fate};
use sandbox::{Request, Response, Server};
use serde_json::{Value, json};
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
    pause: Arc<Mutex<Option<Pause>>>,
}

/// The next read of the registry takes its time.
#[derive(Clone)]
pub(crate) struct Pause {
    /// What it answers with is what is on disk before the pause, or after it.
    before: bool,
    pub(crate) reached: Arc<Notify>,
    pub(crate) go_on: Arc<Notify>,
}

impl Disk {
    /// Of the next read: what is on disk `before` the pause, or after it, is its answer.
    pub(crate) fn pause_next_read(&self, before: bool) -> Pause {
        let pause = Pause { before, reached: Arc::default(), go_on: Arc::default() };
        lock(&self.pause).insert(pause).clone()
    }

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
        let registry = self.disk.registry();
        let Some(pause) = lock(&self.disk.pause).take() else { return Ok(registry) };
        pause.reached.notify_one();
        pause.go_on.notified().await;
        Ok(if pause.before { registry } else { self.disk.registry() })
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
    taken_for: Arc<Mutex<Option<String>>>,
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

    /// The server takes whoever confirms an authenticator app for the user with this UUID.
    pub(crate) fn take_for(&self, uuid: &str) {
        *lock(&self.taken_for) = Some(uuid.to_owned());
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

    /// A call that a factor is given with.
    async fn factor(
        &self,
        tenant: &Tenant,
        what: &str,
        request: Request,
    ) -> Result<FactorAnswer, FactorError> {
        let answer = self.call(what, request).await?;
        self.network.wait_for_tokens().await;
        match answer.status.as_u16() {
            200 if answer.body["isMfaRequired"] == json!(true) => {
                Ok(FactorAnswer::SecondFactor(MfaRequired {
                    token: FirstFactorToken::new(answer.text("/firstFactorToken").unwrap()),
                    second_factors: answer.body["authentication"]["secondFactors"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|second| SecondFactor {
                            factor: serde_json::from_value(second.clone()).unwrap(),
                            is_configured: second["isConfiguredByUser"] == json!(true),
                        })
                        .collect(),
                }))
            }
            200 => Ok(FactorAnswer::Tokens(LogInAnswer {
                tokens: self.tokens(tenant, &answer),
                redirect_to: answer.text("/redirectTo").map(str::to_owned),
            })),
            404 => Err(FactorError::UnknownTenant { message: message(&answer) }),
            _ => Err(FactorError::Wrong { message: message(&answer) }),
        }
    }

    /// A call by which something is sent.
    async fn send(&self, what: &str, request: Request) -> Result<Sent, FactorError> {
        let answer = self.call(what, request).await?;
        match answer.status.as_u16() {
            200 => Ok(Sent {
                link: answer.text("/result/link").map(LinkText::new),
                code: answer.text("/result/verificationCode").map(OneTimeCode::new),
            }),
            _ => Err(FactorError::Wrong { message: message(&answer) }),
        }
    }

    /// A call of somebody who is logged in.
    async fn user_call(&self, what: &str, request: Request) -> Result<Response, UserError> {
        let answer = self.call(what, request).await?;
        match answer.status.as_u16() {
            200 => Ok(answer),
            401 => Err(UserError::NotValid { message: message(&answer) }),
            status => Err(CallFailure::Refused { status, message: message(&answer) }.into()),
        }
    }
}

fn put(path: &str, body: &Value) -> Request {
    Request { method: "PUT".parse().unwrap(), ..Request::post(path, body) }
}

fn user(answer: &Response) -> User {
    let text = |key: &str| answer.body[key].as_str().map(str::to_owned);
    User {
        profile: Profile {
            name: text("name"),
            username: text("username"),
            image: text("image"),
            email: text("email"),
            tenant_name: Some("Demo Workspace".to_owned()),
            ..Profile::default()
        },
        phone_number: text("phoneNumber"),
        data: answer.body["data"].as_object().cloned().unwrap_or_default(),
    }
}

/// The keys of whom a code is for, and the first-factor token that goes along.
fn code_for(to: CodeFor<'_>) -> (Value, Option<String>) {
    let address = |address: &CodeAddress| match address {
        CodeAddress::Email(email) => json!({"channel": "email", "email": email}),
        CodeAddress::Phone(phone) => json!({"channel": "sms", "phoneNumber": phone}),
    };
    match to {
        CodeFor::Address(at) => (address(at), None),
        CodeFor::SecondFactor { channel, address: at, token } => {
            let body = at.map_or_else(|| json!({"channel": channel.as_str()}), address);
            (body, Some(token.secret().to_owned()))
        }
    }
}

fn with_bearer(request: Request, token: Option<&str>) -> Request {
    match token {
        Some(token) => request.bearer(token),
        None => request,
    }
}

fn message(answer: &Response) -> String {
    answer.text("/message").unwrap_or_default().to_owned()
}

#[async_trait]
impl Userfront for MemoryUserfront {
    async fn mode(&self, _: &Tenant) -> Result<TenantMode, ModeError> {
        Ok(TenantMode {
            mode: Mode::Test,
            first_factors: vec![Factor::new("link", "email"), Factor::new("password", "email")],
        })
    }

    async fn log_in_with_password(
        &self,
        tenant: &Tenant,
        email_or_username: &str,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        let body = json!({"emailOrUsername": email_or_username, "password": password.secret()});
        let request = Request::post(&format!("tenants/{}/auth/basic", tenant.id), &body);
        self.factor(tenant, "log in at the server", request).await
    }

    async fn sign_up_with_password(
        &self,
        tenant: &Tenant,
        user: &NewUser,
        email: &str,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        let body = json!({
            "name": user.name, "username": user.username, "email": email, "password": password.secret(),
        });
        let request = Request::post(&format!("tenants/{}/auth/create", tenant.id), &body);
        self.factor(tenant, "sign up at the server", request).await
    }

    async fn send_link(
        &self,
        tenant: &Tenant,
        email: &str,
        _: Option<&NewUser>,
    ) -> Result<Sent, FactorError> {
        let request = Request::post(&format!("tenants/{}/auth/link", tenant.id), &json!({"email": email}));
        self.send("send a link", request).await
    }

    async fn log_in_with_link(&self, tenant: &Tenant, link: &Link) -> Result<FactorAnswer, FactorError> {
        let body = json!({
            "token": link.token.secret(), "uuid": link.uuid.as_str(), "linkType": link.kind.as_type(),
        });
        let request = put(&format!("tenants/{}/auth/link", tenant.id), &body);
        self.factor(tenant, "log in with a link at the server", request).await
    }

    async fn send_code(
        &self,
        tenant: &Tenant,
        to: CodeFor<'_>,
        _: Option<&NewUser>,
    ) -> Result<Sent, FactorError> {
        let (body, token) = code_for(to);
        let request = Request::post(&format!("tenants/{}/auth/code", tenant.id), &body);
        self.send("send a code", with_bearer(request, token.as_deref())).await
    }

    async fn log_in_with_code(
        &self,
        tenant: &Tenant,
        to: CodeFor<'_>,
        code: &OneTimeCode,
    ) -> Result<FactorAnswer, FactorError> {
        let (mut body, token) = code_for(to);
        body["verificationCode"] = json!(code.secret());
        let request = put(&format!("tenants/{}/auth/code", tenant.id), &body);
        self.factor(tenant, "log in with a code at the server", with_bearer(request, token.as_deref())).await
    }

    async fn log_in_with_totp(
        &self,
        tenant: &Tenant,
        who: TotpFor<'_>,
        proof: TotpProof<'_>,
    ) -> Result<FactorAnswer, FactorError> {
        let mut body = match proof {
            TotpProof::Code(code) => json!({"totpCode": code.secret()}),
            TotpProof::BackupCode(code) => json!({"backupCode": code.secret()}),
        };
        let token = match who {
            TotpFor::Name(name) => {
                body["emailOrUsername"] = json!(name);
                None
            }
            TotpFor::User(uuid) => {
                let other = lock(&self.network.taken_for).clone();
                body["userUuid"] = json!(other.as_deref().unwrap_or(uuid.as_str()));
                None
            }
            TotpFor::SecondFactor(token) => Some(token.secret()),
        };
        let request = Request::post(&format!("tenants/{}/auth/totp", tenant.id), &body);
        self.factor(tenant, "log in with TOTP at the server", with_bearer(request, token)).await
    }

    async fn totp_set_up(&self, _: &Tenant, owner: TotpOwner<'_>) -> Result<TotpSetUp, UserError> {
        let token = match owner {
            TotpOwner::LoggedIn(token) => token.secret(),
            TotpOwner::SecondFactor(token) => token.secret(),
        };
        let answer = self.user_call("set up TOTP", Request::get("auth/totp").bearer(token)).await?;
        let codes = answer.body["backupCodes"].as_array().unwrap();
        Ok(TotpSetUp {
            secret: TotpSecret::new(answer.text("/totpSecret").unwrap()),
            qr_code: answer.text("/qrCode").map(TotpSecret::new),
            backup_codes: codes.iter().map(|code| OneTimeCode::new(code.as_str().unwrap())).collect(),
        })
    }

    async fn send_reset_link(&self, tenant: &Tenant, email: &str) -> Result<Sent, FactorError> {
        let path = format!("tenants/{}/auth/reset/link", tenant.id);
        self.send("send a reset link", Request::post(&path, &json!({"email": email}))).await
    }

    async fn reset_password(
        &self,
        tenant: &Tenant,
        link: &Link,
        password: &Password,
    ) -> Result<FactorAnswer, FactorError> {
        let body = json!({
            "token": link.token.secret(), "uuid": link.uuid.as_str(), "password": password.secret(),
        });
        let request = put(&format!("tenants/{}/auth/reset", tenant.id), &body);
        self.factor(tenant, "reset the password at the server", request).await
    }

    async fn change_password(
        &self,
        tenant: &Tenant,
        token: &AccessToken,
        existing: &Password,
        new: &Password,
    ) -> Result<(), UserError> {
        let body = json!({"password": new.secret(), "existingPassword": existing.secret()});
        let request = put(&format!("tenants/{}/auth/basic", tenant.id), &body).bearer(token.secret());
        self.user_call("change the password", request).await.map(|_| ())
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

    async fn user(&self, _: &Tenant, token: &AccessToken) -> Result<User, UserError> {
        let request = Request::get("self").bearer(token.secret());
        self.user_call("user at the server", request).await.map(|answer| user(&answer))
    }

    async fn change_user(
        &self,
        _: &Tenant,
        token: &AccessToken,
        change: &UserChange,
    ) -> Result<User, UserError> {
        let mut body = serde_json::Map::new();
        for (key, text) in [("name", &change.name), ("username", &change.username), ("image", &change.image)]
        {
            if let Some(text) = text {
                body.insert(key.to_owned(), if text.is_empty() { Value::Null } else { json!(text) });
            }
        }
        if let Some(data) = &change.data {
            body.insert("data".to_owned(), json!(data));
        }
        let request = put("self", &Value::Object(body)).bearer(token.secret());
        self.user_call("change the user at the server", request).await.map(|answer| user(&answer))
    }

    async fn saml_token(&self, _: &Tenant, token: &AccessToken) -> Result<SamlToken, UserError> {
        let request = Request::get("auth/saml/idp/token").bearer(token.secret());
        let answer = self.user_call("a SAML token", request).await?;
        Ok(SamlToken::new(answer.text("/token").unwrap()))
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

/// The server's clock is the machine's too, unless that is set wrong.
pub(crate) struct SharedClock {
    pub(crate) server: sandbox::Clock,
    /// By how many seconds the machine's is ahead.
    pub(crate) ahead: Arc<AtomicI64>,
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.server.now() + self.ahead.load(Ordering::SeqCst))
    }
}
