//! The database's file and the settings, made before the program starts.

use std::fs;

use super::{PASSWORD, Settings, file::TOOL};
use crate::{Environment, RigError, process::succeed};

/// A database whose root group is shared with the Secret Service: no switch on the command line does that.
const DATABASE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<KeePassFile><Meta><DatabaseName>Private</DatabaseName><RecycleBinEnabled>True</RecycleBinEnabled>
<CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key>
<Value>{00010203-0405-0607-0809-0a0b0c0d0e0f}</Value></Item></CustomData></Meta>
<Root><Group><UUID>AAECAwQFBgcICQoLDA0ODw==</UUID><Name>Root</Name></Group></Root></KeePassFile>"#;

/// Answers to the questions of a first start. The other settings are the defaults.
const SETTINGS: &str = "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n[GUI]\n\
    CheckForUpdates=false\n[FdoSecrets]\nEnabled=true\n";

pub(super) fn make(environment: &Environment, settings: Settings) -> Result<(), RigError> {
    let home = environment.folder().join("home");
    let folder = home.join(".config/keepassxc");
    fs::create_dir_all(&folder).map_err(RigError::file(&folder))?;
    let ini = format!("{SETTINGS}ConfirmAccessItem={}\n", settings.confirms_access);
    let enabled = if settings.recycle_bin { "<RecycleBinEnabled>True" } else { "<RecycleBinEnabled>False" };
    let database = DATABASE.replace("<RecycleBinEnabled>True", enabled);
    for (path, text) in
        [(folder.join("keepassxc.ini"), ini.as_str()), (home.join("passwords.xml"), database.as_str())]
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
