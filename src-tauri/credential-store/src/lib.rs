//! The OS keyring behind the accounts' `CredentialStore` port.

pub mod effects;
pub mod memory;
