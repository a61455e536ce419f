//! The auth config of a tenant: how users log in.

use serde::{Deserialize, Serialize};

use crate::model::factor::Factor;
use crate::model::tenant::Mode;

/// The answer to `GET T/mode`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthConfig {
    /// The mode, as the server decides it from our origin.
    pub mode: Mode,
    /// First factors in the tenant's order.
    pub first_factors: Vec<Factor>,
}
