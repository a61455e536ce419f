//! Our folders on this system, and the keyring service that is derived from a folder's path.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::text::hex;

/// Name of the default data folder and of its keyring service.
pub const IDENTIFIER: &str = "desktop.userfront.accounts";

/// The window's own file in the data folder: its size and place.
pub const WINDOW: &str = "window.json";

/// The window's own file in the data folder: the sessions of whose coming end a notification has told.
pub const NOTIFIED: &str = "notified.json";

/// The entry that starts the window at login, where the desktop has such a folder.
#[must_use]
pub fn autostart_entry() -> Option<PathBuf> {
    Some(dirs::config_dir()?.join("autostart").join(format!("{IDENTIFIER}.desktop")))
}

/// The folder that a user's programs share during a session, if the system has such a place.
#[must_use]
pub fn runtime_folder() -> Option<PathBuf> {
    Some(dirs::runtime_dir()?.join(IDENTIFIER))
}

pub(crate) fn ordinary_home() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join(IDENTIFIER))
}

pub(crate) fn derived(home: &Path) -> String {
    // A relative path names another folder when the working directory changes.
    derived_from(&absolute(home).to_string_lossy())
}

pub(crate) fn derived_from(path: &str) -> String {
    format!("{IDENTIFIER}.{}", hex(&Sha256::digest(path.as_bytes())[..6]))
}

pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Resolves links, `..` and a slash at the end. Returns the path unchanged if nothing is there.
pub(crate) fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
