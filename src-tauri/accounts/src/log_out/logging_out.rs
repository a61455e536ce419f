//! A log-out under way: its account, its tombstone, the tokens that were read beside it, and until when the
//! user waits.

use std::sync::{Arc, OnceLock};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::log_out::time_limits::PATIENCE;
use crate::model::account::EntryName;
use crate::model::registry::Account;
use crate::model::registry_error::RegistryError;
use crate::model::token::SessionToken;
use crate::ports::StoreError;

pub(crate) type ReadEntry = (EntryName, Result<Vec<SessionToken>, StoreError>);

pub(crate) struct LoggingOut {
    pub(crate) account: Account,
    pub(crate) tombstone: Tombstone,
    read: Vec<ReadEntry>,
    deadline: OnceLock<Instant>,
    /// One of several log-outs takes a place here while it asks the server.
    pub(crate) calls: Option<Arc<Semaphore>>,
}

impl LoggingOut {
    pub(crate) fn new(account: Account, tombstone: Tombstone, read: Vec<ReadEntry>) -> Self {
        Self { account, tombstone, read, deadline: OnceLock::new(), calls: None }
    }

    /// Waits until the server may be asked, and holds that place.
    pub(crate) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // An error would mean that the semaphore is closed, which never happens.
        self.calls.as_ref()?.acquire().await.ok()
    }

    pub(crate) fn has_read(&self, entry: &EntryName) -> Option<Result<Vec<SessionToken>, StoreError>> {
        self.read.iter().find(|(name, _)| name == entry).map(|(_, tokens)| tokens.clone())
    }

    /// Set by the first call of this method, just before the server is asked.
    pub(crate) fn deadline(&self) -> Instant {
        *self.deadline.get_or_init(|| Instant::now() + PATIENCE)
    }
}

pub(crate) enum Tombstone {
    Set,
    /// An earlier log-out set it, and the user was told that the account is logging out. Never lifted.
    Found,
    Unwritten(RegistryError),
}
