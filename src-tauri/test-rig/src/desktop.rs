//! The desktop's answers to a keyring daemon about its screen.
//!
//! oo7 shows a dialog only where there is a screen. It looks for one in its caller's environment, which it
//! may not read when the tests run as root (it gives up its own privileges, and root's processes are then
//! beyond it); and last in the environment of the session's manager, which desktops fill with `DISPLAY`. This
//! is that manager, as far as oo7 asks it.

use std::{sync::mpsc, thread, time::Duration};

use zbus::blocking::{Connection, connection::Builder};

use crate::{Environment, RigError};

/// How long the bus has to take the name.
const START: Duration = Duration::from_secs(10);

/// The manager of a private session. Gone when dropped.
#[derive(Debug)]
pub(crate) struct Desktop {
    _bus: Connection,
}

struct Manager {
    environment: Vec<String>,
}

#[zbus::interface(name = "org.freedesktop.systemd1.Manager")]
impl Manager {
    #[zbus(property)]
    fn environment(&self) -> Vec<String> {
        self.environment.clone()
    }
}

impl Desktop {
    /// Tells the private bus at `address` of the display in `environment`.
    pub(crate) fn start(address: &str, environment: &Environment) -> Result<Self, RigError> {
        let display = environment.get("DISPLAY").unwrap_or_default().display();
        let manager = Manager { environment: vec![format!("DISPLAY={display}")] };
        let address = address.to_owned();
        let (sender, receiver) = mpsc::channel();
        // On a thread of its own: a test's async runtime may be the caller.
        thread::spawn(move || {
            let bus = Builder::address(address.as_str())
                .and_then(|bus| bus.serve_at("/org/freedesktop/systemd1", manager))
                .and_then(|bus| bus.name("org.freedesktop.systemd1"))
                .and_then(Builder::build);
            // Too late is the same as never.
            drop(sender.send(bus));
        });
        let late = |_| RigError::Late { what: "the private session's manager".to_owned(), limit: START };
        Ok(Self { _bus: receiver.recv_timeout(START).map_err(late)?? })
    }
}
