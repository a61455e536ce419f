//! The client against servers: hand-made ones that misbehave, and the sandbox that behaves.

mod outcomes;
mod picture;
mod proxies;
mod sessions;
mod support;
mod wire;
