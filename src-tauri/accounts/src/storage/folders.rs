//! Our folders on this system, and the keyring service that a data folder has by its path.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::text::hex;

/// Name of the data folder, and of the keyring service, of an ordinary installation.
pub const IDENTIFIER: &str = "desktop.userfront.accounts";

/// What this user's programs share while they are logged in to the computer, whatever their data folders;
/// nothing where the system has no such place.
#[must_use]
pub fn runtime_folder() -> Option<PathBuf> {
    Some(dirs::runtime_dir()?.join(IDENTIFIER))
}

/// The data folder of an ordinary installation.
pub(crate) fn ordinary_home() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join(IDENTIFIER))
}

/// The service of a path as it is spelt.
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

/// Without links, `..` and a slash at the end; as it is, where nothing is there.
pub(crate) fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
