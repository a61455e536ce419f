//! Tenants: their factors and redirects.
//!
//! Three are always there:
//! - `demo1234`: password (with e-mail address or user name), e-mail link, code by e-mail and SMS, TOTP
//! - `sso01234`: all of these, then single sign-on: apple, azure, facebook, github, google, linkedin, okta,
//!   twitter, the custom provider `acme-login`; and `webauthn/device`, which no client knows
//! - `mfa01234`: password or e-mail link, then a second factor: TOTP, code by SMS or by e-mail
//!
//! Any other tenant is like `demo1234`. Each has the same four users (`state/user.rs`).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

use crate::factor::{self, Factor};

/// Whether a sandbox behaves as Userfront's test mode or as its live mode.
///
/// Real Userfront tells the mode from the origin of a call. Here it is a setting of the whole sandbox,
/// and `Origin` and `x-origin` make no difference: how they are weighed is not documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The passwords `test`, `dev` and `password` are taken for every user; codes and links are in the
    /// answer.
    #[default]
    Test,
    /// Only the user's own password is taken; new ones have to meet the password rule; SAML exists.
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
    /// The first factors, in the order in which `mode` names them.
    pub first_factors: Vec<Factor>,
    /// The second factors.
    pub second_factors: Vec<Factor>,
    /// Whether a second factor must follow.
    pub is_mfa_required: bool,
    /// Whether reset links have a `type`. It is not documented whether real ones do, so that both can be
    /// tried.
    pub reset_links_have_type: bool,
}

/// A test's change of a tenant; absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TenantChange {
    /// The first factors, in this order.
    pub first_factors: Option<Vec<Factor>>,
    /// The second factors.
    pub second_factors: Option<Vec<Factor>>,
    /// Whether a second factor must follow.
    pub is_mfa_required: Option<bool>,
    /// Whether reset links have a `type`.
    pub reset_links_have_type: Option<bool>,
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

    /// The tenant with every single sign-on provider: `sso01234`, "Single Sign-on Ltd".
    #[must_use]
    pub fn single_sign_on() -> Self {
        let first_factors = [factor::ordinary(), factor::single_sign_on()].concat();
        Self { first_factors, ..Self::unchecked("sso01234", "Single Sign-on Ltd") }
    }

    /// The tenant that asks for a second factor: `mfa01234`, "Two Locks Inc".
    #[must_use]
    pub fn two_factors() -> Self {
        Self {
            first_factors: vec![Factor::password(), Factor::link()],
            second_factors: vec![Factor::totp(), Factor::code("sms"), Factor::code("email")],
            is_mfa_required: true,
            ..Self::unchecked("mfa01234", "Two Locks Inc")
        }
    }

    /// The tenants that every sandbox has.
    pub(crate) fn always_there() -> Vec<Self> {
        vec![Self::demo(), Self::single_sign_on(), Self::two_factors()]
    }

    pub(crate) fn change(&mut self, change: TenantChange) {
        let TenantChange { first_factors, second_factors, is_mfa_required, reset_links_have_type } = change;
        if let Some(factors) = first_factors {
            self.first_factors = factors;
        }
        if let Some(factors) = second_factors {
            self.second_factors = factors;
        }
        if let Some(required) = is_mfa_required {
            self.is_mfa_required = required;
        }
        if let Some(have_type) = reset_links_have_type {
            self.reset_links_have_type = have_type;
        }
    }

    /// A tenant with the default settings; one that is [always there](self) comes with its own.
    ///
    /// # Errors
    /// When `id` is not `[A-Za-z0-9-]{1,64}`.
    pub fn new(id: &str) -> Result<Self, InvalidTenantId> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if id.is_empty() || id.len() > 64 || !id.bytes().all(allowed) {
            return Err(InvalidTenantId);
        }
        let known = [Self::always_there(), vec![Self::nordlicht()]].concat();
        let named = known.into_iter().find(|tenant| tenant.id == id);
        Ok(named.unwrap_or_else(|| Self::unchecked(id, &format!("Workspace {id}"))))
    }

    fn unchecked(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            login_redirect_path: "/dashboard".to_owned(),
            logout_redirect_path: "/login".to_owned(),
            first_factors: factor::ordinary(),
            second_factors: Vec::new(),
            is_mfa_required: false,
            reset_links_have_type: true,
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
