//! logind's signals of sleep, on the world's own bus: programs take that for the system's,
//! too.

use std::{sync::mpsc, thread, time::Duration};

use zbus::blocking::connection::Builder;

use crate::RigError;

/// How long the bus has to take the name and the signal.
const LIMIT: Duration = Duration::from_secs(10);

/// Tells everybody on the bus at `address` that the machine has woken up.
pub(crate) fn tell_of_waking(address: &str) -> Result<(), RigError> {
    let address = address.to_owned();
    let (sender, receiver) = mpsc::channel();
    // On a thread of its own: a test's async runtime may be the caller.
    thread::spawn(move || {
        let told = Builder::address(address.as_str())
            .and_then(|bus| bus.name("org.freedesktop.login1"))
            .and_then(Builder::build)
            .and_then(|bus| {
                let (path, interface) = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager");
                bus.emit_signal(None::<&str>, path, interface, "PrepareForSleep", &false)
            });
        // Too late is the same as never.
        drop(sender.send(told));
    });
    let late = |_| RigError::Late { what: "the news of the machine's waking".to_owned(), limit: LIMIT };
    Ok(receiver.recv_timeout(LIMIT).map_err(late)??)
}
