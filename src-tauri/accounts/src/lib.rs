//! The life of a Userfront account on this machine: the domain, without window, HTTP or keyring.
//!
//! ```text
//!                 log_in                                        log_out
//!   (nobody) ───────────► arriving ───────► active ───────────► leaving ───────► (nobody)
//!                            │  tokens stored  │  ▲ refresh        │  session dead, entries deleted
//!                            │                 └──┘                │
//!                            └──── found at a start ───────────────┴──► finished: logged out
//! ```
//!
//! An account is one user signed in to one tenant at one host in one mode ([`AccountId`]). Its access and
//! refresh tokens lie in the OS keyring; the [`registry`] lists it and holds no secret. Each verb is a room:
//! [`log_in`] (by any of the [`ways_in`]), [`log_out`], [`refresh`], [`restore`], [`erase`], and what a
//! [`user`] does with their own details. A session that the server has not confirmed to be dead is owed:
//! [`revocation`] says when, [`pending`] pays it, [`backoff`] decides how often to ask. What counts as over,
//! [`evidence`] says; [`verification`] looks once more. A refresh may give an account another session; the
//! one before is [`superseded`]. What was cut off is finished by [`interrupted`]; what the keyring holds and
//! no account lists is [`foreign`], or found by [`reconcile`].
//!
//! **The invariant.** *Sessions alive at the server whose tokens this machine received whole* ⊆ *accounts ∪
//! pending revocations ∪ superseded sessions ∪ sessions named as lost ∪ foreign entries that are named ∪ what
//! the user discarded, forgot or left*; and *entries in the keyring under our service = those that the
//! registry accounts for ∪ the foreign ones named*. No action of one list lowers what another list holds,
//! unless the user chose it by name. It holds after any crash and the next start; `tests/life/crash.rs` shows
//! it for every single effect of a log-in and a log-out.
//!
//! The domain decides; the shell and the command line only pass on. Whatever it needs from outside is a port
//! ([`ports`]), so that it runs in tests without any of it. It prints no secret: tokens have no way into text
//! but one.

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
pub mod view;

pub use base::Accounts;
pub use base::work::{Unread, Work};
pub use model::account::{AccountId, EntryName, Profile, TenantRoles};
pub use model::api_base::ApiBase;
pub use model::malformed::Malformed;
pub use model::tenant::{Domain, Mode, SessionId, Tenant, TenantId, UserUuid};
pub use model::timestamp::Timestamp;
pub use model::token::{AccessToken, IdToken, Password, RefreshToken, SessionToken, Tokens};
pub use overview::{Health, Overview};
