//! Mail and SMS: nothing is sent, everything that would have been is listed (`GET /_sandbox/outbox`).
//!
//! Assumption: the sixth send to one address within a minute is refused with 429 and `Retry-After`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// So many sends to one address…
const SENDS: usize = 5;

/// …within so many seconds.
const WINDOW_SECONDS: i64 = 60;

/// A mail or an SMS as it would have been sent: the shape of `GET /_sandbox/outbox`. It lets its reader in,
/// so `Debug` shows neither link nor code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// The tenant in whose name it is sent.
    pub tenant_id: String,
    /// `email` or `sms`.
    pub channel: String,
    /// The e-mail address or phone number.
    pub to: String,
    /// `link` (log in or sign up), `code`, or `reset`.
    pub kind: String,
    /// The link, unless it is a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The six digits, if it is a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_code: Option<String>,
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("tenant_id", &self.tenant_id)
            .field("channel", &self.channel)
            .field("to", &self.to)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// All that was sent since the start or the last reset, the oldest first, each with its time.
#[derive(Default)]
pub(crate) struct Outbox(Vec<(i64, Sent)>);

impl Outbox {
    /// Refuses when this address has had enough for now.
    pub(crate) fn check_pace(&self, tenant_id: &str, to: &str, now: i64) -> Result<(), Refusal> {
        let recent: Vec<i64> = self
            .0
            .iter()
            .filter(|(_, sent)| sent.tenant_id == tenant_id && sent.to.eq_ignore_ascii_case(to))
            .map(|(at, _)| *at)
            // A clock that was set back leaves sends in the future: they do not count.
            .filter(|at| *at <= now && now.saturating_sub(*at) < WINDOW_SECONDS)
            .collect();
        if recent.len() < SENDS {
            return Ok(());
        }
        // Free again when the fifth from the end leaves the window.
        let oldest = recent[recent.len() - SENDS];
        let wait = oldest.saturating_add(WINDOW_SECONDS).saturating_sub(now);
        Err(Refusal::too_many("Too many requests: wait before you ask for another one", wait))
    }

    pub(crate) fn put(&mut self, sent: Sent, now: i64) {
        self.0.push((now, sent));
    }

    pub(crate) fn list(&self) -> Vec<Sent> {
        self.0.iter().map(|(_, sent)| sent.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(tenant: &str, to: &str) -> Sent {
        Sent {
            tenant_id: tenant.to_owned(),
            channel: "email".to_owned(),
            to: to.to_owned(),
            kind: "link".to_owned(),
            link: Some("http://SECRET".to_owned()),
            verification_code: Some("SECRET".to_owned()),
        }
    }

    #[test]
    fn the_sixth_send_within_a_minute_is_refused_and_others_are_not() {
        let mut outbox = Outbox::default();
        for second in 0..5 {
            assert!(outbox.check_pace("t", "a@b.c", 100 + second).is_ok());
            outbox.put(sent("t", "a@b.c"), 100 + second);
        }
        let refusal = outbox.check_pace("t", "A@b.c", 110).expect_err("too many");
        let answer = crate::wire::Response::from(refusal);
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some("50")));
        assert!(outbox.check_pace("t", "a@b.c", 159).is_err());
        assert!(outbox.check_pace("t", "a@b.c", 160).is_ok());
        assert!(outbox.check_pace("t", "a@b.c", 50).is_ok(), "the clock was set back");
        assert!(outbox.check_pace("u", "a@b.c", 110).is_ok());
        assert!(outbox.check_pace("t", "d@b.c", 110).is_ok());
    }

    #[test]
    fn debug_shows_neither_link_nor_code() {
        let shown = format!("{:?}", sent("t", "a@b.c"));
        assert!(!shown.contains("SECRET") && shown.contains("a@b.c"), "{shown}");
    }
}
