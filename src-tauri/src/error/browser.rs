//! The browser was not opened, or did not come back.

use loopback::NoArrival;

use crate::dto::{ErrorCode, IpcError};

/// No place on this machine for the browser to come back to, or to leave from.
pub(crate) fn no_callback_server(error: &std::io::Error) -> IpcError {
    IpcError::new(
        ErrorCode::Failed,
        "The browser would not find its way back: no address on this computer is free. Try again in a moment.",
    )
    .with_detail(error.to_string())
}

/// The browser did not come back.
pub(crate) fn of_no_arrival(no: &NoArrival) -> IpcError {
    IpcError::new(ErrorCode::Failed, no.to_string())
}

/// What was pasted is not the address that the browser ends at.
pub(crate) fn other_address() -> IpcError {
    IpcError::new(
        ErrorCode::Link,
        "This is not the address that this log-in ends at. Copy all of it: it begins with http://127.0.0.1.",
    )
}

/// There is no page to open in the browser (any more).
pub(crate) fn no_page() -> IpcError {
    IpcError::new(ErrorCode::Failed, "There is no page to open any more.")
}

/// The system could not open its browser.
pub(crate) fn no_browser(error: &std::io::Error) -> IpcError {
    IpcError::new(ErrorCode::Failed, "The browser cannot be opened. Copy the address into it by hand.")
        .with_detail(error.to_string())
}
