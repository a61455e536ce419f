//! The account that an unlisted entry belongs to, and the server that ends its session.

use crate::model::account::{AccountId, EntryName, Listed};
use crate::model::api_base::ApiBase;
use crate::model::claims::{expiry_of, session_of, user_of};
use crate::model::registry::{Account, Registry};
use crate::model::tenant::{Mode, Tenant};
use crate::model::timestamp::Timestamp;
use crate::model::token::SessionToken;

/// The account for which the session of these tokens is queued, if the entry's name and the tokens' claims
/// agree. The first readable token names it.
pub(crate) fn account_behind(
    registry: &Registry,
    entry: &EntryName,
    tokens: &[SessionToken],
) -> Option<Account> {
    let said = |token: &SessionToken| Some((session_of(token)?, user_of(token)?, token.sha256()));
    let (session, user, sha256) = tokens.iter().find_map(said)?;
    let (id, is_revocation) = match entry.meaning()? {
        Listed::OfAccount(id) if *id.user() == user => (id, false),
        Listed::OfAccount(_) => return None,
        Listed::OfRevocation { tenant, mode, host } | Listed::OfSuperseded { tenant, mode, host } => {
            (AccountId::new(&api_at(&host)?, mode, tenant, user), true)
        }
    };
    let ends_at = tokens.iter().filter_map(expiry_of).max().unwrap_or(Timestamp(i64::MAX));
    let revoke_entry = if is_revocation { entry.clone() } else { EntryName::revoke(&id, &session, &sha256) };
    let tenant = known_tenant(registry, &id)
        .or_else(|| Some(Tenant { id: id.tenant().clone(), api: api_at(id.host())?, domain: None }))?;
    Some(Account::in_name_only(id, tenant, session, revoke_entry, ends_at))
}

/// The tenant as an account, a pending revocation or the login screen has it: its API base and, unless only
/// known from the other mode, its domain.
pub(crate) fn known_tenant(registry: &Registry, id: &AccountId) -> Option<Tenant> {
    let accounts = registry.accounts.iter().map(|account| (&account.tenant, Some(account.id.mode())));
    let pending = registry.pending.iter().map(|row| (&row.tenant, Some(row.account.mode())));
    let last =
        registry.last_tenant.iter().map(|last| (&last.tenant, last.auth_config.as_ref().map(|w| w.mode)));
    let same = accounts
        .chain(pending)
        .chain(last)
        .filter(|(tenant, _)| tenant.id == *id.tenant() && tenant.api.host() == id.host());
    let fits = |mode: Option<Mode>| mode.is_none_or(|mode| mode == id.mode());
    let best = same.max_by_key(|(tenant, mode)| (fits(*mode), tenant.domain.is_some(), mode.is_some()));
    match best {
        Some((tenant, mode)) if fits(mode) => Some(tenant.clone()),
        Some((tenant, _)) => Some(Tenant { domain: None, ..tenant.clone() }),
        None => None,
    }
}

/// For a logged-out session whose tenant no list has any more. The host is the one in the entry's name; the
/// path is that of Userfront's own API. Only a loopback address is used without TLS.
fn api_at(host: &str) -> Option<ApiBase> {
    ["http", "https"].iter().find_map(|scheme| format!("{scheme}://{host}/v0/").parse().ok())
}
