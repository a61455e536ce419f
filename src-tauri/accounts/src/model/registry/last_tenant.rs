//! The tenant that the login screen offers.

use serde::{Deserialize, Serialize};

use crate::model::auth_config::AuthConfig;
use crate::model::factor::Factor;
use crate::model::tenant::Tenant;

/// The values that the login screen offers again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LastTenant {
    /// The tenant.
    pub tenant: Tenant,
    /// The tenant's name, if known.
    #[serde(default)]
    pub name: Option<String>,
    /// The user's input at log-in: an e-mail address, a user name or a phone number.
    #[serde(default)]
    pub email_or_username: Option<String>,
    /// The first factor used last.
    #[serde(default)]
    pub last_factor: Option<Factor>,
    /// The tenant's auth config, as last received.
    #[serde(default, rename = "waysIn")]
    pub auth_config: Option<AuthConfig>,
}
