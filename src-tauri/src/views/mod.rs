//! The snapshot, made from the domain's overview and the app's state. Pure functions.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod arrived_link;
pub(crate) mod foreign;
pub(crate) mod login;
pub(crate) mod mode;
pub(crate) mod news;
pub(crate) mod notice;
pub(crate) mod order;
pub(crate) mod profile;
pub(crate) mod snapshot;
pub(crate) mod step;
pub(crate) mod tray;
