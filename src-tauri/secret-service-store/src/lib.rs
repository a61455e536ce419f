//! A credential store for [`keyring_core`] on the Secret Service (GNOME Keyring, KDE Wallet, `KeePassXC`,
//! oo7), for a program that works in the background: **no call but [`Store::unlock`] opens a dialog**, and
//! "there is none" is said only when it is known.
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
//! # What it promises
//!
//! - One connection, and one session on it. `KeePassXC` unlocks an item for a connection: what
//!   [`Store::unlock`] has unlocked is what the other calls read.
//! - Secrets are encrypted on the bus where the daemon can, else plain, as libsecret does.
//! - A locked collection or item is an error ([`Error::Locked`], [`Error::NotAllowed`]), never a dialog and
//!   never an absence: oo7 and `KeePassXC` find no item of a locked collection, so nothing found counts only
//!   when `Locked`, asked of the daemon behind the search, says no: of the default collection, and of all
//!   where the daemon hides what is locked. (A collection that is locked in the instant between a look and
//!   the call behind it may open a dialog all the same.)
//! - `KeePassXC` answers each create and delete with a prompt, also where it has nothing to ask. Such a
//!   prompt is run only while collection and items are unlocked, for up to 2 s. Without a recycle bin it asks
//!   before each delete: about one item at a time, and the answer counts whenever it comes.
//! - An item is replaced in one call, which every daemon writes to disk. (oo7 keeps what is put into an
//!   existing item in memory only.) While another process replaces it, a read looks again.
//! - All items of one service and user are one entry: a write leaves one, a delete deletes each, and a read
//!   prefers the one that has no attributes but ours. Another program of the same user can forge that one as
//!   well.
//!
//! Errors hold no part of a secret; [`Error`] lies in the box of `NoStorageAccess` and `PlatformFailure`.

#![cfg(target_os = "linux")]

mod bus;
mod changes;
mod client;
mod error;
mod prompt;
mod session;
mod store;
mod unlock;

pub use error::Error;
pub use store::Store;

/// How the keyring is, for one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There is no default collection: a fresh machine, or `KeePassXC` without a database that it shares.
    NoCollection,
    /// The default collection is locked, or another one that holds items of the service.
    Locked,
    /// All collections are unlocked, and items of the service are not: the user has not allowed this program
    /// to read them.
    NotAllowed,
    /// All of it is unlocked.
    Unlocked,
}
