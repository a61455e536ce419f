//! Start at login, by an entry in the desktop's autostart folder.

use std::io;
use std::path::{Path, PathBuf};

use accounts::storage::files::replace;
use accounts::storage::folders::autostart_entry;

/// The argument of a start at login: the window stays hidden when there is a tray.
pub(crate) const HIDDEN: &str = "--hidden";

/// Writes the entry, or removes it. A path that an entry cannot hold is [`io::ErrorKind::InvalidInput`].
pub(crate) fn set(is_on: bool) -> io::Result<()> {
    let entry = autostart_entry().ok_or(io::ErrorKind::NotFound)?;
    if is_on {
        entry.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        return replace(&entry, text(&program()?, home().as_deref())?.as_bytes());
    }
    match std::fs::remove_file(entry) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// An `AppImage` is started by its own file, and not by the one that it unpacks to. The variables are
/// inherited: they may be another program's.
fn program() -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let unpacked = std::env::var_os("APPDIR").map(PathBuf::from);
    let image =
        std::env::var_os("APPIMAGE").filter(|_| unpacked.is_some_and(|folder| own.starts_with(folder)));
    Ok(image.map_or(own, PathBuf::from))
}

fn home() -> Option<PathBuf> {
    std::env::var_os("USERFRONT_ACCOUNTS_HOME").map(Into::into)
}

fn text(program: &Path, home: Option<&Path>) -> io::Result<String> {
    let home =
        home.map(|home| format!("env {} ", quoted(&format!("USERFRONT_ACCOUNTS_HOME={}", home.display()))));
    let (home, program) = (home.unwrap_or_default(), quoted(&program.display().to_string()));
    // A line break would begin another line of the entry.
    if home.chars().chain(program.chars()).any(char::is_control) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a control character in a path"));
    }
    Ok(format!(
        "[Desktop Entry]\nType=Application\nName=Userfront Accounts\nIcon=userfront-accounts\n\
         Exec={home}{program} {HIDDEN}\nX-GNOME-Autostart-enabled=true\n"
    ))
}

/// As the Desktop Entry Specification wants an argument: quoted, then escaped as a string.
fn quoted(argument: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in argument.chars() {
        match letter {
            '"' | '`' | '$' => quoted.extend(["\\\\", &letter.to_string()]),
            '\\' => quoted.push_str("\\\\\\\\"),
            '%' => quoted.push_str("%%"),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_as_a_desktop_entry_wants_it() {
        let exec = |program: &str, home: Option<&str>| {
            let text = text(Path::new(program), home.map(Path::new)).unwrap();
            text.lines().find_map(|line| line.strip_prefix("Exec=").map(str::to_owned)).unwrap()
        };
        assert_eq!(exec("/usr/bin/userfront-accounts", None), r#""/usr/bin/userfront-accounts" --hidden"#);
        assert_eq!(exec(r#"/a b/$x"%\"#, None), r#""/a b/\\$x\\"%%\\\\" --hidden"#);
        let with_home = exec("/app", Some("/data one"));
        assert_eq!(with_home, r#"env "USERFRONT_ACCOUNTS_HOME=/data one" "/app" --hidden"#);
    }

    #[test]
    fn a_path_with_a_control_character_is_refused() {
        for (program, home) in [("/app", "/data\nExec=evil"), ("/app", "/data\u{1b}"), ("/a\rpp", "/data")] {
            let refused = text(Path::new(program), Some(Path::new(home))).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{program:?} {home:?}");
        }
        assert!(text(Path::new("/ä pp"), Some(Path::new("/名"))).is_ok());
    }
}
