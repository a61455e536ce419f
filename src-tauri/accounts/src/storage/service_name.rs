//! The keyring service of a data folder: chosen once, written into the folder as `keyring-service`, and read
//! from there.
//!
//! It used to be derived at every start from the folder's path as spelt, so that a trailing slash, a `..` or
//! a link made another service and the accounts seemed to be gone. For a folder without the file, each name
//! that it may have had is looked up: that of the path as given, of the real path, and of their other
//! spellings. The name whose keyring entries belong to the folder's list of accounts is written down; else
//! one that has any entries of ours; else the first.
//!
//! The name is chosen at the first call that finds the keyring unlocked ([`FolderStore`]). Until then there
//! is only a guess, under which nothing is read, written or deleted. Other names that had entries are written
//! down too (`keyring-service-before`): those entries are named to the user, and neither used nor deleted.
//! `USERFRONT_ACCOUNTS_SERVICE` overrides all of it, and is not written down.
//!
//! Two programs that start at once agree: the file appears with its content, and the first one wins.

mod folder_store;

use crate::storage::folders::absolute;
use crate::storage::folders::derived_from;
use crate::storage::folders::real_path;
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

pub use folder_store::FolderStore;

use crate::model::account::EntryName;
use crate::ports::{RegistryStorage as _, StoreError};
use crate::storage::environment::Environment;
use crate::storage::files;
use crate::storage::folders::IDENTIFIER;
use crate::storage::folders::ordinary_home;
use crate::storage::registry_file::FileRegistry;

/// The file's name in the data folder.
pub const NAME: &str = "keyring-service";
/// The other names that had entries, a line each. In a file of its own for programs that know only one name.
pub const BEFORE: &str = "keyring-service-before";
const UNFINISHED: &str = ".keyring-service.";
const LONGEST: usize = 200;
static ATTEMPTS: AtomicU64 = AtomicU64::new(0);

/// Whether a file of this name holds the service's name, or was left by an interrupted start.
pub(crate) fn is_ours(name: &str) -> bool {
    name == NAME || name == BEFORE || name.starts_with(UNFINISHED)
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Services {
    name: String,
    before: Vec<String>,
}

/// The services that are known without reading the keyring.
fn known(environment: &Environment) -> io::Result<Option<Services>> {
    if environment.service_is_set {
        return Ok(Some(Services { name: environment.service.clone(), before: Vec::new() }));
    }
    written(&environment.home)
}

/// Writes down the candidate with the most entries that the registry lists, else with the most entries.
/// `listed` has the unlocked keyring's entries under each.
async fn choose(
    environment: &Environment,
    listed: Vec<(String, Vec<EntryName>)>,
) -> Result<Services, StoreError> {
    let folder = &environment.home;
    let registry = FileRegistry::new(folder.clone()).read().await;
    let registry = registry.map_err(|error| StoreError::Refused(error.to_string()))?;
    let listed_here: HashSet<_> = registry.known_entries().collect();
    let (mut best, mut name) = ((0, 0), environment.service.clone());
    let mut with_entries = Vec::new();
    for (candidate, entries) in listed {
        let own = entries.iter().filter(|entry| listed_here.contains(entry)).count();
        if (own, entries.len()) > best {
            (best, name) = ((own, entries.len()), candidate.clone());
        }
        if !entries.is_empty() {
            with_entries.push(candidate);
        }
    }
    with_entries.retain(|other| *other != name);
    let chosen = Services { name, before: with_entries };
    Ok(write_down(folder, &chosen).unwrap_or_else(|error| {
        tracing::warn!(%error, "the name of the keyring service was not written down");
        chosen
    }))
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

/// The names in the files, if they are valid.
fn written(folder: &Path) -> io::Result<Option<Services>> {
    let Some(name) = files::read(&folder.join(NAME))? else { return Ok(None) };
    let name = String::from_utf8_lossy(&name).trim().to_owned();
    let before = files::read(&folder.join(BEFORE))?.unwrap_or_default();
    let before =
        String::from_utf8_lossy(&before).lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let is_name =
        |line: &str| line.bytes().all(|byte| byte.is_ascii_graphic()) && (1..=LONGEST).contains(&line.len());
    let all_are_names = is_name(&name) && before.iter().all(|line| is_name(line));
    Ok(all_are_names.then_some(Services { name, before }))
}

/// Writes the names down. If another program was faster, its names count. Invalid content is replaced.
fn write_down(folder: &Path, services: &Services) -> io::Result<Services> {
    files::make_folder(folder)?;
    let path = folder.join(NAME);
    let nth = ATTEMPTS.fetch_add(1, Ordering::Relaxed);
    let unfinished = folder.join(format!("{UNFINISHED}{}-{nth}", std::process::id()));
    let mut options = files::private();
    options.write(true).create(true).truncate(true);
    let write = |lines: &str| -> io::Result<()> {
        let mut file = options.open(&unfinished)?;
        writeln!(file, "{lines}")?;
        file.sync_all()
    };
    if !services.before.is_empty() {
        write(&services.before.join("\n"))?;
        fs::rename(&unfinished, folder.join(BEFORE))?;
    }
    write(&services.name)?;
    // The file appears with its content or not at all, and only one of several programs succeeds.
    if let Err(error) = fs::hard_link(&unfinished, &path) {
        let is_there = error.kind() == ErrorKind::AlreadyExists;
        if let Some(quicker) = if is_there { written(folder)? } else { None } {
            fs::remove_file(&unfinished)?;
            return Ok(quicker);
        }
        // The file there is invalid, or the file system has no hard links.
        fs::rename(&unfinished, &path)?;
        return Ok(services.clone());
    }
    fs::remove_file(&unfinished)?;
    Ok(services.clone())
}

#[cfg(test)]
#[path = "service_name/tests.rs"]
mod tests;
