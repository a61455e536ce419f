//! The choices when the keyring is unavailable: log out once it is unlocked, or abandon the account.

use crate::base::Accounts;
use crate::log_out::error::LogOutError;
use crate::log_out::logging_out::Tombstone;
use crate::model::account::AccountId;
use crate::model::activity::Event;
use crate::model::registry::Phase;

impl Accounts {
    /// Sets the tombstone and leaves it: the log-out takes place as soon as the keyring can be read.
    ///
    /// # Errors
    /// [`LogOutError::NotLoggedIn`], or the registry's.
    pub async fn log_out_once_unlocked(&self, id: &AccountId) -> Result<(), LogOutError> {
        let _lock = self.ports.registry.lock_account(id).await?;
        let logging_out = self.tombstone(id, false).await?;
        if let Tombstone::Unwritten(error) = logging_out.tombstone {
            return Err(error.into());
        }
        self.record(&logging_out.account, Event::LogOutWaits, None).await;
        Ok(())
    }

    /// Abandons an account whose keyring is unavailable. Only its entries, which may still be there, are
    /// shown from then on, and its session is not ended. If the keyring comes back, the log-out is finished
    /// after all.
    ///
    /// # Errors
    /// [`LogOutError::NotLoggedIn`], or the registry's.
    pub async fn forget(&self, id: &AccountId) -> Result<(), LogOutError> {
        let _lock = self.ports.registry.lock_account(id).await?;
        let registry = self.ports.registry.read().await?;
        let known = registry.account(id).filter(|account| account.phase != Phase::Abandoned);
        let account = known.cloned().ok_or(LogOutError::NotLoggedIn)?;
        let abandoned = id.clone();
        self.update(move |registry| registry.forget(&abandoned)).await?;
        tracing::warn!(account = %id, "abandoned: its tokens may be there, and its session is alive");
        self.record(&account, Event::Abandoned, None).await;
        Ok(())
    }
}
