//! A screen reader's ears: what the app's window tells assistive technology, over AT-SPI.
//!
//! The accessibility bus is a private one, as the session bus is. Orca reads out what is added to a live
//! region, what has the role of an alert, and what gets the focus; these events are kept, with the words of
//! what they are about.

mod accessible;

use std::{
    collections::HashMap,
    fs,
    os::unix::net::UnixStream,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use zbus::{
    MatchRule, Message,
    blocking::{Connection, MessageIterator, Proxy, connection::Builder},
    message::Type,
    zvariant::{ObjectPath, OwnedObjectPath, OwnedValue},
};

use crate::{
    Environment, RigError,
    process::{Group, wait_for},
};

use accessible::Accessible;

/// How long the bus has to open its socket, and to take what is asked of it.
const START: Duration = Duration::from_secs(10);

/// How deep the words of an element are looked for.
const DEPTH: usize = 6;

/// The events that a screen reader asks for.
const EVENTS: [&str; 5] = [
    "object:children-changed:add",
    "object:children-changed:remove",
    "object:announcement",
    "object:text-changed:insert",
    "object:state-changed:focused",
];

/// An event, as it was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// `ChildrenChanged`, `Announcement`, `TextChanged`, `StateChanged`.
    pub event: String,
    /// Where it happened, by its `live` attribute or its role: `live`, `alert`; else empty.
    pub place: String,
    /// The role of what was added or focused, as it calls itself.
    pub role: String,
    /// Its words.
    pub words: String,
}

/// The ears. Apps that are opened in [`environment`](Self::environment) speak to them.
#[derive(Debug)]
pub struct Ears {
    address: String,
    environment: Environment,
    heard: Arc<Mutex<Vec<Heard>>>,
    _bus: Group,
}

