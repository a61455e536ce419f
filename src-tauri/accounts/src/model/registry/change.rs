//! The changes to the registry, one function each. A late change, with an older generation, has no effect.

use crate::model::account::{AccountId, EntryName, Profile};
use crate::model::claims::Claims;
use crate::model::registry::{
    Account, LastTenant, LeftoverEntry, Mended, PendingRevocation, Phase, Registry,
};
use crate::model::tenant::SessionId;
use crate::model::timestamp::Timestamp;

/// Larger than the number of log-ins and log-outs that a copy can lack.
const FAR_BEHIND: u64 = 1_000_000;

impl Registry {
    /// The replacement for a damaged document, which is kept as a file of this name: the last good copy, or a
    /// new document. The generation counter must not fall, though its value is lost: it goes on from a number
    /// that neither the copy nor a count since the first document can have reached.
    #[must_use]
    pub fn mended(copy: Option<Self>, kept_as: Option<String>, unix_millis: u64) -> Self {
        let from_last_good = copy.is_some();
        let copy = copy.unwrap_or_default();
        Self {
            generation: copy.generation.saturating_add(FAR_BEHIND).max(unix_millis),
            mended: Some(Mended { kept_as, from_last_good }),
            reconciled: false,
            mended_and_not_compared: true,
            ..copy
        }
    }

    /// A log-in begins to store its tokens. The session of an older log-in is queued for revocation.
    pub fn begin_log_in(&mut self, mut account: Account, older: Option<PendingRevocation>) {
        if let Some(row) = older {
            self.queue_revocation(row);
        }
        let older = self.account(&account.id).map(|older| older.session.clone());
        if let Some(older) = older.filter(|older| *older != account.session) {
            self.remember_session(&older);
        }
        account.generation = self.next_generation();
        // These entries will hold tokens in use again: they are no leftovers any more.
        self.leftovers.retain(|leftover| !account.entries().contains(&leftover.entry));
        match self.account_mut(&account.id) {
            Some(older) => *older = account,
            None => self.accounts.push(account),
        }
    }

    /// A log-in has stored its tokens: the account is logged in, and is shown.
    pub fn activate(&mut self, id: &AccountId, generation: u64) {
        if let Some(account) = self.of_generation(id, generation) {
            account.phase = Phase::Active;
            self.active = Some(id.clone());
        }
    }

    /// A log-out begins: the account is marked as logging out, with a new generation.
    pub fn leave(&mut self, id: &AccountId) {
        let generation = self.next_generation();
        if let Some(account) = self.account_mut(id) {
            account.phase = Phase::LoggingOut;
            account.generation = generation;
        }
    }

    /// The user abandons an account whose keyring is out of reach.
    pub fn forget(&mut self, id: &AccountId) {
        let generation = self.next_generation();
        if let Some(account) = self.account_mut(id) {
            account.phase = Phase::Abandoned;
            account.generation = generation;
        }
        if self.active.as_ref() == Some(id) {
            self.active = None;
        }
    }

    /// A log-out did not take place: the account is active again.
    pub fn stay(&mut self, id: &AccountId, generation: u64) {
        if let Some(account) =
            self.of_generation(id, generation).filter(|account| account.phase == Phase::LoggingOut)
        {
            account.phase = Phase::Active;
        }
    }

    /// The server has confirmed that the session of an account is over.
    pub fn session_is_dead(&mut self, id: &AccountId, session: &SessionId) {
        if let Some(account) = self.account_mut(id).filter(|account| account.session == *session) {
            account.session_is_dead = true;
        }
    }

    /// Its tokens are missing from the keyring, or are there again.
    pub fn tokens_are_missing(&mut self, id: &AccountId, generation: u64, missing: bool) {
        if let Some(account) = self.of_generation(id, generation) {
            account.tokens_missing = missing;
        }
    }

    /// The user has read the notice that the document was replaced.
    pub fn mending_is_read(&mut self, mended: &Mended) {
        self.mended.take_if(|other| other == mended);
    }

