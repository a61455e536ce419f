//! Keeping a session: refreshes, and the sessions that a refresh supersedes.

pub mod refresh;
pub mod superseded;
