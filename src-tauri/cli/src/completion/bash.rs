//! bash. It splits words at `@`, `:` and `=`, which account names have, and inserts a candidate without
//! quotes. The library's own script handles neither.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap_complete::engine;
use clap_complete::env::EnvCompleter;

/// Holds the index of the word that is typed.
const INDEX: &str = "USERFRONT_COMPLETE_INDEX";

/// Joins the words again up to the cursor, and takes from each candidate what bash keeps: it replaces `$2`.
const SCRIPT: &str = r#"_userfront_complete() {
    local rest="${COMP_LINE:0:COMP_POINT}" words=() part line last=-1
    for part in "${COMP_WORDS[@]}"; do
        [[ -z "$rest" ]] && break
        if (( last < 0 )) || [[ "$rest" == [[:space:]]* ]]; then
            rest="${rest#"${rest%%[![:space:]]*}"}"
            (( ++last ))
            words[last]=""
        fi
        part="${rest:0:${#part}}"
        words[last]+="$part"
        rest="${rest:${#part}}"
    done
    local kept="${words[last]%"$2"}"
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("${line#"$kept"}")
    done < <(INDEX="$last" VARIABLE=bash COMPLETER -- "${words[@]}" 2>/dev/null)
}
complete -F _userfront_complete BIN"#;

pub(super) struct Bash;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        variable: &str,
        _: &str,
        bin: &str,
        completer: &str,
        script: &mut dyn Write,
    ) -> io::Result<()> {
        let filled = SCRIPT
            .replace("INDEX", INDEX)
            .replace("VARIABLE", variable)
            .replace("COMPLETER", completer)
            .replace("BIN", bin);
        writeln!(script, "{filled}")
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        answer: &mut dyn Write,
    ) -> io::Result<()> {
        let index = index().unwrap_or(words.len().saturating_sub(1));
        for candidate in engine::complete(command, words, index, folder)? {
            writeln!(answer, "{}", candidate.get_value().to_string_lossy())?;
        }
        Ok(())
    }
}

/// Whether bash asks, as its script says.
pub(super) fn asks() -> bool {
    index().is_some()
}

fn index() -> Option<usize> {
    std::env::var(INDEX).ok()?.parse().ok()
}

/// What bash is to insert for `name` where `typed` is there, quotes and all; `None` where it does not fit.
pub(super) fn insertion(name: &str, typed: &str) -> Option<String> {
    let within = |typed: &str, special: &[char]| {
        (name.starts_with(typed) && !name.contains(special)).then(|| name.to_owned())
    };
    if let Some(typed) = typed.strip_prefix('\'') {
        return within(typed, &['\'']);
    }
    if let Some(typed) = typed.strip_prefix('"') {
        return within(typed, &['"', '$', '`', '\\', '!']);
    }
    let is_plain = |c: char| c.is_alphanumeric() || "_-.,+/@%:=".contains(c);
    let quoted: String = name
        .chars()
        .flat_map(|c| (!is_plain(c)).then_some('\\').into_iter().chain(std::iter::once(c)))
        .collect();
    quoted.starts_with(typed).then_some(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_inserted_as_a_word_of_the_shell() {
        for (name, typed, inserted) in [
            ("a@b.c", "", Some("a@b.c")),
            ("a@b.c", "a@", Some("a@b.c")),
            ("a@b.c", "b", None),
            ("o'brien; x", "o", Some("o\\'brien\\;\\ x")),
            ("o'brien; x", "o\\'b", Some("o\\'brien\\;\\ x")),
            ("$(id) `x`", "", Some("\\$\\(id\\)\\ \\`x\\`")),
            ("~root", "", Some("\\~root")),
            ("two words", "'two", Some("two words")),
            ("o'brien", "'o", None),
            ("$x", "\"", None),
            ("Väinö", "V", Some("Väinö")),
        ] {
            assert_eq!(insertion(name, typed).as_deref(), inserted, "{name} after {typed}");
        }
    }
}
