//! Prints help, the version or a usage error.

use std::ffi::OsStr;

use clap::Error;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, Output, prompt};

/// With `--json` among the arguments a usage error is an object, too.
pub(crate) fn print(error: &Error) -> Exit {
    let text = error.render().to_string();
    let output = Output { json: is_for_programs(std::env::args_os()) };
    if !error.use_stderr() {
        let written = output::print(text.trim_end());
        return written.map_or_else(|failure| output.error(&failure), |()| Exit::Done);
    }
    if output.json {
        return output.error(&Failure::usage(sentence(&text)));
    }
    prompt(format_args!("{text}"));
    Exit::Usage
}

/// Whether `--json` is among them. Arguments after `--` are names.
fn is_for_programs<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> bool {
    let mut options = arguments.into_iter().take_while(|argument| argument.as_ref() != "--");
    options.any(|argument| argument.as_ref() == "--json")
}

/// The library's first paragraph, in one line. Usage and help come after it, and are for people.
fn sentence(text: &str) -> String {
    let first = text.split("\n\n").next().unwrap_or(text);
    let words: Vec<_> = first.trim_start_matches("error: ").split_whitespace().collect();
    format!("{}.", words.join(" "))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use crate::arguments::Arguments;

    use super::*;

    #[test]
    fn json_counts_before_a_double_dash_alone() {
        for (arguments, is_json) in [
            (&["userfront", "--json", "list"][..], true),
            (&["userfront", "log-out", "x", "--json"], true),
            (&["userfront", "log-out", "--", "--json"], false),
            (&["userfront", "list"], false),
        ] {
            assert_eq!(is_for_programs(arguments), is_json, "{arguments:?}");
        }
    }

    #[test]
    fn a_usage_error_is_one_sentence() {
        for (arguments, words) in [
            ("list --nope", "unexpected argument '--nope' found."),
            ("log-out --all x", "the argument '--all' cannot be used with '[ACCOUNT]...'."),
            ("log-out --foreign", "the following required arguments were not provided: --erase."),
        ] {
            let all = ["userfront"].into_iter().chain(arguments.split_whitespace());
            let error = Arguments::try_parse_from(all).unwrap_err();
            assert_eq!(sentence(&error.render().to_string()), words);
        }
    }
}
