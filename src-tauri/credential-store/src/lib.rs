//! The OS keyring behind the accounts' [`CredentialStore`](accounts::ports::CredentialStore) port, and its twin in memory.
//!
//! The way of a call through [`Keyring`]:
//!
//! 1. `keyring`: the port. The call is a request to the keyring's thread, and is waited for with a limit.
//! 2. `thread`: one thread calls the keyring, one request after the other. Who gives up first, and what *hung* means.
//! 3. `store`: the port's promises. Locked is looked at before anything is touched, before an absence is believed, before
//!    and after a delete; a delete counts when what was deleted cannot be found.
//! 4. `split`: a secret that is larger than an item of this platform, over several.
//! 5. `platform`: whole items by name, through the keyring crate; on Linux with a credential store of our own.
//!
//! ```no_run
//! # use accounts::ports::{CredentialStore, StoreStatus};
//! # use credential_store::{Keyring, Limits};
//! # async fn example() {
//! let keyring = Keyring::new("desktop.userfront.accounts".to_owned(), Limits::default());
//! if keyring.status().await == StoreStatus::Locked {
//!     // The user has clicked on "Unlock".
//!     keyring.unlock().await;
//! }
//! # }
//! ```
//!
//! For tests: [`memory`] keeps the same promises (and is held to them by the same tests), and [`effects`] counts
//! and spoils what it does, together with the other ports' twins.
//!
//! Non-goals: it does not know what a token is, keeps no index (that is the registry's part), retries nothing, and never
//! guards against a process of the same user, which can ask the keyring as well as we can.

pub mod effects;
mod keyring;
pub mod memory;
mod platform;
mod split;
mod store;
mod thread;
mod vault;

pub use keyring::{Keyring, Limits};
