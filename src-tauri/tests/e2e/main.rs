//! End to end: the real app in a real `WebKit`, the real keyring daemon, a server on loopback with sessions that die.
//! The witness for the keyring is `secret-tool`, for the server its own list of sessions.

mod canary;
mod cycles;
mod dead_end;
mod journey;
mod kills;
mod main_job;
mod oo7;
mod owed;
mod pace;
mod together;
mod trouble;
