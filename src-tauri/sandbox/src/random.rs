//! Random codes, tokens and secrets, from the crypto library's own generator.

use aws_lc_rs::rand;

/// So many random bytes. Panics when the system gives none, which leaves nothing to go on with.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system has randomness");
    bytes
}

/// 32 hexadecimal digits.
pub(crate) fn token() -> String {
    format!("{:032x}", u128::from_ne_bytes(bytes()))
}

/// Six decimal digits, all of them equally likely.
pub(crate) fn code() -> String {
    const CODES: u32 = 1_000_000;
    // The remainder would make small codes likelier.
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let drawn = u32::from_ne_bytes(bytes());
        if drawn < FAIR {
            return format!("{:06}", drawn % CODES);
        }
    }
}

/// Ten backup codes like `60bb6-9393a`.
pub(crate) fn backup_codes() -> Vec<String> {
    let code = |_| {
        let drawn = u64::from_ne_bytes(bytes());
        format!("{:05x}-{:05x}", drawn & 0xf_ffff, drawn >> 20 & 0xf_ffff)
    };
    (0..10).map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_tokens_have_their_documented_form() {
        let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        for _ in 0..100 {
            let code = code();
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
            let token = token();
            assert!(token.len() == 32 && hex(&token), "{token}");
        }
        let codes = backup_codes();
        assert_eq!(codes.iter().collect::<std::collections::HashSet<_>>().len(), 10);
        for code in codes {
            let (left, right) = code.split_once('-').expect("a hyphen");
            assert!(left.len() == 5 && right.len() == 5 && hex(left) && hex(right), "{code}");
        }
    }
}
