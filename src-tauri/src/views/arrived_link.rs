use accounts::model::registry::{Account, Registry};

use crate::dto;
use crate::state::arrived_link::ArrivedLink;
use crate::views::step::purpose;

pub(crate) fn arrived_link(arrived: &ArrivedLink, registry: &Registry) -> dto::ArrivedLink {
    let ArrivedLink { id, link, tenant, asked_email, other_site } = arrived;
    let is_its_account =
        |account: &&Account| account.tenant == *tenant && account.id.user().as_str() == link.uuid.as_str();
    let account = registry.accounts.iter().find(is_its_account);
    dto::ArrivedLink {
        id: *id,
        purpose: purpose(&link.kind),
        account_name: account.map(accounts::model::registry::Account::called),
        tenant_id: tenant.id.to_string(),
        api_host: tenant.api.host(),
        asked_email: asked_email.clone(),
        other_site: other_site.clone(),
    }
}
