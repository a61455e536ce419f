//! A Userfront that runs on this machine, for trying out and for tests. Never part of a release.
//!
//! # What it is
//! The client API of Userfront as far as it is known (`userfront-api.md`), with sessions that really live
//! and die. Where the real server's behaviour is unknown the sandbox makes a choice, and a comment at that
//! place says "assumption". It is held to Userfront's official client by `conformance/`.
//!
//! A **session** is begun by a log-in, which hands out an access, an ID and a refresh token that name it. It
//! is kept by a refresh. It ends by a log-out with its access or refresh token, expired or not, by
//! [`Server::kill_session`], or with its last refresh token's life. From then on `self` and `auth/refresh`
//! refuse its tokens with 401. Nothing survives the process.
//!
//! # How it is built
//! - [`Server`] is the pure core: [`Request`] in, [`Response`] out, no network, time from a [`Clock`].
//! - [`Sandbox`] serves it over HTTP on `127.0.0.1`, from a thread of its own, and adds [`Fault`]s.
//! - The binary `userfront-sandbox` is a [`Sandbox`] with flags.
//!
//! The three offer the same control: [`Sandbox`]'s methods in the process, `/_sandbox/…` from outside
//! (sessions, received calls, faults, clock, reset).
//!
//! ```
//! use userfront_sandbox::{Options, Request, Server};
//! use serde_json::json;
//!
//! let server = Server::new(&Options::default());
//! let credentials = json!({"emailOrUsername": "member", "password": "testmodepassword"});
//! let answer = server.handle(&Request::post("tenants/demo1234/auth/basic", &credentials));
//! let access = answer.text("/tokens/access/value").expect("an access token");
//!
//! assert_eq!(server.handle(&Request::get("self").bearer(access)).status, 200);
//! assert_eq!(server.handle(&Request::get("auth/logout").bearer(access)).status, 200);
//! assert_eq!(server.handle(&Request::get("self").bearer(access)).status, 401);
//! assert!(!server.sessions()[0].alive);
//! ```
//!
//! # What it is not
//! Not a place for real credentials: its users' passwords are known, and it remembers every call it
//! received, tokens and passwords included. Not a load test: everything is in memory and searched in
//! order. No TLS, and no address but loopback. So far the only way in is a password; the other
//! factors are listed by `mode` and answered with 404.

mod calls;
mod clock;
mod control;
mod faults;
mod http;
mod sandbox;
mod server;
mod sessions;
mod socket;
mod spoil;
mod tenant;
mod tokens;
mod users;
mod wire;

pub use clock::Clock;
pub use faults::{Fault, FaultRule};
pub use sandbox::{Sandbox, StartError};
pub use server::{Options, Server};
pub use sessions::Session;
pub use tenant::{InvalidTenantId, Mode, Tenant};
pub use wire::{RecordedRequest, Request, Response};
