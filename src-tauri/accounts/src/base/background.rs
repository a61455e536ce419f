//! What goes on after a command has its result: late answers, probes. A program that is about to end can wait
//! for them.

use std::sync::Arc;

use tokio::sync::watch;

use crate::base::Accounts;

/// How many are at work. A clone counts with the same counter.
#[derive(Debug, Clone)]
pub(crate) struct Background(Arc<watch::Sender<usize>>);

impl Default for Background {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl Background {
    /// Runs it beside everything else.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let at_work = AtWork::begin(self.clone());
        tokio::spawn(async move {
            work.await;
            drop(at_work);
        });
    }

    /// The same; resolves when it is done, and it goes on when nobody waits.
    pub(crate) fn spawn_and_tell<F: Future<Output = ()> + Send + 'static>(
        &self,
        work: F,
    ) -> impl Future<Output = ()> + use<F> {
        let (tell, told) = tokio::sync::oneshot::channel::<()>();
        self.spawn(async move {
            work.await;
            drop(tell);
        });
        async move {
            // Closed when it is done.
            told.await.unwrap_or_default();
        }
    }
}

/// Also ends when the work panics.
struct AtWork(Background);

impl AtWork {
    fn begin(background: Background) -> Self {
        background.0.send_modify(|count| *count += 1);
        Self(background)
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

impl Accounts {
    /// Resolves when nothing goes on in the background of this process.
    pub async fn in_peace(&self) {
        let mut count = self.background.0.subscribe();
        // An error would mean that no sender is left; `self` holds one.
        if count.wait_for(|count| *count == 0).await.is_err() {
            tracing::debug!("the background is gone");
        }
    }
}
