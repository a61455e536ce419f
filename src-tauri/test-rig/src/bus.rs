//! The private session bus: what it can activate is listed by us, not by the system.

use std::{
    fs,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use crate::{
    Environment, RigError, SecretServiceKind,
    process::{Group, wait_for},
};

/// How long the bus has to open its socket.
const START: Duration = Duration::from_secs(10);

/// Opens the dialog of a locked keyring; gcr brings it.
const PROMPTER: &str = "/usr/libexec/gcr-prompter";

/// A `dbus-daemon` of its own.
#[derive(Debug)]
pub(crate) struct Bus {
    _daemon: Group,
}

/// Where the bus of the world listens, or would listen if there were one.
pub(crate) fn socket(folder: &Path) -> PathBuf {
    folder.join("run/bus")
}

/// The value of `DBUS_SESSION_BUS_ADDRESS` of the world. Set also when there is no bus: unset, libdbus would
/// start one by itself on a display.
pub(crate) fn address(folder: &Path) -> String {
    format!("unix:path={}", socket(folder).display())
}

impl Bus {
    /// Starts a bus that can activate the keyring's prompter and, if there is a `keyring`, that keyring's
    /// daemon (which then comes up locked); nothing else.
    pub(crate) fn start(
        environment: &Environment,
        keyring: Option<SecretServiceKind>,
    ) -> Result<Self, RigError> {
        let folder = environment.folder();
        let configuration = folder.join("bus.conf");
        let activatable = folder.join("activatable");
        fs::create_dir(&activatable).map_err(RigError::file(&activatable))?;
        let mut services = vec![
            ("org.gnome.keyring.SystemPrompter", PROMPTER.to_owned()),
            ("org.gnome.keyring.PrivatePrompter", PROMPTER.to_owned()),
        ];
        if let Some(kind) = keyring {
            let daemon = kind.activated()?;
            if kind == SecretServiceKind::GnomeKeyring {
                services.push(("org.gnome.keyring", daemon.clone()));
            }
            services.push(("org.freedesktop.secrets", daemon));
        }
        for (name, exec) in services {
            let path = activatable.join(format!("{name}.service"));
            fs::write(&path, format!("[D-BUS Service]\nName={name}\nExec={exec}\n"))
                .map_err(RigError::file(path))?;
        }
        fs::write(&configuration, text(&address(folder), &activatable))
            .map_err(RigError::file(&configuration))?;
        let log = folder.join("bus.log");
        let log = fs::File::create(&log).map_err(RigError::file(log))?;
        let mut daemon = Group::start(
            environment
                .command("dbus-daemon")
                .arg(format!("--config-file={}", configuration.display()))
                .args(["--nofork", "--nopidfile", "--nosyslog"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log),
        )?;
        let socket = socket(folder);
        wait_for("the private bus to listen", START, || match daemon.ended()? {
            Some(status) => Err(RigError::Failed {
                program: "dbus-daemon".to_owned(),
                status,
                output: fs::read_to_string(folder.join("bus.log")).unwrap_or_else(|error| error.to_string()),
            }),
            // Not whether the file is there: the socket is bound a moment before it takes connections.
            None => Ok(UnixStream::connect(&socket).is_ok().then_some(())),
        })?;
        Ok(Self { _daemon: daemon })
    }
}

fn text(address: &str, activatable: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        activatable.display()
    )
}
