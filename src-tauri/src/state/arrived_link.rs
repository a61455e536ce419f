//! A link that arrived unasked and waits for the user's answer.

use std::sync::Arc;

use accounts::Tenant;
use accounts::model::link::Link;

#[derive(Debug, Clone)]
pub(crate) struct ArrivedLink {
    /// Tells it from earlier links: the answer to one of them does not count for this one.
    pub(crate) id: u64,
    pub(crate) link: Arc<Link>,
    pub(crate) tenant: Tenant,
    /// The address that a link was requested for, if one was.
    pub(crate) asked_email: Option<String>,
    pub(crate) other_site: Option<String>,
}
