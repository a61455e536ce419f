//! Cleans text from outside for display.

/// In characters.
const LONGEST: usize = 4096;

/// Removes control characters (a line break becomes a space), bidirectional overrides and isolates; trims,
/// and cuts at 4,096 characters. JWTs are redacted: a server that repeats our token in its message must not
/// bring it into a log or a view.
#[must_use]
pub fn clean(text: &str) -> String {
    // In this order: an invisible character within a token would hide the token from the search.
    let visible = visible(text);
    let words: Vec<_> =
        visible.split(' ').map(|word| if holds_jwt(word) { "[redacted]" } else { word }).collect();
    words.join(" ")
}

/// A JWT's header is a JSON object, and base64 of `{"` begins with `eyJ`; more than 16 characters follow.
fn holds_jwt(word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
    word.match_indices("eyJ").any(|(at, _)| word[at..].chars().take_while(|c| is_part(*c)).count() > 16)
}

fn visible(text: &str) -> String {
    let visible = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        // Bidirectional controls.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}'
        // Characters without width, except the joiners of scripts and emoji.
        | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' => None,
        c if c.is_control() => None,
        c => Some(c),
    });
    visible.take(LONGEST).collect::<String>().trim().to_owned()
}

/// Whether it has a visible character.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
    };
    !text.chars().all(unseen)
}

#[must_use]
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

/// Unicode's default-ignorable characters, the direction marks among them, and the interlinear marks.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_a_message_is_taken_out() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJtb2RlIjoidGVzdCJ9.c2ln";
        assert_eq!(clean(&format!("No session for {token} here")), "No session for [redacted] here");
        assert_eq!(clean(&format!("token=\"{token}\"")), "[redacted]");
        for unseen in ['\u{0}', '\u{202e}', '\u{200b}', '\u{feff}'] {
            let hidden: String = token.chars().flat_map(|c| [c, unseen]).collect();
            assert_eq!(clean(&hidden), "[redacted]", "{unseen:?}");
        }
        assert_eq!(clean("eyJ is how a JWT begins"), "eyJ is how a JWT begins");
    }

    #[test]
    fn a_name_of_blanks_alone_is_not_visible() {
        for blank in ["", " ", "\u{a0}\u{3000}", "\u{200d}\u{200c}", "\u{2800}", "\u{3164}\u{fe0f}"] {
            assert!(!is_visible(blank), "{blank:?}");
        }
        for seen in ["a", " å ", "👩\u{200d}🚀", "."] {
            assert!(is_visible(seen), "{seen:?}");
        }
    }

    #[test]
    fn deceptive_characters_are_removed_from_text() {
        assert_eq!(clean("Mira\u{202e}dnulÖ\u{2069}\u{0}\u{1b}[31m"), "MiradnulÖ[31m");
        assert_eq!(clean(" two\r\nlines\t"), "two  lines");
        assert_eq!(clean("田中 さくら 👩‍🚀 مرحبا"), "田中 さくら 👩‍🚀 مرحبا", "scripts and emoji stay");
        assert_eq!(clean(&"å".repeat(5000)).chars().count(), LONGEST);
    }
}
