//! A stand-in for a Secret Service that supports only `plain` sessions, on the private bus.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use zbus::Connection;
use zbus::connection::Builder;
use zbus::object_server::ObjectServer;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{fdo, interface};

use crate::promises::{Daemon, Outside};
use crate::real::SERVICE;

pub(crate) const NAME: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/only";
/// Another collection; its items are not found while it is locked.
const OTHER: &str = "/org/freedesktop/secrets/collection/other";
const PROMPT: &str = "/org/freedesktop/secrets/prompt/1";
const SESSION: &str = "/org/freedesktop/secrets/session/1";

type Attributes = HashMap<String, String>;
/// An item, and its creation time, which orders duplicates.
type Kept = (Attributes, Vec<u8>, u64);
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

#[derive(Clone, Default)]
pub(crate) struct Shared {
    pub(crate) items: Arc<Mutex<HashMap<OwnedObjectPath, Kept>>>,
    made: Arc<AtomicU32>,
    pub(crate) locked: Arc<AtomicBool>,
    pub(crate) other_is_locked: Arc<AtomicBool>,
    pub(crate) asks: Arc<AtomicBool>,
}

impl Shared {
    fn prompt(&self) -> OwnedObjectPath {
        path(if self.asks.load(Ordering::SeqCst) { PROMPT } else { "/" })
    }

    async fn add(
        &self,
        attributes: Attributes,
        secret: Vec<u8>,
        server: &ObjectServer,
    ) -> fdo::Result<OwnedObjectPath> {
        let count = self.made.fetch_add(1, Ordering::SeqCst);
        let made = path(&format!("{COLLECTION}/{count}"));
        let kept = (attributes, secret, u64::from(count));
        self.items.lock().unwrap().insert(made.clone(), kept.clone());
        server.at(made.clone(), Item { shared: self.clone(), kept, path: made.clone() }).await?;
        Ok(made)
    }

    fn find(&self, attributes: &Attributes) -> Vec<OwnedObjectPath> {
        let items = self.items.lock().unwrap();
        let has = |its: &Attributes| attributes.iter().all(|(key, value)| its.get(key) == Some(value));
        items.iter().filter(|(_, its)| has(&its.0)).map(|(path, _)| path.clone()).collect()
    }
}

fn path(text: &str) -> OwnedObjectPath {
    OwnedObjectPath::try_from(text.to_owned()).unwrap()
}

struct Service(Shared);

#[expect(clippy::unused_self, clippy::needless_pass_by_value, reason = "as zbus wants it")]
#[interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    fn open_session(&self, algorithm: &str, input: Value<'_>) -> fdo::Result<(OwnedValue, OwnedObjectPath)> {
        drop(input);
        if algorithm != "plain" {
            return Err(fdo::Error::NotSupported("only plain".to_owned()));
        }
        Ok((Value::from("").try_into().unwrap(), path(SESSION)))
    }

    #[zbus(property)]
    fn collections(&self) -> Vec<OwnedObjectPath> {
        vec![path(COLLECTION), path(OTHER)]
    }

    fn read_alias(&self, name: &str) -> OwnedObjectPath {
        assert_eq!(name, "default");
        path(COLLECTION)
    }

    fn search_items(&self, attributes: Attributes) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        // Like oo7: a locked item is not found at all.
        if self.0.locked.load(Ordering::SeqCst) {
            return (vec![], vec![]);
        }
        (self.0.find(&attributes), vec![])
    }

    fn unlock(&self, objects: Vec<OwnedObjectPath>) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        self.0.locked.store(false, Ordering::SeqCst);
        if objects.contains(&path(OTHER)) {
            self.0.other_is_locked.store(false, Ordering::SeqCst);
        }
        (objects, path("/"))
    }
}

struct Question;

#[interface(name = "org.freedesktop.Secret.Prompt")]
impl Question {
    #[expect(clippy::unused_self, reason = "as zbus wants it")]
    fn prompt(&self, window: &str) {
        assert_eq!(window, "");
    }
}

struct Other(Shared);

#[interface(name = "org.freedesktop.Secret.Collection")]
impl Other {
    #[zbus(property)]
    fn locked(&self) -> bool {
        self.0.other_is_locked.load(Ordering::SeqCst)
    }
}

struct Collection(Shared);

#[interface(name = "org.freedesktop.Secret.Collection")]
impl Collection {
    #[zbus(property)]
    fn locked(&self) -> bool {
        self.0.locked.load(Ordering::SeqCst)
    }

