//! Typed calls to Userfront's client API, for any Rust program.
//!
//! [`UserfrontClient`] implements the port [`accounts::ports::Userfront`]: the mode of a tenant; log-in and
//! sign-up by password, link, code and authenticator app, as first and as second factor; password reset;
//! refresh; the user, and changes to it; SAML's token; log-out. Its errors are the port's, one enum for each
//! operation; each keeps the HTTP status and the server's message for the user.
//!
//! ```no_run
//! use accounts::ports::{FactorAnswer, Userfront};
//! use accounts::model::token::{Password, SessionToken};
//! use accounts::{ApiBase, Tenant};
//! use userfront_client::UserfrontClient;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let tenant = Tenant { id: "demo1234".parse()?, api: ApiBase::userfront(), domain: None };
//! let client = UserfrontClient::default();
//! let password = Password::new(std::io::read_to_string(std::io::stdin())?.trim_end());
//! let tokens = match client.log_in_with_password(&tenant, "admin@example.com", &password).await? {
//!     FactorAnswer::Tokens(answer) => answer.tokens,
//!     FactorAnswer::SecondFactor(required) => panic!("one of {:?} is asked for", required.second_factors),
//!     FactorAnswer::WithoutAccess(_) => panic!("the new session cannot be used"),
//! };
//! let user = client.user(&tenant, &tokens.access).await?;
//! println!("{}", user.profile.display_name().unwrap_or("nameless"));
//! println!("{:?}", client.revoke(&tenant, &SessionToken::Access(tokens.access)).await.answer?);
//! # Ok(())
//! # }
//! ```
//!
//! # The life of a call
//!
//! 1. **Address.** A tenant's API base is `https`, or `http` on a loopback address. Loopback addresses are
//!    reached without any proxy; all other hosts through the system's proxies and over https only.
//! 2. **Headers.** `Accept: application/json`, a user agent, and `x-userfront-source` with the program's name
//!    ([`ClientName`]). For a tenant with a domain, *every* call, log-out included, sends `Origin`,
//!    `x-origin` and `x-application-id` `https://{domain}`: that selects live mode. No cookies, no referrer,
//!    no compression. The bearer header is marked sensitive.
//! 3. **Limits.** [`Limits`]: 5 s to connect, 15 s until the last byte of the answer, 1 MiB for its body.
//!    Redirects are not followed, and calls are not retried.
//! 4. **Answer.** A 2xx with a JSON object is an answer. 429 and 5xx keep their meaning, whatever their body.
//!    Any other 4xx comes from Userfront only if it has *Userfront's error shape* (below). Everything else is
//!    [`CallFailure::Unintelligible`](accounts::ports::CallFailure::Unintelligible).
//!
//! # Userfront's error shape
//!
//! A JSON object whose `statusCode` is a number equal to the HTTP status, with a `message` (string) or an
//! `error` (string or object) beside it (`userfront-api.md`, *Base*). This goes beyond the documented example
//! and is an assumption. A captive portal, a proxy or a load balancer that answers 401 with HTML, without a
//! body or with its own JSON must not pass for Userfront: a log-out then asks whether the session is over.
//! The cost: a Userfront that answers 401 without a body (`userfront-api.md` allows it) leaves a log-out
//! unconfirmed; it is retried. The server's time (`Date`) is taken only from Userfront's answers.
//!
//! # The answer to a factor
//!
//! 1. Tokens: they name a session that must be ended later, whatever else the answer contains.
//! 2. *MFA required*: a first-factor token that fits into a header (printable ASCII, at most 1,024 bytes),
//!    and the second factors in the tenant's order. The call for a second factor sends that token.
//! 3. *PKCE required*.
//!
//! 400 and 401 in Userfront's error shape refuse the factor; 404 refuses the tenant; 403 is another refusal.
//!
//! Links and codes that test mode returns instead of sending them, and the set-up of an authenticator app,
//! are bounded: a link of at most 4,096 bytes, codes of at most 64, a PNG picture inside the answer of at
//! most 64 kB. Anything else is left out.
//!
//! # Secrets
//!
//! No error, log line or `Debug` holds a URL, a body, a token, a password, a code or a link. A server's
//! message that quotes a secret it was sent, even six digits, is dropped. Bodies are wiped when dropped; the
//! buffers of the TLS and HTTP libraries cannot be.
//!
//! # Non-goals
//!
//! Retries and back-off, reading or verifying tokens, storage, opening a browser: the domain and the shell do
//! these ([`accounts::model::browser_pages`] has the addresses). PKCE, whose exchange is not known. The
//! official client's `noSignupEmail`, custom data at sign-up and `password/migrate`: this project does not
//! use them.

mod answer;
mod body;
mod calls;
mod evidence;
mod limits;
mod picture;
mod requests;
mod retry_after;
mod shapes;
mod transport;

pub use limits::{ClientName, Limits, MalformedName};
pub use picture::{Picture, PictureError};
pub use transport::UserfrontClient;
