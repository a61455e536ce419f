//! One connection to the session bus, and the protocol's calls on it.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::message::Type as MessageType;
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Type, Value};
use zbus::{MatchRule, MessageStream};

use crate::Error;
use crate::error::one_line;
use crate::session::WireSecret;

const SECRETS: &str = "org.freedesktop.secrets";
const SERVICE_PATH: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const ITEM: &str = "org.freedesktop.Secret.Item";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const DBUS: &str = "org.freedesktop.DBus";
const DBUS_PATH: &str = "/org/freedesktop/DBus";

/// How the names of the daemons' programs begin (the kernel cuts them to 15 bytes), and their usual names.
const KNOWN: [(&str, &str); 5] = [
    ("gnome-keyring", "GNOME Keyring"),
    ("kwallet", "KDE Wallet"),
    ("ksecret", "KDE Wallet"),
    ("keepassxc", "KeePassXC"),
    ("oo7", "oo7"),
];

/// How many replies are waited for at once.
const AT_ONCE: usize = 64;

/// Far above any caller's limit: ends the wait for a reply that was lost.
const LAST_RESORT: Duration = Duration::from_mins(2);

/// Far more changes than there are between two calls; they are all taken before each call.
const CHANGES: usize = 64;

/// The connection: opened when first needed, and again after a failure. Nothing here unlocks or prompts by
/// itself.
#[derive(Default)]
pub(crate) struct Bus {
    connection: Option<Connection>,
    made: u64,
    /// The daemon's own name. Calls go there, not to whoever has taken its place: an item's path may be
    /// another item's with another daemon.
    daemon: Option<String>,
    /// Tells that the daemon has been replaced. The bus sends this before a reply to any later call.
    changes: Option<MessageStream>,
}

pub(crate) type Attributes = HashMap<String, String>;

#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) unlocked: Vec<OwnedObjectPath>,
    pub(crate) locked: Vec<OwnedObjectPath>,
}

impl Bus {
    /// The collection for new items, if there is one. Starts the daemon if the bus can.
    pub(crate) fn default_collection(&mut self) -> Result<Option<OwnedObjectPath>, Error> {
        let path: OwnedObjectPath = self.service("ReadAlias", &"default")?;
        Ok((path.as_str() != "/").then_some(path))
    }

    pub(crate) fn collections(&mut self) -> Result<Vec<OwnedObjectPath>, Error> {
        let path = OwnedObjectPath::try_from(SERVICE_PATH).map_err(zbus::Error::from)?;
        self.property(&path, SERVICE, "Collections")
    }

    /// Asks the daemon each time: zbus caches properties that a proxy has read.
    pub(crate) fn is_locked(&mut self, collection: &OwnedObjectPath) -> Result<bool, Error> {
        self.property(collection, COLLECTION, "Locked")
    }

    pub(crate) fn search(&mut self, attributes: &[(&str, &str)]) -> Result<Found, Error> {
        let attributes: HashMap<&str, &str> = attributes.iter().copied().collect();
        let (unlocked, locked) = self.service("SearchItems", &attributes)?;
        Ok(Found { unlocked, locked })
    }

    pub(crate) fn attributes(&mut self, item: &OwnedObjectPath) -> Result<Attributes, Error> {
        self.property(item, ITEM, "Attributes")
    }

    pub(crate) fn attributes_of(
        &mut self,
        items: &[OwnedObjectPath],
    ) -> Result<Vec<Result<Attributes, Error>>, Error> {
        let gets = items.iter().map(|item| (item.as_str(), (ITEM, "Attributes")));
        let replies = self.ask_at_once(PROPERTIES, "Get", gets)?;
        Ok(replies.into_iter().map(|reply| value(reply?, "Attributes")).collect())
    }

    pub(crate) fn search_each(
        &mut self,
        searches: &[HashMap<&str, &str>],
    ) -> Result<Vec<Result<Found, Error>>, Error> {
        let searches = searches.iter().map(|attributes| (SERVICE_PATH, attributes));
        let replies = self.ask_at_once(SERVICE, "SearchItems", searches)?;
        let found = |(unlocked, locked)| Found { unlocked, locked };
        Ok(replies.into_iter().map(|reply| reply.map(found)).collect())
    }

