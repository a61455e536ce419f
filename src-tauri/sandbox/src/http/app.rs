//! The state that every request has access to.

use std::sync::Arc;

use crate::{http::faults::Faults, server::Server};

#[derive(Debug)]
pub(crate) struct App {
    pub(crate) server: Arc<Server>,
    pub(crate) faults: Faults,
}

impl App {
    /// Forgets sessions, calls, faults, the outbox, and all changes to users, tenants and the clock.
    pub(crate) fn reset(&self) {
        self.faults.set(Vec::new());
        self.server.reset();
    }
}
