//! What logind says on the system bus: that the machine has slept, and that its user is away. It is asked
//! once, at the start, whether the user is away already.
//!
//! Timers stop during a sleep, so due work is checked afterwards. Without logind the window's focus triggers
//! the check ([`window`](crate::system::window)): a user who returns to the machine returns to the window.

use std::collections::HashMap;
use std::time::Duration;

use zbus::connection::Builder;
use zbus::export::ordered_stream::OrderedStreamExt as _;
use zbus::fdo::DBusProxy;
use zbus::message::Type;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, MatchRule, Message, MessageStream};

const NAME: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// The session of the caller, or the one with its screen: desktops start programs outside of every session.
const OURS: &str = "auto";
/// GNOME locks the screen without a `Lock`, and says so by `LockedHint`.
const AWAY: [&str; 2] = ["IdleHint", "LockedHint"];
const LIMIT: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// The machine was asleep.
    Woke,
    /// The screen is locked, or the computer idle.
    Away,
}

/// Listens as long as the system bus is there. `hears_of_idle` is called if it will tell when the user is
/// away.
pub(crate) async fn watch<F: Future<Output = ()>>(
    hears_of_idle: impl FnOnce(),
    on: impl Fn(Told) -> F,
) -> zbus::Result<()> {
    let bus = Builder::system()?.method_timeout(LIMIT).build().await?;
    let mut signals = MessageStream::from(&bus);
    let rules = DBusProxy::new(&bus).await?;
    let signal = || MatchRule::builder().msg_type(Type::Signal).sender(NAME);
    rules
        .add_match_rule(signal()?.path(PATH)?.interface(MANAGER)?.member("PrepareForSleep")?.build())
        .await?;
    let session = match session(&bus).await {
        Ok(session) => {
            let of_it = || signal()?.path(session.clone());
            rules.add_match_rule(of_it()?.interface(SESSION)?.member("Lock")?.build()).await?;
            let changed = of_it()?.interface(PROPERTIES)?.member("PropertiesChanged")?.arg(0, SESSION)?;
            rules.add_match_rule(changed.build()).await?;
            hears_of_idle();
            if is_away(&bus, &session).await {
                on(Told::Away).await;
            }
            Some(session)
        }
        Err(error) => {
            tracing::info!(%error, "nothing tells when the user is away");
            None
        }
    };
    while let Some(message) = signals.next().await {
        if let Some(told) = told(&message?, session.as_ref())? {
            on(told).await;
        }
    }
    Ok(())
}

async fn session(bus: &Connection) -> zbus::Result<OwnedObjectPath> {
    bus.call_method(Some(NAME), PATH, Some(MANAGER), "GetSession", &OURS).await?.body().deserialize()
}

/// Signals tell of changes only: an app that is started at log-in may begin behind a locked screen.
async fn is_away(bus: &Connection, session: &OwnedObjectPath) -> bool {
    for name in AWAY {
        let hint = bus.call_method(Some(NAME), session, Some(PROPERTIES), "Get", &(SESSION, name)).await;
        match hint.and_then(|hint| hint.body().deserialize::<OwnedValue>()) {
            Ok(hint) if *hint == Value::Bool(true) => return true,
            Ok(_) => {}
            Err(error) => tracing::info!(name, %error, "whether the user is away already is not known"),
        }
    }
    false
}

fn told(message: &Message, session: Option<&OwnedObjectPath>) -> zbus::Result<Option<Told>> {
    let header = message.header();
    let is_of_session = session.is_some_and(|ours| header.path().is_some_and(|path| *path == **ours));
    let (Some(interface), Some(member)) = (header.interface(), header.member()) else { return Ok(None) };
    Ok(match (interface.as_str(), member.as_str()) {
        // `true` before the sleep, `false` after it.
        (MANAGER, "PrepareForSleep") => (!message.body().deserialize::<bool>()?).then_some(Told::Woke),
        (SESSION, "Lock") if is_of_session => Some(Told::Away),
        (PROPERTIES, "PropertiesChanged") if is_of_session => {
            let body = message.body();
            let (_, changed, _): (String, HashMap<String, OwnedValue>, Vec<String>) = body.deserialize()?;
            let is_true = |name| changed.get(name).is_some_and(|value| **value == Value::Bool(true));
            AWAY.into_iter().any(is_true).then_some(Told::Away)
        }
        _ => None,
    })
}
