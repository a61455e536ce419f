//! What the domain needs from outside: a keyring, Userfront, the time, a place for the registry, and somebody
//! to tell.
//!
//! Adapters implement these; the composition root names them. Each port has a memory twin for tests, in which
//! every effect can be counted, spoiled, and be the last one before a crash.

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

/// What the domain stands on. Named once, by the composition root.
#[derive(Clone)]
pub struct Ports {
    /// The keyring.
    pub store: Arc<dyn CredentialStore>,
    /// The server.
    pub userfront: Arc<dyn Userfront>,
    /// Where the registry lies.
    pub registry: Arc<dyn RegistryStorage>,
    /// Where the activity is written down.
    pub activity: Arc<dyn ActivityStorage>,
    /// Where the settings lie.
    pub settings: Arc<dyn SettingsStorage>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who is told of changes.
    pub observer: Arc<dyn Observer>,
}

/// The time.
pub trait Clock: Send + Sync {
    /// Now, as this machine believes.
    fn now(&self) -> Timestamp;
}

/// Somebody who wants to know that something has changed, and then asks what.
pub trait Observer: Send + Sync {
    /// The accounts, the keyring's status or the work in progress are not what they were. Must return at
    /// once.
    fn changed(&self);
}
