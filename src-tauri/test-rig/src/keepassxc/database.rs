//! The database's file and the settings, made before the program starts.

use std::fs;

use super::{PASSWORD, file::TOOL};
use crate::{Environment, RigError, process::succeed};

/// A database whose root group is shared with the Secret Service: no switch on the command line does that.
const DATABASE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile><Meta><DatabaseName>Private</DatabaseName><RecycleBinEnabled>True</RecycleBinEnabled>
<CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key>
<Value>{00010203-0405-0607-0809-0a0b0c0d0e0f}</Value></Item></CustomData></Meta>
<Root><Group><UUID>AAECAwQFBgcICQoLDA0ODw==</UUID><Name>Root</Name></Group></Root></KeePassFile>"#;

/// Answers to the questions of a first start. The settings of the Secret Service are the defaults.
const SETTINGS: &str = "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n[GUI]\n\
    CheckForUpdates=false\n[FdoSecrets]\nEnabled=true\n";

pub(super) fn make(environment: &Environment, recycle_bin: bool) -> Result<(), RigError> {
    let home = environment.folder().join("home");
    let settings = home.join(".config/keepassxc");
    fs::create_dir_all(&settings).map_err(RigError::file(&settings))?;
    let enabled = if recycle_bin { "<RecycleBinEnabled>True" } else { "<RecycleBinEnabled>False" };
    let database = DATABASE.replace("<RecycleBinEnabled>True", enabled);
    for (path, text) in
        [(settings.join("keepassxc.ini"), SETTINGS), (home.join("passwords.xml"), database.as_str())]
    {
        fs::write(&path, text).map_err(RigError::file(path))?;
    }
    command_line(environment, "import -p passwords.xml passwords.kdbx")
}

/// A second database, which shares nothing.
pub(super) fn make_another(environment: &Environment) -> Result<(), RigError> {
    command_line(environment, "db-create -p another.kdbx")
}

fn command_line(environment: &Environment, arguments: &str) -> Result<(), RigError> {
    let line = format!("printf '{PASSWORD}\\n{PASSWORD}\\n' | keepassxc-cli {arguments}");
    let mut command = environment.command("sh");
    succeed(command.args(["-c", &line]).current_dir(environment.folder().join("home")), TOOL)?;
    Ok(())
}
