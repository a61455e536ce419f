//! One file for each platform: its name, its largest item, and its [`Vault`](crate::vault::Vault).
//!
//! Linux is tested on real daemons. Windows and macOS are written against the sources of their stores and
//! have not been run; their common part is tested on the keyring crate's mock.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::{ITEM_BYTES, NAME, vault};

#[cfg(target_os = "windows")]
mod windows;
#[cfg(target_os = "windows")]
pub(crate) use windows::{ITEM_BYTES, NAME, vault};

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
pub(crate) use macos::{ITEM_BYTES, NAME, vault};

// Tests run it on any platform, on the keyring crate's mock store.
#[cfg(any(target_os = "windows", target_os = "macos", test))]
mod native;

mod failure;
