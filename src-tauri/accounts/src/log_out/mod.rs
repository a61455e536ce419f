//! Logging out, and everything that a log-out may leave to be done. [`protocol`] has the steps.

pub(crate) mod afterwards;
pub(crate) mod all;
pub(crate) mod asked;
pub(crate) mod end_session;
pub mod error;
pub(crate) mod evidence;
pub(crate) mod interrupted;
pub(crate) mod keyring_unavailable;
pub(crate) mod late_tokens;
pub(crate) mod logging_out;
pub(crate) mod other_session_tokens;
pub mod pending_revocations;
pub mod protocol;
pub(crate) mod revoke;
pub(crate) mod session_end;
pub(crate) mod time_limits;
pub(crate) mod unwritten;
pub(crate) mod verification;
