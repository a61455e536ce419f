//! The HTTP transport: the client for each host, the headers of each request, and the limit on each answer.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::{Instant, SystemTime};

use accounts::model::api_base::is_loopback;
use accounts::model::tenant::Tenant;
use accounts::model::text::clean;
use accounts::ports::CallFailure;
use bytes::Bytes;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN,
};
use reqwest::{Client, Method, Request, Response, redirect, retry};
use tokio::sync::OnceCell;
use url::Url;
use zeroize::Zeroizing;

use crate::answer::{self, Reply};
use crate::limits::{ClientName, Limits};
use crate::retry_after::{retry_after, server_time};

const APPLICATION_ID: HeaderName = HeaderName::from_static("x-application-id");
const SOURCE: HeaderName = HeaderName::from_static("x-userfront-source");
const X_ORIGIN: HeaderName = HeaderName::from_static("x-origin");

/// Userfront over HTTP. Cheap to create: it sets nothing up before the first call. Share it (`Arc`) to share
/// its connections.
#[derive(Debug, Default)]
pub struct UserfrontClient {
    name: ClientName,
    limits: Limits,
    /// For http, which only loopback addresses use: without proxy and certificates.
    plain: OnceCell<Client>,
    /// For https at loopback addresses: without proxy.
    near: OnceCell<Client>,
    /// For every other host: through the system's proxies, https only.
    far: OnceCell<Client>,
}

#[derive(Debug)]
pub(crate) enum Broken {
    /// No connection. Text without the URL.
    Unreachable(String),
    /// This machine has no CA certificates, so nothing was sent.
    NoCertificates,
    /// The connection broke off. Text without the URL.
    BrokeOff(String),
    TimedOut,
    TooLarge,
}

pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    /// Below the tenant's API base, e.g. `auth/logout`.
    pub(crate) path: String,
    pub(crate) bearer: Option<&'a str>,
    pub(crate) body: Option<Zeroizing<Vec<u8>>>,
    /// Everything that the server could quote: tokens, passwords, codes.
    pub(crate) secrets: Vec<&'a str>,
}

impl UserfrontClient {
    /// A client with this name and these limits.
    #[must_use]
    pub fn new(name: ClientName, limits: Limits) -> Self {
        Self { name, limits, ..Self::default() }
    }

    pub(crate) async fn call(&self, tenant: &Tenant, call: Call<'_>) -> Result<Reply, CallFailure> {
        self.dated_call(tenant, call).await.0
    }

    /// Also returns the server's time, if the answer is Userfront's and has one.
    pub(crate) async fn dated_call(
        &self,
        tenant: &Tenant,
        call: Call<'_>,
    ) -> (Result<Reply, CallFailure>, Option<SystemTime>) {
        let (method, path) = (call.method.clone(), call.path.clone());
        let start = Instant::now();
        let mut date = None;
        let reply = self.exchange(tenant, call, &mut date).await;
        let took = start.elapsed().as_millis();
        match &reply {
            Ok(Reply::Object { status, .. } | Reply::Nothing { status }) => {
                tracing::debug!(%method, %path, status, took, "answered");
            }
            Ok(Reply::Rejected(no)) => tracing::debug!(%method, %path, status = no.status, took, "rejected"),
            Err(failure) => tracing::debug!(%method, %path, ?failure, took, "failed"),
        }
        // A gateway's clock is not the server's.
        let date = date.filter(|_| matches!(reply, Ok(Reply::Object { .. } | Reply::Rejected(_))));
        (reply, date)
    }

    async fn exchange(
        &self,
        tenant: &Tenant,
        call: Call<'_>,
        date: &mut Option<SystemTime>,
    ) -> Result<Reply, CallFailure> {
        let secrets = call.secrets.clone();
        let request = self.request(tenant, call)?;
        let mut response = self.send(request).await.map_err(|broken| broken.into_failure(0))?;
        let status = response.status().as_u16();
        *date = server_time(response.headers());
        let retry_after = retry_after(response.headers(), SystemTime::now());
        match status {
            429 => return Err(CallFailure::TooManyRequests { retry_after }),
            500..600 => return Err(CallFailure::ServerFault { status, retry_after }),
            200..300 | 400..500 => {}
            300..400 => {
                let detail = "a redirect, which this API does not do".to_owned();
                return Err(CallFailure::Unintelligible { status, detail });
            }
            _ => {
                let detail = "not a status that HTTP knows".to_owned();
                return Err(CallFailure::Unintelligible { status, detail });
            }
        }
        let body =
            body(&mut response, self.limits.body).await.map_err(|broken| broken.into_failure(status))?;
        answer::read(status, &body, &secrets)
    }

