//! Checks before the window opens: arguments that need none, the display, and whether the app is already
//! open. Tauri panics without a display, and waits without limit for a bus or a first instance that has
//! stopped.

use std::ffi::OsString;

const HELP: &str = "Userfront Accounts keeps access tokens in the keyring, and logs out for good.

Usage: userfront-accounts [LINK]

  LINK           a link to log in with, or an address that begins with userfront-accounts:
  -h, --help     this text
  -V, --version  the version

The command line for scripts is `userfront`; `userfront --help` tells of it.";

pub(crate) fn printed(mut arguments: impl Iterator<Item = OsString>) -> Option<String> {
    arguments.find_map(|argument| match argument.to_str()? {
        "-h" | "--help" => Some(HELP.to_owned()),
        "-V" | "--version" => Some(format!("userfront-accounts {}", env!("CARGO_PKG_VERSION"))),
        _ => None,
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn can_open_a_window(_instance: &str) -> Result<(), String> {
    Ok(())
}

#[cfg(target_os = "linux")]
pub(crate) use linux::can_open_a_window;

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use zbus::blocking::Connection;
    use zbus::blocking::connection::Builder;
    use zbus::names::BusName;

    const LIMIT: Duration = Duration::from_secs(2);

    /// Why no window can be opened here: a sentence with advice. `instance` is the bus name of an app that
    /// may be open.
    pub(crate) fn can_open_a_window(instance: &str) -> Result<(), String> {
        bus_answers(instance)?;
        // After that check: GTK asks the bus, and would wait for it without limit.
        gtk::init().map_err(|_| {
            "There is no display to open a window on. On the command line, use `userfront`.".to_owned()
        })
    }

    fn bus_answers(instance: &str) -> Result<(), String> {
        let name = instance.to_owned();
        let (tell, told) = mpsc::channel();
        let ask = move || {
            if tell.send(open_already(&name)).is_err() {
                tracing::debug!("the session bus answered too late");
            }
        };
        if thread::Builder::new().name("session-bus".to_owned()).spawn(ask).is_err() {
            return Ok(());
        }
        match told.recv_timeout(LIMIT * 3) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(process)) => Err(format!(
                "Userfront Accounts is open already (process {process}) and does not answer. \
                 End it, then start it again."
            )),
            Err(_) => {
                Err("The session bus (D-Bus) does not answer. Log in to your desktop again.".to_owned())
            }
        }
    }

    /// `Err`: the process of an open app that does not answer. Without a bus a window can still open; the
    /// keyring then reports that the bus is missing.
    fn open_already(name: &str) -> Result<(), u32> {
        let connect = || -> zbus::Result<Connection> { Builder::session()?.method_timeout(LIMIT).build() };
        let Ok(bus) = connect() else { return Ok(()) };
        let Ok(proxy) = zbus::blocking::fdo::DBusProxy::new(&bus) else { return Ok(()) };
        let Ok(name) = BusName::try_from(name.to_owned()) else { return Ok(()) };
        let Ok(process) = proxy.get_connection_unix_process_id(name.clone()) else { return Ok(()) };
        match bus.call_method(Some(name), "/", Some("org.freedesktop.DBus.Peer"), "Ping", &()) {
            Err(zbus::Error::InputOutput(error)) if error.kind() == std::io::ErrorKind::TimedOut => {
                Err(process)
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_and_version_are_printed_without_a_window() {
        let of = |arguments: &[&str]| printed(arguments.iter().map(OsString::from));
        assert!(of(&["--help"]).is_some_and(|text| text.contains("Usage: userfront-accounts")));
        assert_eq!(of(&["-V"]), Some(format!("userfront-accounts {}", env!("CARGO_PKG_VERSION"))));
        assert_eq!(of(&["userfront-accounts:/x?token=y"]), None);
        assert_eq!(of(&[]), None);
    }
}
