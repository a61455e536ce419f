//! The passwords that can be set: in live mode at least 16 characters, or at least 8 with a letter and a
//! number (`userfront-api.md`, "Test mode"); in test mode any but the empty one.

use crate::{refusal::Refusal, tenant::Mode};

/// Refuses a new password that is too weak for `mode`. The text is an assumption.
pub(crate) fn check(password: &str, mode: Mode) -> Result<(), Refusal> {
    let length = password.chars().count();
    let mixed = password.chars().any(char::is_alphabetic) && password.chars().any(char::is_numeric);
    let strong = length >= 16 || (length >= 8 && mixed);
    if strong || (mode == Mode::Test && length > 0) {
        return Ok(());
    }
    Err(Refusal::bad_request(
        "The password needs at least 16 characters, or at least 8 with a letter and a number",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_for_live_mode_and_counts_characters() {
        for strong in ["abcdefg1", "1234567ä", "testmodepassword", "1234567890123456", "名名名名名名名1"]
        {
            assert!(check(strong, Mode::Live).is_ok(), "{strong}");
        }
        for weak in ["", "abcdef1", "abcdefgh", "12345678", "abcdefghijklmno", "名名名名名1"] {
            assert!(check(weak, Mode::Live).is_err(), "{weak}");
            assert_eq!(check(weak, Mode::Test).is_ok(), !weak.is_empty(), "{weak}");
        }
    }
}
