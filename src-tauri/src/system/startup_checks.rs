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

/// The result of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Window,
    /// The app is open already, and has the arguments.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "the plugin does it there"))]
    HandedOver,
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn start(_instance: &str) -> Result<Start, String> {
    Ok(Start::Window)
}

#[cfg(target_os = "linux")]
pub(crate) use linux::start;

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use zbus::blocking::Connection;
    use zbus::blocking::connection::Builder;
    use zbus::names::BusName;

    use super::Start;

    const LIMIT: Duration = Duration::from_secs(2);

    /// Hands the arguments to an app that is open already, whose bus name is `instance`; without GTK, whose
    /// threads can crash a process that ends while they start.
    ///
    /// # Errors
    /// Why no window can be opened here: a sentence with advice.
    pub(crate) fn start(instance: &str) -> Result<Start, String> {
        let start = ask_bus(instance)?;
        if start == Start::Window {
            // After that check: GTK asks the bus, and would wait for it without limit.
            gtk::init().map_err(|_| {
                "There is no display to open a window on. On the command line, use `userfront`.".to_owned()
            })?;
        }
        Ok(start)
    }

    fn ask_bus(instance: &str) -> Result<Start, String> {
        let name = instance.to_owned();
        let (tell, told) = mpsc::channel();
        let ask = move || {
            if tell.send(hand_over(&name)).is_err() {
                tracing::debug!("the session bus answered too late");
            }
        };
        if thread::Builder::new().name("session-bus".to_owned()).spawn(ask).is_err() {
            return Ok(Start::Window);
        }
        match told.recv_timeout(LIMIT * 4) {
            Ok(Ok(start)) => Ok(start),
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
    fn hand_over(name: &str) -> Result<Start, u32> {
        let connect = || -> zbus::Result<Connection> { Builder::session()?.method_timeout(LIMIT).build() };
        let Ok(bus) = connect() else { return Ok(Start::Window) };
        let Ok(proxy) = zbus::blocking::fdo::DBusProxy::new(&bus) else { return Ok(Start::Window) };
        let Ok(owner) = BusName::try_from(name.to_owned()) else { return Ok(Start::Window) };
        let Ok(process) = proxy.get_connection_unix_process_id(owner.clone()) else {
            return Ok(Start::Window);
        };
        // As the plugin for a single instance serves it.
        let path = format!("/{}", name.replace('.', "/"));
        // A process that has stopped answers no ping, and gets no link that it would use when it goes on.
        let ping =
            bus.call_method(Some(&owner), path.as_str(), Some("org.freedesktop.DBus.Peer"), "Ping", &());
        if ping.is_err_and(|error| is_timeout(&error)) {
            return Err(process);
        }
        let arguments: Vec<_> = std::env::args_os().map(|it| it.to_string_lossy().into_owned()).collect();
        let folder = std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned();
        let interface = Some("org.SingleInstance.DBus");
        match bus.call_method(Some(&owner), path, interface, "ExecuteCallback", &(arguments, folder)) {
            Ok(_) => Ok(Start::HandedOver),
            // It has answered the ping and has the arguments: it is slow.
            Err(error) if is_timeout(&error) => Ok(Start::HandedOver),
            // The plugin tries once more, and says why not.
            Err(_) => Ok(Start::Window),
        }
    }

    fn is_timeout(error: &zbus::Error) -> bool {
        matches!(error, zbus::Error::InputOutput(error) if error.kind() == std::io::ErrorKind::TimedOut)
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
