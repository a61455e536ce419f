//! The life of a Userfront account on this machine: the domain, without window, HTTP or keyring.
//!
//! ```text
//!               log_in                                           log_out
//!   (none) ───────────► logging in ───────► active ───────────► logging out ───────► (none)
//!                          │  tokens stored   │  ▲ refresh        │  session over, entries deleted
//!                          │                  └──┘                │
//!                          └─── interrupted: the next start ──────┴──► finished as logged out
//! ```
//!
//! An account is one user signed in to one tenant at one host in one mode ([`AccountId`]). Its access and
//! refresh tokens are in the OS keyring; the [`registry`](model::registry) lists it and holds no secret. An
//! account whose keyring is unavailable can be *abandoned*: if the keyring comes back, its log-out is
//! finished.
//!
//! **The floors**, the lowest first. A file uses its own floor and those below it, as
//! `src-tauri/tests/architecture.rs` checks.
//!
//! 1. [`model`]: accounts, tenants, tokens, claims, the registry: plain values, without I/O.
//! 2. [`ports`]: the domain's needs from outside: credential store, Userfront, files, clock, observer.
//! 3. [`storage`]: the registry, the settings and the activity as files, and their folder.
//! 4. [`base`]: [`Accounts`], its state in memory, stored tokens, background work.
//! 5. [`log_out`]: [the steps](log_out::protocol), the evidence that a session is over, verification, and
//!    [pending revocations](log_out::pending_revocations), which are retried until their session is over.
//! 6. [`session`]: [refreshes](session::refresh), and the sessions that they
//!    [supersede](session::superseded).
//! 7. [`recovery`]: the start, leftover entries, comparing list and keyring, [foreign
//!    entries](recovery::foreign), [erasing](recovery::erase) for uninstalling.
//! 8. [`log_in`]: [the steps](log_in::protocol), the [auth methods](log_in::auth_methods), the MFA challenge,
//!    rollback.
//! 9. [`profile`]: the user's own details.
//! 10. `scheduler`: the one timer, for refreshes and pending revocations.
//! 11. [`overview`]: a snapshot for the views, and the account that they show.
//!
//! **The invariant.** *Sessions alive at the server whose tokens this machine received whole* ⊆ *accounts ∪
//! pending revocations ∪ superseded sessions ∪ sessions named as lost ∪ foreign entries that are named ∪
//! sessions that the user discarded, abandoned or left*; and *entries in the keyring under our service =
//! those that the registry accounts for ∪ the foreign ones named*. No action of one list reduces what another
//! list has stored, unless the user chose it by name. The invariant holds after any crash and the next start;
//! `tests/life/crash.rs` tests it for every single effect of a log-in and a log-out.
//!
//! The domain decides; the shell and the command line only pass on. Everything outside is behind a port, so
//! the tests run without it. Tokens become text in one way only, so none is printed.

pub mod base;
pub mod log_in;
pub mod log_out;
pub mod model;
pub mod overview;
pub mod ports;
pub mod profile;
pub mod recovery;
mod scheduler;
pub mod session;
pub mod storage;

pub use base::Accounts;
pub use base::work::{Unread, Work};
pub use model::account::{AccountId, EntryName, Profile, TenantRoles};
pub use model::api_base::ApiBase;
pub use model::malformed::Malformed;
pub use model::tenant::{Domain, Mode, SessionId, Tenant, TenantId, UserUuid};
pub use model::timestamp::Timestamp;
pub use model::token::{AccessToken, IdToken, Password, RefreshToken, SessionToken, Tokens};
pub use overview::{Health, Overview};
