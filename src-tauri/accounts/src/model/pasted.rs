//! Reads typed and pasted text (codes, names and links), the same in the window and on the command line.
//!
//! A code may come with words around it, grouped by blanks or dashes, in another script's digits, or with
//! invisible characters: all removed. A link is never changed inside ([`link`](crate::model::link)).

use crate::model::text::is_invisible;
use crate::model::token::OneTimeCode;

const CODE_LENGTH: usize = 6;

/// The zeros of other scripts' decimal digits (Unicode's *Nd*, without those of historic scripts).
const ZEROS: [u32; 41] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1fbf0,
];

const AROUND: [(char, char); 14] = [
    ('<', '>'),
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('\u{201c}', '\u{201d}'),
    ('\u{201e}', '\u{201c}'),
    ('\u{2018}', '\u{2019}'),
    ('\u{201a}', '\u{2018}'),
    ('\u{ab}', '\u{bb}'),
    ('\u{300c}', '\u{300d}'),
    ('\u{ff1c}', '\u{ff1e}'),
];

/// A name, an address or an ID without invisible characters around it.
#[must_use]
pub fn name(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// A code of six digits. A complete one wins over the words and numbers beside it.
#[must_use]
pub fn code(text: &str) -> OneTimeCode {
    let plain = plain(text);
    let whole = (0..plain.len()).find_map(|at| {
        let is_within = at > 0 && plain[at - 1].is_ascii_digit();
        if is_within { None } else { whole_code(&plain[at..]) }
    });
    OneTimeCode::new(whole.unwrap_or_else(|| plain.into_iter().filter(|c| !is_between(*c)).collect()))
}

/// A backup code, such as `60bb6-9393a`: its hyphens stay.
#[must_use]
pub fn backup_code(text: &str) -> OneTimeCode {
    OneTimeCode::new(plain(text).into_iter().filter(|c| !c.is_whitespace()).collect::<String>())
}

/// A TOTP code, or a backup code in its place. Words beside it are ignored.
#[must_use]
pub fn code_or_backup_code(text: &str) -> OneTimeCode {
    let plain: String = plain(text).into_iter().collect();
    let is_backup = |word: &&str| {
        let halves = word.split_once('-');
        halves.is_some_and(|(one, other)| [one, other].iter().all(|half| is_half_of_backup_code(half)))
    };
    if let Some(backup) = plain.split_whitespace().find(is_backup) {
        return OneTimeCode::new(backup);
    }
    let found = code(text);
    let is_code = found.secret().len() == CODE_LENGTH && found.secret().bytes().all(|b| b.is_ascii_digit());
    if is_code { found } else { backup_code(text) }
}

fn is_half_of_backup_code(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The link in a text: all of it, or the part between two marks or after words.
#[must_use]
pub fn link(text: &str) -> &str {
    let text = text.trim();
    let begins = |scheme: &str| {
        text.char_indices().map(|(at, _)| at).find(|at| {
            text.get(*at..*at + scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
    };
    let schemes = ["https://", "http://", "userfront-accounts:"];
    let Some(at) = schemes.into_iter().filter_map(begins).min() else { return text };
    let (before, link) = text.split_at(at);
    let Some(last) = before.chars().next_back() else { return text };
    if let Some((_, closing)) = AROUND.iter().find(|(opening, _)| *opening == last) {
        let inside = link.split_once(*closing).filter(|(_, rest)| !rest.contains(char::is_alphanumeric));
        return inside.map_or(text, |(inside, _)| inside);
    }
    if last.is_whitespace() { link } else { text }
}

/// Western digits, letters and hyphens, without invisible characters.
fn plain(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| !is_invisible(*c) && (!c.is_control() || c.is_whitespace()))
        .map(western)
        .collect()
}

fn western(c: char) -> char {
    let point = u32::from(c);
    if let '\u{ff01}'..='\u{ff5e}' = c {
        return char::from_u32(point - 0xfee0).unwrap_or(c);
    }
    if let '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{30fc}' = c {
        return '-';
    }
    let digit = ZEROS.iter().find_map(|zero| point.checked_sub(*zero).filter(|digit| *digit < 10));
    digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c)
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || c == '-'
}

/// The six digits at the start of a text, grouped or not, if no other digit follows.
fn whole_code(text: &[char]) -> Option<String> {
    if !text.first()?.is_ascii_digit() {
        return None;
    }
    let mut digits = String::with_capacity(CODE_LENGTH);
    let mut rest = text.iter();
    while digits.len() < CODE_LENGTH {
        let next = rest.find(|c| !is_between(**c)).filter(|c| c.is_ascii_digit())?;
        digits.push(*next);
    }
    rest.next().is_none_or(|next| !next.is_ascii_digit()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_any_grouping_and_any_digits() {
        for text in [
            "123456",
            " 123 456\r\n",
            "123-456",
            "12\u{2013}34\u{2014}56",
            "1 2 3 4 5 6",
            "\u{feff}123\u{200b}456\u{202c}",
            "１２３４５６",
            "１２３－４５６",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            "१२३ ४५६",
            "๑๒๓๔๕๖",
            "𝟏𝟐𝟑𝟒𝟓𝟔",
            "Your code is 123-456, valid for 10 minutes",
            "15 minutes: 123456",
            "123456789012 is not it, 123456 is",
        ] {
            assert_eq!(code(text).secret(), "123456", "{text}");
        }
        for (text, as_it_is) in [("12345", "12345"), ("1234567", "1234567"), ("no", "no"), ("", "")] {
            assert_eq!(code(text).secret(), as_it_is, "{text}");
        }
    }

    #[test]
    fn a_backup_code_keeps_its_hyphen_and_is_told_from_a_code() {
        for text in [
            "60bb6-9393a",
            " 60bb6\u{2011}9393a\n",
            "６０ｂｂ６－９３９３ａ",
            "٦٠bb٦-٩٣٩٣a",
            "60bb6-\u{200b}9393a",
        ] {
            assert_eq!(backup_code(text).secret(), "60bb6-9393a", "{text}");
            assert_eq!(code_or_backup_code(text).secret(), "60bb6-9393a", "{text}");
        }
        for text in ["a1234-56bcd", "12345-67890"] {
            assert_eq!(code_or_backup_code(text).secret(), text);
        }
        assert_eq!(code_or_backup_code("١٢٣ - ٤٥٦").secret(), "123456");
    }

    #[test]
    fn each_zero_begins_ten_digits() {
        for zero in ZEROS {
            for digit in 0..10 {
                let c = char::from_u32(zero + digit).unwrap();
                assert!(c.is_numeric() && western(c).to_digit(10) == Some(digit), "{c}");
            }
        }
    }

    #[test]
    fn a_pasted_name_loses_invisible_characters_around_it() {
        for text in
            ["a@b.c", " a@b.c\n", "\u{feff}a@b.c\u{200b}", "\u{202a}a@b.c\u{202c}", "\u{a0}a@b.c\u{3000}"]
        {
            assert_eq!(name(text), "a@b.c", "{text:?}");
        }
        assert_eq!((name(" Åsa 名倉 "), name(" \u{200b}")), ("Åsa 名倉", ""));
    }

    #[test]
    fn a_link_is_found_between_marks_and_after_words() {
        let it = "https://app.example.com/login?token=t&uuid=u";
        for (opening, closing) in AROUND {
            assert_eq!(link(&format!("{opening}{it}{closing}")), it, "{opening}");
            assert_eq!(link(&format!(" Link: {opening}{it}{closing}.\n")), it, "{opening}");
        }
        assert_eq!(link(&format!("[Log in]({it})")), it);
        assert_eq!(link(&format!("Your link:\n{it}")), it);
        assert_eq!(link("see <USERFRONT-accounts:login?token=t>"), "USERFRONT-accounts:login?token=t");
    }

    #[test]
    fn a_text_without_one_clear_link_is_left_unchanged() {
        for text in [
            "https://a.example/?token=t uuid=u",
            "https://a.example/?next=https://b.example/?token=t",
            "javascript:https://a.example/?token=t",
            "<https://a.example/?token=t> <https://b.example/?token=t>",
            "<https://a.example/?token=t",
            "x<https://a.example/>y",
            "nothing",
        ] {
            assert_eq!(link(text), text);
        }
        // The rest has white space in it, so it is no link.
        let several = link("first https://a.example/?token=t then https://b.example/?token=t");
        assert!(several.contains(" then "));
    }
}
