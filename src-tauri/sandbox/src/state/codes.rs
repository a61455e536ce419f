//! Verification codes: six digits, sent by e-mail or SMS, that let one user in once.
//!
//! Assumptions: a code lives 10 minutes, five wrong tries use it up, and a new one to the same address
//! replaces the older. A code that was sent as a second factor serves as that alone, and the other way round.

use crate::{refusal::Refusal, state::users::NewUser};

const LIFE_SECONDS: i64 = 600;

const TRIES: u8 = 5;

/// The user that a code or a link logs in.
#[derive(Clone)]
pub(crate) enum Subject {
    /// An existing user, by UUID.
    User(String),
    NewUser(Box<NewUser>),
    /// An existing user, by UUID, who gets a new address in `channel` (`email` or `sms`).
    NewAddress {
        uuid: String,
        channel: &'static str,
        address: String,
    },
}

/// The purpose of a code, by which it is found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To log in or sign up at this address.
    FirstFactor(String),
    /// To confirm the log-in of the user of this UUID.
    SecondFactor(String),
}

/// A code that was sent. No `Debug`: it lets its reader in.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) tenant_id: String,
    /// `email` or `sms`.
    pub(crate) channel: &'static str,
    pub(crate) purpose: Purpose,
    /// Where it was sent.
    pub(crate) address: String,
    pub(crate) subject: Subject,
    pub(crate) digits: String,
}

struct Entry {
    code: Code,
    expires_at: i64,
    wrong_tries: u8,
    is_used: bool,
}

/// The latest code for each purpose.
#[derive(Default)]
pub(crate) struct Codes(Vec<Entry>);

fn refused(message: &str) -> Refusal {
    Refusal::bad_request(message)
}

impl Codes {
    pub(crate) fn put(&mut self, code: Code, now: i64) {
        self.0.retain(|entry| !entry.is_for(&code.tenant_id, code.channel, &code.purpose));
        let expires_at = now.saturating_add(LIFE_SECONDS);
        self.0.push(Entry { code, expires_at, wrong_tries: 0, is_used: false });
    }

    /// Whether the code that was sent for `purpose` last is to change an address.
    pub(crate) fn changes_address(&self, tenant_id: &str, channel: &str, purpose: &Purpose) -> bool {
        let mut sent = self.0.iter().filter(|entry| entry.is_for(tenant_id, channel, purpose));
        sent.any(|entry| matches!(entry.code.subject, Subject::NewAddress { .. }))
    }

    /// Takes a code, once. Refusals are 400, status and texts being assumptions; a wrong try counts.
    pub(crate) fn take(
        &mut self,
        tenant_id: &str,
        channel: &str,
        purpose: &Purpose,
        digits: &str,
        now: i64,
    ) -> Result<Code, Refusal> {
        let entry = self
            .0
            .iter_mut()
            .find(|entry| entry.is_for(tenant_id, channel, purpose))
            // The same text whether or not a user has this address.
            .ok_or_else(|| refused("Incorrect verification code"))?;
        if entry.is_used {
            return Err(refused("This verification code has been used: ask for a new one"));
        }
        if now >= entry.expires_at {
            return Err(refused("This verification code has expired: ask for a new one"));
        }
        if entry.wrong_tries >= TRIES {
            return Err(refused("Too many wrong verification codes: ask for a new one"));
        }
        if entry.code.digits != digits {
            entry.wrong_tries += 1;
            return Err(refused("Incorrect verification code"));
        }
        entry.is_used = true;
        Ok(entry.code.clone())
    }
}

impl Entry {
    fn is_for(&self, tenant_id: &str, channel: &str, purpose: &Purpose) -> bool {
        let Code { tenant_id: tenant, channel: by, purpose: what, .. } = &self.code;
        tenant == tenant_id && *by == channel && what == purpose
    }
}
