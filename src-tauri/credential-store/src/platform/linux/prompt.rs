//! Unlocking with the desktop's dialog: only when the user has asked for it.

use std::collections::HashMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use accounts::ports::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zbus::MatchRule;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::zvariant::{DynamicType, ObjectPath, OwnedObjectPath, OwnedValue, Value};

use super::bus::{SECRETS, SERVICE, SERVICE_PATH, connect, explain};

const PROMPT: &str = "org.freedesktop.Secret.Prompt";

/// What a keyring is called that we make because there is none; other programs call it so, too.
const NEW_COLLECTION: &str = "Default keyring";

/// How the asking ended. Whether the keyring is unlocked now is another question.
#[derive(Debug)]
pub(super) enum Answer {
    /// There was nothing to ask.
    NotNeeded,
    /// The user has given what was asked for.
    Given,
    /// *Cancel*, or there is no display for the dialog, or the keyring has ended.
    Dismissed,
    /// The keyring has no way to ask here.
    NoDialog,
    /// It is still open. Whenever it is answered, the keyring will be unlocked.
    LimitPassed,
}

/// Unlocks the default collection, or makes one where there is none; and the collections of `items`, which are locked.
pub(super) fn unlock(items: &[OwnedObjectPath], limit: Duration) -> Result<Answer, StoreError> {
    // A connection of its own: closing it ends the wait for the signal, whatever the daemon does.
    let bus = connect()?;
    let answer = ask(&bus, items, limit).map_err(|error| explain(&error));
    if let Err(error) = bus.close() {
        tracing::debug!(%error, "the connection for the unlock dialog did not close cleanly");
    }
    answer
}

fn ask(bus: &Connection, items: &[OwnedObjectPath], limit: Duration) -> zbus::Result<Answer> {
    let service = ObjectPath::try_from(SERVICE_PATH)?;
    // oo7 looks there for who is asking, and shows a dialog only to somebody it knows. It ends with the connection.
    let _session: (OwnedValue, OwnedObjectPath) =
        call(bus, &service, SERVICE, "OpenSession", &("plain", Value::from("")))?;
    let alias: OwnedObjectPath = call(bus, &service, SERVICE, "ReadAlias", &("default",))?;
    let prompt: OwnedObjectPath = if alias.as_str() == "/" {
        let label = ("org.freedesktop.Secret.Collection.Label", Value::from(NEW_COLLECTION));
        let arguments = (HashMap::from([label]), "default");
        let (_made, prompt): (OwnedObjectPath, _) =
            call(bus, &service, SERVICE, "CreateCollection", &arguments)?;
        prompt
    } else {
        let mut locked = vec![alias];
        for item in items {
            if let Some(collection) = collection_of(item)
                && !locked.contains(&collection)
            {
                locked.push(collection);
            }
        }
        let (_unlocked, prompt): (Vec<OwnedObjectPath>, _) =
            call(bus, &service, SERVICE, "Unlock", &(locked,))?;
        prompt
    };
    if prompt.as_str() == "/" {
        return Ok(Answer::NotNeeded);
    }
    // Listening before asking: the answer may come at once.
    let answer = listen(bus, &prompt)?;
    // No window of ours is named: the dialog stands by itself.
    match call::<()>(bus, &prompt, PROMPT, "Prompt", &("",)) {
        Ok(()) => {}
        // GNOME Keyring dismisses a dialog that it cannot show, oo7 refuses to show it.
        Err(error) if matches!(explain(&error), StoreError::Refused(_)) => {
            tracing::warn!(%error, "the keyring cannot show its dialog");
            return Ok(Answer::NoDialog);
        }
        Err(error) => return Err(error),
    }
    match answer.recv_timeout(limit) {
        Ok(answer) => Ok(answer),
        // It is left open: the prompt's method to take it away crashes GNOME Keyring 42.
        Err(_) => Ok(Answer::LimitPassed),
    }
}

/// An item's path is that of its collection and one step more.
fn collection_of(item: &OwnedObjectPath) -> Option<OwnedObjectPath> {
    let (collection, _) = item.as_str().rsplit_once('/')?;
    OwnedObjectPath::try_from(collection).ok()
}

/// How the dialog ends, as soon as it does. The wait itself has no limit, so it has a thread, which ends with `bus`.
fn listen(bus: &Connection, prompt: &OwnedObjectPath) -> zbus::Result<mpsc::Receiver<Answer>> {
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .interface(PROMPT)?
        .member("Completed")?
        .path(prompt.as_ref())?
        .build();
    let mut signals = MessageIterator::for_match_rule(rule, bus, Some(1))?;
    let (tell, told) = mpsc::channel();
    thread::Builder::new().name("keyring-dialog".to_owned()).spawn(move || {
        let completed = signals.next().and_then(Result::ok);
        let arguments = completed.and_then(|signal| signal.body().deserialize::<(bool, OwnedValue)>().ok());
        let answer = match arguments {
            Some((false, _)) => Answer::Given,
            Some((true, _)) | None => Answer::Dismissed,
        };
        if tell.send(answer).is_err() {
            tracing::debug!("the unlock dialog ended after its limit");
        }
    })?;
    Ok(told)
}

fn call<R>(
    bus: &Connection,
    path: &ObjectPath<'_>,
    interface: &str,
    method: &str,
    body: &(impl Serialize + DynamicType),
) -> zbus::Result<R>
where
    R: DeserializeOwned + zbus::zvariant::Type,
{
    bus.call_method(Some(SECRETS), path, Some(interface), method, body)?.body().deserialize()
}
