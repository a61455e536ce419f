//! Comparing the registry with the keyring, once after the registry began anew or was mended, or after a write to the keyring
//! that may have landed late.
//!
//! The registry is the index of the keyring. When it was lost, the keyring may hold tokens that nobody accounts for, and
//! their sessions may be alive. Nobody knows any more whether the user was logged in or had just logged out, and a
//! log-out must not be undone by a damaged file: so these sessions are owed, like any other that is over here ([`pending`](crate::pending)).
//! What cannot be understood (a name of no known form, a token that cannot be read) is a remnant, by name.
//!
//! At every start the other direction is looked at, too: an account whose tokens are gone is no longer logged in, and says so.
//!
//! Non-goals: guarding against somebody who changes the keyring while the app runs; the keyring is the user's own.

use crate::Accounts;
use crate::account::{AccountId, EntryName, Listed};
use crate::activity::Event;
use crate::api_base::ApiBase;
use crate::claims::{expiry_of, session_of, user_of};
use crate::log_in::NotStored;
use crate::ports::Timestamp;
use crate::registry::{Account, Phase, Registry};
use crate::revocation::Why;
use crate::tenant::Tenant;
use crate::token::{SessionToken, bundle, unbundle};

impl Accounts {
    /// Owes or names every entry of ours that the registry does not account for. The keyring must be unlocked.
    pub(crate) async fn reconcile(&self) -> Result<(), NotStored> {
        if self.ports.registry.read().await?.reconciled {
            return Ok(());
        }
        // First the keyring, then the registry: whatever is written meanwhile was in the registry before it was in the
        // keyring.
        let listed = self.ports.store.entries().await?;
        let registry = self.ports.registry.read().await?;
        let mut unknown: Vec<_> = listed.into_iter().filter(|entry| !is_known(&registry, entry)).collect();
        unknown.sort();
        unknown.dedup();
        for entry in unknown {
            self.account_for(entry).await?;
        }
        self.update(|registry| registry.reconciled = true).await?;
        Ok(())
    }

    /// Looks whether the tokens of every account that is logged in are there: somebody may have removed them, or a disk that
    /// was full kept a log-out from being written down.
    pub(crate) async fn look_for_tokens(&self) -> Result<(), NotStored> {
        let listed = self.ports.store.entries().await?;
        for account in self.ports.registry.read().await?.accounts {
            let missing = !account.entries().iter().any(|entry| listed.contains(entry));
            if account.phase == Phase::Active && missing != account.tokens_missing {
                tracing::warn!(account = %account.id, missing, "the tokens of an account are missing, or back");
                self.update(move |registry| {
                    registry.tokens_are_missing(&account.id, account.generation, missing);
                })
                .await?;
            }
        }
        Ok(())
    }

    async fn account_for(&self, entry: EntryName) -> Result<(), NotStored> {
        let Some(secret) = self.ports.store.read(&entry).await? else { return Ok(()) };
        let tokens = unbundle(secret);
        let Some(account) = self.account_behind(&entry, &tokens) else {
            tracing::warn!(%entry, "an entry that cannot be understood is in the keyring");
            let now = self.ports.clock.now();
            return Ok(self.update(move |registry| registry.name_remnants(vec![entry], now)).await?);
        };
        let _lock = self.ports.registry.lock_account(&account.id).await?;
        let row = self.pending_row(
            &account,
            Why::NotAsked("Its token was found in the keyring; no account listed it."),
        );
        let is_new = self
            .update_with(move |registry| {
                let is_new = registry.pending_row(&row.entry).is_none();
                if is_new {
                    registry.owe(row);
                }
                is_new
            })
            .await?;
        if entry != account.revoke_entry {
            let mut all = tokens.clone();
            if let Some(kept) = self.ports.store.read(&account.revoke_entry).await? {
                all.extend(unbundle(kept));
            }
            self.write_tokens(&account.revoke_entry, &bundle(&all)).await?;
            // Still there afterwards: it is compared again at the next start, since this one is not finished then.
            self.ports.store.delete(std::slice::from_ref(&entry)).await?;
        }
        tracing::warn!(account = %account.id, "a token that no account listed was found; its session is owed");
        if is_new {
            self.record(&account, Event::Found, tokens.first()).await;
        }
        Ok(())
    }

    /// Whose token this is, as far as its entry's name and its claims agree.
    fn account_behind(&self, entry: &EntryName, tokens: &[SessionToken]) -> Option<Account> {
        let token = tokens.first()?;
        let session = session_of(token)?;
        let user = user_of(token)?;
        let (id, api, is_revocation) = match entry.meaning()? {
            Listed::OfAccount(id) if *id.user() == user => (id.clone(), api_at(id.host())?, false),
            Listed::OfAccount(_) => return None,
            Listed::OfRevocation { tenant, mode, host } => {
                let api = api_at(&host)?;
                (AccountId::new(&api, mode, tenant, user), api, true)
            }
        };
        let ends_at = tokens.iter().filter_map(expiry_of).max().unwrap_or(Timestamp(i64::MAX));
        let named = EntryName::revoke(&id, &session, &token.sha256());
        let revoke_entry = if is_revocation { entry.clone() } else { named };
        Some(Account {
            tenant: Tenant { id: id.tenant().clone(), api, domain: None },
            phase: Phase::Leaving,
            generation: 0,
            session,
            revoke_entry,
            access_expires_at: ends_at,
            refresh_at: None,
            session_ends_at: ends_at,
            session_life: 0,
            logged_in_at: self.ports.clock.now(),
            session_is_dead: false,
            tokens_missing: false,
            signed_out_by_server: false,
            profile: crate::Profile::default(),
            id,
        })
    }
}

fn is_known(registry: &Registry, entry: &EntryName) -> bool {
    registry.known_entries().any(|known| known == *entry)
}

/// The API base is not in the name, only its host; the path is the one that Userfront's own API has. Only a loopback
/// address is spoken to without TLS.
fn api_at(host: &str) -> Option<ApiBase> {
    ["http", "https"].iter().find_map(|scheme| format!("{scheme}://{host}/v0/").parse().ok())
}
