//! A private world for one test: home folder, session bus, keyring daemon, X server, sandbox and `WebDriver`.
//!
//! The life of a world: make the private folders → start the X server → start the bus → start the keyring
//! daemon and unlock it → (start the sandbox and the driver) → run the test → end every process and remove
//! the folders, also when the test panics. When the test's process itself is killed, a *leash* (see
//! [`leash`]) does the last step in its place.
//!
//! Three ways to use it:
//! - [`KeyringDaemon`] alone, with [`Environment::command`] for a child process that sees the private
//!   keyring;
//! - [`enter`], for a test that must itself live in the private environment (an adapter's test on the real
//!   keyring): the test re-runs its own executable there, since a process cannot soundly change its own
//!   environment;
//! - [`World`], with the app driven through tauri-driver.
//!
//! Non-goals: it is never part of a release, and it runs on Linux only. It hides nothing from the user who
//! runs the tests: what a test puts in the private keyring can be read by that user's other processes while
//! the test runs.

#![allow(clippy::missing_errors_doc, reason = "an error is a fault of the rig, and fails the test")]

mod app;
mod browser;
mod bus;
mod call_count;
mod desktop;
mod dialog;
mod ears;
mod enter;
mod environment;
mod error;
mod file_count;
mod frames;
mod hands;
mod home;
pub mod journey;
mod keepassxc;
mod keyring;
mod kind;
mod launch;
mod leash;
mod logind;
mod process;
mod programs;
mod sandbox;
mod screen;
mod secret_service;
mod window;
mod witness;
mod world;

pub use app::{App, SeenProcess};
pub use browser::{Browser, Page};
pub use call_count::CallCount;
pub use ears::{Ears, Heard};
pub use enter::{Inside, enter};
pub use environment::Environment;
pub use error::RigError;
pub use file_count::{FileCount, Opened};
pub use frames::Frames;
pub use keepassxc::KeePassXc;
pub use keyring::{KeyringControl, KeyringDaemon, KeyringOptions, Presence};
pub use kind::SecretServiceKind;
pub use launch::Launch;
pub use programs::Programs;
pub use sandbox::{Sandbox, SandboxMail, SandboxRequest, SandboxSession};
pub use screen::Screen;
pub use witness::WitnessedEntry;
pub use world::{World, WorldBuilder};

/// The driver's own types, for what [`App`] does not offer.
pub use thirtyfour;
