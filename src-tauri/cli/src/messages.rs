//! Every sentence that a command prints, made from typed values. Help texts are in `arguments`.

pub(crate) mod accounts;
pub(crate) mod errors;
pub(crate) mod foreign;
mod keyring_and_server;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod prompts;
pub(crate) mod reason;
pub(crate) mod status;

use std::io;

use crate::failure::Failure;

pub(crate) const INTERRUPTED: &str =
    "Interrupted before it was done. `userfront status` shows how it is now.";

pub(crate) fn answer_unwritten(error: &io::Error) -> Failure {
    Failure::failed(format!("The answer could not be written to standard output: {error}."))
}

pub(crate) fn no_log(error: &dyn std::error::Error) -> String {
    format!("no log is written: {error}")
}

pub(crate) fn no_runtime(error: &io::Error) -> Failure {
    Failure::failed(format!("The program could not be started: {error}."))
}
