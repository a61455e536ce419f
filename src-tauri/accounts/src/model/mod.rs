//! Plain values: what there is, what it may look like, and pure decisions about it.

pub mod account;
pub mod activity;
pub mod api_base;
pub mod auth_config;
pub mod backoff;
pub mod browser_pages;
pub mod call_failure;
pub mod claims;
pub mod custom_data;
pub mod destination;
pub mod factor;
pub mod link;
pub mod log_out_outcome;
pub mod malformed;
pub mod password_rule;
pub mod pasted;
pub mod reason;
pub mod registry;
pub mod registry_error;
pub mod session_tokens;
pub mod settings;
pub mod store_error;
pub mod tenant;
pub mod text;
pub mod timestamp;
pub mod token;
