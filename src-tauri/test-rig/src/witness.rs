//! The keyring's entries, as seen by a program that is not ours: `secret-tool`.

use std::{collections::BTreeMap, fmt};

/// An entry as `secret-tool` prints it.
#[derive(Clone, Eq, PartialEq)]
pub struct WitnessedEntry {
    /// The entry's attributes, such as `service` and `username`.
    pub attributes: BTreeMap<String, String>,
    /// The secret, when it is printable text.
    pub secret: String,
}

impl WitnessedEntry {
    /// The `username` attribute: where the keyring crate puts an entry's user, such as `access.demo1234:…`.
    #[must_use]
    pub fn user(&self) -> &str {
        self.attributes.get("username").map_or("", String::as_str)
    }
}

// The secret stays out of what a failed assertion prints: CI logs are public.
impl fmt::Debug for WitnessedEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WitnessedEntry")
            .field("attributes", &self.attributes)
            .field("secret", &format_args!("[{} bytes]", self.secret.len()))
            .finish()
    }
}

/// Reads the output of `secret-tool search --all`, standard output and error together.
pub(crate) fn parse(output: &str) -> Vec<WitnessedEntry> {
    let mut entries: Vec<WitnessedEntry> = Vec::new();
    for line in output.lines() {
        if line.starts_with('[') && line.ends_with(']') {
            entries.push(WitnessedEntry { attributes: BTreeMap::new(), secret: String::new() });
        } else if let (Some(entry), Some((name, value))) = (entries.last_mut(), line.split_once(" = ")) {
            if name == "secret" {
                value.clone_into(&mut entry.secret);
            } else if let Some(name) = name.strip_prefix("attribute.") {
                entry.attributes.insert(name.to_owned(), value.to_owned());
            }
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "[/org/freedesktop/secrets/collection/login/1]\nlabel = one\nsecret = a = b\n\
        created = 2026-01-01 00:00:00\nattribute.service = s\nattribute.username = access.x\n\
        [/org/freedesktop/secrets/collection/login/2]\nsecret = two\n";

    #[test]
    fn access_and_refresh_entries_are_counted_apart() {
        let entries = parse(OUTPUT);
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].user(), "access.x");
        assert_eq!(entries[0].secret, "a = b");
        assert_eq!(entries[1].secret, "two");
        assert_eq!(parse(""), []);
    }

    #[test]
    fn a_failed_assertion_prints_no_secret() {
        assert!(!format!("{:?}", parse(OUTPUT)).contains("two"));
    }
}
