//! Typed calls to Userfront's client API, for any Rust program.
//!
//! [`UserfrontClient`] implements the port [`accounts::ports::Userfront`]: the mode of a tenant, log-in with a
//! password, refresh, the user, log-out. Its errors are the port's, one enum an operation; each keeps the HTTP status
//! and the message that the server meant for a person.
//!
//! ```no_run
//! use accounts::{ports::Userfront, ApiBase, tenant::Tenant, token::{Password, SessionToken}};
//! use userfront_client::UserfrontClient;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let tenant = Tenant { id: "demo1234".parse()?, api: ApiBase::userfront(), domain: None };
//! let client = UserfrontClient::default();
//! let password = Password::new(std::io::read_to_string(std::io::stdin())?.trim_end());
//! let answer = client.log_in_with_password(&tenant, "admin@example.com", &password).await?;
//! let user = client.user(&tenant, &answer.tokens.access).await?;
//! println!("{}", user.display_name().unwrap_or("nameless"));
//! println!("{:?}", client.revoke(&tenant, &SessionToken::Access(answer.tokens.access)).await.answer?);
//! # Ok(())
//! # }
//! ```
//!
//! # The life of a call
//!
//! 1. **To where.** A tenant's API base is `https`, or `http` on a loopback address. A loopback address is reached
//!    without any proxy; every other host over the system's proxies and over https only.
//! 2. **With what.** `Accept: application/json`, a user agent, and `x-userfront-source` naming the program
//!    ([`ClientName`]). A tenant with a domain sends `Origin`, `x-origin` and `x-application-id`
//!    `https://{domain}` with *every* call, log-out included: that is what makes live mode live. No cookies, no
//!    referrer, no compression. The bearer header is marked sensitive.
//! 3. **How long.** [`Limits`]: 5 s to connect, 15 s until the last byte of the answer, 1 MiB of it. Nothing is sent
//!    twice by itself: a redirect is not followed, a call is not retried.
//! 4. **What came back.** A 2xx with a JSON object is an answer. 429 and 5xx are what they are, whatever their body.
//!    Any other 4xx counts as Userfront's word only in *Userfront's error shape* (below). Everything else did not come
//!    from Userfront's API: [`CallFailure::Unintelligible`](accounts::ports::CallFailure::Unintelligible).
//!
//! # Userfront's error shape
//!
//! A JSON object whose `statusCode` is a number equal to the HTTP status, with a `message` (string) or an `error` (string
//! or object) beside it (`userfront-api.md`, *Base*). This is an assumption as far as it goes beyond the documented
//! example: a captive portal, a proxy or a load balancer that answers 401 with HTML, with no body or with a JSON of its own
//! must not pass for Userfront, because a log-out believes a 401 that says "this session is dead already". The price: a
//! Userfront that answers 401 with no body at all (which the page also allows for) leaves a log-out unconfirmed; it is then
//! tried again, and nothing is claimed that is not known.
//!
//! # Secrets
//!
//! No error, log line or `Debug` holds a URL, a body, a token or a password. A message of the server that quotes the token
//! or password it was sent is not passed on. Bodies are wiped when dropped; the buffers of the TLS and HTTP libraries are
//! not, nor can they be from here.
//!
//! # Non-goals
//!
//! Retrying and back-off, reading or verifying tokens, storing anything: the domain's part. PKCE, whose exchange is
//! not known. Second factors, links, codes and single sign-on: not yet.

mod answer;
mod calls;
mod limits;
mod picture;
mod retry_after;
mod shapes;
mod transport;

pub use limits::{ClientName, Limits, MalformedName};
pub use picture::{Picture, PictureError};
pub use transport::UserfrontClient;
