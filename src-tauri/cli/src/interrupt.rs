//! A run that is told to end: by Ctrl-C, Ctrl-\, `kill`, or a terminal that closes; or to stop, by Ctrl-Z.
//!
//! It ends at once, as a program does that knows nothing of signals, unless a log-in or a refresh is under
//! way: what the server has done for it would be lost. Then the command goes on for a moment and says itself
//! what came of it, and the run ends by the signal afterwards, so that a shell sees what happened.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::tell::tell;
use crate::terminal;

/// How long a command may go on after the signal.
const PATIENCE: Duration = Duration::from_secs(2);

/// The task that waits for a signal.
#[derive(Debug)]
pub(crate) struct Interrupt {
    has_said: Arc<Notify>,
    heeding: JoinHandle<()>,
}

impl Interrupt {
    /// From now on signals are heeded. It needs a runtime with more than one thread, since prompts block one.
    pub(crate) fn heeded(accounts: &Accounts) -> Self {
        let has_said = Arc::new(Notify::new());
        // Here, before anything is asked.
        let signals = os::Signals::heeded();
        let heeding = tokio::spawn(heed(signals, accounts.clone(), Arc::clone(&has_said)));
        Self { has_said, heeding }
    }

    /// The command has said what came of it: the run ends by the signal now.
    pub(crate) async fn ends_the_run(self) {
        self.has_said.notify_one();
        if let Err(error) = self.heeding.await {
            tracing::warn!(%error, "the run does not end by the signal");
        }
    }
}

async fn heed(signals: io::Result<os::Signals>, accounts: Accounts, has_said: Arc<Notify>) {
    let signal = match signals {
        Ok(signals) => signals.next().await,
        Err(error) => return tracing::warn!(%error, "signals end the run at once"),
    };
    if accounts.interrupt() && tokio::time::timeout(PATIENCE, has_said.notified()).await.is_err() {
        tell!("userfront: Interrupted before it was done. `userfront status` shows how it is now.");
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

    /// Those that end the run, and those that stop it and let it go on.
    pub(super) struct Signals {
        interrupt: Option<Signal>,
        terminate: Option<Signal>,
        hang_up: Option<Signal>,
        quit: Option<Signal>,
        stop: Option<Signal>,
        go_on: Option<Signal>,
    }

    impl Signals {
        pub(super) fn heeded() -> io::Result<Self> {
            let heeded = |number: c_int| -> io::Result<Option<Signal>> {
                if is_ignored(number) { Ok(None) } else { signal(SignalKind::from_raw(number)).map(Some) }
            };
            Ok(Self {
                interrupt: heeded(SIGINT)?,
                terminate: heeded(SIGTERM)?,
                hang_up: heeded(SIGHUP)?,
                quit: heeded(SIGQUIT)?,
                stop: heeded(SIGTSTP)?,
                go_on: heeded(SIGCONT)?,
            })
        }

        /// The next signal that is to end the run.
        pub(super) async fn next(mut self) -> c_int {
            loop {
                tokio::select! {
                    () = comes(&mut self.interrupt) => return SIGINT,
                    () = comes(&mut self.terminate) => return SIGTERM,
                    () = comes(&mut self.hang_up) => return SIGHUP,
                    () = comes(&mut self.quit) => return SIGQUIT,
                    () = comes(&mut self.stop) => stop(),
                    () = comes(&mut self.go_on) => terminal::ask_again(),
                }
            }
        }
    }

    fn stop() {
        terminal::restore();
        // The default of SIGTSTP, which is heeded; SIGSTOP would stop also where nobody could let it go on.
        if let Err(error) = low_level::raise(SIGTTIN) {
            tracing::error!(%error, "the run does not stop");
        }
        terminal::hide_again();
    }

    async fn comes(signal: &mut Option<Signal>) {
        let Some(signal) = signal else { return std::future::pending().await };
        // None would mean that the runtime is about to go, and this with it.
        if signal.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether this program was started so that the signal does not reach it, as `nohup` does. Known on
    /// Linux.
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

    /// What a shell shows of a program that was interrupted.
    const INTERRUPTED: i32 = 130;

    pub(super) struct Signals;

    impl Signals {
        pub(super) fn heeded() -> io::Result<Self> {
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
