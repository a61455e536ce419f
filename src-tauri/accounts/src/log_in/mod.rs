//! Logging in: [`protocol`] has the steps, [`auth_methods`] the calls that lead to it.

pub mod auth_methods;
pub mod error;
pub mod interrupt;
pub(crate) mod mfa_challenge;
pub mod progress;
pub mod protocol;
pub(crate) mod rollback;
