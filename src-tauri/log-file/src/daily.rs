//! One file per day; the oldest are removed. A line that cannot be written is lost without an error: logging
//! must not stop the program.
//!
//! Not `tracing-appender`: it prints to standard error when it cannot begin the next day's file, and panics
//! where standard error is closed or full as well.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_A_DAY: u64 = 24 * 60 * 60;

/// The log of one program. Each line is written unbuffered, so that none is lost when the app is killed.
pub(crate) struct Daily {
    folder: PathBuf,
    program: String,
    kept: usize,
    day: u64,
    file: File,
}

impl Daily {
    pub(crate) fn start(folder: &Path, program: &str, kept: usize) -> io::Result<Self> {
        let day = today();
        let file = open(folder, program, day)?;
        let mut daily = Self { folder: folder.to_owned(), program: program.to_owned(), kept, day, file };
        daily.remove_older()?;
        Ok(daily)
    }

    /// Yesterday's file stays in use until a new one can be opened.
    fn turn_to(&mut self, day: u64) -> io::Result<()> {
        if day != self.day {
            self.file = open(&self.folder, &self.program, day)?;
            self.day = day;
            self.remove_older()?;
        }
        Ok(())
    }

    fn remove_older(&mut self) -> io::Result<()> {
        let start = format!("{}.", self.program);
        let mut ours = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let is_ours = |name: &str| name.starts_with(&start) && name.strip_suffix(".log").is_some();
            if name.to_str().is_some_and(is_ours) {
                ours.push(name);
            }
        }
        ours.sort();
        for old in &ours[..ours.len().saturating_sub(self.kept)] {
            if let Err(error) = fs::remove_file(self.folder.join(old)) {
                writeln!(self.file, "{} is not removed: {error}", old.display())?;
            }
        }
        Ok(())
    }
}

impl Write for Daily {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.turn_to(today()) {
            writeln!(self.file, "the file of another day is not begun: {error}")?;
        }
        self.file.write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn open(folder: &Path, program: &str, day: u64) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.join(format!("{program}.{}.log", date(day))))
}

/// Days since 1970-01-01, UTC.
fn today() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs() / SECONDS_A_DAY
}

/// `2026-11-22`. Howard Hinnant's `civil_from_days`: years begin in March, so that a leap day is their last
/// day.
fn date(day: u64) -> String {
    let day = day + 719_468;
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{of_month:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_a_date() {
        for (day, expected) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_779, "2026-11-22"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(date(day), expected);
        }
    }

    #[test]
    fn each_day_has_a_file_and_the_last_ones_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let theirs = folder.path().join("userfront-cli.2001-01-01.log");
        fs::write(&theirs, "").unwrap();
        let mut daily = Daily::start(folder.path(), "userfront-accounts", 2).unwrap();
        for day in [11_016, 20_779, 20_780] {
            daily.turn_to(day).unwrap();
            daily.file.write_all(b"x").unwrap();
        }
        let exists = |date| folder.path().join(format!("userfront-accounts.{date}.log")).exists();
        assert!(!exists("2000-02-29"), "the oldest is gone");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
        assert!(theirs.exists(), "of another program");
    }

    #[test]
    fn a_folder_that_is_gone_loses_lines_and_breaks_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut daily = Daily::start(folder.path(), "userfront-accounts", 2).unwrap();
        daily.day -= 1;
        fs::remove_dir_all(folder.path()).unwrap();
        assert!(daily.write(b"line\n").is_ok(), "it goes on with the file of the day before");
    }
}
