//! Stores a secret that is larger than the platform's items in several items.
//!
//! A secret that fits is stored as it is in the item of its name, the *head*. A larger one is stored in
//! *parts* `{name}#1`, `{name}#2`, …, and the head describes them:
//! `split:v1:{first part}:{parts}:{bytes}:{SHA-256 of the secret}`. A write uses part numbers that the old
//! value does not use, and writes the head last: a crash before that leaves the old value whole. The old
//! parts are deleted afterwards. A delete removes the head first: a crash after that leaves only parts.
//! `entries` reports them under the entry's name, and the next write or delete of the entry removes them.
//!
//! A value with missing or wrong parts is lost. It reads as absent, with a warning in the log, so that the
//! user can log the account in or out without that token. An error would block the account for ever.
//!
//! ASCII only, since KDE's store mangles bytes over 127.

use std::fmt::Write;
use std::str;

use accounts::ports::StoreError;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::vault::Vault;

const MARK: &str = "split:v1:";

/// In bytes; no item limit may be smaller.
pub(crate) const LARGEST_HEAD: usize = MARK.len() + 3 * 21 + 64;

/// Whether there may be parts: with this limit a secret can be too large for an item.
pub(crate) fn splits(limit: usize) -> bool {
    limit != usize::MAX
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Head {
    first: usize,
    count: usize,
    bytes: usize,
    sha256: String,
}

impl Head {
    fn parse(text: &str) -> Option<Self> {
        let mut fields = text.strip_prefix(MARK)?.split(':');
        let mut number = || fields.next()?.parse::<usize>().ok();
        let (first, count, bytes) = (number()?, number()?, number()?);
        let sha256 = fields.next()?.to_owned();
        (fields.next().is_none() && count <= bytes).then_some(Self { first, count, bytes, sha256 })
    }

    fn text(&self) -> String {
        format!("{MARK}{}:{}:{}:{}", self.first, self.count, self.bytes, self.sha256)
    }

    fn parts(&self) -> impl Iterator<Item = usize> {
        self.first..self.first.saturating_add(self.count)
    }
}

fn part(name: &str, number: usize) -> String {
    format!("{name}#{number}")
}

/// The entry of an item: its own name, or the head's name for a part.
pub(crate) fn entry_of(item: &str) -> &str {
    match item.rsplit_once('#') {
        Some((head, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => head,
        _ => item,
    }
}

fn sha256(secret: &[u8]) -> String {
    Sha256::digest(secret).iter().fold(String::with_capacity(64), |mut hex, byte| {
        #[expect(clippy::unwrap_used, reason = "writing to a String cannot fail")]
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

pub(crate) fn read(vault: &mut dyn Vault, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let Some(mut value) = vault.get(name)? else { return Ok(None) };
    loop {
        if !value.is_ascii() {
            tracing::warn!(entry = name, "the keyring holds bytes here that we never store: taken as absent");
            return Ok(None);
        }
        let Some(text) = str::from_utf8(&value).ok().filter(|text| text.starts_with(MARK)) else {
            return Ok(Some(value));
        };
        if let Some(head) = Head::parse(text)
            && let Some(whole) = join(vault, name, &head)?
        {
            return Ok(Some(whole));
        }
        // Another process may have replaced the value in between. The loop ends, since that is rare.
        match vault.get(name)? {
            None => return Ok(None),
            Some(again) if *again == *value => break,
            Some(again) => value = again,
        }
    }
    tracing::warn!(entry = name, "the parts of this keyring entry do not add up: taken as absent");
    Ok(None)
}

fn join(vault: &mut dyn Vault, name: &str, head: &Head) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    // Full capacity from the start: a buffer that grows leaves copies behind.
    let mut whole = Zeroizing::new(Vec::with_capacity(head.bytes.min(1 << 20)));
    for number in head.parts() {
        let Some(piece) = vault.get(&part(name, number))? else { return Ok(None) };
        if piece.len() > head.bytes - whole.len() {
            return Ok(None);
        }
        whole.extend_from_slice(&piece);
    }
    let sound = whole.len() == head.bytes && whole.is_ascii() && sha256(&whole) == head.sha256;
    Ok(sound.then_some(whole))
}

pub(crate) fn write(vault: &mut dyn Vault, name: &str, secret: &str, limit: usize) -> Result<(), StoreError> {
    if secret.is_empty() || !secret.is_ascii() {
        return Err(StoreError::Refused("a secret must be ASCII and not empty".to_owned()));
    }
    if !splits(limit) && secret.starts_with(MARK) {
        // It would be taken for the head of parts. No token begins like this.
        return Err(StoreError::Refused("a secret must not begin like a split one".to_owned()));
    }
    let keep = if secret.len() <= limit && !secret.starts_with(MARK) {
        vault.set(name, secret.as_bytes())?;
        None
    } else {
        Some(write_split(vault, name, secret, limit)?)
    };
    // A check against KDE's bytes, a full disk, or a keyring that lies.
    let kept = read(vault, name)?;
    if kept.as_deref().map(Vec::as_slice) != Some(secret.as_bytes()) {
        return Err(StoreError::Refused("it did not keep what was written".to_owned()));
    }
    // The secret is stored. Old parts that cannot be removed now are removed when the entry is deleted.
    if splits(limit)
        && let Err(error) = delete_other_parts(vault, name, keep.as_ref())
    {
        tracing::warn!(entry = name, %error, "parts of an older value are still in the keyring");
    }
    Ok(())
}

fn delete_other_parts(vault: &mut dyn Vault, name: &str, keep: Option<&Head>) -> Result<(), StoreError> {
    for number in parts_of(name, &vault.list()?) {
        if !keep.is_some_and(|head| head.parts().any(|kept| kept == number)) {
            vault.delete(&part(name, number))?;
        }
    }
    Ok(())
}

fn write_split(vault: &mut dyn Vault, name: &str, secret: &str, limit: usize) -> Result<Head, StoreError> {
    if limit < LARGEST_HEAD {
        return Err(StoreError::Refused(format!("a limit of {limit} bytes is too small to split secrets")));
    }
    let old = vault.get(name)?.and_then(|value| str::from_utf8(&value).ok().and_then(Head::parse));
    let count = secret.len().div_ceil(limit);
    let first = match old {
        Some(old) if old.first <= count => old.first.saturating_add(old.count),
        _ => 1,
    };
    let head = Head { first, count, bytes: secret.len(), sha256: sha256(secret.as_bytes()) };
    for (number, piece) in head.parts().zip(secret.as_bytes().chunks(limit)) {
        vault.set(&part(name, number), piece)?;
    }
    vault.set(name, head.text().as_bytes())?;
    Ok(head)
}

/// In the order of deletion: the head, then the parts.
pub(crate) fn items_of(name: &str, listed: &[String]) -> Vec<String> {
    let head = listed.iter().any(|item| item == name).then(|| name.to_owned());
    head.into_iter().chain(parts_of(name, listed).into_iter().map(|number| part(name, number))).collect()
}

fn parts_of(name: &str, listed: &[String]) -> Vec<usize> {
    let mut numbers: Vec<usize> =
        listed.iter().filter_map(|item| item.strip_prefix(name)?.strip_prefix('#')?.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
