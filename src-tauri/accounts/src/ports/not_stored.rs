//! Why tokens, or the record of their session, could not be kept.

use crate::model::registry_error::RegistryError;
use crate::ports::StoreError;

/// The error that kept tokens from being stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotStored {
    /// The keyring.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}
