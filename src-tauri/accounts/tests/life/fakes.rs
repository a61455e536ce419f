//! The fakes other than the keyring: a disk and a server in memory, and the clock that they share.

mod disk;
mod network;
mod server;
mod userfront;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounts::model::timestamp::Timestamp;
use accounts::ports::Clock;

pub(crate) use disk::{Disk, DiskTrouble, LastGood, MemoryRegistry};
pub(crate) use network::{Gate, Network, Trouble};
pub(crate) use server::MemoryUserfront;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The server's clock. The machine uses it too, unless the machine's clock is set wrong.
pub(crate) struct SharedClock {
    pub(crate) server: sandbox::Clock,
    /// How many seconds the machine's clock is ahead.
    pub(crate) ahead: Arc<AtomicI64>,
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.server.now() + self.ahead.load(Ordering::SeqCst))
    }
}
