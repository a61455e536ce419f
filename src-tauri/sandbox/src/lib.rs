//! A Userfront that runs on this machine, for trying out and for tests. Never part of a release.
//!
//! # What it is
//! The client API of Userfront as far as it is known (`userfront-api.md`), with sessions that really live
//! and die. Where the real server's behaviour is unknown the sandbox makes a choice, and a comment at that
//! place says "assumption". `conformance/` tests it with Userfront's official client and toolkit.
//!
//! A **session** is begun by a log-in, which hands out an access, an ID and a refresh token that name it. It
//! is kept by a refresh, or replaced, as [`RefreshSession`] says. It ends by a log-out with its access or
//! refresh token, expired or not, by [`Server::kill_session`], or with its last refresh token's life. From
//! then on `self` and `auth/refresh` refuse its tokens with 401. Nothing survives the process.
//!
//! A **log-in** shows a first factor: a password, a link, a code, an authenticator, a provider of single
//! sign-on. It is answered with tokens, or, where the tenant wants it, with a first-factor token and the list
//! of second factors, one of which leads to the tokens. What would be sent by mail or SMS is in the answer
//! (test mode) and in the outbox (both modes); it serves once, for a limited time. **Users** sign up, edit
//! themselves, set up authenticators; a reset puts the four of each tenant back.
//!
//! # Tenants, users and their credentials
//! `demo1234` (every factor but single sign-on), `sso01234` (that, too) and `mfa01234` (a second factor is
//! required) are always there. Each has `admin`, `member`, `viewer` and `unconfirmed` `@example.com`,
//! password `testmodepassword`, phone numbers +15555550101 to +15555550104. The `admin`s have an
//! authenticator with the secret [`ADMIN_TOTP_SECRET`] and the backup codes [`ADMIN_BACKUP_CODES`];
//! [`totp_code`] reckons its codes.
//!
//! # What is assumed
//! Each at its place: of factors in `calls/log_in.rs`, of links in `state/links.rs`, of codes in
//! `state/codes.rs`, of authenticators in `totp.rs` and `calls/totp.rs`, of first-factor tokens in
//! `state/first_factors.rs`, of sending in `state/outbox.rs` and `calls/mail.rs`, of signing up in
//! `calls/new_user.rs` and `calls/sign_up.rs`, of passwords in `calls/password.rs` and `calls/reset.rs`, of
//! providers in `calls/single_sign_on.rs`, of SAML in `calls/saml.rs`, of editing oneself in `calls/user.rs`,
//! of sessions in `calls/refresh.rs` and `calls/logout.rs`.
//!
//! # How it is built
//! - [`Server`] is the pure core: [`Request`] in, [`Response`] out, no network, time from a [`Clock`].
//! - [`Sandbox`] serves it over HTTP on `127.0.0.1`, from a thread of its own, and adds [`Fault`]s.
//! - The binary `userfront-sandbox` is a [`Sandbox`] with flags.
//!
//! The three offer the same control: [`Sandbox`]'s methods in the process, `/_sandbox/…` from outside
//! (sessions, received calls, outbox, tenants, faults, clock, reset).
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
//! order. No TLS, and no address but loopback. No PKCE: how its code is exchanged is unknown. Not a provider:
//! the page of single sign-on asks for no password.

mod address;
mod calls;
mod clock;
mod factor;
mod http;
mod pages;
mod password_rule;
mod random;
mod refusal;
mod sandbox;
mod server;
mod settings;
mod state;
mod tenant;
mod tokens;
mod totp;
mod wire;

pub use clock::Clock;
pub use factor::Factor;
pub use http::faults::{Fault, FaultRule};
pub use sandbox::{Sandbox, StartError};
pub use server::Server;
pub use settings::Options;
pub use state::outbox::Sent;
pub use state::sessions::{RefreshSession, Session};
pub use tenant::{InvalidTenantId, Mode, Tenant, TenantChange};
pub use totp::{ADMIN_BACKUP_CODES, ADMIN_TOTP_SECRET, totp_code};
pub use wire::{RecordedRequest, Request, Response};