    /// Asks several times at once, which takes far less time than one after the other.
    fn ask_at_once<'a, B, T>(
        &mut self,
        interface: &str,
        method: &str,
        questions: impl Iterator<Item = (&'a str, B)>,
    ) -> Result<Vec<Result<T, Error>>, Error>
    where
        B: Serialize + DynamicType,
        T: DeserializeOwned + Type,
    {
        let connection = self.connection()?.inner().clone();
        let daemon = self.daemon.as_deref().unwrap_or(SECRETS);
        let ask = |(path, body)| {
            let connection = connection.clone();
            async move {
                let reply = connection.call_method(Some(daemon), path, Some(interface), method, &body);
                reply.await?.body().deserialize()
            }
        };
        let replies = stream::iter(questions).map(ask).buffered(AT_ONCE).collect::<Vec<_>>();
        let replies = zbus::block_on(replies);
        Ok(replies.into_iter().map(|reply| self.heard(reply)).collect())
    }

    pub(crate) fn modified(&mut self, item: &OwnedObjectPath) -> Result<u64, Error> {
        self.property(item, ITEM, "Modified")
    }

    pub(crate) fn open_session(
        &mut self,
        algorithm: &str,
        input: Value<'_>,
    ) -> Result<(OwnedValue, OwnedObjectPath), Error> {
        self.service("OpenSession", &(algorithm, input))
    }

    pub(crate) fn get_secret(
        &mut self,
        item: &OwnedObjectPath,
        session: &OwnedObjectPath,
    ) -> Result<WireSecret, Error> {
        let (secret,) = self.ask(SECRETS, item.as_str(), ITEM, "GetSecret", session)?;
        Ok(secret)
    }

