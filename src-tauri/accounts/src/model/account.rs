//! The identity of an account, and the names of its keyring entries.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::api_base::ApiBase;
use crate::model::malformed::Malformed;
use crate::model::tenant::{Mode, SessionId, TenantId, UserUuid};
use crate::model::text;

/// One user signed in to one tenant on this machine. The same IDs at another host, or in the other mode, are
/// another account. Written `{tenantId}:{userUuid}@{mode}.{api host[:port]}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId {
    tenant: TenantId,
    user: UserUuid,
    mode: Mode,
    host: String,
}

impl AccountId {
    /// The account of `user` in `tenant` at `api`, in `mode`.
    #[must_use]
    pub fn new(api: &ApiBase, mode: Mode, tenant: TenantId, user: UserUuid) -> Self {
        Self { tenant, user, mode, host: api.host() }
    }

    /// Its tenant's ID.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Its user's UUID.
    #[must_use]
    pub fn user(&self) -> &UserUuid {
        &self.user
    }

    /// Its mode.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The host of its API, with the port unless it is the default one.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}@{}.{}", self.tenant, self.user, self.mode, self.host)
    }
}

impl FromStr for AccountId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let parts = || {
            let (tenant, rest) = text.split_once(':')?;
            let (user, rest) = rest.split_once('@')?;
            let (mode, host) = rest.split_once('.')?;
            Some((tenant, user, mode, host))
        };
        let (tenant, user, mode, host) = parts().ok_or(Malformed::AccountId)?;
        // The scheme is not part of an ID; https serves to parse the host into its canonical spelling.
        let read_back = format!("https://{host}/").parse::<ApiBase>().map_err(|_| Malformed::AccountId)?;
        if read_back.host() != host && !host.ends_with(":443") {
            return Err(Malformed::AccountId);
        }
        Ok(Self { tenant: tenant.parse()?, user: user.parse()?, mode: mode.parse()?, host: host.to_owned() })
    }
}

impl TryFrom<String> for AccountId {
    type Error = Malformed;

    fn try_from(text: String) -> Result<Self, Malformed> {
        text.parse()
    }
}

impl From<AccountId> for String {
    fn from(id: AccountId) -> Self {
        id.to_string()
    }
}

/// The name of a keyring entry of ours (its *user*; the *service* belongs to the adapter). ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryName(String);

impl EntryName {
    /// The entry of the account's access token.
    #[must_use]
    pub fn access(account: &AccountId) -> Self {
        Self(format!("access.{account}"))
    }

    /// The entry of the account's refresh token.
    #[must_use]
    pub fn refresh(account: &AccountId) -> Self {
        Self(format!("refresh.{account}"))
    }

    /// A pending revocation's entry: named by the session if that is a plain name, else by the access token's
    /// SHA-256; and by mode and host, for a hostile host chooses its own session IDs. Log-in and refresh
    /// never read it.
    #[must_use]
    pub fn revoke(account: &AccountId, session: &SessionId, token_sha256: &str) -> Self {
        Self::of_session("revoke", account, session, token_sha256)
    }

    /// The entry of an account's superseded sessions, named like [`revoke`](Self::revoke) by the first of
    /// them. They were not logged out: code that finds such an entry must not revoke its tokens.
    #[must_use]
    pub fn superseded(account: &AccountId, session: &SessionId, token_sha256: &str) -> Self {
        Self::of_session("superseded", account, session, token_sha256)
    }

    fn of_session(kind: &str, account: &AccountId, session: &SessionId, token_sha256: &str) -> Self {
        let plain = |text: &str| {
            text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        let key = if plain(session.as_str()) { session.as_str() } else { token_sha256 };
        Self(format!("{kind}.{}:{key}@{}.{}", account.tenant, account.mode, account.host))
    }

    /// A name as the keyring lists it. It may have any form.
    #[must_use]
    pub fn listed(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The meaning of a listed name, if it is one of ours.
    #[must_use]
    pub fn meaning(&self) -> Option<Listed> {
        let (kind, rest) = self.0.split_once('.')?;
        if matches!(kind, "access" | "refresh") {
            return rest.parse().ok().map(Listed::OfAccount);
        }
        let (tenant, rest) = rest.split_once(':').filter(|_| matches!(kind, "revoke" | "superseded"))?;
        let (_key, rest) = rest.split_once('@')?;
        let (mode, host) = rest.split_once('.')?;
        let (tenant, mode, host) = (tenant.parse().ok()?, mode.parse().ok()?, host.to_owned());
        Some(match kind {
            "revoke" => Listed::OfRevocation { tenant, mode, host },
            _ => Listed::OfSuperseded { tenant, mode, host },
        })
    }

    /// The name as the keyring shows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The meaning of a name in the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// A token of this account.
    OfAccount(AccountId),
    /// The tokens of a pending revocation.
    OfRevocation {
        /// The tenant's ID.
        tenant: TenantId,
        /// The tenant's mode.
        mode: Mode,
        /// The host of the API, with the port unless it is the default one.
        host: String,
    },
    /// The access tokens of superseded sessions: their account is, or was, logged in.
    OfSuperseded {
        /// The tenant's ID.
        tenant: TenantId,
        /// The tenant's mode.
        mode: Mode,
        /// The host of the API, with the port unless it is the default one.
        host: String,
    },
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The shown details of a user, without deceptive characters. Holds no credential.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// The user's number within the tenant.
    pub user_id: Option<i64>,
    /// Full name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// Address of a picture; fetched by Rust, never by the webview.
    pub image: Option<String>,
    /// The tenant's name, once `GET self` has told it.
    pub tenant_name: Option<String>,
    /// The tenant's path for users after log-out.
    pub logout_redirect_path: Option<String>,
    /// Roles by tenant ID, from the access token.
    pub roles: Vec<TenantRoles>,
}

/// The roles that a user has in one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TenantRoles {
    /// The tenant's ID.
    pub tenant_id: String,
    /// Role names, in the token's order.
    pub roles: Vec<String>,
}

impl Profile {
    /// Takes over newer details. A source that names the user (an ID token, `GET self`) is complete: absent
    /// details were cleared. The tenant is known from `GET self` alone, the roles from every source.
    pub fn renew(&mut self, new: Self) {
        self.roles = new.roles;
        if new.user_id.is_some() || new.email.is_some() {
            self.user_id = new.user_id.or(self.user_id);
            self.name = new.name;
            self.email = new.email;
            self.username = new.username;
            self.image = new.image;
        }
        if new.tenant_name.is_some() {
            self.tenant_name = new.tenant_name;
            self.logout_redirect_path = new.logout_redirect_path;
        }
    }

    /// The first of name, e-mail address and user name that has a visible character.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        [&self.name, &self.email, &self.username]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|name| text::is_visible(name))
    }
}

#[cfg(test)]
mod tests;
