//! End to end: the real app in a real `WebKit`, the real keyring daemon, a server on loopback with sessions
//! that die. The witness for the keyring is `secret-tool`, for the server its own list of sessions.

/// Prints although the test passes: tables and figures are what a reader of the run looks for.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout().lock(), $($words)*).expect("standard output takes it")
    }};
}

mod accessible;
mod auth_methods;
mod callback;
mod canary;
mod clipboard;
mod closing;
mod cycles;
mod desktop;
mod faults;
mod foreign;
mod forms;
mod growth;
mod hide_when_idle;
mod journey;
mod keepassxc;
mod keyring_unavailable;
mod kills;
mod links;
mod live_mode;
mod main_job;
mod many;
mod no_traces;
mod notifications;
mod oo7;
mod peers_faults;
mod pending_revocations;
mod profile;
mod quitting;
mod refresh;
mod results;
mod screen_reader;
mod second_factor;
mod stand_in;
mod together;
mod tray;
mod window_manners;
