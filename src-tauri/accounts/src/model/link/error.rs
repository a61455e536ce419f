//! Why text is not a usable link.

use crate::model::link::SCHEME;

/// Why text is not a usable link. No message repeats any of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Only white space.
    #[error("There is no link here. Copy the whole link from the e-mail or the browser, and paste it.")]
    Empty,
    /// More than [`LONGEST`](crate::model::link::LONGEST) bytes.
    #[error("This is too long for a log-in link. Copy only the link from the e-mail or the browser.")]
    TooLong,
    /// No `scheme:`, no host, or an unknown place in this app.
    #[error("This is not a link. Copy the whole link, from https:// to its end.")]
    NotALink,
    /// `javascript:`, `data:`, `file:`, ….
    #[error(
        "This link does not lead to a web page. A log-in link begins with https://, http:// or {SCHEME}:"
    )]
    Scheme,
    /// An invisible or direction character, white space, a backslash, or a deceptive percent sequence.
    #[error(
        "This link has characters in it that do not belong there. Copy it again, or ask for a new one; do \
         not use it if it came unasked."
    )]
    Characters,
    /// `user@host`.
    #[error("This link has a user name before its host, as forged links do. Ask for a new link.")]
    Credentials,
    /// A parameter that would say where the API is.
    #[error("This link tries to choose another server, which no real one does. Ask for a new link.")]
    NamesHost,
    /// This parameter is missing.
    #[error("This link has no {0}. Copy all of it, to its end, or ask for a new one.")]
    Missing(&'static str),
    /// This parameter is repeated.
    #[error("This link has more than one {0}. Ask for a new link.")]
    Twice(&'static str),
    /// This parameter has a form that no real one has.
    #[error("The {0} in this link is damaged. Copy the whole link again, or ask for a new one.")]
    Malformed(&'static str),
}
