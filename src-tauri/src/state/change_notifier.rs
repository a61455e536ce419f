//! Tells that there is something new to show.

use accounts::ports::Observer;
use tokio::sync::Notify;

/// Notified by the domain and by the screen at every change. Several changes may be one notification.
#[derive(Debug, Default)]
pub(crate) struct ChangeNotifier(Notify);

impl ChangeNotifier {
    pub(crate) async fn wait(&self) {
        self.0.notified().await;
    }
}

impl Observer for ChangeNotifier {
    fn changed(&self) {
        self.0.notify_one();
    }
}
