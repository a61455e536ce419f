//! Foreign entries: entries in the keyring, under our service, that this list of accounts does not account
//! for.
//!
//! Another data folder may use the same service, another computer the same keyring; or the list that wrote
//! them was lost or damaged. These cases cannot be told apart, so nothing is ended or deleted automatically.
//! The entries are named, and the user chooses for each account:
//!
//! ```text
//! foreign ── take over ──► active: both entries are this list's; from then on both copies use one session
//!    │ ───── log out ────► logging out: the log-out protocol ends the session and deletes both entries
//!    │ ───── leave ──────► remembered by name; ── undo ──► foreign
//! ```
//!
//! They are found by listing names; no secret is read before the user has chosen. The two entries of an
//! account go together. *Log out* first writes the account down as *logging out*, so that the choice survives
//! a crash or a locked keyring.
//!
//! The entry's name has the API's host, not its base. If no list knows the tenant's base, the user is asked
//! for it, and it must be at that host: no token goes anywhere else.
//!
//! A `superseded.` entry, which a refresh has left, holds older sessions of an account. It can be logged out
//! of or left by itself.
//!
//! `revoke.` entries become pending automatically ([`reconcile`](crate::recovery::reconcile)).

use crate::base::Accounts;
use crate::log_out::error::LogOutError;
use crate::model::account::{AccountId, EntryName, Listed};
use crate::model::activity::Event;
use crate::model::api_base::ApiBase;
use crate::model::claims::{Claims, expiry_of, life_of, mode_of, session_of, tenant_of, user_of};
use crate::model::destination::Redirect;
use crate::model::log_out_outcome::LogOut;
use crate::model::registry::{Account, Phase, Registry};
use crate::model::registry_error::RegistryError;
use crate::model::tenant::{Domain, Mode, Tenant};
use crate::model::timestamp::Timestamp;
use crate::model::token::{AccessToken, RefreshToken, SessionToken, Tokens};
use crate::ports::StoreError;
use crate::ports::not_stored::NotStored;
use crate::recovery::reconcile::known_tenant;

mod older_session;
mod replace;

/// The address of a foreign entry's tenant, as far as the user gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct At {
    /// Its API base. Default: the one that this list has for the tenant, or Userfront's own.
    pub api: Option<ApiBase>,
    /// Its domain. Default: the one that this list has.
    pub domain: Option<Domain>,
}

impl At {
    /// Fills in a missing API with the one for new tenants, if that is at the entry's host.
    #[must_use]
    pub fn or_at(self, entry: &EntryName, api_of_new_tenants: Option<&ApiBase>) -> Self {
        let host = match entry.meaning() {
            Some(Listed::OfAccount(id)) => Some(id.host().to_owned()),
            Some(Listed::OfSuperseded { host, .. }) => Some(host),
            Some(Listed::OfRevocation { .. }) | None => None,
        };
        let own = api_of_new_tenants.filter(|api| Some(api.host()) == host);
        Self { api: self.api.or(own.cloned()), ..self }
    }
}

/// Why a choice for a foreign entry failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForeignError {
    /// It is not in the keyring (any more), or this list accounts for it.
    #[error("There is no such foreign entry in the keyring.")]
    Unknown,
    /// Its name has no known form, or its token cannot be read.
    #[error("This entry cannot be read as a sign-in.")]
    Unreadable,
    /// Its token is not of the account in its name.
    #[error("This entry holds a token of another account than its name says.")]
    NotItsOwn,
    /// The two entries hold tokens that do not belong together.
    #[error("The entries of this account hold tokens that do not belong together.")]
    Mixed,
    /// Only the host of its API is known.
    #[error("The API URL of {host} is not known here.")]
    ApiUnknown {
        /// The host in the entry's name.
        host: String,
    },
    /// The given API is at another host.
    #[error("This entry belongs to {host}; its token is sent nowhere else.")]
    OtherHost {
        /// The host in the entry's name.
        host: String,
    },
    /// It is in live mode, where a server may need the tenant's domain to know the session.
    #[error("The domain of this live tenant is not known here.")]
    DomainUnknown,
    /// The keyring.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The list of accounts.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The account is in this list now, and its log-out is not finished.
    #[error(transparent)]
    LogOut(LogOutError),
}

