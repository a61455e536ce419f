//! How the webview draws on Linux.

use std::fmt::Display;

const WITHOUT_CARD: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Without the graphics card: with some drivers, and on some displays without one, the webview draws
/// nothing with it. A window of text and buttons gains nothing by it, and takes 80 MB more.
///
/// A value that the user has set stays: `0` draws with the card. The webview reads it when the first one is
/// made; to change its setting later has been seen to crash the page. To be called before there are threads,
/// since another may read the environment. Programs that this one starts get it, too.
pub(crate) fn by_the_processor() -> Result<(), impl Display> {
    gtk::glib::setenv(WITHOUT_CARD, "1", false)
}
