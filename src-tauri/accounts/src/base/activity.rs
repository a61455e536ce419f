//! What was done, when, and what came of it: an append-only record in `activity.jsonl`, a JSON object a line.
//!
//! It names accounts (where a log-in came to none, its tenant), never a secret: of a token it keeps the first 8 hex digits of its SHA-256, enough to find the same
//! one in a server's log and useless for anything else. Two generations are kept: at 512 KiB the file becomes
//! `activity.1.jsonl`, in place of the one before. Any number of processes append; a line is one write.
//!
//! Non-goals: being needed for anything. A record that cannot be written is logged, and stops no log-out.

use crate::base::Accounts;
use crate::model::account::AccountId;
use crate::model::activity::{Event, Line};
use crate::model::registry::{Account, PendingRevocation};
use crate::model::tenant::TenantId;
use crate::model::token::SessionToken;
use crate::ports::FileError;

/// Of whom a line is: of an account, or of nobody yet, at a tenant.
#[derive(Debug, Clone, Copy)]
enum Whose<'a> {
    Account(&'a AccountId),
    Nobody(&'a TenantId),
}

impl Accounts {
    /// What was done, the oldest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn activity(&self) -> Result<Vec<Line>, FileError> {
        self.ports.activity.lines().await
    }

    pub(crate) async fn record(&self, account: &Account, event: Event, token: Option<&SessionToken>) {
        self.append(Whose::Account(&account.id), &account.called(), event, token).await;
    }

    pub(crate) async fn record_of_row(
        &self,
        row: &PendingRevocation,
        event: Event,
        token: Option<&SessionToken>,
    ) {
        self.append(Whose::Account(&row.account), &row.account_name, event, token).await;
    }

    /// Of a log-in from which no account came.
    pub(crate) async fn record_of_nobody(
        &self,
        tenant: &TenantId,
        typed: Option<&str>,
        event: Event,
        token: Option<&SessionToken>,
    ) {
        let name = self.known_name(typed).await;
        self.append(Whose::Nobody(tenant), name.unwrap_or(tenant.as_str()), event, token).await;
    }

    pub(crate) async fn record_of_tenant(&self, tenant: &TenantId, name: &str, event: Event) {
        self.append(Whose::Nobody(tenant), name, event, None).await;
    }

    /// What the user typed, if the server has taken it for a name before: else it may be a password in the wrong field.
    async fn known_name<'a>(&self, typed: Option<&'a str>) -> Option<&'a str> {
        let (name, registry) = (typed?, self.ports.registry.read().await.ok()?);
        let last = registry.last_tenant.and_then(|last| last.email_or_username);
        let profiles = registry.accounts.into_iter().map(|account| account.profile);
        let of_accounts = profiles.flat_map(|profile| [profile.email, profile.username]).flatten();
        last.into_iter().chain(of_accounts).any(|known| known == name).then_some(name)
    }

    async fn append(&self, whose: Whose<'_>, name: &str, event: Event, token: Option<&SessionToken>) {
        let (account, tenant) = match whose {
            Whose::Account(id) => (Some(id.clone()), None),
            Whose::Nobody(tenant) => (None, Some(tenant.clone())),
        };
        let line = Line {
            at: self.ports.clock.now(),
            account,
            tenant,
            account_name: name.to_owned(),
            event,
            token: token.map(|token| token.sha256()[..8].to_owned()),
            by: self.program,
        };
        if let Err(error) = self.ports.activity.append(line).await {
            tracing::error!(?whose, %error, "the activity was not written down");
        }
    }
}
