//! Why tokens, or what is known of their session, could not be kept.

use crate::model::registry_error::RegistryError;
use crate::ports::StoreError;

/// What would not store the tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotStored {
    /// The keyring.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}
