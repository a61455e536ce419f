use std::sync::Arc;

use accounts::Tenant;
use accounts::model::link::Link;

#[derive(Debug, Clone)]
pub(crate) struct ArrivedLink {
    /// Identifies the link: an answer to an earlier link does not count for this one.
    pub(crate) id: u64,
    pub(crate) link: Arc<Link>,
    pub(crate) tenant: Tenant,
    pub(crate) asked_email: Option<String>,
    pub(crate) other_site: Option<String>,
}
