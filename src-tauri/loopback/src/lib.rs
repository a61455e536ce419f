//! The servers on this machine to which a browser returns from single sign-on, and from which it leaves.
//!
//! **[`CallbackServer`].** `open` binds a free port of 127.0.0.1 and creates an unguessable path; the
//! provider sends the browser back to this address. `arrival` waits. The first request for the path with
//! `token` and `uuid` is the arrival. The browser is redirected to a clean address at once, so that the
//! secret is in no history entry and no `Referer`. The link is handed over without waiting for that. The
//! browser loads its last page, and the port closes. The port also closes after 5 minutes, when the provider
//! refuses, and when the `CallbackServer` or the future is dropped.
//!
//! **[`RedirectServer`].** A page whose address holds a secret must not be an argument of the system's
//! browser: every program can read another's arguments. So the browser gets an address of this machine, which
//! redirects it once.
//!
//! A browser on another computer cannot reach these servers: the user then pastes the address at which it
//! ends ([`ByHand`]).
//!
//! All other callers (another user's program, which on Linux is recognised even when it knows the path; a web
//! page that tries ports; one that points its own name to 127.0.0.1) learn nothing, get a short page, and
//! change nothing. Nothing is logged; `stranger` reports a call by another user's program.
//!
//! Non-goals: validating a link (`accounts::model::link` does that), TLS, and any address but 127.0.0.1.

mod browser;
mod callback_server;
mod page;
mod peer;
mod place;
mod redirect_server;

use std::io;
use std::time::Duration;

pub use browser::open_browser;
pub use callback_server::{Arrival, ByHand, CallbackServer};
pub use redirect_server::RedirectServer;

/// Tells the user that another user's program has called.
pub const STRANGER: &str = "A program of another user of this computer has called in place of your browser, \
                            and was refused. If it was your browser, run it as the user that you are here.";

/// How long a server is open at most.
pub const LIFE: Duration = Duration::from_mins(5);

/// How long things take at most; tests use others than the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the opening to the end, without an arrival.
    pub life: Duration,
    /// From the arrival to the port's end, when the browser does not load its last page.
    pub farewell: Duration,
    /// For one request and its answer.
    pub request: Duration,
}

impl Default for Limits {
    /// 5 minutes, 5 seconds, 5 seconds.
    fn default() -> Self {
        let short = Duration::from_secs(5);
        Self { life: LIFE, farewell: short, request: short }
    }
}

/// Why there was no arrival.
#[derive(Debug, thiserror::Error)]
pub enum NoArrival {
    /// The time is over.
    #[error("Nobody came back from the browser in time. Begin again.")]
    TimedOut,
    /// The provider, or Userfront, has sent the browser back without a log-in.
    #[error("The log-in in the browser was not completed: {said}. Begin again, or choose another way in.")]
    Refused {
        /// Its reason: visible characters, at most 200, without words as long as a token. Foreign text.
        said: String,
    },
    /// The system has taken the port away.
    #[error("This machine cannot be reached by its own browser: {0}")]
    Closed(#[source] io::Error),
}
