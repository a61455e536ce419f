//! A log-out under way: its account, its tombstone, and until when the user waits.

use std::sync::OnceLock;

use tokio::time::Instant;

use crate::log_out::time_limits::PATIENCE;
use crate::model::registry::Account;
use crate::model::registry_error::RegistryError;

pub(crate) struct LoggingOut {
    pub(crate) account: Account,
    pub(crate) tombstone: Tombstone,
    pub(crate) deadline: OnceLock<Instant>,
}

impl LoggingOut {
    pub(crate) fn new(account: Account, tombstone: Tombstone) -> Self {
        Self { account, tombstone, deadline: OnceLock::new() }
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
