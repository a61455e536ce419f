//! Faults on the wire, on demand.
//!
//! A [`FaultRule`] says which calls it spoils, how often, and whether the call takes effect before its
//! answer is spoiled (`after`) or never. Of several rules that fit a call the first one that is not used up
//! is taken. A CORS preflight is never spoiled.
//!
//! One fault is no spoiling, only lateness: with a delay, `after` says whether the call takes effect before
//! the wait or after it. A call whose client has left by then takes no effect.

use std::{
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::Method;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value};
use tokio::sync::Notify;

/// A fault in place of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another status: from 400 on with a body in Userfront's error shape, below that without a body.
    Status {
        /// 200 to 599.
        status: u16,
        /// The `Retry-After` header: seconds, or an HTTP date.
        retry_after: Option<String>,
        /// The body is HTML, as from a proxy that stands before Userfront.
        html: bool,
    },
    /// Whatever a gateway in front of the server would answer.
    Says {
        /// 200 to 599.
        status: u16,
        /// JSON; without it the body is empty.
        body: Option<Value>,
        /// The `Date` header.
        date: Option<String>,
    },
    /// The right answer, this many milliseconds late.
    Delay {
        /// Milliseconds, at most ten minutes.
        ms: u64,
    },
    /// The right answer, once the faults are replaced; the call takes effect then. For tests in the
    /// sandbox's own process.
    Held,
    /// The connection is reset (TCP RST): without `after` before any byte of an answer, with `after` in
    /// the middle of the body.
    Reset,
    /// No answer ever. The connection is closed after ten minutes.
    Hang,
    /// A body shorter than its `Content-Length`, then the end of the connection.
    Truncate,
    /// 200 with an HTML page.
    Garbage,
    /// 200 with `{message: "OK", redirectTo: "/login"}`, as if it were done. (Without `after` it is not.)
    Lie,
    /// 307 to another place, the status that asks for the same method and body again.
    Redirect {
        /// The `Location`.
        to: String,
    },
    /// Headers at once, then the body byte by byte, two a second.
    Trickle,
    /// 200 with a JSON object of 100 MiB.
    Huge,
}

impl Fault {
    /// An error status without `Retry-After`.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Status { status, retry_after: None, html: false }
    }
}

/// A rule: which calls are spoiled, and how.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    /// The method, in any letter case; any method when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// The end of the path, without the query. The empty string fits every call.
    pub path: String,
    /// How many calls are spoiled; all of them when absent.
    #[serde(default)]
    pub times: Option<NonZeroU32>,
    /// The call takes effect, and its answer is spoiled. Otherwise it never takes effect.
    #[serde(default)]
    pub after: bool,
    /// The fault.
    pub fault: Fault,
}

impl FaultRule {
    /// Spoils every call whose path ends in `path`, before it takes effect.
    #[must_use]
    pub fn new(path: &str, fault: Fault) -> Self {
        Self { method: None, path: path.to_owned(), times: None, after: false, fault }
    }

    /// Only the next `count` calls.
    #[must_use]
    pub fn times(mut self, count: NonZeroU32) -> Self {
        self.times = Some(count);
        self
    }

    /// The calls take effect, and their answers are spoiled.
    #[must_use]
    pub fn after(mut self) -> Self {
        self.after = true;
        self
    }

    fn fits(&self, method: &Method, path: &str) -> bool {
        let method_fits = self.method.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(method.as_str()));
        method_fits && path.ends_with(&self.path)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<Armed>>,
    pub(crate) replaced: Notify,
}

#[derive(Debug)]
struct Armed {
    rule: FaultRule,
    left: Option<u32>,
}

impl Faults {
    /// Puts `rules` in the place of all that were there.
    pub(crate) fn set(&self, rules: Vec<FaultRule>) {
        let arm = |rule: FaultRule| Armed { left: rule.times.map(NonZeroU32::get), rule };
        *self.lock() = rules.into_iter().map(arm).collect();
        self.replaced.notify_waiters();
    }

