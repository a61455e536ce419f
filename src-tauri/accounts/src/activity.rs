//! What was done, when, and what came of it: an append-only record in `activity.jsonl`, a JSON object a line.
//!
//! It names accounts, never a secret: of a token it keeps the first 8 hex digits of its SHA-256, enough to find the same
//! one in a server's log and useless for anything else. Two generations are kept: at 512 KiB the file becomes
//! `activity.1.jsonl`, in place of the one before. Any number of processes append; a line is one write.
//!
//! Non-goals: being needed for anything. A record that cannot be written is logged, and stops no log-out.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::Accounts;
use crate::account::AccountId;
use crate::files;
use crate::ports::{ActivityStorage, Deletion, FileError, Timestamp};
use crate::registry::{Account, PendingRevocation};
use crate::token::SessionToken;

/// Its name in the data folder.
pub const NAME: &str = "activity.jsonl";
/// The name of the file before it.
pub const OLDER: &str = "activity.1.jsonl";
const ROTATED_AT: u64 = 512 * 1024;

/// One thing that was done, or came to be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Whose.
    pub account: AccountId,
    /// What people call the account.
    pub account_name: String,
    /// What.
    #[serde(flatten)]
    pub event: Event,
    /// The first 8 hex digits of the SHA-256 of the token that it was done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Which program did it.
    pub by: Program,
}

/// A program of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Program {
    /// The app with its window.
    App,
    /// The command line.
    Cli,
}

/// What was done, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// An account is logged in.
    LoggedIn,
    /// A log-in did not keep its tokens; what became of their session.
    LogInFailed {
        /// Dead, pending, or alive and out of reach.
        session: Session,
    },
    /// An account is logged out.
    LoggedOut {
        /// What is known of its session.
        session: Session,
        /// Entries that the keyring would not let go of.
        still_present: usize,
    },
    /// A log-out could not take place now: why. The account is still logged in, or waits for its keyring.
    LogOutFailed {
        /// In words.
        reason: String,
    },
    /// The user asked to be logged out once the keyring is unlocked.
    LogOutWaits,
    /// What a crash had cut off was finished here: a log-in undone, or a log-out completed.
    Finished {
        /// What is known of its session.
        session: Session,
    },
    /// A pending revocation came to its end.
    Settled {
        /// How.
        session: Session,
    },
    /// The server called a session over, and yet answered with its token.
    StillAnswers,
    /// The user discarded a pending revocation.
    Discarded,
    /// The user had an account forgotten whose keyring is out of reach.
    Forgotten,
    /// New tokens of the same session are stored.
    Refreshed,
    /// The server has ended a session.
    SignedOutByServer,
    /// New tokens came too late and were not kept.
    CameTooLate {
        /// What became of their session.
        session: Session,
    },
    /// Tokens that no account accounts for were found in the keyring.
    Found,
}

/// What is known of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Session {
    /// The server ended it for us.
    Revoked,
    /// The server had ended it before.
    AlreadyInvalid,
    /// It is dead, by us or before.
    Dead,
    /// Not confirmed; pending.
    Pending,
    /// Nothing here can end it.
    Lost,
    /// By the server's clock it has expired.
    Expired,
}

impl Accounts {
    /// What was done, the oldest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn activity(&self) -> Result<Vec<Line>, FileError> {
        self.ports.activity.lines().await
    }

    pub(crate) async fn record(&self, account: &Account, event: Event, token: Option<&SessionToken>) {
        self.append(&account.id, account.name(), event, token).await;
    }

    pub(crate) async fn record_of_row(
        &self,
        row: &PendingRevocation,
        event: Event,
        token: Option<&SessionToken>,
    ) {
        self.append(&row.account, &row.account_name, event, token).await;
    }

    async fn append(&self, id: &AccountId, name: &str, event: Event, token: Option<&SessionToken>) {
        let line = Line {
            at: self.ports.clock.now(),
            account: id.clone(),
            account_name: name.to_owned(),
            event,
            token: token.map(|token| token.sha256()[..8].to_owned()),
            by: self.program,
        };
        if let Err(error) = self.ports.activity.append(line).await {
            tracing::error!(account = %id, %error, "the activity was not written down");
        }
    }
}

/// How many entries a deletion left.
pub(crate) fn still_present(deletion: &Deletion) -> usize {
    match deletion {
        Deletion::StillPresent(entries) => entries.len(),
        Deletion::Deleted | Deletion::AlreadyAbsent => 0,
    }
}

/// The record in a folder. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ActivityFile {
    folder: Arc<Path>,
}

impl ActivityFile {
    /// The record in `folder`, which is made when there is something to record.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into().into() }
    }
}

#[async_trait]
impl ActivityStorage for ActivityFile {
    async fn append(&self, line: Line) -> Result<(), FileError> {
        let written = files::blocking(self.folder.to_path_buf(), move |folder| append(folder, &line));
        written.await.map_err(|error| failed("written", &error))
    }

    async fn lines(&self) -> Result<Vec<Line>, FileError> {
        let read = files::blocking(self.folder.to_path_buf(), |folder| {
            let mut lines = read(&folder.join(OLDER))?;
            lines.extend(read(&folder.join(NAME))?);
            Ok(lines)
        });
        read.await.map_err(|error| failed("read", &error))
    }
}

fn append(folder: &Path, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    files::make_folder(folder)?;
    let path = folder.join(NAME);
    let mut options = OpenOptions::new();
    options.append(true).read(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path)?;
    if file.metadata()?.len() >= ROTATED_AT {
        fs::rename(&path, folder.join(OLDER))?;
        file = options.open(&path)?;
    }
    if is_torn(&mut file)? {
        // The end of a line that a crash cut off: it must not take this one with it.
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes())
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

/// A line that was cut off by a crash, or that a newer version wrote, is left out.
fn read(path: &Path) -> io::Result<Vec<Line>> {
    let bytes = files::read(path)?.unwrap_or_default();
    Ok(bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

fn failed(action: &'static str, error: &io::Error) -> FileError {
    FileError { file: NAME, action, detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: i64) -> Line {
        Line {
            at: Timestamp(at),
            account: "demo1234:5fa85f64-5717-4562-b3fc-2c963f66afa6@test.api.userfront.com".parse().unwrap(),
            account_name: "名 \"Admin\"\n".to_owned(),
            event: Event::LoggedOut { session: Session::Pending, still_present: 0 },
            token: Some("ba7816bf".to_owned()),
            by: Program::Cli,
        }
    }

    #[tokio::test]
    async fn what_was_written_is_read_in_order_and_a_torn_line_is_left_out() {
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
    async fn a_full_file_makes_room_and_one_older_one_is_kept() {
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
}
