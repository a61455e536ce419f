//! The sessions of whose coming end a notification has told, so that no later run tells it again.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use accounts::storage::files;
use accounts::storage::folders::NOTIFIED;

/// Session IDs. A file that cannot be read counts as none.
pub(crate) fn read(home: &Path) -> HashSet<String> {
    let read = || -> io::Result<HashSet<String>> {
        let bytes = files::read(&home.join(NOTIFIED))?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?.unwrap_or_default())
    };
    read().unwrap_or_else(|error| {
        tracing::warn!(%error, "what was notified is not known: it may be told again");
        HashSet::new()
    })
}

pub(crate) fn write(home: &Path, sessions: &HashSet<String>) {
    let written = serde_json::to_vec(sessions)
        .map_err(Into::into)
        .and_then(|json| files::replace(&home.join(NOTIFIED), &json));
    if let Err(error) = written {
        tracing::warn!(%error, "what was notified is not kept: it may be told again");
    }
}
