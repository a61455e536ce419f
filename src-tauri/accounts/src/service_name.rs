//! The keyring service of a data folder: chosen once, written into the folder as `keyring-service`, and read from there.
//!
//! It used to be derived at every start from the folder's path as it was spelt, so that a trailing slash, a `..` or a link made
//! another service, and the accounts seemed to be gone. A folder without the file is looked up under each name that it may
//! have had: that of the path as given, that of the real path, and those of their other spellings. The name under
//! which the keyring has entries of its list of accounts is written down; else one that has entries of ours; else the first.
//!
//! What the keyring cannot say now (it hangs, is out of reach, or is locked and shows nothing) is not written down: the best
//! guess serves for this run, and the next one looks again. `USERFRONT_ACCOUNTS_SERVICE` overrides all of it, and is not
//! written down.
//!
//! Two programs that start at once agree: the file appears with its content, and the first one wins.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::account::EntryName;
use crate::environment::{Environment, IDENTIFIER, ordinary_home};
use crate::files;
use crate::ports::{RegistryStorage as _, StoreError};
use crate::registry::file::FileRegistry;
use crate::text::hex;

/// The file's name in the data folder.
pub const NAME: &str = "keyring-service";
const UNFINISHED: &str = ".keyring-service.";
const LONGEST: usize = 200;
/// So that two attempts of one process have files of their own.
static ATTEMPTS: AtomicU64 = AtomicU64::new(0);

/// What the keyring lists under a service, and whether that is all: a locked keyring may show less than it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The names.
    pub entries: Vec<EntryName>,
    /// The keyring is unlocked.
    pub is_all: bool,
}

/// Whether a file of this name is the one with the service's name, or what a start that was cut off left of it.
pub(crate) fn is_ours(name: &str) -> bool {
    name == NAME || name.starts_with(UNFINISHED)
}

/// The keyring service of the data folder. `list` lists the keyring under a service; it is called only while the name is not
/// written down and could be one of several.
pub async fn service_of(
    environment: &Environment,
    list: impl AsyncFn(String) -> Result<Listed, StoreError>,
) -> String {
    if environment.service_is_set {
        return environment.service.clone();
    }
    let folder = &environment.home;
    match written(folder) {
        Ok(Some(name)) => return name,
        Ok(None) => {}
        Err(error) => {
            tracing::warn!(%error, "the name of the keyring service could not be read");
            return environment.service.clone();
        }
    }
    // A folder that is not there has no list, and may have any name.
    let candidates =
        if folder.exists() { candidates(environment) } else { vec![environment.service.clone()] };
    match choose(folder, &candidates, list).await {
        Choice::Certain(name) => write_down(folder, &name).unwrap_or_else(|error| {
            tracing::warn!(%error, "the name of the keyring service was not written down");
            name
        }),
        Choice::Guess(name) => {
            tracing::warn!(service = name, "the keyring could not say which service this data folder uses");
            name
        }
    }
}

enum Choice {
    Certain(String),
    Guess(String),
}

/// How much of what the list names, and how much at all, lies under a candidate.
async fn choose(
    folder: &Path,
    candidates: &[String],
    list: impl AsyncFn(String) -> Result<Listed, StoreError>,
) -> Choice {
    let first = candidates[0].clone();
    if candidates.len() == 1 {
        return Choice::Certain(first);
    }
    let Ok(registry) = FileRegistry::new(folder.to_owned()).read().await else {
        return Choice::Guess(first);
    };
    let mut best = (0, 0, first);
    let mut is_all = true;
    for name in candidates {
        let Ok(listed) = list(name.clone()).await else { return Choice::Guess(best.2) };
        is_all &= listed.is_all;
        let own = listed.entries.iter().filter(|entry| registry.accounts_for(entry)).count();
        if (own, listed.entries.len()) > (best.0, best.1) {
            best = (own, listed.entries.len(), name.clone());
        }
    }
    let (own, _, name) = best;
    if own > 0 || is_all { Choice::Certain(name) } else { Choice::Guess(name) }
}

/// Every name that the folder's entries may have been stored under, the likeliest first.
fn candidates(environment: &Environment) -> Vec<String> {
    let given = absolute(&environment.home);
    let real = real_path(&given);
    let mut names = vec![environment.service.clone()];
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    for path in [&given, &real] {
        let text = path.to_string_lossy();
        let bare = text.trim_end_matches(std::path::MAIN_SEPARATOR);
        for spelt in [text.as_ref(), bare, &format!("{bare}{}", std::path::MAIN_SEPARATOR)] {
            add(derived_from(spelt));
        }
    }
    if ordinary_home().is_some_and(|ordinary| real_path(&absolute(&ordinary)) == real) {
        add(IDENTIFIER.to_owned());
    }
    names
}

/// The service of a path as it is spelt.
pub(crate) fn derived(home: &Path) -> String {
    // A relative path names another folder when the working directory changes.
    derived_from(&absolute(home).to_string_lossy())
}

fn derived_from(path: &str) -> String {
    format!("{IDENTIFIER}.{}", hex(&Sha256::digest(path.as_bytes())[..6]))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Without links, `..` and a slash at the end; as it is, where nothing is there.
pub(crate) fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// What is written down, if it can be a name.
fn written(folder: &Path) -> io::Result<Option<String>> {
    let Some(bytes) = files::read(&folder.join(NAME))? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    let name = text.trim();
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic());
    Ok((is_plain && (1..=LONGEST).contains(&name.len())).then(|| name.to_owned()))
}

/// Writes a name down, unless another program was quicker: then its name counts. What is there and is no name is replaced.
fn write_down(folder: &Path, name: &str) -> io::Result<String> {
    files::make_folder(folder)?;
    let path = folder.join(NAME);
    let nth = ATTEMPTS.fetch_add(1, Ordering::Relaxed);
    let unfinished = folder.join(format!("{UNFINISHED}{}-{nth}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(format!("{name}\n").as_bytes())?;
    file.sync_all()?;
    // It is there with its content, or not at all; and only one of those who try succeeds.
    if let Err(error) = fs::hard_link(&unfinished, &path) {
        let is_there = error.kind() == ErrorKind::AlreadyExists;
        if let Some(quicker) = if is_there { written(folder)? } else { None } {
            fs::remove_file(&unfinished)?;
            return Ok(quicker);
        }
        // It is no name; or the file system has no such links.
        fs::rename(&unfinished, &path)?;
        return Ok(name.to_owned());
    }
    fs::remove_file(&unfinished)?;
    Ok(name.to_owned())
}

#[cfg(test)]
#[path = "service_name/tests.rs"]
mod tests;
