//! What a platform's keyring is asked for: whole items by name, nothing clever.

use std::time::Duration;

use accounts::ports::{StoreError, StoreStatus};
use zeroize::Zeroizing;

/// One OS keyring and our service in it. Lives on the keyring's thread; every call may block for as long as the
/// keyring likes.
pub(crate) trait Vault {
    /// What people call this keyring, as far as is known by now.
    fn name(&self) -> &'static str;

    /// How it is now; never `Hung`. Opens no dialog.
    fn status(&mut self) -> StoreStatus;

    /// The name of every item under our service, twins as often as they are there. Opens no dialog; where names can be
    /// read while it is locked, it answers then too, else with `Locked`: an empty list is known to be empty.
    fn list(&mut self) -> Result<Vec<String>, StoreError>;

    /// An item's secret; of twins, the newest of ours. `None`: it is not there, and the keyring is unlocked.
    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;

    /// Makes or replaces an item. Of twins, one is left.
    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), StoreError>;

    /// Deletes an item with all its twins. Whether there was one.
    fn delete(&mut self, name: &str) -> Result<bool, StoreError>;

    /// Asks the user to unlock it, and waits for the answer for at most this long. The status afterwards.
    fn unlock(&mut self, limit: Duration) -> StoreStatus;
}
