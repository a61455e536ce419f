//! A Secret Service that knows only `plain` sessions: a stand-in on the private bus.

use std::collections::HashMap;
use std::slice;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use test_rig::{Presence, enter};
use zbus::object_server::ObjectServer;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{fdo, interface};

use crate::promises::{name, secret, text};
use crate::real::{Outcome, keyring};

const ROOT: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/only";
/// Another one; what lies in it is not found while it is locked.
const OTHER: &str = "/org/freedesktop/secrets/collection/other";
/// A question that nobody answers.
const PROMPT: &str = "/org/freedesktop/secrets/prompt/1";
const SESSION: &str = "/org/freedesktop/secrets/session/1";

type Attributes = HashMap<String, String>;
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

#[derive(Clone, Default)]
struct Shared {
    items: Arc<Mutex<HashMap<OwnedObjectPath, Attributes>>>,
    made: Arc<AtomicU32>,
    locked: Arc<AtomicBool>,
    other_is_locked: Arc<AtomicBool>,
    asks: Arc<AtomicBool>,
}

impl Shared {
    /// What comes with the answer to a create or delete.
    fn prompt(&self) -> OwnedObjectPath {
        path(if self.asks.load(Ordering::SeqCst) { PROMPT } else { "/" })
    }

    fn find(&self, attributes: &Attributes) -> Vec<OwnedObjectPath> {
        let items = self.items.lock().unwrap();
        let has = |its: &Attributes| attributes.iter().all(|(key, value)| its.get(key) == Some(value));
        items.iter().filter(|(_, its)| has(its)).map(|(path, _)| path.clone()).collect()
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
        // As oo7 does: what is locked is not found at all.
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
        let made = path(&format!("{COLLECTION}/{}", self.0.made.fetch_add(1, Ordering::SeqCst)));
        self.0.items.lock().unwrap().insert(made.clone(), attributes.clone());
        let item = Item { shared: self.0.clone(), attributes, secret: secret.2, path: made.clone() };
        server.at(made.clone(), item).await?;
        Ok((made, path("/")))
    }
}

struct Item {
    shared: Shared,
    attributes: Attributes,
    secret: Vec<u8>,
    path: OwnedObjectPath,
}

#[interface(name = "org.freedesktop.Secret.Item")]
impl Item {
    #[zbus(property)]
    fn attributes(&self) -> Attributes {
        self.attributes.clone()
    }

    fn get_secret(&self, session: OwnedObjectPath) -> (Secret,) {
        ((session, vec![], self.secret.clone(), "text/plain".to_owned()),)
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

#[tokio::test]
async fn a_keyring_that_encrypts_nothing_on_the_bus_is_used_all_the_same() -> Outcome {
    let test = "plain::a_keyring_that_encrypts_nothing_on_the_bus_is_used_all_the_same";
    let Some(_inside) = enter(test, Presence::NoDaemon)? else { return Ok(()) };
    let shared = Shared::default();
    let _stand_in = zbus::connection::Builder::session()?
        .serve_at(ROOT, Service(shared.clone()))?
        .serve_at(COLLECTION, Collection(shared.clone()))?
        .serve_at(PROMPT, Question)?
        .serve_at(OTHER, Other(shared.clone()))?
        .name("org.freedesktop.secrets")?
        .build()
        .await?;
    let keyring = keyring();
    let (a, b) = (name("access.a"), name("access.b"));
    assert_eq!(keyring.status().await, StoreStatus::Ok);
    assert_eq!(text(&keyring, &a).await, Ok(None));
    keyring.write(&a, &secret("first")).await?;
    keyring.write(&a, &secret("second")).await?;
    keyring.write(&b, &secret("other")).await?;
    assert_eq!(text(&keyring, &a).await, Ok(Some("second".to_owned())));
    assert_eq!(keyring.entries().await, Ok(vec![a.clone(), b.clone()]));

    shared.locked.store(true, Ordering::SeqCst);
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &a).await, Err(StoreError::Locked));
    assert_eq!(keyring.write(&a, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(slice::from_ref(&a)).await, Err(StoreError::Locked));
    assert_eq!(keyring.entries().await, Err(StoreError::Locked));
    assert_eq!(keyring.unlock().await, StoreStatus::Ok, "by the session that the rest uses");

    // What waits for the user may yet take effect: that is no refusal.
    shared.asks.store(true, Ordering::SeqCst);
    assert_eq!(keyring.write(&name("late"), &secret("s")).await, Err(StoreError::Hung));
    assert_eq!(keyring.delete(slice::from_ref(&b)).await, Err(StoreError::Hung));
    shared.asks.store(false, Ordering::SeqCst);
    assert_eq!(keyring.status().await, StoreStatus::Ok);

    // What is not found may lie in a collection that shows nothing while it is locked.
    shared.other_is_locked.store(true, Ordering::SeqCst);
    assert_eq!(keyring.status().await, StoreStatus::Locked);
    assert_eq!(text(&keyring, &name("absent")).await, Err(StoreError::Locked));
    assert_eq!(keyring.delete(&[name("absent")]).await, Err(StoreError::Locked));
    assert_eq!(keyring.unlock().await, StoreStatus::Ok, "that one, too");

    assert_eq!(text(&keyring, &a).await, Ok(Some("second".to_owned())));
    assert_eq!(keyring.delete(&[a, b.clone()]).await, Ok(Deletion::Deleted));
    assert_eq!(keyring.delete(&[b]).await, Ok(Deletion::AlreadyAbsent));
    assert_eq!(keyring.entries().await, Ok(vec![]));
    assert!(shared.items.lock().unwrap().is_empty());
    Ok(())
}
