//! The activity on disk: `activity.jsonl`, and the older file before it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;

use crate::model::account::AccountId;
use crate::model::activity::Line;
use crate::model::registry_error::Action;
use crate::ports::{ActivityStorage, FileError};
use crate::storage::files;

/// The file's name in the data folder.
pub const NAME: &str = "activity.jsonl";
/// The name of the older file.
pub const OLDER: &str = "activity.1.jsonl";
/// Held while the file becomes the older one. Never renamed; removed only with the whole data folder.
pub const LOCK: &str = "activity.lock";
const ROTATED_AT: u64 = 512 * 1024;

/// The activity in a folder. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ActivityFile {
    folder: Arc<Path>,
}

impl ActivityFile {
    /// The activity in `folder`, which is made with the first line.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into().into() }
    }
}

#[async_trait]
impl ActivityStorage for ActivityFile {
    async fn append(&self, line: Line) -> Result<(), FileError> {
        let written = files::blocking(self.folder.to_path_buf(), move |folder| append(folder, &line));
        written.await.map_err(|error| failed(Action::Written, &error))
    }

    async fn lines(&self) -> Result<Vec<Line>, FileError> {
        self.read_both(|_| true).await
    }

    async fn lines_of(&self, account: &AccountId) -> Result<Vec<Line>, FileError> {
        // Most lines are of other accounts and need not be parsed.
        let id = account.to_string();
        let mut lines = self.read_both(move |line| line.contains(&id)).await?;
        lines.retain(|line| line.account.as_ref() == Some(account));
        Ok(lines)
    }
}

