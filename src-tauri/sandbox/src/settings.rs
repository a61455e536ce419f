//! The options of a sandbox.

use crate::{
    clock::Clock,
    state::sessions::RefreshSession,
    tenant::{Mode, Tenant},
};

/// The options of a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on `127.0.0.1`; `0` lets the system choose.
    pub port: u16,
    /// Tenants beside [`Tenant::demo`], [`Tenant::single_sign_on`] and [`Tenant::two_factors`], which are
    /// always there. One with the ID of one of these replaces it.
    pub tenants: Vec<Tenant>,
    /// Test mode or live mode.
    pub mode: Mode,
    /// The life of access and ID tokens, in seconds. `0`: expired when issued.
    pub access_seconds: u32,
    /// The life of refresh tokens, in seconds.
    pub refresh_seconds: u32,
    /// The effect of a refresh on the session.
    pub refresh_session: RefreshSession,
    /// The time by which all this is counted.
    pub clock: Clock,
}

impl Default for Options {
    /// Any port, no further tenants, test mode, sessions that a refresh keeps, and the lives of
    /// `userfront-api.md`: 7 and 30 days.
    fn default() -> Self {
        Self {
            port: 0,
            tenants: Vec::new(),
            mode: Mode::Test,
            access_seconds: 604_800,
            refresh_seconds: 2_592_000,
            refresh_session: RefreshSession::Keep,
            clock: Clock::system(),
        }
    }
}

/// The options that calls need.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) mode: Mode,
    pub(crate) access_seconds: u32,
    pub(crate) refresh_seconds: u32,
    pub(crate) refresh_session: RefreshSession,
    pub(crate) clock: Clock,
}

impl Options {
    pub(crate) fn all_tenants(&self) -> Vec<Tenant> {
        let mut tenants = Tenant::always_there();
        for tenant in &self.tenants {
            match tenants.iter_mut().find(|known| known.id == tenant.id) {
                Some(known) => known.clone_from(tenant),
                None => tenants.push(tenant.clone()),
            }
        }
        tenants
    }
}

impl Settings {
    pub(crate) fn of(options: &Options) -> Self {
        Self {
            mode: options.mode,
            access_seconds: options.access_seconds,
            refresh_seconds: options.refresh_seconds,
            refresh_session: options.refresh_session,
            clock: options.clock.clone(),
        }
    }
}
