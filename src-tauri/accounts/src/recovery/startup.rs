//! The start: finishes what was interrupted, then checks the accounts that are logged in.
//!
//! The *local* half ([`resume`](Accounts::resume)) needs this machine only: it finishes interrupted log-ins
//! and log-outs, and can run before the first view. The *remote* half asks servers, and may take seconds or
//! fail. A locked keyring is left alone; once the user has unlocked it, both run again.

use crate::base::Accounts;
use crate::base::work::Work;
use crate::log_out::pending_revocations::Occasion;
use crate::model::account::AccountId;
use crate::model::registry::{Phase, Registry};
use crate::model::registry_error::RegistryError;
use crate::ports::StoreStatus;

/// What a start compares with the names in the keyring.
#[derive(Clone, Copy)]
enum Compared<'a> {
    Everything,
    OfAccount(Option<&'a AccountId>),
}

impl Compared<'_> {
    fn is_whole(self, registry: &Registry) -> bool {
        let misses_tokens = |id| registry.account(id).is_some_and(|account| account.tokens_missing);
        match self {
            Self::Everything => true,
            // Tokens that were missing may be back.
            Self::OfAccount(id) => !registry.reconciled || id.is_some_and(misses_tokens),
        }
    }
}

impl Accounts {
    /// The local half: finishes interrupted log-ins and log-outs, deletes leftover entries, compares the
    /// registry with the keyring. Makes no call.
    ///
    /// # Errors
    /// When the registry cannot be read or written. Work that the keyring refused stays listed.
    pub async fn resume(&self) -> Result<(), RegistryError> {
        self.resume_within(Compared::Everything).await
    }

    /// The same for a short run that is about one account, or a new one: names in the keyring are compared
    /// only where that is due, since it takes a call for each entry.
    ///
    /// # Errors
    /// As [`resume`](Self::resume).
    pub async fn resume_for(&self, account: Option<&AccountId>) -> Result<(), RegistryError> {
        self.resume_within(Compared::OfAccount(account)).await
    }

    async fn resume_within(&self, compared: Compared<'_>) -> Result<(), RegistryError> {
        // One at a time: two runs would take each other's unfinished work for lost.
        let _alone = self.restoring.lock().await;
        let done = self.resume_alone(compared).await;
        if let Err(error) = &done {
            self.state().registry_problem = Some(error.clone());
        }
        done
    }

    async fn resume_alone(&self, compared: Compared<'_>) -> Result<(), RegistryError> {
        let registry = self.ports.registry.read().await?;
        let is_whole = compared.is_whole(&registry);
        match self.look_at_store().await {
            StoreStatus::Ok | StoreStatus::NotAllowed => {}
            // Names can be listed all the same; nothing is changed.
            StoreStatus::Locked => {
                if is_whole && let Err(error) = self.name_foreign(&mut None).await {
                    tracing::info!(%error, "the names in the locked keyring were not listed");
                }
                return self.remove_hidden().await;
            }
            StoreStatus::NoKeyring | StoreStatus::Hung | StoreStatus::Unavailable(_) => {
                return self.remove_hidden().await;
            }
        }
        let mut listed = None;
        // Each step runs even if the one before failed.
        let believed = match compared {
            Compared::OfAccount(id) if !is_whole => self.believe_note_of(&registry, id).await,
            _ => self.believe_notes(&mut listed).await,
        };
        if let Err(error) = believed {
            tracing::warn!(%error, "what the keyring says of earlier log-outs was not read");
        }
        let removed = self.remove_hidden().await;
        let finished = self.finish_interrupted().await.and(self.settle_all_superseded().await);
        if is_whole {
            for compared in [self.reconcile(&mut listed).await, self.look_for_tokens(&mut listed).await] {
                if let Err(error) = compared {
                    tracing::warn!(%error, "the keyring was not compared with the account list");
                }
            }
        }
        let done = removed.and(finished).and(self.retry_leftovers().await);
        if is_whole && let Err(error) = self.name_foreign(&mut listed).await {
            tracing::warn!(%error, "the foreign entries in the keyring were not named");
        }
        done
    }

    /// Both halves.
    ///
    /// # Errors
    /// As [`resume`](Self::resume). Work that the server refused stays listed.
    pub async fn restore(&self) -> Result<(), RegistryError> {
        let _at_work = self.begin(Work::Restoring);
        self.resume().await?;
        self.ask_servers().await
    }

    /// The remote half: retries pending revocations, and refreshes access tokens that have expired or soon
    /// will.
    ///
    /// # Errors
    /// When the registry cannot be read or written. Work that the server refused stays listed.
    pub async fn ask_servers(&self) -> Result<(), RegistryError> {
        let _at_work = self.begin(Work::Restoring);
        if self.store_status().usable().is_err() {
            return Ok(());
        }
        let (retried, refreshed) =
            tokio::join!(self.retry_pending(Occasion::Opportunity), self.refresh_expired());
        retried.and(refreshed)
    }

    /// Asks the server for the user and keeps the profile, with the tenant's name and log-out path. A failure
    /// leaves it as it was.
    ///
    /// # Errors
    /// When the registry cannot be read or written.
    pub async fn renew_profile(&self, id: &AccountId) -> Result<(), RegistryError> {
        let registry = self.ports.registry.read().await?;
        let Some(account) = registry.account(id).filter(|account| account.phase == Phase::Active) else {
            return Ok(());
        };
        let secret = match self.ports.store.read(&crate::model::account::EntryName::access(id)).await {
            Ok(Some(secret)) => secret,
            Ok(None) => return Ok(()),
            Err(error) => {
                tracing::warn!(account = %id, %error, "the profile was not renewed");
                return Ok(());
            }
        };
        match self.ports.userfront.user(&account.tenant, &secret.into()).await {
            Ok(user) => {
                let (id, generation) = (id.clone(), account.generation);
                self.update(move |registry| registry.renew_profile(&id, generation, user.profile)).await
            }
            Err(error) => {
                tracing::warn!(account = %id, %error, "the profile was not renewed");
                Ok(())
            }
        }
    }
}
