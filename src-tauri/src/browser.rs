//! The system's browser: for pages of a tenant's own site, and for single sign-on. Never with a token or the way back to this machine in
//! the address: that would be a process argument (`loopback::Departure` sends the browser on to such pages).
//!
//! The address is shown beside the button too: in a sandboxed package no browser may be found.

use std::io;

/// Opens an address, without waiting for the browser.
pub(crate) async fn open(address: &str) -> io::Result<()> {
    let address = address.to_owned();
    // It tries one program after the other, and waits for each to fail, a quarter of a second at most.
    let opened = tauri::async_runtime::spawn_blocking(move || open::that_detached(address)).await;
    opened.unwrap_or_else(|_| Err(io::ErrorKind::Other.into())).map_err(|error| unopened(&error))
}

/// In our own words: the system's quote the program with its argument, the address.
fn unopened(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("nothing here opens web pages ({})", error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_not_in_the_error() {
        let system = r#"Launcher "xdg-open" "http://127.0.0.1:41873/Canary" failed with ExitStatus(3)"#;
        let error = unopened(&io::Error::other(system));
        assert_eq!(error.to_string(), "nothing here opens web pages (other error)");
        assert!(!format!("{error:?}").contains("Canary"));
    }
}
