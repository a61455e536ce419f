//! Tests the life of an account on fakes: a keyring, a server and a disk in memory. Each of their effects has
//! a number and can fail, lie, hang or be the last one before a crash.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// Prints even if the test passes, so that the output of a run has the tables and figures.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout().lock(), $($words)*).expect("standard output takes it")
    }};
}

mod another_list;
mod auth_methods;
mod crash;
mod evidence;
mod fakes;
mod foreign;
mod in_view;
mod keeping;
mod keyring_unavailable;
mod local_clock;
mod log_in;
mod log_out;
mod many;
mod matrix;
mod mended;
mod one_refresh;
mod pending;
mod read_beside;
mod recent_log_outs;
mod reconcile;
mod refresh;
mod registry_file;
mod replacing;
mod resume;
mod rollback;
mod server_time;
mod service_name;
mod storm;
mod superseded;
mod told_apart;
mod tries;
mod unanswered;
mod unwritten;
mod upgrade;
mod user;
mod verification;
mod walk;
mod world;
