//! The account that new tokens make.

use crate::base::Accounts;
use crate::model::account::EntryName;
use crate::model::claims::Claims;
use crate::model::registry::{Account, Phase};
use crate::model::tenant::Tenant;
use crate::model::timestamp::Timestamp;
use crate::model::token::{SessionToken, Tokens};

impl Accounts {
    pub(crate) fn new_account(&self, tenant: &Tenant, claims: &Claims, tokens: &Tokens) -> Account {
        let token = SessionToken::Access(tokens.access.clone());
        Account {
            id: claims.account.clone(),
            tenant: tenant.clone(),
            phase: Phase::LoggingIn,
            generation: 0,
            session: claims.session.clone(),
            revoke_entry: EntryName::revoke(&claims.account, &claims.session, &token.sha256()),
            access_expires_at: claims.access_expires_at,
            access_expires_here_at: claims.access_expires_here_at(self.ports.clock.now()),
            refresh_at: tokens.refresh.as_ref().and_then(|_| self.refresh_at(claims)),
            access_life: claims.access_life().unwrap_or_default(),
            session_ends_at: claims.session_ends_at,
            session_ends_here_at: Timestamp(self.ports.clock.now().0.saturating_add(claims.session_life)),
            session_life: claims.session_life,
            refreshes: 0,
            logged_in_at: self.ports.clock.now(),
            session_is_dead: false,
            tokens_missing: false,
            signed_out_by_server: false,
            profile: claims.profile.clone(),
            told_apart_by: Vec::new(),
        }
    }
}
