//! A keyring daemon of its own, that can be locked, killed and stopped.

mod control;

use std::ops::Deref;

use crate::{
    RigError, Screen, SecretServiceKind,
    bus::{self, Bus},
    desktop::Desktop,
    home::Home,
};

pub use control::KeyringControl;
pub(crate) use control::write_and_close;

/// How much of a keyring the world has at its start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Presence {
    /// A daemon with an unlocked, empty default collection.
    #[default]
    Unlocked,
    /// The same, locked.
    Locked,
    /// A session bus, but no daemon, and none that the bus could activate.
    NoDaemon,
    /// No session bus: its address names a socket that does not exist.
    NoBus,
}

/// How a private keyring is set up.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyringOptions {
    /// The program that keeps the keyring.
    pub kind: SecretServiceKind,
    /// The state at the start.
    pub presence: Presence,
    /// The bus brings a daemon back that is gone, locked, as desktops do. Without it, gone stays gone. Never
    /// so with [`Presence::NoDaemon`].
    pub activate: bool,
    /// An X server of this size (width, height) belongs to the environment: a locked keyring then opens
    /// its dialog there. Without one the daemon dismisses the dialog at once.
    pub screen: Option<(u16, u16)>,
}

impl From<Presence> for KeyringOptions {
    fn from(presence: Presence) -> Self {
        Self { presence, ..Self::default() }
    }
}

impl From<(SecretServiceKind, Presence)> for KeyringOptions {
    fn from((kind, presence): (SecretServiceKind, Presence)) -> Self {
        Self { kind, presence, ..Self::default() }
    }
}

/// A private keyring: folders, bus and daemon, all of which end when this is dropped.
#[derive(Debug)]
pub struct KeyringDaemon {
    // Dropped in this order: the folders last.
    control: KeyringControl,
    _desktop: Option<Desktop>,
    _bus: Option<Bus>,
    screen: Option<Screen>,
    _home: Home,
}

impl KeyringDaemon {
    /// Starts a private keyring.
    pub fn start(options: impl Into<KeyringOptions>) -> Result<Self, RigError> {
        let options = options.into();
        let (home, mut environment) = Home::make()?;
        options.kind.set(&mut environment);
        environment.set("DBUS_SESSION_BUS_ADDRESS", bus::address(home.folder()));
        let screen = match options.screen {
            Some((width, height)) => {
                let screen = Screen::start(width, height)?;
                environment.set("DISPLAY", screen.display());
                Some(screen)
            }
            None => None,
        };
        let activate = options.activate && options.presence != Presence::NoDaemon;
        let activatable = activate.then_some(options.kind);
        let bus = match options.presence {
            Presence::NoBus => None,
            _ => Some(Bus::start(&environment, activatable)?),
        };
        let control = KeyringControl::new(environment);
        let desktop = match (&bus, &screen) {
            (Some(_), Some(_)) => Some(Desktop::start(&control.address, control.environment())?),
            _ => None,
        };
        // Made before the daemon starts: should that fail, everything is ended by this value's drop.
        let keyring = Self { control, _desktop: desktop, _bus: bus, screen, _home: home };
        if matches!(options.presence, Presence::Unlocked | Presence::Locked) {
            keyring.restart_unlocked()?;
        }
        if options.presence == Presence::Locked {
            keyring.lock()?;
        }
        Ok(keyring)
    }

    /// The X server, when there is one.
    #[must_use]
    pub fn screen(&self) -> Option<&Screen> {
        self.screen.as_ref()
    }
}

impl Deref for KeyringDaemon {
    type Target = KeyringControl;

    fn deref(&self) -> &KeyringControl {
        &self.control
    }
}
