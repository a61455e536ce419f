//! Typed calls to Userfront's client API, for any Rust program.
//!
//! [`UserfrontClient`] implements the port [`accounts::ports::Userfront`]: the mode of a tenant; log-in and
//! sign-up by password, link, code and authenticator app, as first and as second factor; password reset;
//! refresh; the user, and changes to it; SAML's token; log-out. Its errors are the port's, one enum an
//! operation; each keeps the HTTP status and the message that the server meant for a person.
//!
//! ```no_run
//! use accounts::ports::{FactorAnswer, Userfront};
//! use accounts::{ApiBase, tenant::Tenant, token::{Password, SessionToken}};
//! use userfront_client::UserfrontClient;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let tenant = Tenant { id: "demo1234".parse()?, api: ApiBase::userfront(), domain: None };
//! let client = UserfrontClient::default();
//! let password = Password::new(std::io::read_to_string(std::io::stdin())?.trim_end());
//! let tokens = match client.log_in_with_password(&tenant, "admin@example.com", &password).await? {
//!     FactorAnswer::Tokens(answer) => answer.tokens,
//!     FactorAnswer::SecondFactor(required) => panic!("one of {:?} is asked for, too", required.second_factors),
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
//! 1. **To where.** A tenant's API base is `https`, or `http` on a loopback address. A loopback address is
//!    reached without any proxy; every other host over the system's proxies and over https only.
//! 2. **With what.** `Accept: application/json`, a user agent, and `x-userfront-source` naming the program
//!    ([`ClientName`]). A tenant with a domain sends `Origin`, `x-origin` and `x-application-id`
//!    `https://{domain}` with *every* call, log-out included: that is what makes live mode live. No cookies,
//!    no referrer, no compression. The bearer header is marked sensitive.
//! 3. **How long.** [`Limits`]: 5 s to connect, 15 s until the last byte of the answer, 1 MiB of it. Nothing
//!    is sent twice by itself: a redirect is not followed, a call is not retried.
//! 4. **What came back.** A 2xx with a JSON object is an answer. 429 and 5xx are what they are, whatever
//!    their body. Any other 4xx counts as Userfront's word only in *Userfront's error shape* (below).
//!    Everything else did not come from Userfront's API: [`CallFailure::Unintelligible`](accounts::ports::CallFailure::Unintelligible).
//!
//! # Userfront's error shape
//!
//! A JSON object whose `statusCode` is a number equal to the HTTP status, with a `message` (string) or an
//! `error` (string or object) beside it (`userfront-api.md`, *Base*). This is an assumption as far as it goes
//! beyond the documented example: a captive portal, a proxy or a load balancer that answers 401 with HTML,
//! with no body or with a JSON of its own must not pass for Userfront, because a log-out then asks on whether
//! the session is over. The price: a Userfront that answers 401 with no body at all (which the page also
//! allows for) leaves a log-out unconfirmed; it is then tried again, and nothing is claimed that is not
//! known. The server's time (`Date`) is taken only from an answer that is Userfront's.
//!
//! # What an answer to a factor means
//!
//! Tokens, wherever they are: they name a session that somebody has to end, whatever else the answer asks
//! for. Else *MFA required*, with a first-factor token that fits into a header (printable ASCII, at most
//! 1,024 bytes) and the second factors in the tenant's order; each goes to the ordinary call, and the
//! first-factor token with it. Else *PKCE required*. 400, 401 and 403 in Userfront's error shape are the
//! factor's fault, 404 is the tenant's.
//!
//! What test mode answers with instead of sending it, and what an authenticator app is set up with, is
//! believed only in its form and within its bounds: a link of at most 4,096 bytes, codes of at most 64, a
//! picture that is a PNG in the answer itself and at most 64 kB. What is not is left out.
//!
//! # Secrets
//!
//! No error, log line or `Debug` holds a URL, a body, a token, a password, a code or a link. A message of the
//! server that quotes anything secret that it was sent, be it six digits, is not passed on. Bodies are wiped
//! when dropped; the buffers of the TLS and HTTP libraries are not, nor can they be from here.
//!
//! # Non-goals
//!
//! Retrying and back-off, reading or verifying tokens, storing anything, opening a browser: the domain's and
//! the shell's part ([`accounts::model::browser_pages`] has the addresses). PKCE, whose exchange is not known.
//! `noSignupEmail`, custom data at sign-up and `password/migrate` of the official client: nobody here asks
//! for them.

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
