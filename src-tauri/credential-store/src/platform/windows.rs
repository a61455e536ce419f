//! Windows Credential Manager. Not yet run on Windows.
//!
//! The user's session unlocks it, and it never locks by itself. An item takes 2,560 bytes.
//! `persistence=Local`: the store's default would roam through the enterprise. The store names an item
//! `{name}{divider}{service}` and splits that again when it searches. Its default divider, a dot, occurs in
//! our names; ours is a bar, which does not.

use std::collections::HashMap;

use accounts::ports::StoreError;
use windows_native_keyring_store::Store;

use super::native::{Native, Platform};

pub(crate) const NAME: &str = "Windows Credential Manager";
pub(crate) const ITEM_BYTES: usize = 2_560;

const DIVIDER: &str = "|";

pub(crate) fn vault(service: String) -> Native {
    let platform = Platform {
        name: NAME,
        store: || Ok(Store::new_with_configuration(&HashMap::from([("divider", DIVIDER)]))?),
        modifiers: &[("persistence", "Local")],
        search: |service| ("pattern", ending(service)),
        // The log-on session has no credentials, such as a service's or an SSH client's.
        denied: StoreError::Unavailable,
    };
    Native::new(service, platform)
}

/// A regular expression for item names that end with our service.
fn ending(service: &str) -> String {
    let mut pattern = format!(r"\{DIVIDER}");
    for c in service.chars() {
        // Escaped, these two would match the ends of a word.
        if c.is_ascii_punctuation() && c != '<' && c != '>' {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('$');
    pattern
}
