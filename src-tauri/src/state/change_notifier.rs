use accounts::ports::Observer;
use tokio::sync::Notify;

/// The domain and the screen notify it at every change. Several changes may be one notification.
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
