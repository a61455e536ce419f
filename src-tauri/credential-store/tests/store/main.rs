//! The port's promises, tested on the fake and on real keyrings; and cases that only a real keyring has.

#![expect(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

#[cfg(target_os = "linux")]
mod dialogs;
#[cfg(target_os = "linux")]
mod keepassxc;
#[cfg(target_os = "linux")]
mod kinds;
mod memory;
#[cfg(target_os = "linux")]
mod plain;
mod promises;
#[cfg(target_os = "linux")]
mod real;
mod shipped;
#[cfg(target_os = "linux")]
mod stand_in;
#[cfg(target_os = "linux")]
mod troubles;
