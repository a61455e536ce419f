//! The place on this machine that a browser comes back to from single sign-on, and the place that it leaves from.
//!
//! **A [`CallbackServer`].** `open` binds a free port of 127.0.0.1 and makes a path that nobody can guess; the two are what the
//! provider is told to send the browser back to. `arrival` waits. The first request for the path that brings `token`
//! and `uuid` is the arrival: the browser is sent on to a clean address at once, so that the secret is in no history entry
//! and no `Referer`; the link is handed over without waiting for that; the browser gets its last page, and the port closes.
//! It also closes after 5 minutes, when the provider says no, and when the `CallbackServer` or the future is dropped.
//!
//! **A [`RedirectServer`].** A page whose address holds a secret cannot be given to the system's browser as it is: every program can
//! read the arguments of another. So the browser gets an address of this machine, and there, once, is sent on to the page.
//!
//! Where the browser runs on another computer nobody comes: then the address that it ends at is taken from
//! the user's hand ([`ByHand`]).
//!
//! Whoever else calls (another user's program, which on Linux is told apart even when it knows the path; a
//! web page that tries ports; one that points its own name to 127.0.0.1) learns nothing, sees a short page,
//! and uses nothing up. Nothing is logged; that another user's program has called can be asked for
//! (`stranger`).
//!
//! Non-goals: believing a link (`accounts::model::link` does that), TLS, and any address but 127.0.0.1.

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

/// That another user's program has called, for the user.
pub const STRANGER: &str = "A program of another user of this computer has called in place of your browser, \
                            and was refused. If it was your browser, run it as the user that you are here.";

/// How long a place is open at most.
pub const LIFE: Duration = Duration::from_mins(5);

/// How long things take at most; others than the default are for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the opening to the end, when nobody comes.
    pub life: Duration,
    /// From the arrival to the port's end, when the browser does not fetch its last page.
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

/// Why nobody has come.
#[derive(Debug, thiserror::Error)]
pub enum NoArrival {
    /// The time is over.
    #[error("Nobody came back from the browser in time. Begin again.")]
    TimedOut,
    /// The provider, or Userfront, has sent the browser back without a log-in.
    #[error("The log-in in the browser was not completed: {said}. Begin again, or choose another way in.")]
    Refused {
        /// What was said: visible characters, at most 200, without words as long as a token. Text of somebody else.
        said: String,
    },
    /// The system has taken the port away.
    #[error("This machine cannot be reached by its own browser: {0}")]
    Closed(#[source] io::Error),
}
