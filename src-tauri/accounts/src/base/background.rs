//! Work that goes on after a command has its result: late answers, verifications. A program that is about to end
//! can wait for it.

use tokio_util::task::TaskTracker;

use crate::base::Accounts;

/// A clone is the same one.
#[derive(Debug, Clone)]
pub(crate) struct Background(TaskTracker);

impl Default for Background {
    fn default() -> Self {
        let tasks = TaskTracker::new();
        // Waiting ends when none is left, though more may be spawned later.
        tasks.close();
        Self(tasks)
    }
}

impl Background {
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(work);
    }

    /// The same; resolves when it is done. It also runs when the result is dropped.
    pub(crate) fn spawn_and_tell<F: Future<Output = ()> + Send + 'static>(
        &self,
        work: F,
    ) -> impl Future<Output = ()> + use<F> {
        let task = self.0.spawn(work);
        async move {
            // Not the error, which repeats the text of a panic.
            if task.await.is_err() {
                tracing::error!("work in the background has failed");
            }
        }
    }
}

impl Accounts {
    /// Resolves when nothing goes on in the background of this process.
    pub async fn in_peace(&self) {
        self.background.0.wait().await;
    }
}
