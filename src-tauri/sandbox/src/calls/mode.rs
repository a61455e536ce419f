//! `GET tenants/{tenantId}/mode`: the mode and the first factors.

use serde_json::json;

use super::{Answer, Call};

pub(super) fn show(call: &Call<'_>, tenant: &str) -> Answer {
    let tenant = call.tenant(tenant)?;
    Ok(json!({
        "mode": call.settings.mode,
        "authentication": {
            "firstFactors": tenant.first_factors,
            "secondFactors": tenant.second_factors,
        },
    }))
}
