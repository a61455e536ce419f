//! Recovery: what an earlier run, another list or a failed keyring has left behind.

pub mod erase;
pub mod foreign;
pub(crate) mod leftovers;
pub(crate) mod reconcile;
pub(crate) mod startup;
