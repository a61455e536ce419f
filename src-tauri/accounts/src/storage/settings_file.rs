//! The settings in `settings.json` beside the registry. Shared by the app and the command line.
//!
//! A file that is missing reads as the defaults, a damaged one as the careful settings; it is replaced only
//! when the user changes a setting. One of a newer version is not read and not replaced.

use crate::model::registry_error::Action;
use crate::model::settings::Settings;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::ports::{FileError, SettingsStorage};
use crate::storage::files;

/// The file's name in the data folder.
pub const NAME: &str = "settings.json";

/// Rises with each setting that an older program would drop. 2: the theme and those after it. 3: *hide when
/// idle*.
const VERSION: u32 = 3;

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    #[serde(flatten)]
    settings: Settings,
}

/// The settings in a folder.
#[derive(Debug, Clone)]
pub struct SettingsFile {
    path: Arc<Path>,
}

impl SettingsFile {
    /// The settings in `folder`, which is made with the first change.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { path: folder.into().join(NAME).into() }
    }
}

#[async_trait]
impl SettingsStorage for SettingsFile {
    async fn read(&self) -> Result<Settings, FileError> {
        let read = files::blocking(self.path.to_path_buf(), files::read).await;
        let bytes = read.map_err(|error| failed(Action::Read, &error))?;
        let Some(bytes) = bytes else { return Ok(Settings::default()) };
        if serde_json::from_slice(&bytes).is_ok_and(|Versioned { version }| version > VERSION) {
            return Err(failed(Action::Read, &io::Error::other("a newer version of this program wrote it")));
        }
        Ok(serde_json::from_slice(&bytes).map_or_else(
            |error| {
                tracing::warn!(%error, "the settings are damaged");
                Settings::unreadable()
            },
            |it: Document| it.settings,
        ))
    }

    async fn write(&self, settings: Settings) -> Result<(), FileError> {
        let bytes = serde_json::to_vec_pretty(&Document { version: VERSION, settings });
        let bytes = bytes.map_err(|error| failed(Action::Written, &error.into()))?;
        let written = files::blocking(self.path.to_path_buf(), move |path| {
            path.parent().map_or(Ok(()), files::make_folder)?;
            // Some users keep their settings elsewhere, and a link here.
            let linked = if path.is_symlink() { Some(fs::canonicalize(path)?) } else { None };
            files::replace(linked.as_deref().unwrap_or(path), &bytes)
        });
        written.await.map_err(|error| failed(Action::Written, &error))
    }
}

fn failed(action: Action, error: &io::Error) -> FileError {
    FileError { file: NAME, action, detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use crate::model::settings::Theme;

    use super::*;

    #[tokio::test]
    async fn written_settings_are_read_by_the_next_process() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("not there yet");
        let settings = SettingsFile::new(&folder);
        let mut chosen = settings.read().await.unwrap();
        assert!(chosen.verify_revocation);
        chosen.verify_revocation = false;
        settings.write(chosen).await.unwrap();
        assert_eq!(SettingsFile::new(&folder).read().await, Ok(chosen));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn settings_behind_a_link_are_changed_there_and_the_link_stays() {
        use std::os::unix::fs::symlink;

        let home = tempfile::tempdir().unwrap();
        let (link, elsewhere) = (home.path().join(NAME), home.path().join("mine.json"));
        symlink("mine.json", &link).unwrap();
        let settings = SettingsFile::new(home.path());
        let chosen = Settings { hide_when_idle: true, ..Settings::default() };
        let error = settings.write(chosen).await.unwrap_err();
        assert_eq!(error.action, Action::Written, "it leads nowhere");
        fs::write(&elsewhere, r#"{"version":3}"#).unwrap();
        settings.write(chosen).await.unwrap();
        assert!(link.is_symlink());
        assert!(fs::read_to_string(elsewhere).unwrap().contains(r#""hideWhenIdle": true"#));
        assert_eq!(settings.read().await, Ok(chosen));
    }

    const OF_VERSION_2: &str = r#"{"version":2,"probe":false,"theme":"dark","tray":false,"closeToTray":true,
        "startAtLogin":true,"notifySessionEnded":false,"notifyEndsSoon":false,"notifyRevocations":false,
        "copyToken":false}"#;

    #[tokio::test]
    async fn settings_of_each_version_are_read_and_the_others_are_the_defaults() {
        let of_version_1 = Settings { verify_revocation: false, ..Settings::default() };
        let of_version_2 = Settings {
            verify_revocation: false,
            theme: Theme::Dark,
            tray: false,
            close_to_tray: true,
            start_at_login: true,
            notify_session_ended: false,
            notify_ends_soon: false,
            notify_revocations: false,
            copy_token: false,
            hide_when_idle: false,
        };
        let of_version_3 = Settings { hide_when_idle: true, ..Settings::default() };
        let home = tempfile::tempdir().unwrap();
        for (text, expected) in [
            (r#"{"version":1,"probe":false}"#, of_version_1),
            (OF_VERSION_2, of_version_2),
            (r#"{"version":3,"hideWhenIdle":true}"#, of_version_3),
        ] {
            fs::write(home.path().join(NAME), text).unwrap();
            assert_eq!(SettingsFile::new(home.path()).read().await, Ok(expected), "{text}");
        }
    }

    #[tokio::test]
    async fn damaged_settings_read_as_the_careful_ones_and_newer_ones_are_an_error() {
        let home = tempfile::tempdir().unwrap();
        for text in ["", "{", "[]", r#"{"version":1,"probe":"no"}"#] {
            fs::write(home.path().join(NAME), text).unwrap();
            assert_eq!(SettingsFile::new(home.path()).read().await, Ok(Settings::unreadable()), "{text}");
        }
        fs::write(home.path().join(NAME), r#"{"version":1,"later":7}"#).unwrap();
        assert_eq!(SettingsFile::new(home.path()).read().await, Ok(Settings::default()));
        fs::write(home.path().join(NAME), r#"{"version":4,"probe":"later"}"#).unwrap();
        let error = SettingsFile::new(home.path()).read().await.unwrap_err();
        assert!(error.action == Action::Read && error.detail.contains("newer version"), "{error:?}");
    }
}