impl From<NotStored> for ForeignError {
    fn from(error: NotStored) -> Self {
        match error {
            NotStored::Store(error) => Self::Store(error),
            NotStored::Registry(error) => Self::Registry(error),
        }
    }
}

impl Accounts {
    pub(crate) fn foreign_beside(&self, entry: &EntryName) -> Result<Vec<EntryName>, ForeignError> {
        let there = &self.state().foreign.entries;
        if !there.contains(entry) {
            return Err(ForeignError::Unknown);
        }
        Ok(both(entry).into_iter().filter(|entry| there.contains(entry)).collect())
    }

    /// Adds the account of a foreign entry to this list: active, and the one that is shown. Its tokens stay
    /// where they are. Another list that has them uses the same session, and gets the new tokens of each
    /// refresh.
    ///
    /// # Errors
    /// [`ForeignError`]; nothing was changed.
    pub async fn take_over(&self, entry: &EntryName, at: &At) -> Result<AccountId, ForeignError> {
        let id = self.choose(entry, at, Phase::Active).await?;
        tracing::warn!(account = %id, "a foreign account was taken over");
        Ok(id)
    }

    /// Logs out of the account of a foreign entry; of an entry of superseded sessions, of these alone.
    ///
    /// # Errors
    /// [`ForeignError`]; nothing was changed, except after [`ForeignError::LogOut`].
    pub async fn log_out_foreign(&self, entry: &EntryName, at: &At) -> Result<LogOut, ForeignError> {
        if let Some(Listed::OfSuperseded { .. }) = entry.meaning() {
            return self.log_out_older(entry, at).await;
        }
        let id = self.choose(entry, at, Phase::LoggingOut).await?;
        tracing::warn!(account = %id, "a foreign account is logged out");
        let done = self.log_out(&id, &Redirect::Stay).await;
        self.name_foreign_again().await;
        done.map_err(ForeignError::LogOut)
    }

    /// Leaves a foreign entry, and the other one of its account, as they are. The user is not asked about
    /// them any more.
    ///
    /// # Errors
    /// [`ForeignError::Unknown`], or the list's.
    pub async fn leave_foreign(&self, entry: &EntryName) -> Result<(), ForeignError> {
        let entries = self.foreign_beside(entry)?;
        Ok(self.update(move |registry| registry.leave_entries(entries)).await?)
    }

    /// Undoes [`leave_foreign`](Self::leave_foreign).
    ///
    /// # Errors
    /// [`ForeignError::Unknown`], or the list's.
    pub async fn undo_leave(&self, entry: &EntryName) -> Result<(), ForeignError> {
        let entries = both(entry);
        let is_left = self.ports.registry.read().await?.left_entries.contains(entry);
        if !is_left {
            return Err(ForeignError::Unknown);
        }
        Ok(self.update(move |registry| registry.undo_leave(&entries)).await?)
    }

    /// Adds the account of a foreign entry to the list. An entry that is gone is not named any more.
    async fn choose(&self, entry: &EntryName, at: &At, phase: Phase) -> Result<AccountId, ForeignError> {
        let chosen = self.make_ours(entry, at, phase).await;
        if matches!(chosen, Ok(_) | Err(ForeignError::Unknown)) {
            self.name_foreign_again().await;
        }
        chosen
    }

    async fn make_ours(&self, entry: &EntryName, at: &At, phase: Phase) -> Result<AccountId, ForeignError> {
        let id = match entry.meaning() {
            Some(Listed::OfAccount(id)) => id,
            Some(Listed::OfRevocation { .. } | Listed::OfSuperseded { .. }) | None => {
                return Err(ForeignError::Unreadable);
            }
        };
        let _lock = self.ports.registry.lock_account(&id).await?;
        let registry = self.ports.registry.read().await?;
        if registry.accounts_for(entry) {
            return Err(ForeignError::Unknown);
        }
        let account = self.account_in_keyring(&registry, &id, at, phase).await?;
        let (taken, event) = (account.clone(), event_of(phase));
        self.update(move |registry| registry.take_over(taken)).await?;
        if let Some(event) = event {
            self.record(&account, event, None).await;
        }
        Ok(id)
    }

