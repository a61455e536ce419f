//! The settings in `settings.json` beside the registry. Shared by the app and the command line.
//!
//! A file that is missing, damaged or of a newer version reads as the defaults, which are the careful ones;
//! it is replaced only when the user changes a setting. Tests never rely on it; they set the environment.

use crate::model::registry_error::Action;
use crate::model::settings::Settings;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::ports::{FileError, SettingsStorage};
use crate::storage::files;

/// The file's name in the data folder.
pub const NAME: &str = "settings.json";
const VERSION: u32 = 1;

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
        let document = bytes.and_then(|bytes| serde_json::from_slice::<Document>(&bytes).ok());
        Ok(document
            .filter(|document| document.version <= VERSION)
            .map_or_else(Settings::default, |it| it.settings))
    }

    async fn write(&self, settings: Settings) -> Result<(), FileError> {
        let bytes = serde_json::to_vec_pretty(&Document { version: VERSION, settings });
        let bytes = bytes.map_err(|error| failed(Action::Written, &error.into()))?;
        let written = files::blocking(self.path.to_path_buf(), move |path| {
            path.parent().map_or(Ok(()), files::make_folder)?;
            files::replace(path, &bytes)
        });
        written.await.map_err(|error| failed(Action::Written, &error))
    }
}

fn failed(action: Action, error: &std::io::Error) -> FileError {
    FileError { file: NAME, action, detail: error.to_string() }
}

#[cfg(test)]
mod tests {
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

    #[tokio::test]
    async fn unreadable_settings_read_as_the_defaults() {
        let home = tempfile::tempdir().unwrap();
        for text in ["", "{", "[]", r#"{"version":2,"probe":false}"#, r#"{"version":1,"probe":"no"}"#] {
            std::fs::write(home.path().join(NAME), text).unwrap();
            assert_eq!(SettingsFile::new(home.path()).read().await, Ok(Settings::default()), "{text}");
        }
        std::fs::write(home.path().join(NAME), r#"{"version":1,"later":7}"#).unwrap();
        assert_eq!(SettingsFile::new(home.path()).read().await, Ok(Settings::default()));
    }
}
