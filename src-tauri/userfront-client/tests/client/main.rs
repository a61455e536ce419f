//! Tests the client against hand-made servers that misbehave, and against the sandbox.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod auth_methods;
mod bodies;
mod every_call;
mod factors;
mod outcomes;
mod picture;
mod proxies;
mod same_request;
mod sessions;
mod support;
mod wire;
