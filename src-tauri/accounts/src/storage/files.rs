//! Files that survive a power cut: replaced whole or not at all, mode 0600, in a folder with mode 0700.
//!
//! On Linux, where the file system allows it, the new content has no name until it is whole, so a killed
//! program leaves nothing behind except for one moment. Elsewhere it may leave a file that is never read
//! again; [`erase`](crate::recovery::erase) removes it.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use atomic_write_file::AtomicWriteFile;

pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens or makes a file that only this user can read. How it is opened is the caller's.
#[must_use]
pub fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there is no mode"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Replaces a file durably: a crash leaves the old content or the new, never half.
///
/// # Errors
/// When it cannot be written; the old content stays.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = begin(path)?;
    file.write_all(bytes)?;
    file.commit()
}

fn begin(path: &Path) -> io::Result<AtomicWriteFile> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = AtomicWriteFile::options();
    #[cfg(unix)]
    {
        use atomic_write_file::unix::OpenOptionsExt as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600).preserve_mode(false);
    }
    options.open(path)
}

/// Whether a killed program may have left a file of this name: the new content of `document`.
pub(crate) fn is_unfinished(name: &str, document: &str) -> bool {
    let rest = name.strip_prefix('.').and_then(|name| name.strip_prefix(document));
    rest.is_some_and(|rest| rest.starts_with('.'))
}

/// A file's content; none when there is no file.
///
/// # Errors
/// When it cannot be read.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Runs it on a thread where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(move || work(&path)).await;
    done.unwrap_or_else(|failed| Err(io::Error::other(failed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn an_unfinished_file_has_no_name_in_its_folder() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("document.json");
        let mut file = begin(&path).unwrap();
        file.write_all(b"{}").unwrap();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "a kill here leaves nothing");
        file.commit().unwrap();
        assert_eq!(read(&path).unwrap(), Some(b"{}".to_vec()));
    }
}
