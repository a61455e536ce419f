//! Installing what a fresh Debian machine with Rust and Node misses. What is there is left alone.

use std::{fs, path::Path, process::Command, time::Instant};

use crate::{
    fault::Fault,
    project::Project,
    shell::{Program, say},
    stamp,
    steps::seconds,
};

/// Debian's packages, and what each is for.
const PACKAGES: [(&str, &str); 20] = [
    ("build-essential", "a C compiler and linker"),
    ("pkg-config", "finding the libraries below"),
    ("libwebkit2gtk-4.1-dev", "the webview"),
    ("librsvg2-dev", "the bundle's icons"),
    ("libayatana-appindicator3-dev", "the tray"),
    ("webkit2gtk-driver", "driving the webview in tests"),
    ("xvfb", "a display for tests"),
    ("gnome-keyring", "a keyring for tests"),
    ("keepassxc", "a keyring that asks before it hands out an entry, for tests"),
    ("libsecret-tools", "secret-tool, the keyring's independent witness"),
    ("dbus", "a session bus for tests"),
    ("dbus-x11", "a session bus for tests"),
    ("at-spi2-core", "what GTK asks for at its start"),
    ("procps", "finding what a test left running"),
    ("xdotool", "typing into the keyring's dialog"),
    ("xclip", "the clipboard's independent witness"),
    ("imagemagick", "pictures of the screen"),
    ("zsh", "its completions, in tests"),
    ("fish", "its completions, in tests"),
    ("chromium", "Userfront's own forms, which test the sandbox"),
];

/// The version of tauri-driver that the rig was made with.
const TAURI_DRIVER: &str = "=2.1.0";

/// A version of cargo-fuzz whose flags are those of `fuzz.rs`.
const CARGO_FUZZ: &str = "^0.13";

/// The newest version of a second keyring daemon for tests. It is a beta, so it is named exactly.
const OO7_DAEMON: &str = "=0.7.0-beta";

/// Its code that hashes a password a hundred thousand times.
const OO7_OPTIMISED: [&str; 6] = ["oo7", "sha2", "hmac", "digest", "pbkdf2", "block-buffer"];

/// Everything, in order.
pub(crate) fn everything(project: &Project) -> Result<(), Fault> {
    system_packages(project)?;
    toolchain(project)?;
    tauri_driver(project)?;
    oo7_daemon(project)?;
    npm_packages(project)
}

/// `rustfmt` and `clippy`, which a minimal toolchain does not bring.
fn toolchain(project: &Project) -> Result<(), Fault> {
    for (component, command) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if Program::cargo(project).args([command, "--version"]).read().is_ok() {
            continue;
        }
        say(&format!("    {component} is missing: it checks the Rust code"));
        Program::new("rustup", project.root()).args(["component", "add", component]).run()?;
    }
    Ok(())
}

/// The packages that `dpkg-query -W -f='${Package} ${Status}\n'` does not list as installed.
fn missing(listed: &str) -> Vec<(&'static str, &'static str)> {
    let installed = |package: &str| {
        listed.lines().any(|line| {
            line.split_once(' ')
                .is_some_and(|(name, status)| name == package && status == "install ok installed")
        })
    };
    PACKAGES.into_iter().filter(|(package, _)| !installed(package)).collect()
}

pub(crate) fn system_packages(project: &Project) -> Result<(), Fault> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    // Its exit code tells only that some package is unknown to it; the list is what counts.
    let listed = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package} ${Status}\n"])
        .args(PACKAGES.map(|(package, _)| package))
        .output();
    let Ok(listed) = listed else {
        say("    This is no Debian system: its packages are not checked. See README.md for what is needed.");
        return Ok(());
    };
    let missing = missing(&String::from_utf8_lossy(&listed.stdout));
    if missing.is_empty() {
        say("    Every system package is installed.");
        return Ok(());
    }
    for (package, purpose) in &missing {
        say(&format!("    {package} is missing: {purpose}"));
    }
    let begin = Instant::now();
    as_root(project, &["update"])?;
    let install = ["install", "--yes", "--no-install-recommends"];
    let packages = missing.iter().map(|(package, _)| *package);
    as_root(project, &install.into_iter().chain(packages).collect::<Vec<_>>())?;
    say(&format!("    {} system packages: {}", missing.len(), seconds(begin.elapsed())));
    Ok(())
}

fn as_root(project: &Project, arguments: &[&str]) -> Result<(), Fault> {
    let is_root = Program::new("id", project.root()).args(["-u"]).read()?.trim() == "0";
    let program = if is_root {
        Program::new("apt-get", project.root())
    } else {
        // With a question for the password when sudo needs one.
        Program::new("sudo", project.root()).args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"])
    };
    // A fresh machine may be updating itself.
    let patient = ["-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=5"];
    program.args(patient).args(arguments).env("DEBIAN_FRONTEND", "noninteractive").run().map_err(|fault| {
        Fault::new(format!(
            "{fault}\nInstall these packages by hand, as root:\n  apt-get {}",
            arguments.join(" ")
        ))
    })
}

