//! Signals: those that end the run (Ctrl-C, Ctrl-\, `kill`, a closed terminal), and Ctrl-Z, which stops it.
//!
//! The run ends at once, unless a log-in or a refresh is under way, whose answer would be lost. Then the
//! command goes on for a moment and prints its result, and the run ends by the signal afterwards, so that a
//! shell sees how it ended.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::output::note;
use crate::{messages, terminal};

/// How long a command may go on after the signal.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Interrupt {
    has_printed: Arc<Notify>,
    watching: JoinHandle<()>,
}

impl Interrupt {
    /// Needs a runtime with more than one thread, since prompts block one.
    pub(crate) fn watch(accounts: &Accounts) -> Self {
        let has_printed = Arc::new(Notify::new());
        // Before the first prompt.
        let signals = os::Signals::register();
        let watching = tokio::spawn(watch_for(signals, accounts.clone(), Arc::clone(&has_printed)));
        Self { has_printed, watching }
    }

    /// Ends the run by the signal, after the command has printed its result.
    pub(crate) async fn end_run(self) {
        self.has_printed.notify_one();
        if let Err(error) = self.watching.await {
            tracing::warn!(%error, "the run does not end by the signal");
        }
    }
}

async fn watch_for(signals: io::Result<os::Signals>, accounts: Accounts, has_printed: Arc<Notify>) {
    let signal = match signals {
        Ok(signals) => signals.next().await,
        Err(error) => return tracing::warn!(%error, "signals end the run at once"),
    };
    if accounts.interrupt() && tokio::time::timeout(GRACE, has_printed.notified()).await.is_err() {
        note(messages::INTERRUPTED);
    }
    terminal::restore();
    os::end_by(signal);
}

#[cfg(unix)]
mod os {
    use std::ffi::c_int;
    use std::io;

    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN};
    use signal_hook::low_level;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use crate::terminal;

    pub(super) struct Signals {
        interrupt: Option<Signal>,
        terminate: Option<Signal>,
        hang_up: Option<Signal>,
        quit: Option<Signal>,
        stop: Option<Signal>,
        go_on: Option<Signal>,
    }

    impl Signals {
        pub(super) fn register() -> io::Result<Self> {
            let register = |number: c_int| -> io::Result<Option<Signal>> {
                if is_ignored(number) { Ok(None) } else { signal(SignalKind::from_raw(number)).map(Some) }
            };
            Ok(Self {
                interrupt: register(SIGINT)?,
                terminate: register(SIGTERM)?,
                hang_up: register(SIGHUP)?,
                quit: register(SIGQUIT)?,
                stop: register(SIGTSTP)?,
                go_on: register(SIGCONT)?,
            })
        }

        /// The next signal that is to end the run.
        pub(super) async fn next(mut self) -> c_int {
            loop {
                tokio::select! {
                    () = received(&mut self.interrupt) => return SIGINT,
                    () = received(&mut self.terminate) => return SIGTERM,
                    () = received(&mut self.hang_up) => return SIGHUP,
                    () = received(&mut self.quit) => return SIGQUIT,
                    () = received(&mut self.stop) => stop(),
                    () = received(&mut self.go_on) => terminal::ask_again(),
                }
            }
        }
    }

    fn stop() {
        terminal::restore();
        // SIGTSTP is handled here. SIGSTOP would also stop a program that no shell can continue.
        if let Err(error) = low_level::raise(SIGTTIN) {
            tracing::error!(%error, "the run does not stop");
        }
        terminal::hide_again();
    }

    async fn received(signal: &mut Option<Signal>) {
        let Some(signal) = signal else { return std::future::pending().await };
        // `None` means that the runtime shuts down.
        if signal.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether this program was started with the signal ignored, as by `nohup`. Known on Linux alone.
    fn is_ignored(number: c_int) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_some_and(|mask| mask >> (number - 1) & 1 == 1)
    }

    pub(super) fn end_by(number: c_int) {
        if let Err(error) = low_level::emulate_default_handler(number) {
            tracing::error!(%error, number, "the run does not end by the signal");
        }
    }
}

#[cfg(not(unix))]
mod os {
    use std::io;

    /// The exit code of an interrupted program in a shell.
    const INTERRUPTED: i32 = 130;

    pub(super) struct Signals;

    impl Signals {
        pub(super) fn register() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(self) -> i32 {
            if let Err(error) = tokio::signal::ctrl_c().await {
                tracing::warn!(%error, "Ctrl-C ends the run at once");
                std::future::pending::<()>().await;
            }
            INTERRUPTED
        }
    }

    pub(super) fn end_by(code: i32) {
        std::process::exit(code);
    }
}
