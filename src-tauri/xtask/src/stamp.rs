//! Is what was made still what would be made? By content, not by time: a checkout gives every file a new
//! time.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

use crate::fault::Fault;

/// Folders that hold what is made, not what it is made from.
const MADE: [&str; 2] = ["node_modules", "dist"];

/// A fingerprint of files and folders: their names and contents. Absent files count as absent.
///
/// The hash may differ between Rust releases; then things are made once more than needed.
pub(crate) fn fingerprint(inputs: &[PathBuf]) -> Result<String, Fault> {
    let mut hasher = DefaultHasher::new();
    for input in inputs {
        add(input, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<(), Fault> {
    path.file_name().hash(hasher);
    if path.is_dir() {
        let mut children = Vec::new();
        for child in fs::read_dir(path).map_err(Fault::file(path))? {
            let child = child.map_err(Fault::file(path))?;
            if !MADE.iter().any(|made| child.file_name() == *made) {
                children.push(child.path());
            }
        }
        children.sort();
        children.len().hash(hasher);
        return children.iter().try_for_each(|child| add(child, hasher));
    }
    match fs::read(path) {
        Ok(content) => content.hash(hasher),
        Err(error) if error.kind() == io::ErrorKind::NotFound => "absent".hash(hasher),
        Err(error) => return Err(Fault::file(path)(error)),
    }
    Ok(())
}

/// Whether `stamp` says that `fingerprint` was made. An unreadable stamp says no.
pub(crate) fn is_current(stamp: &Path, fingerprint: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|written| written == fingerprint)
}

/// Writes down that `fingerprint` was made.
pub(crate) fn write(stamp: &Path, fingerprint: &str) -> Result<(), Fault> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder).map_err(Fault::file(folder))?;
    }
    fs::write(stamp, fingerprint).map_err(Fault::file(stamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(folder: &Path) -> String {
        fingerprint(&[folder.to_owned()]).unwrap()
    }

    #[test]
    fn a_fingerprint_covers_names_and_contents_but_no_build_output() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("src")).unwrap();
        fs::write(at("src/a"), "1").unwrap();
        let first = of(folder.path());
        fs::write(at("src/a"), "1").unwrap();
        assert_eq!(of(folder.path()), first, "the time of a file does not count");
        fs::create_dir(at("dist")).unwrap();
        fs::write(at("dist/index.html"), "x").unwrap();
        assert_eq!(of(folder.path()), first, "what is made does not count");
        fs::write(at("src/a"), "2").unwrap();
        let second = of(folder.path());
        assert_ne!(second, first);
        fs::rename(at("src/a"), at("src/b")).unwrap();
        assert_ne!(of(folder.path()), second);
    }

    #[test]
    fn an_absent_input_is_not_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("package.json");
        let absent = of(&file);
        fs::write(&file, "").unwrap();
        assert_ne!(of(&file), absent);
    }

    #[test]
    fn a_stamp_holds_for_its_fingerprint_only() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("deep/stamp");
        assert!(!is_current(&stamp, "1"));
        write(&stamp, "1").unwrap();
        assert!(is_current(&stamp, "1"));
        assert!(!is_current(&stamp, "2"));
    }
}
