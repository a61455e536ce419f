//! The content of the database's file, by `keepassxc-cli`.

use std::time::Duration;

use super::{KeePassXc, PASSWORD};
use crate::{Environment, RigError, process::succeed};

/// The name of the attachment that holds an entry's secret.
const ATTACHMENT: &str = "FDO_SECRETS_DATA";

/// How the labels of our entries begin.
const OURS: &str = "Userfront Accounts: ";

/// How long one run of its command line may take.
pub(super) const TOOL: Duration = Duration::from_secs(30);

impl KeePassXc<'_> {
    /// Waits until the file holds entries of ours with these names (in its root group) and no others; it is
    /// written a moment after the change.
    pub async fn until_kept(&self, names: &[&str]) -> Result<(), RigError> {
        self.until("the database's file to hold what it should", async || Ok(self.kept("/")? == names)).await
    }

    /// Waits until the file holds this many entries of ours.
    pub async fn until_it_keeps(&self, count: usize) -> Result<(), RigError> {
        self.until("the database's file to hold the entries", async || Ok(self.kept("/")?.len() == count))
            .await
    }

    /// The names of our entries in a group of the file, such as `/` or `/Recycle Bin`.
    pub fn kept(&self, group: &str) -> Result<Vec<String>, RigError> {
        names(self.environment, group)
    }

    /// Names and secrets of our entries in the file's root group. It keeps a secret that is not said to be
    /// text as an attachment.
    pub fn secrets(environment: &Environment) -> Result<Vec<(String, String)>, RigError> {
        let secret = |name: String| {
            let what = format!("attachment-export -q --stdout passwords.kdbx '{OURS}{name}' {ATTACHMENT}");
            Ok((name, command_line(environment, &what)?))
        };
        names(environment, "/")?.into_iter().map(secret).collect()
    }
}

fn names(environment: &Environment, group: &str) -> Result<Vec<String>, RigError> {
    let printed = command_line(environment, &format!("ls -q passwords.kdbx '{group}'"))?;
    Ok(printed.lines().filter_map(|line| line.strip_prefix(OURS)).map(str::to_owned).collect())
}

/// The output of its command line.
fn command_line(environment: &Environment, what: &str) -> Result<String, RigError> {
    let line = format!("printf '{PASSWORD}\\n' | keepassxc-cli {what}");
    let home = environment.folder().join("home");
    succeed(environment.command("sh").args(["-c", &line]).current_dir(home), TOOL)
}
