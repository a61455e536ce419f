//! Userfront's rule for passwords (`userfront-api.md`, *Test mode*): at least 16 characters, or at least 8
//! with a letter and a number. In test mode weak passwords are accepted too.
//!
//! Checked before a password is sent, for a quick answer; the server decides. The window shows the same rule.

use crate::model::tenant::Mode;
use crate::model::token::Password;

/// Whether a new password may be sent to a tenant in this mode.
#[must_use]
pub fn is_met(password: &Password, mode: Mode) -> bool {
    let text = password.secret();
    let length = text.chars().count();
    let mixed = text.chars().any(char::is_alphabetic) && text.chars().any(char::is_numeric);
    match mode {
        Mode::Test => !text.is_empty(),
        Mode::Live => length >= 16 || (length >= 8 && mixed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_sixteen_characters_or_eight_with_letter_and_number() {
        let live = |text: &str| is_met(&Password::new(text), Mode::Live);
        for good in ["abcdefghijklmnop", "abcdefg1", "1234567å", "名名名名名名名9", "                "]
        {
            assert!(live(good), "{good}");
        }
        for bad in ["", "abcdefg", "abcdefgh", "12345678", "abcdef1", "test", "!!!!!!!1", "abcdefghijklmno"] {
            assert!(!live(bad), "{bad}");
        }
        assert!(is_met(&Password::new("test"), Mode::Test) && !is_met(&Password::new(""), Mode::Test));
    }
}