impl Ears {
    /// Starts the private accessibility bus, and listens.
    pub fn start(environment: &Environment) -> Result<Self, RigError> {
        let folder = environment.folder();
        let (socket, configuration) = (folder.join("run/at-spi"), folder.join("at-spi.conf"));
        fs::write(&configuration, text(&socket.display().to_string()))
            .map_err(RigError::file(&configuration))?;
        let mut environment = environment.clone();
        environment.set("AT_SPI_BUS_ADDRESS", format!("unix:path={}", socket.display()));
        let bus = Group::start(
            environment
                .command("dbus-daemon")
                .arg(format!("--config-file={}", configuration.display()))
                .args(["--nofork", "--nopidfile", "--nosyslog"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        wait_for("the accessibility bus to listen", START, || {
            Ok(UnixStream::connect(&socket).is_ok().then_some(()))
        })?;
        let (address, heard) = (format!("unix:path={}", socket.display()), Arc::default());
        listen(address.clone(), Arc::clone(&heard))?;
        Ok(Self { address, environment, heard, _bus: bus })
    }

    /// For the apps that are to be heard.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Walks through all that there is in the windows, as a screen reader does when one comes to the front:
    /// `WebKit` tells of changes only what was looked at. The number of elements.
    pub fn explore(&self) -> Result<usize, RigError> {
        let (address, (sender, receiver)) = (self.address.clone(), mpsc::channel());
        thread::spawn(move || {
            let walked = Builder::address(address.as_str()).and_then(Builder::build).map(|bus| {
                let root = ObjectPath::from_static_str_unchecked("/org/a11y/atspi/accessible/root").into();
                Accessible { bus: &bus, at: ("org.a11y.atspi.Registry".to_owned(), root) }.count(40)
            });
            drop(sender.send(walked));
        });
        let late = |_| RigError::Late { what: "the window to be explored".to_owned(), limit: START };
        Ok(receiver.recv_timeout(START).map_err(late)??)
    }

    /// All that was heard since this was asked last.
    #[must_use]
    pub fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until this was heard where a screen reader reads it out by itself: added to a live region, or as
    /// an alert.
    pub async fn wait_for(&self, words: &str, limit: Duration) -> Result<(), RigError> {
        let begin = std::time::Instant::now();
        loop {
            let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let is_read_out = |it: &&Heard| !it.place.is_empty() && it.event == "ChildrenChanged";
            if heard.iter().filter(is_read_out).any(|it| it.words.contains(words)) {
                return Ok(());
            }
            if begin.elapsed() >= limit {
                return Err(RigError::Late {
                    what: format!("{words:?} to be heard (heard: {heard:#?})"),
                    limit,
                });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn text(socket: &str) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>accessibility</type>
  <keep_umask/>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>/usr/share/dbus-1/accessibility-services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#
    )
}

/// On a thread of its own: a test's async runtime may be the caller.
fn listen(address: String, heard: Arc<Mutex<Vec<Heard>>>) -> Result<(), RigError> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let events = match ask(&address) {
            Ok((bus, events)) => {
                drop(sender.send(Ok(())));
                (bus, events)
            }
            Err(error) => return drop(sender.send(Err(error))),
        };
        let (bus, events) = events;
        // Each at once: behind others, the words of a live region would be asked for when they are gone.
        for event in events.flatten() {
            let (bus, heard) = (bus.clone(), heard.clone());
            thread::spawn(move || {
                if let Some(it) = understand(&bus, &event) {
                    heard.lock().unwrap_or_else(PoisonError::into_inner).push(it);
                }
            });
        }
    });
    let late =
        |_| RigError::Late { what: "the accessibility bus to take a listener".to_owned(), limit: START };
    Ok(receiver.recv_timeout(START).map_err(late)??)
}

fn ask(address: &str) -> zbus::Result<(Connection, MessageIterator)> {
    let bus = Builder::address(address)?.build()?;
    let rule = MatchRule::builder().msg_type(Type::Signal).interface("org.a11y.atspi.Event.Object")?.build();
    let events = MessageIterator::for_match_rule(rule, &bus, Some(4096))?;
    let registry =
        Proxy::new(&bus, "org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry")?;
    for event in EVENTS {
        registry.call_method("RegisterEvent", &(event, Vec::<String>::new(), ""))?;
    }
    // Questions about an event have a connection of their own, so that no event waits for an answer.
    Ok((Builder::address(address)?.build()?, events))
}

/// An event's own data, in AT-SPI's two forms.
type Told<T> = (String, i32, i32, OwnedValue, T);

/// The announcement of an event; `None` where no screen reader reads it out.
fn understand(bus: &Connection, event: &Message) -> Option<Heard> {
    let header = event.header();
    let (sender, path) = (header.sender()?.to_string(), header.path()?.to_owned().into());
    let member = header.member()?.to_string();
    let here = Accessible { bus, at: (sender, path) };
    let body = event.body();
    // Of two generations: the last part is nothing to us.
    let new = |it: Told<HashMap<String, OwnedValue>>| (it.0, it.1, it.3);
    let old = |it: Told<(String, OwnedObjectPath)>| (it.0, it.1, it.3);
    let (detail, first, any) = body.deserialize().map(new).or_else(|_| body.deserialize().map(old)).ok()?;
    match (member.as_str(), detail.as_str()) {
        ("ChildrenChanged", "add") => {
            let child = here.child(&any).unwrap_or_else(|| here.clone());
            let place = here.place().or_else(|| child.place()).unwrap_or_default();
            Some(Heard { event: member, place, role: child.role(), words: child.words(DEPTH) })
        }
        // Orca asks what has lost a child, too. Only then does `WebKit` tell what came in its place.
        ("ChildrenChanged", _) => {
            here.role();
            None
        }
        ("StateChanged", "focused") if first == 1 => {
            Some(Heard { event: member, place: String::new(), role: here.role(), words: here.words(DEPTH) })
        }
        ("Announcement", _) | ("TextChanged", "insert" | "insert:system") => {
            let place = here.place().unwrap_or_default();
            Some(Heard { event: member, place, role: here.role(), words: any.to_string() })
        }
        _ => None,
    }
}
