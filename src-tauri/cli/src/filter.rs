//! Which accounts are meant by a few words.

use accounts::model::registry::Account;
use accounts::{Health, Timestamp};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::messages::accounts::health;

/// Words that must all occur, in any order. Case and accents do not count.
#[derive(Debug, Default)]
pub(crate) struct Filter(Vec<String>);

impl Filter {
    pub(crate) fn new(words: &str) -> Self {
        Self(folded(words).split_whitespace().map(str::to_owned).collect())
    }

    /// Looks anywhere in name, e-mail address, user name and tenant; in roles, mode and the words for the
    /// health at the beginnings of words, for "ok" is not a "token".
    pub(crate) fn matches(&self, account: &Account, now: Timestamp) -> bool {
        let profile = &account.profile;
        let known = [&profile.email, &profile.username, &profile.tenant_name].into_iter().flatten();
        let names = [account.name(), account.tenant.id.as_str()];
        let names: Vec<_> = names.into_iter().chain(known.map(String::as_str)).map(folded).collect();
        let roles = profile.roles.iter().flat_map(|of_tenant| &of_tenant.roles).map(String::as_str);
        let mode = account.id.mode().to_string();
        let states = [mode.as_str(), health(Health::of(account, now))];
        let states: Vec<_> = states.into_iter().chain(roles).map(folded).collect();
        let occurs = |word: &String| {
            names.iter().any(|name| name.contains(word)) || states.iter().any(|state| begins(state, word))
        };
        self.0.iter().all(occurs)
    }
}

/// Whether a word of the text begins so.
fn begins(text: &str, word: &str) -> bool {
    let is_beginning = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| is_beginning(at))
}

fn folded(text: &str) -> String {
    text.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_are_folded() {
        for (text, plain) in [
            ("Väinö", "vaino"),
            ("Va\u{308}ino\u{308}", "vaino"),
            ("ÉCOLE", "ecole"),
            ("Łódź", "łodz"),
            ("İzmir", "izmir"),
            ("名倉", "名倉"),
        ] {
            assert_eq!(folded(text), plain);
        }
    }

    #[test]
    fn a_word_is_found_where_one_begins() {
        for (text, word, is_found) in [
            ("ok", "ok", true),
            ("access token expired", "ok", false),
            ("access token expired", "tok", true),
            ("access token expired", "access", true),
            ("sign-in missing from the keyring", "in", true),
            ("sign-in missing from the keyring", "sign-in", true),
            ("sign-in missing from the keyring", "ring", false),
            ("banana ana", "ana", true),
            ("éditeur", "diteur", false),
        ] {
            assert_eq!(begins(text, word), is_found, "{word} in {text}");
        }
    }
}
