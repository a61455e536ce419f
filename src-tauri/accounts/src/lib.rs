//! The life of a Userfront account on this machine.

pub mod account;
pub mod claims;
pub mod factor;
pub mod ports;
pub mod registry;
pub mod tenant;
pub mod text;
pub mod token;

pub use account::{AccountId, EntryName, Profile, TenantRoles};
pub use tenant::{ApiBase, Domain, Malformed, Mode, SessionId, Tenant, TenantId, UserUuid};
pub use token::{AccessToken, IdToken, Password, RefreshToken, SessionToken, Tokens};
