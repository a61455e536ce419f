//! `cargo xtask run`: a sandbox, and the app on it.
//!
//! With a display and a session bus the app opens in the user's own session, with a data folder and keyring
//! service of its own. Without them a private world is made, and the app is driven through its main job
//! there.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::{
    fault::Fault,
    install,
    project::Project,
    shell::{Program, say},
    steps::{Step, perform},
    ui,
};

const APP: &str = "userfront-accounts";
const SANDBOX: &str = "userfront-sandbox";

/// The sandbox's tenant and users (`userfront-sandbox --help`).
const TENANT: &str = "demo1234";
const USERS: &str = "    Tenant demo1234, password testmodepassword, users:
      admin@example.com   member@example.com   viewer@example.com   unconfirmed@example.com
    Tenant sso01234: single sign-on too. Tenant mfa01234: a second factor too.";

/// Installs, builds, and opens or drives the app.
pub(crate) fn run(project: &Project) -> Result<(), Fault> {
    let install = Step { name: "install", purpose: "install what is missing", perform: install::everything };
    let ui = Step { name: "ui-build", purpose: "ui/dist, which the app contains", perform: ui::dist };
    let build =
        Step { name: "build", purpose: "the app, the sandbox and what drives the app", perform: build };
    let last = if has_desktop(|name| env::var_os(name).is_some_and(|value| !value.is_empty())) {
        say("The app opens in this desktop session.");
        Step { name: "open", purpose: "the app, until its window is closed", perform: open }
    } else {
        say("There is no display or no session bus: the app is driven in a private world of its own.");
        Step { name: "drive", purpose: "log in, log out", perform: drive }
    };
    let steps = [install, ui, build, last];
    perform(&steps, steps.len(), project)
}

/// Whether a window can open here, and a keyring be reached.
fn has_desktop(is_set: impl Fn(&str) -> bool) -> bool {
    if cfg!(not(target_os = "linux")) {
        return true;
    }
    (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")) && is_set("DBUS_SESSION_BUS_ADDRESS")
}

fn build(project: &Project) -> Result<(), Fault> {
    Program::cargo(project).args(["build", "--workspace"]).run()
}

fn drive(project: &Project) -> Result<(), Fault> {
    let folder = project.run_folder();
    fs::create_dir_all(&folder).map_err(Fault::file(&folder))?;
    Program::new(project.binary("drive"), project.root())
        .args(["--app".into(), project.binary(APP)])
        .args(["--sandbox".into(), project.binary(SANDBOX)])
        .args(["--tauri-driver".into(), project.tauri_driver()])
        .args(["--out".into(), folder])
        .run()
}

fn open(project: &Project) -> Result<(), Fault> {
    let home = project.run_folder().join("home");
    fs::create_dir_all(&home).map_err(Fault::file(&home))?;
    let (_sandbox, api_base) = Sandbox::start(&project.binary(SANDBOX), project.root())?;
    say(&format!("    Sandbox: {api_base}\n{USERS}"));
    say(&format!("    The app's data: {}", home.display()));
    Program::new(project.binary(APP), project.root())
        .env("USERFRONT_ACCOUNTS_HOME", &home)
        .env("USERFRONT_API_URL", &api_base)
        .env("USERFRONT_TENANT", TENANT)
        .run()
}

/// A sandbox that ends with this value.
struct Sandbox(Child);

impl Sandbox {
    /// Returns it with its API base URL.
    fn start(executable: &Path, folder: &Path) -> Result<(Self, String), Fault> {
        let mut command: Command = Program::new(executable, folder).into_command();
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(Fault::file(executable))?;
        let mut sandbox = Self(child);
        let output =
            sandbox.0.stdout.take().ok_or_else(|| Fault::new("the sandbox has no standard output"))?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).map_err(Fault::file(executable))?;
        let api_base = api_base(&line)?.to_owned();
        Ok((sandbox, api_base))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Err(error) = self.0.kill().and_then(|()| self.0.wait()) {
            eprintln!("the sandbox could not be ended: {error}");
        }
    }
}

fn api_base(line: &str) -> Result<&str, Fault> {
    let address = line.trim().strip_prefix("sandbox listening on ");
    address
        .ok_or_else(|| Fault::new(format!("the sandbox did not start; its first line was {:?}", line.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_desktop_is_a_display_and_a_session_bus() {
        let with = |set: &'static [&'static str]| has_desktop(|name| set.contains(&name));
        assert!(with(&["DISPLAY", "DBUS_SESSION_BUS_ADDRESS"]));
        assert!(with(&["WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"]));
        assert!(!with(&["DISPLAY"]));
        assert!(!with(&["DBUS_SESSION_BUS_ADDRESS"]));
        assert!(!with(&[]));
    }

    #[test]
    fn the_sandbox_says_where_it_listens() {
        let line = "sandbox listening on http://127.0.0.1:4000/v0/\n";
        assert_eq!(api_base(line).unwrap(), "http://127.0.0.1:4000/v0/");
        assert!(api_base("").is_err());
    }
}
