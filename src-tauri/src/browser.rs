//! The system's browser: for pages of a tenant's own site, and for single sign-on. Never with a token in the address: that would be a
//! process argument (`loopback::Departure` sends the browser on to such pages).
//!
//! The address is shown beside the button too: in a sandboxed package no browser may be found.

/// Opens an address, without waiting for the browser.
pub(crate) fn open(address: &str) -> std::io::Result<()> {
    open::that_detached(address)
}
