//! The interface to a platform's keyring: whole items by name.

use std::time::Duration;

use accounts::ports::{StoreError, StoreStatus};
use zeroize::Zeroizing;

/// One OS keyring and our service in it. Lives on the keyring's thread; every call may block without limit.
pub(crate) trait Vault {
    /// The keyring's usual name, as far as known.
    fn name(&self) -> &'static str;

    /// Never `Hung`. Opens no dialog.
    fn status(&mut self) -> StoreStatus;

    /// The name of every item under our service; duplicates are repeated. Opens no dialog. Answers while
    /// locked only where names can be read then, else with `Locked`: an empty list is certain.
    fn list(&mut self) -> Result<Vec<String>, StoreError>;

    /// Those of these items that are there, as certain as [`list`](Self::list); it may name others as well.
    fn present(&mut self, _names: &[&str]) -> Result<Vec<String>, StoreError> {
        self.list()
    }

    /// An item's secret; of duplicates, the newest of ours. `None`: it is absent, and the keyring is
    /// unlocked.
    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;

    /// Creates or replaces an item. Leaves one of several duplicates.
    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), StoreError>;

    /// Deletes an item with all its duplicates. Returns whether there was one. Fails where the keyring would
    /// have to ask the user and questions are not allowed.
    fn delete(&mut self, name: &str) -> Result<bool, StoreError>;

    /// From now on a deletion may open the keyring's own question.
    fn allow_questions(&mut self) {}

    /// Asks the user to unlock it, and waits at most this long. Returns the status afterwards.
    fn unlock(&mut self, limit: Duration) -> StoreStatus;
}
