//! A run that is told to end: by Ctrl-C, `kill`, or a terminal that closes.
//!
//! It ends at once, as a program does that knows nothing of signals, unless a log-in or a refresh is under
//! way: what the server has done for it would be lost. Then the command goes on for a moment and says itself
//! what came of it, and the run ends by the signal afterwards, so that a shell sees what happened.

use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::tell::tell;

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
        let heeding = tokio::spawn(heed(accounts.clone(), Arc::clone(&has_said)));
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

async fn heed(accounts: Accounts, has_said: Arc<Notify>) {
    let signal = match os::next().await {
        Ok(signal) => signal,
        Err(error) => return tracing::warn!(%error, "signals end the run at once"),
    };
    if accounts.interrupt() && tokio::time::timeout(PATIENCE, has_said.notified()).await.is_err() {
        tell!("userfront: Interrupted before it was done. `userfront status` shows how it is now.");
    }
    os::end_by(signal);
}

/// As Ctrl-C does where nobody heeds it.
pub(crate) fn end_as_interrupted() {
    os::end_by(os::INTERRUPT);
}

#[cfg(unix)]
mod os {
    use std::ffi::c_int;
    use std::io;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::low_level;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use crate::silence;

    pub(super) const INTERRUPT: c_int = SIGINT;

    /// The next signal that is to end the run.
    pub(super) async fn next() -> io::Result<c_int> {
        let heeded = |number: c_int| -> io::Result<Option<Signal>> {
            if is_ignored(number) { Ok(None) } else { signal(SignalKind::from_raw(number)).map(Some) }
        };
        let (mut interrupt, mut terminate, mut hang_up) =
            (heeded(SIGINT)?, heeded(SIGTERM)?, heeded(SIGHUP)?);
        loop {
            let number = tokio::select! {
                () = comes(&mut interrupt) => SIGINT,
                () = comes(&mut terminate) => SIGTERM,
                () = comes(&mut hang_up) => SIGHUP,
            };
            if !(number == SIGINT && silence::is_reading()) {
                return Ok(number);
            }
        }
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
    pub(super) const INTERRUPT: i32 = 130;

    pub(super) async fn next() -> io::Result<i32> {
        tokio::signal::ctrl_c().await.map(|()| INTERRUPT)
    }

    pub(super) fn end_by(code: i32) {
        std::process::exit(code);
    }
}