    /// The fault for this call, which counts as one use of its rule.
    pub(crate) fn take(&self, method: &Method, path: &str) -> Option<FaultRule> {
        let mut rules = self.lock();
        let armed = rules.iter_mut().find(|armed| armed.left != Some(0) && armed.rule.fits(method, path))?;
        armed.left = armed.left.map(|left| left - 1);
        Some(armed.rule.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Armed>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ten minutes: no wait is longer, so that a forgotten fault leaves no connection behind.
pub(crate) const LONGEST_WAIT_MS: u64 = 600_000;

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        parse(&value).map_err(D::Error::custom)
    }
}

fn parse(value: &Value) -> Result<Fault, String> {
    match value {
        Value::String(name) => match name.as_str() {
            "reset" => Ok(Fault::Reset),
            "hang" => Ok(Fault::Hang),
            "truncate" => Ok(Fault::Truncate),
            "garbage" => Ok(Fault::Garbage),
            "lie" => Ok(Fault::Lie),
            "trickle" => Ok(Fault::Trickle),
            "huge" => Ok(Fault::Huge),
            other => Err(format!(
                "unknown fault \"{other}\": expected reset, hang, truncate, garbage, lie, trickle, huge, \
                 or an object"
            )),
        },
        Value::Object(fields) => parse_object(fields),
        _ => Err("a fault is a string, or an object with status, delayMs or redirect".to_owned()),
    }
}

fn parse_object(fields: &Map<String, Value>) -> Result<Fault, String> {
    let only = |allowed: &[&str]| match fields.keys().find(|key| !allowed.contains(&key.as_str())) {
        Some(key) => Err(format!("unexpected field \"{key}\" in a fault with {}", allowed[0])),
        None => Ok(()),
    };
    if let Some(status) = fields.get("status") {
        only(&["status", "retryAfter", "html"])?;
        let status = status.as_u64().and_then(|code| u16::try_from(code).ok());
        let status =
            status.filter(|code| (200..=599).contains(code)).ok_or("status is a number from 200 to 599")?;
        let html = match fields.get("html") {
            None => false,
            Some(flag) => flag.as_bool().ok_or("html is true or false")?,
        };
        Ok(Fault::Status {
            status,
            retry_after: fields.get("retryAfter").map(retry_after).transpose()?,
            html,
        })
    } else if let Some(status) = fields.get("says") {
        only(&["says", "body", "date"])?;
        let status = status.as_u64().and_then(|code| u16::try_from(code).ok());
        let status =
            status.filter(|code| (200..=599).contains(code)).ok_or("says is a number from 200 to 599")?;
        let date = fields.get("date").map(|date| {
            let date = date.as_str().filter(|date| is_header_text(date));
            date.map(str::to_owned).ok_or("date is the text of the header")
        });
        Ok(Fault::Says { status, body: fields.get("body").cloned(), date: date.transpose()? })
    } else if let Some(ms) = fields.get("delayMs") {
        only(&["delayMs"])?;
        let ms = ms.as_u64().filter(|ms| *ms <= LONGEST_WAIT_MS);
        let ms = ms.ok_or_else(|| format!("delayMs is a whole number from 0 to {LONGEST_WAIT_MS}"))?;
        Ok(Fault::Delay { ms })
    } else if let Some(to) = fields.get("redirect") {
        only(&["redirect"])?;
        let to = to.as_str().filter(|to| is_header_text(to)).ok_or("redirect is a URL")?;
        Ok(Fault::Redirect { to: to.to_owned() })
    } else {
        Err("a fault object has status, says, delayMs or redirect".to_owned())
    }
}

fn retry_after(value: &Value) -> Result<String, String> {
    match value {
        Value::Number(seconds) if seconds.is_u64() => Ok(seconds.to_string()),
        Value::String(text) if is_header_text(text) => Ok(text.clone()),
        _ => Err("retryAfter is a whole number of seconds, or the text of the header".to_owned()),
    }
}

/// Whether `text` can be sent as it is in a header.
fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests;
