//! The program that keeps the keyring.
//!
//! Both speak the Secret Service protocol, and differ where the protocol leaves room; so what is to work with
//! any keyring is tested on both.
//!
//! | | `gnome-keyring-daemon` | `oo7-daemon` |
//! |---|---|---|
//! | locked, an item is searched for | found, among the locked ones | not found at all |
//! | started without a password | no default collection until one is made | a default collection, locked |
//! | an item's secret is replaced (`SetSecret`) | on disk at once | in memory only: lost with the daemon |
//! | a dialog for a caller | for any | only for one that has opened a session, and sits at a screen |
//! | an unlock dialog without a display | dismissed | refused with an error |
//! | begins to answer | with its name on the bus | a moment after it has its name |

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::{Environment, RigError};

/// Tells the processes of a world which it is.
const VARIABLE: &str = "TEST_RIG_KEYRING";

/// A program that keeps a keyring.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SecretServiceKind {
    /// `gnome-keyring-daemon`, of the system's packages.
    #[default]
    GnomeKeyring,
    /// `oo7-daemon`, which `cargo xtask` installs in `target/tools/bin`.
    Oo7,
}

impl SecretServiceKind {
    /// Every one of them.
    pub const ALL: [Self; 2] = [Self::GnomeKeyring, Self::Oo7];

    /// The name of its program.
    #[must_use]
    pub fn program(self) -> &'static str {
        match self {
            Self::GnomeKeyring => "gnome-keyring-daemon",
            Self::Oo7 => "oo7-daemon",
        }
    }

    /// The command that starts it: unlocked, with the password on standard input, or locked.
    pub(crate) fn command(self, unlocked: bool) -> Result<Vec<OsString>, RigError> {
        let program = match self {
            Self::GnomeKeyring => PathBuf::from(self.program()),
            Self::Oo7 => installed(self.program())?,
        };
        let arguments: &[&str] = match (self, unlocked) {
            (Self::GnomeKeyring, true) => &["--foreground", "--components=secrets", "--unlock"],
            (Self::GnomeKeyring, false) => &["--foreground", "--components=secrets"],
            (Self::Oo7, true) => &["--login"],
            (Self::Oo7, false) => &[],
        };
        Ok([program.into()].into_iter().chain(arguments.iter().map(OsString::from)).collect())
    }

    /// The service that the bus starts for a call when no keyring runs: a locked one.
    pub(crate) fn activated(self) -> Result<String, RigError> {
        match self {
            Self::GnomeKeyring => {
                Ok("/usr/bin/gnome-keyring-daemon --start --foreground --components=secrets".to_owned())
            }
            Self::Oo7 => Ok(installed(self.program())?.display().to_string()),
        }
    }

    /// Writes the kind, and what its daemon needs in order to stay in the world, into `environment`.
    pub(crate) fn set(self, environment: &mut Environment) {
        environment.set(VARIABLE, self.program());
        if self == Self::Oo7 {
            let folder = environment.folder().to_owned();
            // Unset, it replaces the socket by which the user's own log-in unlocks the user's own keyring.
            environment.set("OO7_PAM_SOCKET", folder.join("run/oo7-pam.sock"));
            // It asks the system first whether its caller sits at a screen. A test may have been started over
            // the network; what counts is the screen of the world.
            environment.set(
                "DBUS_SYSTEM_BUS_ADDRESS",
                format!("unix:path={}", folder.join("no-system-bus").display()),
            );
        }
    }

    /// The kind in `environment`.
    pub(crate) fn of(environment: &Environment) -> Self {
        let named = |kind: &Self| environment.get(VARIABLE).is_some_and(|name| name == kind.program());
        Self::ALL.into_iter().find(named).unwrap_or_default()
    }
}

/// A program that `cargo xtask` installs: in `tools/bin` of the folder in which this executable was built.
fn installed(program: &str) -> Result<PathBuf, RigError> {
    let executable = env::current_exe().map_err(RigError::start("the test itself"))?;
    let beside = |folder: &Path| folder.join("tools/bin").join(program);
    executable.ancestors().map(beside).find(|path| path.is_file()).ok_or_else(|| {
        RigError::Unexpected(format!("{program} is not there; `cargo xtask test` installs it"))
    })
}
