//! What the user wants as a file: the activity as one JSON document, backup codes a line each. Where downloads are kept, or in the data
//! folder, where there is no such place; never over a file that is there, and readable by the user alone.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use accounts::activity::Line;
use accounts::token::OneTimeCode;

/// Writes the lines to a new file; its path.
pub(crate) fn write(lines: &[Line], home: &Path) -> io::Result<PathBuf> {
    let (file, path) = new_file(&folder(home), "activity", "json")?;
    serde_json::to_writer_pretty(file, lines)?;
    Ok(path)
}

/// Writes the codes to a new file; its path.
pub(crate) fn write_backup_codes(codes: &[OneTimeCode], home: &Path) -> io::Result<PathBuf> {
    let (mut file, path) = new_file(&folder(home), "backup-codes", "txt")?;
    for code in codes {
        writeln!(file, "{}", code.secret())?;
    }
    Ok(path)
}

fn folder(home: &Path) -> PathBuf {
    dirs::download_dir().filter(|folder| folder.is_dir()).unwrap_or_else(|| home.to_owned())
}

/// Mode 0600, and never over a file that is there.
fn new_file(folder: &Path, what: &str, extension: &str) -> io::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for nth in 1.. {
        let number = if nth == 1 { String::new() } else { format!("-{nth}") };
        let path = folder.join(format!("userfront-accounts-{what}{number}.{extension}"));
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
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
        let (mut file, first) = new_file(folder.path(), "activity", "json").unwrap();
        file.write_all(b"[]").unwrap();
        let (_, second) = new_file(folder.path(), "activity", "json").unwrap();
        assert_ne!(first, second);
        assert_eq!(std::fs::read_to_string(first).unwrap(), "[]");
    }
}
