//! How users log in to a tenant: its auth config.

use serde::{Deserialize, Serialize};

use crate::model::factor::Factor;
use crate::model::tenant::Mode;

/// `GET T/mode`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthConfig {
    /// Live or test, as the server sees our origin.
    pub mode: Mode,
    /// First factors in the tenant's order.
    pub first_factors: Vec<Factor>,
}