    async fn account_in_keyring(
        &self,
        registry: &Registry,
        id: &AccountId,
        at: &At,
        phase: Phase,
    ) -> Result<Account, ForeignError> {
        self.usable_store().await?;
        let tenant = tenant_at(registry, id, at)?;
        if phase == Phase::Active && id.mode() == Mode::Live && tenant.domain.is_none() {
            return Err(ForeignError::DomainUnknown);
        }
        let access = self.ports.store.read(&EntryName::access(id)).await?.map(AccessToken::from);
        let refresh = self.ports.store.read(&EntryName::refresh(id)).await?.map(RefreshToken::from);
        if access.is_none() && refresh.is_none() {
            return Err(ForeignError::Unknown);
        }
        let mut stored: Vec<SessionToken> = access.iter().cloned().map(SessionToken::Access).collect();
        stored.extend(refresh.iter().cloned().map(SessionToken::Refresh));
        if stored.iter().any(|token| !is_of(id, token)) {
            return Err(ForeignError::NotItsOwn);
        }
        if phase == Phase::Active {
            let access = access.ok_or(ForeignError::Unreadable)?;
            return self.to_be_active(id, &tenant, &Tokens { access, id: None, refresh });
        }
        // For a log-out any token that names a session will do.
        let readable = stored.iter().find_map(|token| Some((session_of(token)?, token.sha256())));
        let (session, sha256) = readable.ok_or(ForeignError::Unreadable)?;
        let revoke_entry = EntryName::revoke(id, &session, &sha256);
        let life = stored.iter().map(life_of).max().unwrap_or_default();
        let by_life = Timestamp(self.ports.clock.now().0.saturating_add(life));
        let ends_at = stored.iter().filter_map(expiry_of).max().unwrap_or(by_life);
        let account = Account::in_name_only(id.clone(), tenant, session, revoke_entry, ends_at);
        Ok(Account { session_life: life, logged_in_at: self.ports.clock.now(), ..account })
    }

    fn to_be_active(
        &self,
        id: &AccountId,
        tenant: &Tenant,
        tokens: &Tokens,
    ) -> Result<Account, ForeignError> {
        let claims = Claims::read(tenant, tokens).map_err(|refused| match refused {
            crate::model::claims::Refused::Mixed => ForeignError::Mixed,
            crate::model::claims::Refused::OtherTenant => ForeignError::NotItsOwn,
            crate::model::claims::Refused::Unreadable(_) => ForeignError::Unreadable,
        })?;
        if claims.account != *id {
            return Err(ForeignError::NotItsOwn);
        }
        // When they were issued is not known: they are refreshed at once.
        let refresh_at = tokens.refresh.is_some().then(Timestamp::default);
        let account = self.new_account(tenant, &claims, tokens);
        let access_expires_here_at = Timestamp::default();
        Ok(Account { phase: Phase::Active, refresh_at, access_expires_here_at, ..account })
    }
}

pub(crate) fn both(entry: &EntryName) -> Vec<EntryName> {
    match entry.meaning() {
        Some(Listed::OfAccount(id)) => vec![EntryName::access(&id), EntryName::refresh(&id)],
        Some(Listed::OfRevocation { .. } | Listed::OfSuperseded { .. }) | None => vec![entry.clone()],
    }
}

fn event_of(phase: Phase) -> Option<Event> {
    // The log-out itself is recorded.
    (phase == Phase::Active).then_some(Event::TakenOver)
}

/// Whether a token's claims agree with its entry's name, as far as they can be read.
fn is_of(id: &AccountId, token: &SessionToken) -> bool {
    user_of(token).is_none_or(|user| user == *id.user())
        && tenant_of(token).is_none_or(|tenant| tenant == *id.tenant())
        && mode_of(token).is_none_or(|mode| mode == id.mode())
}

fn tenant_at(registry: &Registry, id: &AccountId, at: &At) -> Result<Tenant, ForeignError> {
    let host = id.host().to_owned();
    let known = known_tenant(registry, id);
    let domain = at.domain.clone().or_else(|| known.as_ref()?.domain.clone());
    let own = Some(ApiBase::userfront()).filter(|api| api.host() == host);
    let api = at.api.clone().or(known.map(|tenant| tenant.api)).or(own);
    match api {
        None => Err(ForeignError::ApiUnknown { host }),
        Some(api) if api.host() != host => Err(ForeignError::OtherHost { host }),
        Some(api) => Ok(Tenant { id: id.tenant().clone(), api, domain }),
    }
}
