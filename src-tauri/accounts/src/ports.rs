//! What the domain needs from outside: a keyring, Userfront, the time, a place for the registry, and somebody
//! to tell.
//!
//! Adapters implement these; the composition root names them. Each port has a memory twin for tests, in which
//! every effect can be counted, spoiled, and be the last one before a crash.

mod call_failure;
mod disk;
mod store;
mod userfront;
mod ways_in;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use call_failure::CallFailure;
pub use disk::{
    AccountLock, ActivityStorage, Change, FileError, RefreshLock, RegistryStorage, RunningProgram,
    SettingsStorage,
};
pub use store::{CredentialStore, Deletion, EntryElsewhere, StoreError, StoreStatus};
pub use userfront::{
    ModeError, Question, RefreshError, RevokeAnswer, RevokeAttempt, Said, TenantMode, Testimony, User,
    UserChange, UserError, Userfront,
};
pub use ways_in::{
    CodeAddress, CodeFor, FactorAnswer, FactorError, LogInAnswer, MfaRequired, NewUser, Sent, TotpFor,
    TotpOwner, TotpProof, TotpSetUp,
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

/// A moment: seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

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
