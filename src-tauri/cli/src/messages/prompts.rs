//! Prompts for standard input, and errors about its answers.

use std::fmt;
use std::io;

use crate::failure::Failure;

/// The kind of a line of standard input.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted {
    User,
    Password,
    Code,
    Link,
    Address,
    PhoneNumber,
    ProviderId,
    Choice,
    Consent,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "the user",
            Self::Password => "a password",
            Self::Code => "a code",
            Self::Link => "a link",
            Self::Address => "an address",
            Self::PhoneNumber => "a phone number",
            Self::ProviderId => "a provider's ID",
            Self::Choice => "a choice",
            Self::Consent => "yes or no",
        })
    }
}

/// `default` is the number of a choice, from 0.
pub(crate) fn which(default: Option<usize>) -> String {
    let default = default.map_or(String::new(), |nth| format!(" [{}]", nth + 1));
    format!("Which?{default} ")
}

pub(crate) fn consent(question: &str) -> String {
    format!("{question} Type yes to go on: ")
}

pub(crate) fn no_such_choice(count: usize) -> Failure {
    Failure::usage(format!("That is none of the choices. Give a number from 1 to {count}."))
}

pub(crate) const SWITCH_TO: &str = "Switch to:";
pub(crate) const KEYS: &str = "Type to filter, ↑↓ to move, Escape to cancel";

pub(crate) fn nothing_to_pick_on() -> Failure {
    Failure::usage(
        "There is no terminal to choose an account on. Give ACCOUNT: its ID, e-mail address or user name, as \
         `userfront list` shows it.",
    )
}

pub(crate) fn no_picker(error: &io::Error) -> Failure {
    Failure::failed(format!("The list cannot be shown on this terminal: {error}. Give ACCOUNT."))
}

pub(crate) fn no_terminal() -> Failure {
    Failure::usage(
        "Standard input is not a terminal. Give --password-stdin, and the password as the first line of \
         standard input; or another way to log in: --code, --link, --totp or --browser.",
    )
}

pub(crate) fn missing(wanted: Wanted) -> Failure {
    Failure::usage(format!("There is nothing on standard input, where {wanted} was asked for."))
}

pub(crate) fn too_long(wanted: Wanted) -> Failure {
    Failure::usage(format!("This is too long for {wanted}."))
}

pub(crate) fn not_utf8() -> Failure {
    Failure::usage("Standard input is not UTF-8.")
}

pub(crate) fn unreadable(error: &io::Error) -> Failure {
    Failure::failed(format!("Standard input cannot be read: {error}."))
}

pub(crate) fn echo_stays_on(error: &io::Error) -> Failure {
    Failure::failed(format!("The password cannot be typed unseen here: {error}."))
}
