//! The app has no tray on this system yet: `is_there` is never called, and the settings say why.

use tokio::sync::{mpsc, watch};

use super::Menu;

pub(crate) async fn run<T>(
    _icon: (Vec<u8>, u32, u32),
    _opens: T,
    _menu: watch::Receiver<Menu<T>>,
    _clicks: mpsc::UnboundedSender<T>,
    _is_there: impl Fn(bool),
) -> Result<(), std::convert::Infallible> {
    std::future::pending().await
}