impl ActivityFile {
    async fn read_both(
        &self,
        is_wanted: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<Vec<Line>, FileError> {
        let read = files::blocking(self.folder.to_path_buf(), move |folder| {
            let mut lines = read(&folder.join(OLDER), &is_wanted)?;
            lines.extend(read(&folder.join(NAME), &is_wanted)?);
            Ok(lines)
        });
        read.await.map_err(|error| failed(Action::Read, &error))
    }
}

fn append(folder: &Path, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    files::make_folder(folder)?;
    let path = folder.join(NAME);
    let mut options = files::private();
    options.append(true).read(true).create(true);
    let mut file = options.open(&path)?;
    if file.metadata()?.len() >= ROTATED_AT {
        make_room(folder)?;
        file = options.open(&path)?;
    }
    if is_torn(&mut file)? {
        // A crash has cut off the last line: it must not damage this one.
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes())
}

/// The full file becomes the older one, unless another process has just done that: a second rename would
/// replace all older lines with the few written since. A process that is doing it, or was stopped while doing
/// it, is not waited for: a log-out must not hang on that.
fn make_room(folder: &Path) -> io::Result<()> {
    let mut options = files::private();
    options.write(true).create(true).truncate(false);
    let lock = options.open(folder.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let path = folder.join(NAME);
    match fs::metadata(&path) {
        Ok(now) if now.len() >= ROTATED_AT => fs::rename(path, folder.join(OLDER)),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// Skips a line that a crash has cut off or that a newer version has written.
fn read(path: &Path, is_wanted: impl Fn(&str) -> bool) -> io::Result<Vec<Line>> {
    let bytes = files::read(path)?.unwrap_or_default();
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    Ok(lines.filter(|line| is_wanted(line)).filter_map(|line| serde_json::from_str(line).ok()).collect())
}

fn failed(action: Action, error: &io::Error) -> FileError {
    FileError { file: NAME, action, detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::activity::{Event, Program};
    use crate::model::reason::Reason;
    use crate::model::session_outcome::SessionOutcome;
    use crate::model::store_error::StoreError;
    use crate::model::timestamp::Timestamp;

    fn line(at: i64) -> Line {
        Line {
            at: Timestamp(at),
            account: Some(
                "demo1234:5fa85f64-5717-4562-b3fc-2c963f66afa6@test.api.userfront.com".parse().unwrap(),
            ),
            tenant: None,
            entry: None,
            account_name: "名 \"Admin\"\n".to_owned(),
            event: Event::LoggedOut { session: SessionOutcome::Pending, still_present: 0 },
            token: Some("ba7816bf".to_owned()),
            by: Program::Cli,
        }
    }

    #[tokio::test]
    async fn written_lines_are_read_in_order_and_a_torn_line_is_skipped() {
        let home = tempfile::tempdir().unwrap();
        let activity = ActivityFile::new(home.path().join("new"));
        assert_eq!(activity.lines().await, Ok(Vec::new()));
        activity.append(line(1)).await.unwrap();
        let path = home.path().join("new").join(NAME);
        let mut text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(r#""what":"loggedOut""#) && text.contains(r#""session":"pending""#), "{text}");
        text.push_str("{\"at\":");
        fs::write(&path, text).unwrap();
        activity.append(line(2)).await.unwrap();
        assert_eq!(activity.lines().await, Ok(vec![line(1), line(2)]));
    }

    #[tokio::test]
    async fn lines_of_an_account_leave_out_those_of_others_and_of_nobody() {
        let home = tempfile::tempdir().unwrap();
        let activity = ActivityFile::new(home.path());
        let account = line(1).account.unwrap();
        let other = account.to_string().replace("5fa85f64", "6fa85f64").parse().unwrap();
        // The name of another account may hold the ID of this one.
        let named = Line { account: Some(other), account_name: account.to_string(), ..line(2) };
        for written in [line(1), named, Line { account: None, ..line(3) }, line(4)] {
            activity.append(written).await.unwrap();
        }
        assert_eq!(activity.lines_of(&account).await, Ok(vec![line(1), line(4)]));
    }

    #[tokio::test]
    async fn a_line_without_an_account_is_read_beside_lines_of_older_versions() {
        let home = tempfile::tempdir().unwrap();
        let activity = ActivityFile::new(home.path());
        let older = concat!(
            r#"{"at":1,"account":"demo1234:u@test.x.example","accountName":"Mira","#,
            r#""what":"loggedIn","by":"app"}"#
        );
        fs::write(home.path().join(NAME), format!("{older}\n")).unwrap();
        let nobodys = Line {
            account: None,
            tenant: Some("demo1234".parse().unwrap()),
            event: Event::LogInUnanswered { interrupted: false },
            ..line(2)
        };
        activity.append(nobodys.clone()).await.unwrap();
        let lines = activity.lines().await.unwrap();
        assert_eq!((lines.len(), &lines[1]), (2, &nobodys));
        assert!(lines.iter().all(|line| line.tenant().unwrap().as_str() == "demo1234"), "{lines:?}");
        assert!(lines[0].account.is_some() && lines[0].tenant.is_none());
    }

    #[tokio::test]
    async fn a_log_out_failure_is_read_from_a_sentence_and_from_a_kind() {
        let home = tempfile::tempdir().unwrap();
        let activity = ActivityFile::new(home.path());
        let older = concat!(
            r#"{"at":1,"accountName":"Mira","what":"logOutFailed","#,
            r#""reason":"The keyring is locked.","by":"app"}"#
        );
        fs::write(home.path().join(NAME), format!("{older}\n")).unwrap();
        let locked = Reason::Keyring(StoreError::Locked);
        activity
            .append(Line { event: Event::LogOutFailed { reason: locked.clone() }, ..line(2) })
            .await
            .unwrap();
        let text = fs::read_to_string(home.path().join(NAME)).unwrap();
        assert!(text.contains(r#""reason":{"kind":"keyring","of":{"kind":"locked"}}"#), "{text}");
        let events: Vec<_> = activity.lines().await.unwrap().into_iter().map(|line| line.event).collect();
        let sentence = Reason::Text("The keyring is locked.".to_owned());
        assert_eq!(events, [sentence, locked].map(|reason| Event::LogOutFailed { reason }));
    }

    #[tokio::test]
    async fn a_full_activity_file_is_rotated_and_one_older_file_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let activity = ActivityFile::new(home.path());
        let length = serde_json::to_string(&line(0)).unwrap().len() as u64;
        let enough = i64::try_from(3 * ROTATED_AT / length).unwrap();
        for at in 0..enough {
            append(home.path(), &line(at)).unwrap();
        }
        let lines = activity.lines().await.unwrap();
        assert_eq!(lines.last().unwrap().at.0, enough - 1);
        assert!(lines.windows(2).all(|pair| pair[0].at.0 + 1 == pair[1].at.0), "nothing missing in between");
        let size = |name| fs::metadata(home.path().join(name)).unwrap().len();
        assert!(size(NAME) <= ROTATED_AT + length && size(OLDER) <= ROTATED_AT + length);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(home.path().join(NAME)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_late_second_rotation_does_not_replace_the_older_file() {
        let home = tempfile::tempdir().unwrap();
        let [now, older] = [NAME, OLDER].map(|name| home.path().join(name));
        fs::write(&now, vec![b'x'; usize::try_from(ROTATED_AT).unwrap()]).unwrap();
        make_room(home.path()).unwrap();
        make_room(home.path()).unwrap();
        append(home.path(), &line(1)).unwrap();
        make_room(home.path()).unwrap();
        assert_eq!(fs::metadata(older).unwrap().len(), ROTATED_AT);
        assert!(now.exists());
    }

    #[test]
    fn a_process_stopped_while_rotating_does_not_block_others() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(NAME), vec![b'\n'; usize::try_from(ROTATED_AT).unwrap()]).unwrap();
        let stopped = File::create(home.path().join(LOCK)).unwrap();
        stopped.lock().unwrap();
        append(home.path(), &line(1)).unwrap();
        assert_eq!(read(&home.path().join(NAME), |_| true).unwrap(), [line(1)]);
        assert!(!home.path().join(OLDER).exists());
    }
}