    /// An invalid input (a token that fits no header) is reported as "nothing was reached", which is true:
    /// nothing was sent.
    fn request(&self, tenant: &Tenant, call: Call<'_>) -> Result<Request, CallFailure> {
        let not_sent = |what: &str| CallFailure::Unreachable { detail: format!("nothing was sent: {what}") };
        let url = tenant.api.call(&call.path).map_err(|_| not_sent("the call's path leaves the API"))?;
        let mut request = Request::new(call.method, url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        self.name_ourselves(headers)
            .map_err(|()| not_sent("the client's name does not fit into a header"))?;
        if let Some(domain) = &tenant.domain {
            let origin = HeaderValue::try_from(domain.origin())
                .map_err(|_| not_sent("the domain does not fit into a header"))?;
            for name in [ORIGIN, X_ORIGIN, APPLICATION_ID] {
                headers.insert(name, origin.clone());
            }
        }
        if let Some(token) = call.bearer {
            let bearer = Zeroizing::new(format!("Bearer {token}"));
            let mut bearer = HeaderValue::from_str(&bearer)
                .map_err(|_| not_sent("the token has characters that no header takes"))?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        if let Some(body) = call.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(Bytes::from_owner(body).into());
        }
        Ok(request)
    }

    fn name_ourselves(&self, headers: &mut HeaderMap) -> Result<(), ()> {
        headers.insert(SOURCE, HeaderValue::from_str(self.name.as_str()).map_err(|_| ())?);
        Ok(())
    }

    pub(crate) async fn send(&self, request: Request) -> Result<Response, Broken> {
        let client = self.client_for(request.url()).await?;
        client.execute(request).await.map_err(Broken::from)
    }

    async fn client_for(&self, url: &Url) -> Result<&Client, Broken> {
        let (cell, builder) = match (is_loopback(url), url.scheme()) {
            (true, "http") => (&self.plain, self.builder().no_proxy().tls_certs_only([])),
            (true, _) => (&self.near, self.builder().no_proxy()),
            (false, _) => (&self.far, self.builder().https_only(true)),
        };
        cell.get_or_try_init(|| async {
            // Reading the system's certificates takes many milliseconds on a slow disk.
            let built = tokio::task::spawn_blocking(move || builder.build()).await;
            let built =
                built.map_err(|_| Broken::Unreachable("the HTTP client's set-up was cancelled".into()))?;
            built.map_err(Broken::from)
        })
        .await
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        let agent = format!("{} userfront-client/{}", self.name, env!("CARGO_PKG_VERSION"));
        Client::builder()
            .user_agent(agent)
            .connect_timeout(self.limits.connect)
            .timeout(self.limits.overall)
            .pool_idle_timeout(self.limits.idle)
            // A 307 would send the password to another address.
            .redirect(redirect::Policy::none())
            // The domain counts calls, so one call is one request.
            .retry(retry::never())
            .referer(false)
            // Against zip bombs: these are off by default, but another crate of the same program can switch
            // them on. A header asks the server for no compression.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
    }

    pub(crate) fn body_limit(&self) -> usize {
        self.limits.body
    }
}

/// The whole body, up to `limit`. Its length in the header counts only when it is over the limit.
pub(crate) async fn body(response: &mut Response, limit: usize) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let announced = response.content_length().map(usize::try_from);
    let capacity = match announced {
        Some(Ok(length)) if length <= limit => length,
        Some(_) => return Err(Broken::TooLarge),
        None => 16 * 1024,
    };
    let mut body = Zeroizing::new(Vec::with_capacity(capacity));
    while let Some(chunk) = response.chunk().await? {
        if chunk.len() > limit - body.len() {
            return Err(Broken::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Self {
        // A timeout while connecting is no connection: the server has certainly done nothing.
        if error.is_timeout() && !error.is_connect() {
            return Self::TimedOut;
        }
        let never_began = error.is_connect() || error.is_builder();
        let error = error.without_url();
        let mut words = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_in_words = cause.to_string();
            // Some causes repeat the text of the next one.
            if !words.ends_with(&cause_in_words) {
                #[expect(clippy::unwrap_used, reason = "writing to a String cannot fail")]
                write!(words, ": {cause_in_words}").unwrap();
            }
            source = cause.source();
        }
        // The message of the system's verifier (rustls-platform-verifier).
        if error.is_builder() && words.contains("No CA certificates") {
            return Self::NoCertificates;
        }
        // The names in a certificate are foreign text.
        if never_began { Self::Unreachable(clean(&words)) } else { Self::BrokeOff(clean(&words)) }
    }
}

impl Broken {
    fn into_failure(self, status: u16) -> CallFailure {
        match self {
            Self::Unreachable(detail) => CallFailure::Unreachable { detail },
            Self::NoCertificates => CallFailure::NoCertificates,
            Self::BrokeOff(detail) => CallFailure::BrokeOff { detail },
            Self::TimedOut => CallFailure::TimedOut,
            Self::TooLarge => CallFailure::Unintelligible { status, detail: "it is too large".to_owned() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authorization_header_is_marked_sensitive() {
        let tenant = Tenant {
            id: "demo1234".parse().unwrap(),
            api: "https://x.example/v0/".parse().unwrap(),
            domain: None,
        };
        let call = crate::requests::with_token("self", "canary");
        let request = UserfrontClient::default().request(&tenant, call).unwrap();
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
        assert!(!format!("{request:?}").contains("canary"));
    }
}
