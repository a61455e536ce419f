//! The OS keyring behind the [`CredentialStore`](accounts::ports::CredentialStore) port.
//!
//! A call through [`Keyring`] passes these modules:
//!
//! 1. `keyring`: the port. It sends a request to the keyring's thread and waits for the answer, with a limit.
//! 2. `thread`: one thread calls the keyring, one request after the other. It defines *hung*.
//! 3. `store`: the port's promises. A locked item stops it, and an absence is believed only when nothing was
//!    locked after the last look. A delete counts only when the entry can no longer be found.
//! 4. `split`: stores a secret that is larger than an item of this platform in several items.
//! 5. `platform`: whole items by name, through the keyring crate; on Linux with a credential store of our
//!    own.
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
//! The feature `fakes`, for dev-dependencies only, adds two modules: `memory` keeps the same promises and
//! passes the same tests; `effects` counts its effects and makes them fail, together with those of the other
//! ports' fakes.
//!
//! Non-goals: it does not know what a token is, keeps no index (the registry does), retries nothing, and does
//! not protect against another process of the same user, which can read the keyring too.

#[cfg(feature = "fakes")]
pub mod effects;
mod keyring;
#[cfg(feature = "fakes")]
pub mod memory;
mod platform;
mod split;
mod store;
mod thread;
mod vault;

pub use keyring::{Keyring, Limits};
