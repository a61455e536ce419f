//! The ports: the interfaces to the keyring, Userfront, the clock, the files and the observer.
//!
//! Adapters implement them; the composition root names the adapters. Each port has a fake in memory for
//! tests, which can count, spoil or interrupt (as a crash does) every effect.

mod auth_methods;
mod credential_store;
pub mod not_stored;
mod storage;
mod userfront;

use std::sync::Arc;

use crate::model::timestamp::Timestamp;

pub use crate::model::call_failure::CallFailure;
pub use auth_methods::{
    CodeAddress, CodeFor, FactorAnswer, FactorError, LogInAnswer, MfaRequired, NewUser, Sent, TotpFor,
    TotpOwner, TotpProof, TotpSetUp,
};
pub use credential_store::{CredentialStore, EntryElsewhere, StoreError, StoreStatus};
pub use storage::{
    AccountLock, ActivityStorage, Change, FileError, RefreshLock, RegistryStorage, RunningProgram,
    SettingsStorage,
};
pub use userfront::{
    ModeError, Question, RefreshError, RevokeAnswer, RevokeAttempt, Said, Testimony, User, UserChange,
    UserError, Userfront,
};

/// All ports of the domain. Made once, by the composition root.
#[derive(Clone)]
pub struct Ports {
    /// The keyring.
    pub store: Arc<dyn CredentialStore>,
    /// The server.
    pub userfront: Arc<dyn Userfront>,
    /// The registry's storage.
    pub registry: Arc<dyn RegistryStorage>,
    /// The activity's storage.
    pub activity: Arc<dyn ActivityStorage>,
    /// The settings' storage.
    pub settings: Arc<dyn SettingsStorage>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Notified of changes.
    pub observer: Arc<dyn Observer>,
}

/// A clock.
pub trait Clock: Send + Sync {
    /// Now, by this machine's clock.
    fn now(&self) -> Timestamp;
}

/// Is notified that something has changed, and then asks for the new state.
pub trait Observer: Send + Sync {
    /// The accounts, the keyring's status or the work in progress have changed. Must return at once.
    fn changed(&self);
}
