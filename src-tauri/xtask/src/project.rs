//! Where things lie.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::fault::Fault;

/// The folders of this checkout.
#[derive(Debug)]
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// Cargo names this crate's folder; the checkout is two above it.
    pub(crate) fn find() -> Result<Self, Fault> {
        let crate_folder = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = crate_folder
            .ancestors()
            .nth(2)
            .filter(|root| root.join("tauri.conf.json").is_file() || root.join("ui").is_dir())
            .ok_or_else(|| Fault::new("run this as `cargo xtask …` inside the checkout"))?
            .to_owned();
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |set| root.join(set));
        Ok(Self { root, target })
    }

    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned(), target: root.join("target") }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// The folders with a `package-lock.json` of their own.
    pub(crate) fn npm_folders(&self) -> [PathBuf; 2] {
        [self.ui(), self.root.join("src-tauri/sandbox/conformance")]
    }

    /// Where tools are installed: `bin` below it holds the programs.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    pub(crate) fn tauri_driver(&self) -> PathBuf {
        self.tools().join("bin/tauri-driver")
    }

    pub(crate) fn oo7_daemon(&self) -> PathBuf {
        self.tools().join("bin/oo7-daemon")
    }

    pub(crate) fn cargo_fuzz(&self) -> PathBuf {
        self.tools().join("bin/cargo-fuzz")
    }

    /// The fuzz targets and their seeds.
    pub(crate) fn fuzz(&self) -> PathBuf {
        self.root.join("src-tauri/fuzz")
    }

    /// The build of the fuzz targets, and the inputs that the fuzzer learns.
    pub(crate) fn fuzz_target(&self) -> PathBuf {
        self.target.join("fuzz")
    }

    /// The files of `cargo xtask run`.
    pub(crate) fn run_folder(&self) -> PathBuf {
        self.target.join("run")
    }

    /// A binary of a debug build.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    pub(crate) fn release_binary(&self, name: &str) -> PathBuf {
        self.target.join("release").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    pub(crate) fn stamp(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(format!("{name}.stamp"))
    }

    /// The cargo that runs us.
    pub(crate) fn cargo() -> OsString {
        env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
    }
}
