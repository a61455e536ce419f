//! The few D-Bus calls with which the rig commands and questions the keyring daemon.
//!
//! Each call makes a connection and a thread of its own: a test's async runtime never sees them, and a
//! stopped daemon costs a time limit instead of a hang. None of them lets the bus activate a daemon that is
//! not there.

use std::{
    collections::HashMap,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use zbus::{
    blocking::{Connection, connection::Builder},
    names::WellKnownName,
    proxy::MethodFlags,
    zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Str, Value},
};

use crate::RigError;

/// How long a healthy daemon may take for an answer.
const ANSWER: Duration = Duration::from_secs(5);

pub(crate) const NAME: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const INTERNAL: &str = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface";

/// Of a session that encrypts nothing.
const NO_PARAMETERS: &[u8] = &[];

/// The process that owns the keyring's name on the bus; answered by the bus itself, so a stopped daemon
/// counts.
pub(crate) fn daemon(address: &str) -> Result<Option<u32>, RigError> {
    on_bus(address, |bus| {
        let bus = zbus::blocking::fdo::DBusProxy::new(bus)?;
        let name = WellKnownName::try_from(NAME).map_err(zbus::Error::from)?;
        match bus.get_connection_unix_process_id(name.into()) {
            Ok(pid) => Ok(Some(pid)),
            Err(zbus::fdo::Error::NameHasNoOwner(_)) => Ok(None),
            Err(error) => Err(zbus::Error::from(error).into()),
        }
    })
}

/// Whether the default collection is locked.
pub(crate) fn is_locked(address: &str) -> Result<bool, RigError> {
    on_bus(address, |bus| {
        let collection = default_collection(bus)?;
        let properties = "org.freedesktop.DBus.Properties";
        let locked: OwnedValue = call(bus, collection.as_str(), properties, "Get", &(COLLECTION, "Locked"))?;
        Ok(bool::try_from(locked).map_err(zbus::Error::from)?)
    })
}

/// Locks the default collection, or the one at `path`.
pub(crate) fn lock(address: &str, path: Option<OwnedObjectPath>) -> Result<(), RigError> {
    on_bus(address, |bus| {
        let collection = path.map_or_else(|| default_collection(bus), Ok)?;
        let (locked, _prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            call(bus, ROOT, SERVICE, "Lock", &(vec![&collection],))?;
        if locked.contains(&collection) {
            return Ok(());
        }
        Err(RigError::Unexpected(format!("the keyring daemon did not lock {collection}")))
    })
}

/// Unlocks the default collection without a dialog.
pub(crate) fn unlock(address: &str, password: &str) -> Result<(), RigError> {
    let password = password.to_owned();
    on_bus(address, move |bus| {
        let collection = default_collection(bus)?;
        let session = open_session(bus)?;
        let secret = (&session, NO_PARAMETERS, password.as_bytes(), "text/plain");
        call::<()>(bus, ROOT, INTERNAL, "UnlockWithMasterPassword", &(&collection, secret))
    })
}

/// Makes a collection beside the default one, unlocked; its path.
pub(crate) fn make_collection(
    address: &str,
    label: &str,
    password: &str,
) -> Result<OwnedObjectPath, RigError> {
    let (label, password) = (label.to_owned(), password.to_owned());
    on_bus(address, move |bus| {
        let session = open_session(bus)?;
        let secret = (&session, NO_PARAMETERS, password.as_bytes(), "text/plain");
        let properties =
            HashMap::from([("org.freedesktop.Secret.Collection.Label", Value::from(label.as_str()))]);
        call(bus, ROOT, INTERNAL, "CreateWithMasterPassword", &(properties, secret))
    })
}

/// Makes an item in the default collection with these attributes and no others, beside what is there.
pub(crate) fn create_item(address: &str, attributes: &[(&str, &str)], secret: &str) -> Result<(), RigError> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let attributes: HashMap<String, String> = attributes.iter().map(owned).collect();
    let secret = secret.to_owned();
    on_bus(address, move |bus| {
        let collection = default_collection(bus)?;
        let session = open_session(bus)?;
        let secret = (&session, NO_PARAMETERS, secret.as_bytes(), "text/plain");
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from("planted by the test rig")),
            ("org.freedesktop.Secret.Item.Attributes", Value::from(attributes)),
        ]);
        let arguments = (properties, secret, false);
        let (_item, prompt): (OwnedObjectPath, OwnedObjectPath) =
            call(bus, collection.as_str(), COLLECTION, "CreateItem", &arguments)?;
        if prompt.as_str() == "/" {
            return Ok(());
        }
        Err(RigError::Unexpected("the keyring daemon asks before it makes an item".to_owned()))
    })
}

/// A channel of this connection only; "plain" sends the password as it is.
fn open_session(bus: &Connection) -> Result<OwnedObjectPath, RigError> {
    let (_output, session): (OwnedValue, OwnedObjectPath) =
        call(bus, ROOT, SERVICE, "OpenSession", &("plain", Value::from(Str::from(""))))?;
    Ok(session)
}

/// The collection that new entries go to.
fn default_collection(bus: &Connection) -> Result<OwnedObjectPath, RigError> {
    let begin = Instant::now();
    loop {
        let collection: OwnedObjectPath = call(bus, ROOT, SERVICE, "ReadAlias", &("default",))?;
        if collection.as_str() != "/" {
            return Ok(collection);
        }
        // GNOME Keyring shows none for a moment when it has replaced a file of its own.
        if begin.elapsed() > ANSWER / 2 {
            return Err(RigError::Unexpected("the keyring daemon has no default collection".to_owned()));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn call<R>(
    bus: &Connection,
    path: &str,
    interface: &str,
    method: &str,
    body: &(impl serde::Serialize + DynamicType),
) -> Result<R, RigError>
where
    R: for<'d> zbus::zvariant::DynamicDeserialize<'d>,
{
    let proxy = zbus::blocking::Proxy::new(bus, NAME, path, interface)?;
    proxy
        .call_with_flags(method, MethodFlags::NoAutoStart.into(), body)?
        .ok_or_else(|| RigError::Unexpected(format!("{method} was not answered")))
}

fn on_bus<T: Send + 'static>(
    address: &str,
    act: impl FnOnce(&Connection) -> Result<T, RigError> + Send + 'static,
) -> Result<T, RigError> {
    let address = address.to_owned();
    let (sender, receiver) = mpsc::channel();
    // Not joined: zbus has no time limit for a call with flags, and a stopped daemon would hold it for good.
    // The thread ends with the daemon's answer, with the bus, or with the process.
    thread::spawn(move || {
        let connected = Builder::address(address.as_str()).and_then(Builder::build).map_err(RigError::from);
        let answer = connected.and_then(|bus| act(&bus));
        // An answer that comes too late is of no use to anyone.
        drop(sender.send(answer));
    });
    receiver.recv_timeout(ANSWER).unwrap_or_else(|error| match error {
        mpsc::RecvTimeoutError::Timeout => {
            Err(RigError::Late { what: "the keyring daemon's answer".to_owned(), limit: ANSWER })
        }
        mpsc::RecvTimeoutError::Disconnected => {
            Err(RigError::Unexpected("a D-Bus call of the rig panicked".to_owned()))
        }
    })
}
