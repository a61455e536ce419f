//! The same HTTP calls and the same keyring work with nothing around them: the least that a log-in or a
//! log-out can take. The connections to server and keyring are warm.

use std::collections::HashMap;
use std::time::Instant;

use serde::Deserialize;
use serde_json::json;
use test_rig::journey::PASSWORD;
use test_rig::{RigError, World};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Str, Value};

use crate::stage::unexpected;
use crate::turns::ms;

/// At 60 Hz. No result is seen before the next frame.
pub(crate) const FRAME_MS: f64 = 16.7;

const SECRETS: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";

/// Its entries lie beside the app's, under a name of their own.
pub(crate) const BARE_SERVICE: &str = "bare";

pub(crate) struct Bare {
    client: reqwest::Client,
    api_base: String,
    harmless: String,
    bus: zbus::Connection,
    collection: OwnedObjectPath,
    session: OwnedObjectPath,
}

/// A session that was begun bare.
pub(crate) struct Session {
    access: String,
    /// The attribute that both entries have in common.
    pub(crate) account: String,
    /// Calls and writes, in ms, without a frame.
    pub(crate) took: f64,
}

#[derive(Deserialize)]
struct Answer {
    tokens: HashMap<String, Token>,
}

#[derive(Deserialize)]
struct Token {
    value: String,
}

impl Bare {
    pub(crate) async fn new(world: &World) -> Result<Self, RigError> {
        let address = world.environment().get("DBUS_SESSION_BUS_ADDRESS");
        let address =
            address.ok_or_else(|| unexpected("the world has no bus"))?.to_string_lossy().into_owned();
        let bus = zbus::connection::Builder::address(address.as_str())?.build().await?;
        let service = zbus::Proxy::new(&bus, SECRETS, ROOT, SERVICE).await?;
        let collection: OwnedObjectPath = service.call("ReadAlias", &("default",)).await?;
        let plain = ("plain", Value::from(Str::from("")));
        let (_output, session): (OwnedValue, OwnedObjectPath) = service.call("OpenSession", &plain).await?;
        Ok(Self {
            client: reqwest::Client::builder().no_proxy().build()?,
            api_base: world.sandbox.api_base().to_owned(),
            harmless: format!("http://{}/_sandbox/outbox", world.sandbox.host()),
            bus,
            collection,
            session,
        })
    }

    /// Begins a session, as the app does: the log-in, and an entry for each of two tokens.
    pub(crate) async fn log_in(&self, tenant: &str, user: &str) -> Result<Session, RigError> {
        self.warm().await?;
        let url = format!("{}tenants/{tenant}/auth/basic", self.api_base);
        let who = json!({"emailOrUsername": user, "password": PASSWORD});
        let begin = Instant::now();
        let answer = self.client.post(url).json(&who).send().await?.error_for_status()?;
        let tokens = answer.json::<Answer>().await?.tokens;
        let of = |kind: &str| {
            let token = tokens.get(kind).ok_or_else(|| unexpected("a token is missing"))?;
            Ok::<_, RigError>(token.value.clone())
        };
        let (access, account) = (of("access")?, format!("{tenant}:{user}"));
        self.store(&format!("access.{account}"), &account, &access).await?;
        self.store(&format!("refresh.{account}"), &account, &of("refresh")?).await?;
        Ok(Session { access, account, took: ms(begin.elapsed()) })
    }

    /// Ends the session; in ms, with the frame that shows it.
    pub(crate) async fn log_out(&self, session: Session) -> Result<f64, RigError> {
        self.warm().await?;
        let begin = Instant::now();
        self.end(&session).await?;
        Ok(ms(begin.elapsed()) + FRAME_MS)
    }

    /// Ends the session and deletes its entries.
    pub(crate) async fn end(&self, session: &Session) -> Result<(), RigError> {
        let url = format!("{}auth/logout", self.api_base);
        let call = self.client.get(url).bearer_auth(&session.access);
        call.send().await?.error_for_status()?.bytes().await?;
        for item in self.items(&session.account).await? {
            let item = zbus::Proxy::new(&self.bus, SECRETS, item, "org.freedesktop.Secret.Item").await?;
            let _prompt: OwnedObjectPath = item.call("Delete", &()).await?;
        }
        Ok(())
    }

    /// A call that changes nothing, so that the next one finds a connection.
    pub(crate) async fn warm(&self) -> Result<(), RigError> {
        self.client.get(&self.harmless).send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }

    async fn store(&self, user: &str, account: &str, secret: &str) -> Result<(), RigError> {
        let collection = zbus::Proxy::new(&self.bus, SECRETS, &self.collection, COLLECTION).await?;
        let attributes = HashMap::from([("service", BARE_SERVICE), ("username", user), ("account", account)]);
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from("a bare entry")),
            ("org.freedesktop.Secret.Item.Attributes", Value::from(attributes)),
        ]);
        let no_parameters: &[u8] = &[];
        let secret = (&self.session, no_parameters, secret.as_bytes(), "text/plain");
        let _made: (OwnedObjectPath, OwnedObjectPath) =
            collection.call("CreateItem", &(properties, secret, true)).await?;
        Ok(())
    }

    async fn items(&self, account: &str) -> zbus::Result<Vec<OwnedObjectPath>> {
        let service = zbus::Proxy::new(&self.bus, SECRETS, ROOT, SERVICE).await?;
        let attributes = HashMap::from([("service", BARE_SERVICE), ("account", account)]);
        let (unlocked, _locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            service.call("SearchItems", &(attributes)).await?;
        Ok(unlocked)
    }
}
