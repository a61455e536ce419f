//! Keeping a session: refreshes, and the sessions that a refresh supersedes.

pub(crate) mod new_account;
pub mod refresh;
pub mod superseded;
