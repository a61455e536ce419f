//! Text that somebody else wrote, made fit to be shown.

/// The longest text from a server that is kept, in characters.
const LONGEST: usize = 4096;

/// Without control characters (a line break becomes a space) and without the bidirectional overrides and isolates that
/// make text look like other text; trimmed, and cut at 4,096 characters.
#[must_use]
pub fn clean(text: &str) -> String {
    let visible = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        // Overrides and embeddings, isolates, and the marks that steer them.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' => None,
        c if c.is_control() => None,
        c => Some(c),
    });
    visible.take(LONGEST).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_deceive_the_eye_is_taken_out() {
        assert_eq!(clean("Mira\u{202e}dnulÖ\u{2069}\u{0}\u{1b}[31m"), "MiradnulÖ[31m");
        assert_eq!(clean(" two\r\nlines\t"), "two  lines");
        assert_eq!(clean("田中 さくら 👩‍🚀 مرحبا"), "田中 さくら 👩‍🚀 مرحبا", "scripts and emoji stay");
        assert_eq!(clean(&"å".repeat(5000)).chars().count(), LONGEST);
    }
}
