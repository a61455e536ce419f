//! A credential store for [`keyring_core`] on the Secret Service (GNOME Keyring, KDE Wallet, `KeePassXC`,
//! oo7), for a program that works in the background: **no call but [`Store::unlock`] opens a dialog** (and a
//! delete, once [`Store::allow_questions`] was called), and an item is reported as absent only when that is
//! certain.
//!
//! ```no_run
//! # #[cfg(target_os = "linux")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use keyring_core::api::CredentialStoreApi;
//! use secret_service_store::{State, Store};
//!
//! let store = Store::new();
//! if store.state("my.app")? == State::Unlocked {
//!     store.build("my.app", "me", None)?.set_secret(b"secret")?;
//! }
//! # Ok(())
//! # }
//! # #[cfg(not(target_os = "linux"))]
//! # fn main() {}
//! ```
//!
//! # Guarantees
//!
//! - One connection, with one session. `KeePassXC` unlocks an item for a connection: the other calls read
//!   what [`Store::unlock`] has unlocked.
//! - Secrets are encrypted on the bus where the daemon supports it, else plain, as in libsecret.
//! - A locked collection or item is an error ([`Error::Locked`], [`Error::NotAllowed`]), never a dialog and
//!   never an absence. oo7 and `KeePassXC` find no item of a locked collection. So an empty result counts
//!   only when the daemon, asked after the search, reports the default collection unlocked, and all
//!   collections where it hides locked items. (A collection that locks between this check and the call after
//!   it may open a dialog all the same.)
//! - `KeePassXC` answers each create and delete with a prompt, even when it asks nothing. Such a prompt is
//!   run only while collection and items are unlocked, for up to 2 s. Without a recycle bin it asks the user
//!   before each delete, which cannot be known beforehand: the prompt of a delete is run only after
//!   [`Store::allow_questions`]. It asks about one item at a time, and a late answer counts.
//! - When the daemon has ended before a request reached it, or another has taken its name by the time of its
//!   answer, the call is made again, to the next daemon. A write may then be in both.
//! - An item is replaced in one call, which every daemon writes to disk. (oo7 keeps a change to an existing
//!   item in memory only.) While another process replaces the item, a read looks again.
//! - All items of one service and user are one entry: a write leaves one, a delete deletes each, and a read
//!   prefers the one that has no attributes but ours. Another program of the same user can forge that one as
//!   well.
//!
//! Errors hold no part of a secret. The box of `NoStorageAccess` and `PlatformFailure` holds an [`Error`].

#![cfg(target_os = "linux")]

mod bus;
mod client;
mod error;
mod prompt;
mod session;
mod store;
mod unlock;

pub use error::Error;
pub use store::Store;

/// The state of the keyring, for one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There is no default collection: a fresh machine, or a `KeePassXC` that shares no database.
    NoCollection,
    /// The default collection is locked, or another one with items of the service.
    Locked,
    /// All collections are unlocked, but items of the service are not: the user has not allowed this program
    /// to read them.
    NotAllowed,
    /// Everything is unlocked.
    Unlocked,
}
