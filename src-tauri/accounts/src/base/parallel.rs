//! Doing the same for many, a few at a time: as many accounts as there are must not become as many writers of one file and
//! as many requests to one keyring at the same moment.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};

/// How many are at work at the same time.
pub(crate) const AT_ONCE: usize = 8;

/// Does `work` for each of the items. What came of each, in their order; an error is a panic.
pub(crate) async fn a_few_at_a_time<I, W>(
    items: impl IntoIterator<Item = I>,
    mut work: impl FnMut(I) -> W,
) -> Vec<Result<W::Output, JoinError>>
where
    W: Future<Output: Send> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut at_work = JoinSet::new();
    let mut begin = |item| {
        let (places, work) = (places.clone(), work(item));
        let begun = at_work.spawn(async move {
            // An error would mean that it is closed, which nobody does.
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