    /// The server refused to refresh: the session is over.
    pub fn signed_out_by_server(&mut self, id: &AccountId, generation: u64) {
        if let Some(account) = self.of_generation(id, generation) {
            account.signed_out_by_server = true;
        }
    }

    /// New tokens are stored, at `here` by this machine's clock. The next refresh is due at `again_at`.
    pub fn refreshed(
        &mut self,
        generation: u64,
        claims: Claims,
        with_refresh_token: bool,
        again_at: Option<Timestamp>,
        here: Timestamp,
    ) {
        if let Some(account) = self.of_generation(&claims.account, generation) {
            account.signed_out_by_server = false;
            account.refreshes += 1;
            account.access_expires_at = claims.access_expires_at;
            account.refresh_at = again_at;
            account.access_life = claims.access_life().unwrap_or_default();
            account.access_expires_here_at = claims.access_expires_here_at(here);
            if with_refresh_token {
                account.session_ends_at = claims.session_ends_at;
                account.session_life = claims.session_life;
            }
            account.profile.renew(claims.profile);
            if let Some(server_time) = claims.issued_at
                && self.hear_clock(claims.account.host(), server_time, here)
            {
                self.drop_superseded_before(&claims.account, server_time);
            }
        }
    }

    /// The stored access token is older, of unknown age: its life does not begin now.
    pub fn came_earlier(&mut self, id: &AccountId, generation: u64) {
        if let Some(account) = self.of_generation(id, generation) {
            account.access_expires_here_at = Timestamp::default();
        }
    }

    /// A refresh token with this life, in seconds, has arrived at `now`.
    pub fn session_lasts(&mut self, id: &AccountId, generation: u64, now: Timestamp, life: i64) {
        if let Some(account) = self.of_generation(id, generation) {
            account.session_ends_here_at = Timestamp(now.0.saturating_add(life));
        }
    }

    /// The server has sent the user's details.
    pub fn renew_profile(&mut self, id: &AccountId, generation: u64, profile: Profile) {
        if let Some(account) = self.of_generation(id, generation) {
            account.profile.renew(profile);
            let (tenant, name) = (account.tenant.clone(), account.profile.tenant_name.clone());
            if let Some(last) = self.last_tenant.as_mut().filter(|last| last.tenant == tenant) {
                last.name = name;
            }
        }
    }

    /// There is no refresh token to get new tokens with.
    pub fn cannot_refresh(&mut self, id: &AccountId, generation: u64) {
        if let Some(account) = self.of_generation(id, generation) {
            account.refresh_at = None;
        }
    }

    /// The claims are out of date: a refresh is due at once, if there is a refresh token.
    pub fn wants_refresh(&mut self, id: &AccountId, generation: u64, now: Timestamp) {
        if let Some(account) = self.of_generation(id, generation) {
            account.refresh_at = Some(now);
        }
    }

    /// Keeps the values for the login screen; a name that is already known is kept.
    pub fn remember_tenant(&mut self, mut last: LastTenant) {
        if let Some(before) = self.last_tenant.take().filter(|before| before.tenant == last.tenant) {
            last.name = last.name.or(before.name);
            last.email_or_username = last.email_or_username.or(before.email_or_username);
            last.last_factor = last.last_factor.or(before.last_factor);
            last.auth_config = last.auth_config.or(before.auth_config);
        }
        self.last_tenant = Some(last);
    }

    /// These entries could not be removed from the keyring.
    pub fn name_leftovers(&mut self, entries: Vec<EntryName>, since: Timestamp) {
        for entry in entries {
            if !self.leftovers.iter().any(|leftover| leftover.entry == entry) {
                self.leftovers.push(LeftoverEntry { entry, since, sessions_are_known: true });
            }
        }
    }

    fn of_generation(&mut self, id: &AccountId, generation: u64) -> Option<&mut Account> {
        self.account_mut(id).filter(|account| account.generation == generation)
    }
}
