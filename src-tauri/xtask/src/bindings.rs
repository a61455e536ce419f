//! The webview's types, generated from the Rust ones and committed.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{fault::Fault, project::Project, shell::Program};

/// File names with contents.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn folder(project: &Project) -> PathBuf {
    project.ui().join("src/bindings")
}

/// Exports the types: each derive of ts-rs brings a test that writes its file, to the folder that
/// `.cargo/config.toml` names.
pub(crate) fn make(project: &Project) -> Result<(), Fault> {
    Program::cargo(project)
        // Every package and every kind of test, as `cargo xtask test` builds them: fewer would be compiled
        // with other features, all of it again.
        .args(["test", "--workspace", "--tests", "export_bindings", "--", "--quiet"])
        .run()
}

/// Fails when generating the types changes a file. What is in the tree counts, committed or not.
pub(crate) fn are_current(project: &Project) -> Result<(), Fault> {
    let before = read(&folder(project))?;
    make(project)?;
    let after = read(&folder(project))?;
    if after.is_empty() {
        return Err(Fault::new("no type was exported to ui/src/bindings; is TS_RS_EXPORT_DIR set?"));
    }
    let changed = differences(&before, &after);
    if changed.is_empty() {
        return Ok(());
    }
    Err(Fault::new(format!(
        "the webview's types were not current, and have been generated: {}. Look at `git diff \
         ui/src/bindings` and commit it.",
        changed.join(", ")
    )))
}

fn differences(before: &Files, after: &Files) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    changed.map(|name| name.display().to_string()).collect()
}

fn read(folder: &Path) -> Result<Files, Fault> {
    let mut files = Files::new();
    let listing = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
        listing => listing.map_err(Fault::file(folder))?,
    };
    for entry in listing {
        let path = entry.map_err(Fault::file(folder))?.path();
        if path.is_dir() {
            files.extend(read(&path)?);
        } else {
            let content = fs::read(&path).map_err(Fault::file(&path))?;
            files.insert(path, content);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_new_and_missing_files_are_differences() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("deep")).unwrap();
        for name in ["same", "changed", "deep/missing"] {
            fs::write(at(name), "1").unwrap();
        }
        let before = read(folder.path()).unwrap();
        assert_eq!(differences(&before, &read(folder.path()).unwrap()), Vec::<String>::new());
        fs::write(at("changed"), "2").unwrap();
        fs::write(at("new"), "1").unwrap();
        fs::remove_file(at("deep/missing")).unwrap();
        let changed = differences(&before, &read(folder.path()).unwrap());
        let names: Vec<_> =
            ["changed", "deep/missing", "new"].iter().map(|name| at(name).display().to_string()).collect();
        assert_eq!(changed, names);
    }

    #[test]
    fn an_absent_folder_is_empty() {
        assert!(read(Path::new("/nowhere/at/all")).unwrap().is_empty());
    }
}
