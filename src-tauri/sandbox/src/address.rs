//! E-mail addresses and phone numbers, as far as anybody can tell from outside. The rules are assumptions.

use crate::refusal::Refusal;

/// Something, an `@`, something; nothing invisible; at most 254 bytes (RFC 5321, 4.5.3.1.3).
pub(crate) fn check_email(email: &str) -> Result<(), Refusal> {
    let parts = email.split_once('@').filter(|(user, host)| !user.is_empty() && !host.is_empty());
    let visible = !email.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if parts.is_some() && visible && email.len() <= 254 {
        return Ok(());
    }
    Err(Refusal::bad_request("This is not an e-mail address"))
}

/// `+` and 7 to 15 digits (E.164).
pub(crate) fn check_phone_number(number: &str) -> Result<(), Refusal> {
    let digits = number.strip_prefix('+').unwrap_or_default();
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(Refusal::bad_request("A phone number is + and 7 to 15 digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_addresses_are_refused() {
        assert!(check_email("åsa@名.example").is_ok());
        for wrong in ["", "@", "a@", "@b", "ab", "a b@c", "a@b\n", &format!("{}@b", "a".repeat(254))] {
            assert!(check_email(wrong).is_err(), "{wrong:?}");
        }
        assert!(check_phone_number("+15555550101").is_ok());
        for wrong in ["", "+", "15555550101", "+1555", "+1555555010a", "+1234567890123456", "++1234567"] {
            assert!(check_phone_number(wrong).is_err(), "{wrong:?}");
        }
    }
}
