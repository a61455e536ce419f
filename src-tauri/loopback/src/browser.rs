//! Opens the user's browser: `$BROWSER`, else the system's.
//!
//! The address becomes a process argument, which every user of this machine can read: it must hold no secret
//! and not the callback's path ([`RedirectServer`](crate::RedirectServer)).

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};
use std::{env, io};

/// How long a failure is waited for. A browser that still runs then has taken the address.
const NOTICED: Duration = Duration::from_secs(2);

const MOMENT: Duration = Duration::from_millis(20);

/// Opens an address, and waits up to two seconds for each program to fail.
///
/// # Errors
/// When no program opens it. The message does not repeat the address.
pub async fn open_browser(address: String) -> io::Result<()> {
    let chosen = env::var("BROWSER").unwrap_or_default();
    let opened = tokio::task::spawn_blocking(move || {
        let took_it = commands(&chosen, &address).into_iter().any(|words| took(&words));
        if took_it { Ok(()) } else { open::that_detached_with_timeout(address, NOTICED) }
    })
    .await;
    opened.unwrap_or_else(|_| Err(io::ErrorKind::Other.into())).map_err(|error| unopened(&error))
}

/// The system's message would quote the program with its argument, the address.
fn unopened(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("nothing here opens web pages ({})", error.kind()))
}

/// The commands of `$BROWSER`, separated by colons. `%s` stands for the address; without it, the address
/// comes last.
fn commands(chosen: &str, address: &str) -> Vec<Vec<String>> {
    // Windows paths contain colons.
    let several: Vec<_> = if cfg!(windows) { vec![chosen] } else { chosen.split(':').collect() };
    let words = |command: &str| {
        let words: Vec<_> =
            if Path::new(command).is_file() { vec![command] } else { command.split_whitespace().collect() };
        let mut filled: Vec<_> = words.iter().map(|word| word.replace("%s", address)).collect();
        if !command.contains("%s") {
            filled.push(address.to_owned());
        }
        filled
    };
    several.into_iter().map(str::trim).filter(|command| !command.is_empty()).map(words).collect()
}

/// Whether a program has taken the address: it has exited without an error, or still runs.
fn took(words: &[String]) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A terminal signal that ends this program must not end the browser.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().is_ok_and(runs)
}

fn runs(mut browser: Child) -> bool {
    let began = Instant::now();
    while began.elapsed() < NOTICED {
        match browser.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => sleep(MOMENT),
            Err(_) => return false,
        }
    }
    thread::spawn(move || browser.wait());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_browsers_come_in_their_order() {
        let address = "http://127.0.0.1:1/x";
        let commands = |chosen: &str| {
            let of = |words: Vec<String>| words.join("|");
            commands(chosen, address).into_iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(commands(""), [""; 0]);
        assert_eq!(commands("firefox"), [format!("firefox|{address}")]);
        assert_eq!(commands("a --new %s: :b  -x"), [format!("a|--new|{address}"), format!("b|-x|{address}")]);
        assert_eq!(commands("/no such/file"), [format!("/no|such/file|{address}")]);
        let ours = env::current_exe().unwrap().display().to_string();
        assert_eq!(commands(&ours), [format!("{ours}|{address}")]);
    }

    #[cfg(unix)]
    #[test]
    fn a_browser_that_fails_at_once_has_not_taken_the_address() {
        let took = |words: &[&str]| took(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(took(&["true"]) && took(&["sleep", "4"]));
        assert!(
            !took(&["false"]) && !took(&["sh", "-c", "sleep 0.5; exit 3"]) && !took(&["/no/such/program"])
        );
        assert!(!took(&[]));
    }

    #[test]
    fn a_browser_error_omits_the_address() {
        let system = r#"Launcher "xdg-open" "http://127.0.0.1:41873/Canary" failed with ExitStatus(3)"#;
        let error = unopened(&io::Error::other(system));
        assert_eq!(error.to_string(), "nothing here opens web pages (other error)");
        assert!(!format!("{error:?}").contains("Canary"));
    }
}
