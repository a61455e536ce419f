//! Recovery after an interrupted run, a lost list or a failed keyring.

pub mod erase;
pub mod foreign;
pub(crate) mod leftovers;
pub(crate) mod reconcile;
pub(crate) mod startup;
