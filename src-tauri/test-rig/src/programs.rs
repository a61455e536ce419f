//! The programs of a world.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::RigError;

/// The programs that a test needs to open the app; also the arguments that name them.
#[derive(Args, Clone, Debug)]
pub struct Programs {
    /// `userfront-accounts`
    #[arg(long)]
    pub app: PathBuf,
    /// `userfront-sandbox`
    #[arg(long)]
    pub sandbox: PathBuf,
    /// `tauri-driver`; `cargo xtask` installs it in `target/tools/bin`
    #[arg(long)]
    pub tauri_driver: PathBuf,
}

impl Programs {
    /// The sandbox beside the app (`target/debug`), and the driver in `tools/bin` of the folder above.
    pub fn beside(app: &Path) -> Result<Self, RigError> {
        let built = app.parent().unwrap_or(Path::new("."));
        let target = built.parent().unwrap_or(Path::new("."));
        let programs = Self {
            app: app.to_owned(),
            sandbox: built.join("userfront-sandbox"),
            tauri_driver: target.join("tools/bin/tauri-driver"),
        };
        for program in [&programs.app, &programs.sandbox, &programs.tauri_driver] {
            if !program.is_file() {
                let program = program.display();
                return Err(RigError::Unexpected(format!(
                    "{program} is not there; run `cargo xtask test`, or build it"
                )));
            }
        }
        Ok(programs)
    }

    /// The command line, beside the app. Not every test needs it to be there.
    #[must_use]
    pub fn userfront(&self) -> PathBuf {
        self.app.with_file_name("userfront")
    }
}
