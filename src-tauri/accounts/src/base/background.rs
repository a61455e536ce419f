//! Work that goes on after a command: late answers, verifications. A program can wait for it to end.

use tokio_util::task::TaskTracker;

use crate::base::Accounts;

/// Clones share the tracker.
#[derive(Debug, Clone)]
pub(crate) struct Background(TaskTracker);

impl Default for Background {
    fn default() -> Self {
        let tasks = TaskTracker::new();
        // Waiting ends when no task is left, though more may be spawned later.
        tasks.close();
        Self(tasks)
    }
}

impl Background {
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(work);
    }

    /// The result resolves when the task is done. The task runs on if the result is dropped.
    pub(crate) fn spawn_and_tell<F: Future<Output = ()> + Send + 'static>(
        &self,
        work: F,
    ) -> impl Future<Output = ()> + use<F> {
        let task = self.0.spawn(work);
        async move {
            // The error is not logged: it repeats the text of a panic.
            if task.await.is_err() {
                tracing::error!("work in the background has failed");
            }
        }
    }
}

impl Accounts {
    /// Resolves when this process has no background task left.
    pub async fn in_peace(&self) {
        self.background.0.wait().await;
    }
}
