//! The sandbox as a process of its own, with typed calls of what it offers to tests.

use std::{collections::BTreeMap, path::Path, process::Stdio, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use crate::{Environment, RigError, process::Group, screen::first_line};

/// How long the sandbox has to listen: it makes its keys first, slowly in a debug build.
const START: Duration = Duration::from_mins(3);

/// How long it has to end by itself.
const END: Duration = Duration::from_secs(2);

/// How long one of the calls for tests may take.
const CALL: Duration = Duration::from_secs(10);

/// A session as the server sees it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct SandboxSession {
    /// The session's ID, as in the tokens' claims.
    pub session_id: String,
    /// The tenant.
    pub tenant_id: String,
    /// The user.
    pub user_uuid: String,
    /// Whether the server still accepts its tokens.
    pub alive: bool,
}

/// A call to `/v0` as it arrived. Holds tokens and passwords of the sandbox: not for logs.
#[derive(Clone, Deserialize)]
pub struct SandboxRequest {
    /// `GET`, `POST`, ….
    pub method: String,
    /// The path, such as `/v0/auth/logout`.
    pub path: String,
    /// The query, without `?`; empty when there is none.
    pub query: String,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as text.
    pub body: String,
}

impl SandboxRequest {
    /// The token of the authorization header.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        self.headers.get("authorization")?.strip_prefix("Bearer ")
    }
}

impl std::fmt::Debug for SandboxRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)
    }
}

/// A mail or a text message that would have been sent. It lets its reader in: `Debug` shows neither link nor
/// code.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SandboxMail {
    /// In whose name.
    pub tenant_id: String,
    /// `email` or `sms`.
    pub channel: String,
    /// The address or the number.
    pub to: String,
    /// `link`, `code` or `reset`.
    pub kind: String,
    /// The link, unless it is a code.
    pub link: Option<String>,
    /// The six digits, if it is a code.
    pub verification_code: Option<String>,
}

impl std::fmt::Debug for SandboxMail {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} for {} by {}", self.kind, self.to, self.channel)
    }
}

/// A running sandbox; it ends when this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    api_base: String,
    control: String,
    client: reqwest::Client,
    process: Group,
}

impl Sandbox {
    /// Starts the program `executable` with `arguments`, such as `--access-seconds 1`.
    pub fn start(executable: &Path, arguments: &[&str], environment: &Environment) -> Result<Self, RigError> {
        let mut process = Group::start(
            environment
                .command(executable)
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::inherit()),
        )?
        .with_grace(END);
        let line = first_line("the sandbox", &mut process, START)?;
        let api_base = line
            .strip_prefix("sandbox listening on ")
            .ok_or_else(|| RigError::Unexpected(format!("the sandbox's first line is {line:?}")))?
            .to_owned();
        let control = api_base
            .strip_suffix("v0/")
            .map(|origin| format!("{origin}_sandbox/"))
            .ok_or_else(|| RigError::Unexpected(format!("the sandbox's address is {api_base:?}")))?;
        let client = reqwest::Client::builder().no_proxy().timeout(CALL).build()?;
        Ok(Self { api_base, control, client, process })
    }

    /// The API base URL, such as `http://127.0.0.1:40000/v0/`.
    #[must_use]
    pub fn api_base(&self) -> &str {
        &self.api_base
    }

    /// The same as an account's ID has it, such as `127.0.0.1:40000`.
    #[must_use]
    pub fn host(&self) -> String {
        self.api_base.trim_start_matches("http://").trim_end_matches("/v0/").to_owned()
    }

    /// Every session since the start or the last reset.
    pub async fn sessions(&self) -> Result<Vec<SandboxSession>, RigError> {
        let answer = self.client.get(format!("{}sessions", self.control)).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// The sessions that the server still accepts.
    pub async fn alive(&self) -> Result<Vec<SandboxSession>, RigError> {
        let mut sessions = self.sessions().await?;
        sessions.retain(|session| session.alive);
        Ok(sessions)
    }

    /// Waits until no session is alive.
    pub async fn wait_until_none_is_alive(&self, limit: Duration) -> Result<(), RigError> {
        let begin = std::time::Instant::now();
        while !self.alive().await?.is_empty() {
            if begin.elapsed() > limit {
                return Err(RigError::Late { what: "the end of every session".to_owned(), limit });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Every call to `/v0` since the start or the last reset, in the order of arrival.
    pub async fn requests(&self) -> Result<Vec<SandboxRequest>, RigError> {
        let answer = self.client.get(format!("{}requests", self.control)).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// The calls whose method is `method` and whose path ends in `path`, such as `auth/logout`.
    pub async fn requests_to(&self, method: &str, path: &str) -> Result<Vec<SandboxRequest>, RigError> {
        let mut requests = self.requests().await?;
        requests.retain(|request| request.method == method && request.path.ends_with(path));
        Ok(requests)
    }

    /// Every mail and text message since the start or the last reset, the first one first.
    pub async fn outbox(&self) -> Result<Vec<SandboxMail>, RigError> {
        let answer = self.client.get(format!("{}outbox", self.control)).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// The last of them.
    pub async fn last_mail(&self) -> Result<SandboxMail, RigError> {
        let last = self.outbox().await?.pop();
        last.ok_or_else(|| RigError::Unexpected("the sandbox has sent nothing".to_owned()))
    }

    /// Changes a tenant: any of `{firstFactors, secondFactors, isMfaRequired}`.
    pub async fn set_tenant(&self, id: &str, change: &Value) -> Result<(), RigError> {
        self.done(self.client.put(format!("{}tenants/{id}", self.control)).json(change)).await
    }

    /// Replaces the rules of what goes wrong: `[{method, path, times, after, fault}]`.
    pub async fn set_faults(&self, rules: &Value) -> Result<(), RigError> {
        self.done(self.client.put(format!("{}faults", self.control)).json(rules)).await
    }

    /// Moves the sandbox's clock by so many seconds from the system's.
    pub async fn set_clock_offset(&self, seconds: i64) -> Result<(), RigError> {
        let setting = serde_json::json!({ "offsetSeconds": seconds });
        self.done(self.client.put(format!("{}clock", self.control)).json(&setting)).await
    }

    /// Ends a session from the server's side.
    pub async fn kill_session(&self, session_id: &str) -> Result<(), RigError> {
        self.done(self.client.post(format!("{}sessions/{session_id}/kill", self.control))).await
    }

    /// Forgets sessions, calls, faults, what was sent, and every change to users, tenants and the clock.
    pub async fn reset(&self) -> Result<(), RigError> {
        self.done(self.client.post(format!("{}reset", self.control))).await
    }

    /// Ends the sandbox: from here on the address refuses connections.
    pub fn stop(&mut self) -> Result<(), RigError> {
        self.process.end()
    }

    async fn done(&self, request: reqwest::RequestBuilder) -> Result<(), RigError> {
        let answer = request.send().await?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        Err(RigError::Unexpected(format!("the sandbox answered {status}: {}", answer.text().await?)))
    }
}
