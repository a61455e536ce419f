//! The Secret Service asked directly: reads only, none of which unlocks anything or opens a dialog.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use accounts::ports::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Type};

use crate::platform::failure::clean;

pub(super) const SECRETS: &str = "org.freedesktop.secrets";
pub(super) const SERVICE_PATH: &str = "/org/freedesktop/secrets";
pub(super) const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const ITEM: &str = "org.freedesktop.Secret.Item";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const DBUS: &str = "org.freedesktop.DBus";
const DBUS_PATH: &str = "/org/freedesktop/DBus";

/// How the names of the daemons' programs begin (the kernel cuts them to 15 bytes), and what people call them.
const KNOWN: [(&str, &str); 5] = [
    ("gnome-keyring", "GNOME Keyring"),
    ("kwallet", "KDE Wallet"),
    ("ksecret", "KDE Wallet"),
    ("keepassxc", "KeePassXC"),
    ("oo7", "oo7"),
];

/// Far above any caller's limit: only so that a reply that was lost cannot keep the thread for ever.
const LAST_RESORT: Duration = Duration::from_mins(2);

/// Our own connection to the session bus: made at the first need, and anew after it has failed.
#[derive(Default)]
pub(super) struct Bus(Option<Connection>);

/// Items that a search has found.
pub(super) struct Found {
    pub(super) unlocked: Vec<OwnedObjectPath>,
    pub(super) locked: Vec<OwnedObjectPath>,
}

/// A new connection to the session bus.
pub(super) fn connect() -> Result<Connection, StoreError> {
    let connect = || Builder::session()?.method_timeout(LAST_RESORT).build();
    connect().map_err(|error| {
        StoreError::Unavailable(format!("there is no D-Bus session bus ({})", clean(&error.to_string())))
    })
}

impl Bus {
    /// The collection for new items, if there is one. Starts the daemon when the bus knows how to.
    pub(super) fn default_collection(&mut self) -> Result<Option<OwnedObjectPath>, StoreError> {
        let path: OwnedObjectPath = self.ask(SERVICE_PATH, SERVICE, "ReadAlias", &"default")?;
        Ok((path.as_str() != "/").then_some(path))
    }

    pub(super) fn is_locked(&mut self, collection: &OwnedObjectPath) -> Result<bool, StoreError> {
        self.property(collection.as_str(), COLLECTION, "Locked")
    }

    pub(super) fn search(&mut self, attributes: &[(&str, &str)]) -> Result<Found, StoreError> {
        let attributes: HashMap<&str, &str> = attributes.iter().copied().collect();
        let (unlocked, locked) = self.ask(SERVICE_PATH, SERVICE, "SearchItems", &attributes)?;
        Ok(Found { unlocked, locked })
    }

    pub(super) fn attributes(
        &mut self,
        item: &OwnedObjectPath,
    ) -> Result<HashMap<String, String>, StoreError> {
        self.property(item.as_str(), ITEM, "Attributes")
    }

    /// When an item was changed last, in seconds since 1970.
    pub(super) fn modified(&mut self, item: &str) -> Result<u64, StoreError> {
        self.property(item, ITEM, "Modified")
    }

    /// The daemon's unique name on the bus: another one after a restart.
    pub(super) fn owner(&mut self) -> Result<String, StoreError> {
        self.ask_at(DBUS, DBUS_PATH, DBUS, "GetNameOwner", &SECRETS)
    }

    /// What people call the daemon of this unique name, by its program's name.
    pub(super) fn daemon(&mut self, owner: &str) -> Option<&'static str> {
        let pid: u32 = self.ask_at(DBUS, DBUS_PATH, DBUS, "GetConnectionUnixProcessID", &owner).ok()?;
        let program = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
        KNOWN.into_iter().find_map(|(start, name)| program.starts_with(start).then_some(name))
    }

    fn property<T>(&mut self, path: &str, interface: &str, name: &str) -> Result<T, StoreError>
    where
        T: TryFrom<OwnedValue>,
    {
        let value: OwnedValue = self.ask(path, PROPERTIES, "Get", &(interface, name))?;
        T::try_from(value)
            .map_err(|_| StoreError::Refused(format!("its property {name} has an unexpected type")))
    }

    fn ask<T>(
        &mut self,
        path: &str,
        interface: &str,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> Result<T, StoreError>
    where
        T: DeserializeOwned + Type,
    {
        self.ask_at(SECRETS, path, interface, method, body)
    }

    fn ask_at<T>(
        &mut self,
        whom: &str,
        path: &str,
        interface: &str,
        method: &str,
        body: &(impl Serialize + DynamicType),
    ) -> Result<T, StoreError>
    where
        T: DeserializeOwned + Type,
    {
        let reply = self.connection()?.call_method(Some(whom), path, Some(interface), method, body);
        reply.and_then(|reply| reply.body().deserialize()).map_err(|error| {
            if !matches!(error, zbus::Error::MethodError(..)) {
                // The connection itself, for all one can tell.
                self.0 = None;
            }
            explain(&error)
        })
    }

    fn connection(&mut self) -> Result<&Connection, StoreError> {
        if self.0.is_none() {
            self.0 = Some(connect()?);
        }
        self.0.as_ref().ok_or_else(|| StoreError::Unavailable("there is no D-Bus session bus".to_owned()))
    }
}

/// What the bus or the daemon said, in our words.
pub(super) fn explain(error: &zbus::Error) -> StoreError {
    let zbus::Error::MethodError(name, ..) = error else {
        return StoreError::Unavailable(clean(&error.to_string()));
    };
    match name.as_str() {
        "org.freedesktop.Secret.Error.IsLocked" => StoreError::Locked,
        "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => {
            StoreError::Unavailable(
                "no keyring is running; install or start one, such as GNOME Keyring".to_owned(),
            )
        }
        "org.freedesktop.DBus.Error.NoReply" | "org.freedesktop.DBus.Error.Disconnected" => {
            StoreError::Unavailable("the keyring ended in the middle of a call".to_owned())
        }
        name if name.starts_with("org.freedesktop.DBus.Error.Spawn.") => {
            StoreError::Unavailable("the keyring could not be started".to_owned())
        }
        _ => StoreError::Refused(clean(&error.to_string())),
    }
}