pub(crate) fn tauri_driver(project: &Project) -> Result<(), Fault> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if project.tauri_driver().is_file() {
        say("    tauri-driver is installed.");
        return Ok(());
    }
    say("    tauri-driver is missing: it drives the app in tests");
    let begin = Instant::now();
    Program::cargo(project)
        .args(["install", "tauri-driver", "--version", TAURI_DRIVER, "--locked", "--root"])
        .args([project.tools()])
        .run()?;
    say(&format!("    tauri-driver: {}", seconds(begin.elapsed())));
    Ok(())
}

fn oo7_daemon(project: &Project) -> Result<(), Fault> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if project.oo7_daemon().is_file() {
        say("    oo7-daemon is installed.");
        return Ok(());
    }
    say("    oo7-daemon is missing: a second kind of keyring for tests");
    let begin = Instant::now();
    Program::cargo(project)
        .args(["install", "oo7-daemon", "--version", OO7_DAEMON, "--locked", "--debug"])
        .args(["--bin", "oo7-daemon", "--config", "profile.dev.debug=false"])
        // Without, it takes seconds to make a key of a password; with all of it optimised, it takes twice as
        // long to build.
        .args(OO7_OPTIMISED.map(|package| format!("--config=profile.dev.package.{package}.opt-level=2")))
        .args(["--root".as_ref(), project.tools().as_os_str()])
        .run()?;
    say(&format!("    oo7-daemon: {}", seconds(begin.elapsed())));
    Ok(())
}

/// For `cargo xtask fuzz` alone, and so not part of [`everything`].
pub(crate) fn cargo_fuzz(project: &Project) -> Result<(), Fault> {
    if project.cargo_fuzz().is_file() {
        say("    cargo-fuzz is installed.");
        return Ok(());
    }
    say("    cargo-fuzz is missing: it runs the fuzzer");
    let begin = Instant::now();
    Program::cargo(project)
        .args(["install", "cargo-fuzz", "--version", CARGO_FUZZ, "--locked", "--root"])
        .args([project.tools()])
        .run()?;
    say(&format!("    cargo-fuzz: {}", seconds(begin.elapsed())));
    Ok(())
}

pub(crate) fn npm_packages(project: &Project) -> Result<(), Fault> {
    for folder in project.npm_folders() {
        npm_packages_of(project, &folder)?;
    }
    Ok(())
}

fn npm_packages_of(project: &Project, folder: &Path) -> Result<(), Fault> {
    let name = folder.strip_prefix(project.root()).unwrap_or(folder).display().to_string();
    let Some(reason) = stale(folder)? else {
        say(&format!("    The npm packages of {name} are current."));
        return Ok(());
    };
    say(&format!("    The npm packages of {name} are installed: {reason}"));
    let begin = Instant::now();
    // No audit, no funding notice: nothing here should wait for a host that is not needed.
    Program::npm(folder).args(["ci", "--no-audit", "--no-fund"]).run()?;
    stamp::write(&npm_stamp(folder), &lock_of(folder)?)?;
    say(&format!("    npm packages of {name}: {}", seconds(begin.elapsed())));
    Ok(())
}

/// Why the packages must be installed, if they must.
fn stale(folder: &Path) -> Result<Option<&'static str>, Fault> {
    let lock = lock_of(folder)?;
    Ok(if !folder.join("node_modules").is_dir() {
        Some("there are none yet")
    } else if stamp::is_current(&npm_stamp(folder), &lock) {
        None
    } else {
        Some("package-lock.json is not the one they were installed from")
    })
}

/// Inside `node_modules`, so that it goes with it.
fn npm_stamp(folder: &Path) -> std::path::PathBuf {
    folder.join("node_modules/.xtask-package-lock.json")
}

fn lock_of(folder: &Path) -> Result<String, Fault> {
    let lock = folder.join("package-lock.json");
    fs::read_to_string(&lock).map_err(Fault::file(&lock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_marked_installed_count_as_installed() {
        let all = PACKAGES.map(|(name, _)| format!("{name} install ok installed\n")).concat();
        assert_eq!(missing(&all), []);
        let removed = all.replace("xvfb install ok installed", "xvfb deinstall ok config-files");
        assert_eq!(missing(&removed), [("xvfb", "a display for tests")]);
        let half = all.replace("xdotool install ok installed", "xdotool install ok half-configured");
        assert_eq!(missing(&half)[0].0, "xdotool");
        // `dbus` is not there because `dbus-x11` is.
        let without = all.replace("dbus install ok installed\n", "");
        assert_eq!(missing(&without)[0].0, "dbus");
        assert_eq!(missing("").len(), PACKAGES.len());
    }

    #[test]
    fn npm_packages_follow_their_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        assert!(stale(at).is_err(), "without a lock file there is nothing to install from");
        fs::write(at.join("package-lock.json"), "1").unwrap();
        assert!(stale(at).unwrap().is_some());
        fs::create_dir(at.join("node_modules")).unwrap();
        assert!(stale(at).unwrap().is_some(), "an interrupted installation has no stamp");
        stamp::write(&npm_stamp(at), &lock_of(at).unwrap()).unwrap();
        assert_eq!(stale(at).unwrap(), None);
        fs::write(at.join("package-lock.json"), "2").unwrap();
        assert!(stale(at).unwrap().is_some());
    }
}
