//! The private folders: nothing that runs in them sees, or leaves anything in, the user's own.

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{Environment, RigError, leash::Leash};

/// A world's folders, with the leash that ends what is left of the world. Dropped last of all its parts.
#[derive(Debug)]
pub(crate) struct Home {
    // Ends leftover processes before the folder is removed: fields are dropped in the order of declaration.
    _leash: Leash,
    folder: TempDir,
}

impl Home {
    /// Makes the folders and the variables that name them.
    pub(crate) fn make() -> Result<(Self, Environment), RigError> {
        let folder = tempfile::Builder::new()
            .prefix("userfront-rig-")
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir()
            .map_err(RigError::file(std::env::temp_dir()))?;
        let mut environment = Environment::new(folder.path());
        for (variable, name) in [
            ("HOME", "home"),
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_CACHE_HOME", "home/.cache"),
            ("XDG_STATE_HOME", "home/.local/state"),
        ] {
            environment.set(variable, private_folder(&folder.path().join(name))?);
        }
        let leash = Leash::tie(folder.path())?;
        Ok((Self { _leash: leash, folder }, environment))
    }

    /// The world's folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn private_folder(path: &Path) -> Result<PathBuf, RigError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(RigError::file(path))?;
    Ok(path.to_owned())
}
