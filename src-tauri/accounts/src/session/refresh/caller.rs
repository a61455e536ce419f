//! The caller of a refresh.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;

use crate::base::refresh_outcome::{Outcome, RefreshFailure};
use crate::base::single_flight::SingleFlight;

/// It is told once: the result, or that the tokens cannot be stored yet.
pub(crate) struct Caller {
    pub(crate) waits: Option<oneshot::Sender<Outcome>>,
    pub(crate) single_flight: Arc<SingleFlight>,
}

impl Caller {
    /// The refresh goes on.
    pub(crate) fn is_told_early(&mut self, failure: RefreshFailure) {
        self.single_flight.holds_tokens.store(true, Ordering::SeqCst);
        self.is_told(Err(failure));
    }

    pub(crate) fn is_told(&mut self, outcome: Outcome) {
        if let Some(waits) = self.waits.take() {
            // The caller may have stopped waiting.
            drop(waits.send(outcome));
        }
    }
}
