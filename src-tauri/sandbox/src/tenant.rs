//! Tenants: who may log in where, and where they go afterwards.

use std::{fmt, str::FromStr};

use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;

/// Whether a sandbox behaves as Userfront's test mode or as its live mode.
///
/// Real Userfront tells the mode from the origin of a call. Here it is a setting of the whole sandbox,
/// and `Origin` and `x-origin` make no difference: how they are weighed is not documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The passwords `test`, `dev` and `password` are taken for every user.
    #[default]
    Test,
    /// Only the user's own password is taken.
    Live,
}

impl Mode {
    /// `test` or `live`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Live => "live",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One tenant and its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant ID: `[A-Za-z0-9-]{1,64}`.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// Where the API sends people after log-in; `/dashboard` by default.
    pub login_redirect_path: String,
    /// Where the API sends people after log-out; `/login` by default.
    pub logout_redirect_path: String,
}

/// A tenant ID was given that Userfront could not have made.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a tenant ID is 1 to 64 letters, digits and hyphens")]
pub struct InvalidTenantId;

impl Tenant {
    /// The tenant that every sandbox has: `demo1234`, "Demo Workspace".
    #[must_use]
    pub fn demo() -> Self {
        Self::unchecked("demo1234", "Demo Workspace")
    }

    /// The tenant in which `admin` is a mere `viewer`, as the access token's `authorization` shows:
    /// `nordlich`, "Nordlicht Oy".
    #[must_use]
    pub fn nordlicht() -> Self {
        Self::unchecked("nordlich", "Nordlicht Oy")
    }

    /// A tenant with the default settings.
    ///
    /// # Errors
    /// When `id` is not `[A-Za-z0-9-]{1,64}`.
    pub fn new(id: &str) -> Result<Self, InvalidTenantId> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if id.is_empty() || id.len() > 64 || !id.bytes().all(allowed) {
            return Err(InvalidTenantId);
        }
        let known = [Self::demo(), Self::nordlicht()];
        let named = known.into_iter().find(|tenant| tenant.id == id);
        Ok(named.unwrap_or_else(|| Self::unchecked(id, &format!("Workspace {id}"))))
    }

    fn unchecked(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            login_redirect_path: "/dashboard".to_owned(),
            logout_redirect_path: "/login".to_owned(),
        }
    }

    /// The tenant as `GET self` shows it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "tenantId": self.id,
            "name": self.name,
            "image": null,
            "loginRedirectPath": self.login_redirect_path,
            "logoutRedirectPath": self.logout_redirect_path,
        })
    }
}

impl FromStr for Tenant {
    type Err = InvalidTenantId;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Self::new(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_tenant_ids_are_refused() {
        for id in ["", "a/b", "a b", "..", "ä", "a\n", &"x".repeat(65)] {
            assert_eq!(Tenant::new(id), Err(InvalidTenantId), "{id:?}");
        }
        assert_eq!(Tenant::new("demo1234"), Ok(Tenant::demo()));
        assert_eq!(Tenant::new("abcd-123").map(|tenant| tenant.name), Ok("Workspace abcd-123".to_owned()));
    }
}
