//! The user's actions: each file has one verb or one kind of log-in. Each begins as an [`action::Action`].

pub(crate) mod action;
pub(crate) mod after_log_in;
pub(crate) mod close;
pub(crate) mod copy_token;
pub(crate) mod cover;
pub(crate) mod dismiss;
pub(crate) mod export;
pub(crate) mod keyring;
pub(crate) mod links;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod new_address;
pub(crate) mod news;
pub(crate) mod profile;
pub(crate) mod retry;
pub(crate) mod settings;
pub(crate) mod single_sign_on;
pub(crate) mod snapshot;
pub(crate) mod tenant;
pub(crate) mod tray;
