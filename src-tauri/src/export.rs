//! The activity as one JSON document, where the user keeps downloads (or in the data folder, where there is no such place).

use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use accounts::activity::Line;

/// Writes the lines to a new file, mode 0600; its path.
pub(crate) fn write(lines: &[Line], home: &Path) -> io::Result<PathBuf> {
    let folder = dirs::download_dir().filter(|folder| folder.is_dir());
    write_to(lines, folder.as_deref().unwrap_or(home))
}

/// Never over a file that is there.
fn write_to(lines: &[Line], folder: &Path) -> io::Result<PathBuf> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for nth in 1.. {
        let number = if nth == 1 { String::new() } else { format!("-{nth}") };
        let path = folder.join(format!("userfront-accounts-activity{number}.json"));
        match options.open(&path) {
            Ok(file) => {
                serde_json::to_writer_pretty(file, lines)?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let first = write_to(&[], folder.path()).unwrap();
        let second = write_to(&[], folder.path()).unwrap();
        assert_ne!(first, second);
        assert_eq!(std::fs::read_to_string(first).unwrap(), "[]");
    }
}
