//! End to end: the real app in a real `WebKit`, the real keyring daemon, a server on loopback with sessions that die.
//! The witness for the keyring is `secret-tool`, for the server its own list of sessions.

mod callback;
mod canary;
mod cycles;
mod dead_end;
mod forms;
mod journey;
mod keeping;
mod kills;
mod links;
mod live_mode;
mod main_job;
mod no_traces;
mod oo7;
mod owed;
mod pace;
mod profile;
mod second_factor;
mod together;
mod trouble;
mod ways_in;
