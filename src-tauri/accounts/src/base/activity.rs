//! The activity: an append-only record of events in `activity.jsonl`, one JSON object a line.
//!
//! It names accounts (or only the tenant, if the log-in made no account), never a secret. Of a token it keeps
//! the first 8 hex digits of its SHA-256: enough to find the token in a server's log, and useless otherwise.
//! Two generations are kept: at 512 KiB the file becomes `activity.1.jsonl` and replaces the one before. Any
//! number of processes append; a line is one write. A line that cannot be written is logged, and stops no
//! log-out.

use crate::base::Accounts;
use crate::model::account::AccountId;
use crate::model::activity::{Event, Line};
use crate::model::registry::{Account, PendingRevocation};
use crate::model::tenant::TenantId;
use crate::model::token::SessionToken;
use crate::ports::FileError;

#[derive(Debug, Clone, Copy)]
enum Whose<'a> {
    Account(&'a AccountId),
    Row(&'a PendingRevocation),
    Nobody(&'a TenantId),
}

impl Accounts {
    /// All lines, the oldest first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn activity(&self) -> Result<Vec<Line>, FileError> {
        self.ports.activity.lines().await
    }

    /// The last `count` lines of an account, the latest first. Refreshes are left out: they are all alike.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn recent_activity(&self, account: &AccountId, count: usize) -> Result<Vec<Line>, FileError> {
        let lines = self.ports.activity.lines_of(account).await?;
        let told = lines.into_iter().rev().filter(|line| line.event != Event::Refreshed);
        Ok(told.take(count).collect())
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
        self.append(Whose::Row(row), &row.account_name, event, token).await;
    }

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

    /// Only if the server has accepted it before: it may be a password typed into the wrong field.
    async fn known_name<'a>(&self, typed: Option<&'a str>) -> Option<&'a str> {
        let (name, registry) = (typed?, self.ports.registry.read().await.ok()?);
        let last = registry.last_tenant.iter().flat_map(|last| &last.email_or_username);
        let profiles = registry.accounts.iter().map(|account| &account.profile);
        let of_accounts = profiles.flat_map(|profile| [&profile.email, &profile.username]).flatten();
        last.chain(of_accounts).any(|known| known == name).then_some(name)
    }

    async fn append(&self, whose: Whose<'_>, name: &str, event: Event, token: Option<&SessionToken>) {
        let (account, tenant, entry) = match whose {
            Whose::Account(id) => (Some(id.clone()), None, None),
            Whose::Row(row) => (Some(row.account.clone()), None, Some(row.entry.clone())),
            Whose::Nobody(tenant) => (None, Some(tenant.clone()), None),
        };
        let line = Line {
            at: self.ports.clock.now(),
            account,
            tenant,
            entry,
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
