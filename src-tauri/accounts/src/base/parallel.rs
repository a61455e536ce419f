//! Does the same for many accounts, a few at a time, to spare the server, the files and the keyring.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};

/// So many accounts ask the server at once. What verifies a log-out comes on top.
pub(crate) const AT_ONCE: usize = 8;

/// Does `work` for each item, for `at_once` of them at a time. Returns the results in the items' order; an
/// error is a panic.
pub(crate) async fn a_few_at_a_time<I, W>(
    at_once: usize,
    items: impl IntoIterator<Item = I>,
    mut work: impl FnMut(I) -> W,
) -> Vec<Result<W::Output, JoinError>>
where
    W: Future<Output: Send> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(at_once));
    let mut at_work = JoinSet::new();
    let mut begin = |item| {
        let (places, work) = (places.clone(), work(item));
        let begun = at_work.spawn(async move {
            // An error would mean that the semaphore is closed, which never happens.
            let _place = places.acquire().await;
            work.await
        });
        begun.id()
    };
    let order: Vec<_> = items.into_iter().map(&mut begin).collect();
    let mut done = HashMap::new();
    while let Some(joined) = at_work.join_next_with_id().await {
        match joined {
            Ok((id, result)) => done.insert(id, Ok(result)),
            Err(failed) => done.insert(failed.id(), Err(failed)),
        };
    }
    order.iter().filter_map(|id| done.remove(id)).collect()
}
