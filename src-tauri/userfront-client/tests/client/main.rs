//! The client against servers: hand-made ones that misbehave, and the sandbox that behaves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod outcomes;
mod picture;
mod proxies;
mod sessions;
mod support;
mod wire;