    async fn create_item(
        &self,
        properties: HashMap<String, OwnedValue>,
        secret: Secret,
        replace: bool,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> fdo::Result<(OwnedObjectPath, OwnedObjectPath)> {
        if self.0.asks.load(Ordering::SeqCst) {
            return Ok((path("/"), self.0.prompt()));
        }
        let attributes = properties["org.freedesktop.Secret.Item.Attributes"].try_clone().unwrap();
        let attributes = Attributes::try_from(attributes).unwrap();
        if replace {
            for old in self.0.find(&attributes) {
                self.0.items.lock().unwrap().remove(&old);
                server.remove::<Item, _>(old).await?;
            }
        }
        Ok((self.0.add(attributes, secret.2, server).await?, path("/")))
    }
}

struct Item {
    shared: Shared,
    kept: Kept,
    path: OwnedObjectPath,
}

#[interface(name = "org.freedesktop.Secret.Item")]
impl Item {
    #[zbus(property)]
    fn attributes(&self) -> Attributes {
        self.kept.0.clone()
    }

    #[zbus(property)]
    fn modified(&self) -> u64 {
        self.kept.2
    }

    fn get_secret(&self, session: OwnedObjectPath) -> (Secret,) {
        ((session, vec![], self.kept.1.clone(), "text/plain".to_owned()),)
    }

    async fn delete(&self, #[zbus(object_server)] server: &ObjectServer) -> fdo::Result<OwnedObjectPath> {
        if self.shared.asks.load(Ordering::SeqCst) {
            return Ok(self.shared.prompt());
        }
        self.shared.items.lock().unwrap().remove(&self.path);
        server.remove::<Self, _>(self.path.clone()).await?;
        Ok(path("/"))
    }
}

/// The stand-in on the bus of the test's own environment. It starts stopped.
#[derive(Default)]
pub(crate) struct StandIn {
    pub(crate) shared: Shared,
    connection: Mutex<Option<Connection>>,
}

impl StandIn {
    async fn add(&self, attributes: &[(&str, &str)], secret: &str) {
        let owned = attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let connection = self.connection.lock().unwrap().clone().unwrap();
        self.shared
            .add(owned.collect(), secret.as_bytes().to_vec(), connection.object_server())
            .await
            .unwrap();
    }

    /// Serves as soon as the one that has the name is gone.
    pub(crate) async fn wait_for_the_name(&self) {
        let connection = self.serve().await.unwrap();
        connection
            .request_name_with_flags(NAME, zbus::fdo::RequestNameFlags::AllowReplacement.into())
            .await
            .unwrap();
        *self.connection.lock().unwrap() = Some(connection);
    }

    async fn serve(&self) -> zbus::Result<Connection> {
        let connection = Builder::session()?
            .serve_at(ROOT, Service(self.shared.clone()))?
            .serve_at(COLLECTION, Collection(self.shared.clone()))?
            .serve_at(PROMPT, Question)?
            .serve_at(OTHER, Other(self.shared.clone()))?
            .build()
            .await?;
        let items = self.shared.items.lock().unwrap().clone();
        for (path, kept) in items {
            let item = Item { shared: self.shared.clone(), kept, path: path.clone() };
            connection.object_server().at(path, item).await?;
        }
        Ok(connection)
    }
}

#[async_trait(?Send)]
impl Outside for StandIn {
    async fn lock(&self) {
        self.shared.locked.store(true, Ordering::SeqCst);
    }

    async fn unlock(&self) {
        self.shared.locked.store(false, Ordering::SeqCst);
    }

    async fn add_duplicate(&self, name: &str, secret: &str) {
        self.add(&[("service", SERVICE), ("username", name)], secret).await;
    }

    fn items(&self) -> Vec<(String, String)> {
        let items = self.shared.items.lock().unwrap();
        let text = |secret: &[u8]| String::from_utf8(secret.to_vec()).unwrap();
        let mut items: Vec<_> = items.values().map(|its| (its.0["username"].clone(), text(&its.1))).collect();
        items.sort();
        items
    }
}

#[async_trait(?Send)]
impl Daemon for StandIn {
    fn name(&self) -> &'static str {
        "Secret Service"
    }

    async fn plant(&self, name: &str, secret: &str) {
        self.add(&[("service", SERVICE), ("username", name), ("application", "another")], secret).await;
    }

    async fn restart_unlocked(&self) {
        self.kill();
        self.unlock().await;
        let connection = self.serve().await.unwrap();
        connection.request_name(NAME).await.unwrap();
        *self.connection.lock().unwrap() = Some(connection);
    }

    async fn restart_locked(&self) {
        self.restart_unlocked().await;
        self.lock().await;
    }

    fn kill(&self) {
        *self.connection.lock().unwrap() = None;
    }

    fn stop(&self) {
        unreachable!("it is this process");
    }

    fn cont(&self) {
        unreachable!("it is this process");
    }
}
