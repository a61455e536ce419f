//! Logging every account out at once: as many log-outs as there are accounts.

use tokio::task::JoinSet;

use super::{LogOut, LogOutError};
use crate::Accounts;
use crate::destination::Redirect;
use crate::registry::{Account, Phase};

impl Accounts {
    /// Logs every account out that is logged in, all at once. One that cannot be does not keep the others.
    pub async fn log_out_all(&self) -> Vec<Result<LogOut, LogOutError>> {
        let registry = match self.ports.registry.read().await {
            Ok(registry) => registry,
            Err(error) => return vec![Err(error.into())],
        };
        let is_in = |account: &Account| matches!(account.phase, Phase::Active | Phase::Leaving);
        let mut at_work = JoinSet::new();
        for account in registry.accounts.into_iter().filter(is_in) {
            let accounts = self.clone();
            at_work.spawn(async move { accounts.log_out(&account.id, &Redirect::Follow).await });
        }
        at_work.join_all().await
    }
}