    /// The prompt is `/` if there is none; so it is below.
    pub(crate) fn create_item(
        &mut self,
        collection: &OwnedObjectPath,
        label: &str,
        attributes: &HashMap<&str, &str>,
        secret: &WireSecret,
    ) -> Result<(OwnedObjectPath, OwnedObjectPath), Error> {
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from(label)),
            ("org.freedesktop.Secret.Item.Attributes", Value::from(attributes.clone())),
        ]);
        self.ask(SECRETS, collection.as_str(), COLLECTION, "CreateItem", &(properties, secret, true))
    }

    pub(crate) fn delete(&mut self, item: &OwnedObjectPath) -> Result<OwnedObjectPath, Error> {
        self.ask(SECRETS, item.as_str(), ITEM, "Delete", &())
    }

    pub(crate) fn unlock(&mut self, objects: &[OwnedObjectPath]) -> Result<OwnedObjectPath, Error> {
        let (_unlocked, prompt): (Vec<OwnedObjectPath>, _) = self.service("Unlock", &(objects,))?;
        Ok(prompt)
    }

    /// Returns the prompt.
    pub(crate) fn create_default_collection(&mut self, label: &str) -> Result<OwnedObjectPath, Error> {
        let properties = HashMap::from([("org.freedesktop.Secret.Collection.Label", Value::from(label))]);
        let (_made, prompt): (OwnedObjectPath, _) =
            self.service("CreateCollection", &(properties, "default"))?;
        Ok(prompt)
    }

    /// Shows a prompt, without naming a window of ours as its parent.
    pub(crate) fn show(&mut self, prompt: &OwnedObjectPath) -> Result<(), Error> {
        self.ask(SECRETS, prompt.as_str(), PROMPT, "Prompt", &"")
    }

    /// The daemon that later calls go to. The bus starts one if it can.
    pub(crate) fn owner(&mut self) -> Result<String, Error> {
        self.daemon = None;
        if self.changes.is_none() {
            let rule = MatchRule::builder()
                .msg_type(MessageType::Signal)
                .sender(DBUS)?
                .interface(DBUS)?
                .member("NameOwnerChanged")?
                .arg(0, SECRETS)?
                .build();
            let connection = self.connection()?.inner().clone();
            let changes = zbus::block_on(MessageStream::for_match_rule(rule, &connection, Some(CHANGES)));
            self.changes = Some(self.heard(changes)?);
        }
        let owner: String = match self.ask_owner() {
            // No program has used the keyring yet.
            Err(Error::Absent | Error::Unavailable(_)) => {
                self.default_collection()?;
                self.ask_owner()?
            }
            owner => owner?,
        };
        Ok(self.daemon.insert(owner).clone())
    }

    fn ask_owner(&mut self) -> Result<String, Error> {
        self.ask(DBUS, DBUS_PATH, DBUS, "GetNameOwner", &SECRETS)
    }

    /// Whether the daemon may be another one than that of the last call, or the connection is.
    pub(crate) fn may_have_changed(&mut self) -> bool {
        let (Some(_), Some(_), Some(changes)) = (&self.connection, &self.daemon, &mut self.changes) else {
            return true;
        };
        let mut has_changed = false;
        loop {
            match changes.next().now_or_never() {
                None => return has_changed,
                Some(Some(_)) => has_changed = true,
                // The connection has ended.
                Some(None) => return true,
            }
        }
    }

    pub(crate) fn daemon(&mut self, owner: &str) -> Result<Option<&'static str>, Error> {
        let pid: u32 = self.ask(DBUS, DBUS_PATH, DBUS, "GetConnectionUnixProcessID", &owner)?;
        let Ok(program) = fs::read_to_string(format!("/proc/{pid}/comm")) else { return Ok(None) };
        let name = KNOWN.into_iter().find_map(|(start, name)| program.starts_with(start).then_some(name));
        // A Flatpak's connection is that of its proxy, whose `.flatpak-info` names the app, as the portals
        // use it.
        let info = || fs::read_to_string(format!("/proc/{pid}/root/.flatpak-info")).ok();
        Ok(name.or_else(|| name_of_flatpak(&info()?)))
    }

    pub(crate) fn connection(&mut self) -> Result<&Connection, Error> {
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            self.made += 1;
            (self.daemon, self.changes) = (None, None);
            let connect = || Builder::session()?.method_timeout(LAST_RESORT).build();
            connect().map_err(|error: zbus::Error| {
                let why = one_line(&error.to_string());
                Error::Unavailable(format!("there is no D-Bus session bus ({why})"))
            })?
        };
        Ok(self.connection.insert(connection))
    }

    pub(crate) fn connections(&self) -> u64 {
        self.made
    }

    /// The next call opens a new connection, which the daemon takes for another program.
    pub(crate) fn disconnect(&mut self) {
        self.connection = None;
    }

    fn property<T>(&mut self, path: &OwnedObjectPath, interface: &str, name: &str) -> Result<T, Error>
    where
        T: TryFrom<OwnedValue>,
    {
        value(self.ask(SECRETS, path.as_str(), PROPERTIES, "Get", &(interface, name))?, name)
    }

    fn service<T>(&mut self, method: &str, body: &(impl Serialize + DynamicType)) -> Result<T, Error>
    where
        T: DeserializeOwned + Type,
    {
        self.ask(SECRETS, SERVICE_PATH, SERVICE, method, body)
    }

    fn ask<T>(
        &mut self,
        destination: &str,
        path: &str,
        interface: &str,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> Result<T, Error>
    where
        T: DeserializeOwned + Type,
    {
        let connection = self.connection()?.clone();
        let daemon = self.daemon.as_deref().filter(|_| destination == SECRETS);
        let destination = daemon.unwrap_or(destination);
        let reply = connection.call_method(Some(destination), path, Some(interface), method, body);
        self.heard(reply.and_then(|reply| reply.body().deserialize()))
    }

    fn heard<T>(&mut self, reply: zbus::Result<T>) -> Result<T, Error> {
        reply.map_err(|error| {
            if !matches!(error, zbus::Error::MethodError(..)) {
                self.disconnect();
            }
            error.into()
        })
    }
}

fn value<T: TryFrom<OwnedValue>>(value: OwnedValue, name: &str) -> Result<T, Error> {
    T::try_from(value).map_err(|_| Error::Refused(format!("its property {name} has an unexpected type")))
}

fn name_of_flatpak(info: &str) -> Option<&'static str> {
    let section = info.lines().skip_while(|line| *line != "[Application]").skip(1);
    let mut its = section.take_while(|line| !line.starts_with('['));
    its.any(|line| line == "name=org.keepassxc.KeePassXC").then_some("KeePassXC")
}

#[cfg(test)]
mod tests {
    use super::name_of_flatpak;

    #[test]
    fn keepassxc_is_known_as_a_flatpak() {
        let info =
            "[Application]\nname=org.keepassxc.KeePassXC\nruntime=runtime/org.kde.Platform\n\n[Instance]\n";
        assert_eq!(name_of_flatpak(info), Some("KeePassXC"));
        for other in ["", "[Application]\nname=org.example\n", "[Context]\nname=org.keepassxc.KeePassXC\n"] {
            assert_eq!(name_of_flatpak(other), None, "{other:?}");
        }
        let elsewhere = "[Application]\nname=org.example\n[Context]\nname=org.keepassxc.KeePassXC\n";
        assert_eq!(name_of_flatpak(elsewhere), None);
    }
}
