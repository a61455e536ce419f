//! The server's faults.

use std::time::Duration;

use accounts::ports::CallFailure;

use crate::fakes::{Gate, Trouble};

/// The server's faults, each with the meaning of its answer.
pub(crate) const SERVERS: [(&str, Word); 30] = [
    ("well", Word::Revoked),
    ("session over already", Word::Invalid),
    ("unreachable", Word::None),
    ("answer reset in mid-body", Word::None),
    ("hangs", Word::None),
    ("acts, then hangs", Word::None),
    ("slow (1 s)", Word::Revoked),
    ("slow (4 s)", Word::Late),
    ("HTML with 200", Word::None),
    ("acts, then truncated", Word::None),
    ("redirect", Word::None),
    ("100 MB", Word::None),
    ("400", Word::None),
    ("403", Word::None),
    ("429, Retry-After: 30", Word::None),
    ("acts, then 429", Word::None),
    ("500", Word::None),
    ("acts, then 500", Word::None),
    ("503, Retry-After: 30", Word::None),
    ("acts, then 503", Word::None),
    ("401 that is not Userfront's", Word::None),
    ("acts, then 204", Word::Over),
    ("204", Word::None),
    ("{}", Word::None),
    ("error inside a 200", Word::None),
    ("401 in front of the log-out", Word::Refused),
    ("404 in front of the log-out", Word::Refused),
    ("404 in front of every call", Word::Refused),
    ("acts, then 204, and the mode is silent", Word::None),
    ("acts, then 204, and the refresh is silent", Word::None),
];

const CANNOT_GET: &str = r#"{"statusCode":404,"message":"Cannot GET /v0/auth/logout","error":"Not Found"}"#;
const UNAUTHORIZED: &str = r#"{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}"#;

/// The gates in front of the server.
pub(super) fn gates(server: &str) -> Vec<Gate> {
    let unclear = |status, body| Gate::says("auth/logout", status, body);
    let bad_gateway = || CallFailure::ServerFault { status: 502, retry_after: None };
    match server {
        "acts, then 204" => vec![unclear(204, "null").acts()],
        "204" => vec![unclear(204, "null")],
        "{}" => vec![unclear(200, "{}")],
        "401 in front of the log-out" => vec![unclear(401, UNAUTHORIZED)],
        "404 in front of the log-out" => vec![unclear(404, CANNOT_GET)],
        "404 in front of every call" => vec![Gate::says("", 404, CANNOT_GET)],
        "acts, then 204, and the mode is silent" => {
            vec![unclear(204, "null").acts(), Gate::fails("/mode", bad_gateway())]
        }
        "acts, then 204, and the refresh is silent" => {
            vec![unclear(204, "null").acts(), Gate::fails("auth/refresh", bad_gateway())]
        }
        _ => Vec::new(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Revoked,
    /// The server refuses every token, and the session is over.
    Invalid,
    /// The answer is unclear, and the session is over.
    Over,
    /// Revoked, but the answer comes after the log-out has stopped waiting.
    Late,
    /// Every token is refused, but perhaps not by Userfront.
    Refused,
    None,
}

impl Word {
    /// The number of log-out calls: one per token until one is not refused.
    pub(super) fn calls(self) -> u64 {
        if matches!(self, Self::Invalid | Self::Refused) { 2 } else { 1 }
    }
}

pub(super) fn trouble(server: &str) -> Option<Trouble> {
    let fails = |after, failure| Some(Trouble::Fails { after, failure });
    let strange = |status, detail: &str| CallFailure::Unintelligible { status, detail: detail.to_owned() };
    let wait = Some(Duration::from_secs(30));
    match server {
        "unreachable" => fails(false, CallFailure::Unreachable { detail: "refused".into() }),
        "answer reset in mid-body" => fails(true, CallFailure::BrokeOff { detail: "reset".into() }),
        "hangs" => Some(Trouble::Hangs { after: false }),
        "acts, then hangs" => Some(Trouble::Hangs { after: true }),
        "slow (1 s)" => Some(Trouble::Slow(Duration::from_secs(1))),
        "slow (4 s)" => Some(Trouble::Slow(Duration::from_secs(4))),
        "HTML with 200" => fails(false, strange(200, "it is not JSON")),
        "acts, then truncated" => fails(true, strange(200, "it is not JSON")),
        "error inside a 200" => fails(false, strange(200, "there is an error inside")),
        "redirect" => fails(false, strange(302, "a redirect")),
        "100 MB" => fails(true, strange(200, "it is too large")),
        "400" => fails(false, CallFailure::Refused { status: 400, message: "Bad request".into() }),
        "403" => fails(false, CallFailure::Refused { status: 403, message: "Forbidden".into() }),
        "429, Retry-After: 30" => fails(false, CallFailure::TooManyRequests { retry_after: wait }),
        "acts, then 429" => fails(true, CallFailure::TooManyRequests { retry_after: wait }),
        "500" => fails(false, CallFailure::ServerFault { status: 500, retry_after: None }),
        "acts, then 500" => fails(true, CallFailure::ServerFault { status: 500, retry_after: None }),
        "503, Retry-After: 30" => fails(false, CallFailure::ServerFault { status: 503, retry_after: wait }),
        "acts, then 503" => fails(true, CallFailure::ServerFault { status: 503, retry_after: wait }),
        "401 that is not Userfront's" => fails(false, strange(401, "not in Userfront's error shape")),
        _ => None,
    }
}
