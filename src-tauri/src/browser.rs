//! The system's browser: for pages of a tenant's own site, never for a log-in, and never with a token.
//!
//! The address is shown beside the button too: in a sandboxed package no browser may be found.

use accounts::destination::BrowserPage;

/// Opens a page, without waiting for the browser.
pub(crate) fn open(page: &BrowserPage) -> std::io::Result<()> {
    open::that_detached(page.url())
}
