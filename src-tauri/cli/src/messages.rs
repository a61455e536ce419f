//! Every sentence that a command prints, made from typed values. Help texts are in `arguments`.

pub(crate) mod accounts;
pub(crate) mod causes;
pub(crate) mod errors;
pub(crate) mod foreign;
mod keyring_and_server;
pub(crate) mod log_in;
pub(crate) mod log_out;
pub(crate) mod prompts;
pub(crate) mod reason;
mod session;
pub(crate) mod status;
mod table;
pub(crate) mod watch;

use std::io;

use crate::failure::Failure;

pub(crate) const INTERRUPTED: &str =
    "Interrupted before it was done. `userfront status` shows how it is now.";

pub(crate) fn answer_unwritten(error: &io::Error) -> Failure {
    Failure::failed(format!("The answer could not be written to standard output: {error}."))
}

pub(crate) fn no_log(error: &dyn std::error::Error) -> String {
    format!("no log is written: {error}")
}

pub(crate) fn no_text(error: &io::Error) -> Failure {
    Failure::failed(format!("The text could not be made: {error}."))
}

pub(crate) fn no_such_page(command: &str) -> Failure {
    Failure::usage(format!("There is no command {command}. `userfront --help` lists those there are."))
}

pub(crate) fn no_runtime(error: &io::Error) -> Failure {
    Failure::failed(format!("The program could not be started: {error}."))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Usual names of an error of the domain.
    const NAMES: [&str; 10] = [
        "error",
        "failure",
        "refused",
        "refusal",
        "malformed",
        "rollback",
        "cause",
        "left",
        "problem",
        "unwritten",
    ];

    /// The functions that print an error by its `Display`, as far as its name tells. An error of the system
    /// may be printed so, as in `error: &io::Error`.
    fn print_an_error(text: &str) -> Vec<&str> {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
        let prints = |function: &&str| {
            let is_printed = |name: &str| {
                function.contains(&format!("{{{name}}}")) || function.contains(&format!("{name}.to_string()"))
            };
            let of_system = ["io::Error", "dyn std::error::Error", "NoArrival::Closed"];
            let is_of_system = of_system.iter().any(|error| function.contains(error));
            NAMES.into_iter().any(is_printed) && !is_of_system || function.contains("ToString::to_string")
        };
        code.split("fn ").filter(prints).map(|function| function.lines().next().unwrap_or(function)).collect()
    }

    fn in_folder(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                in_folder(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                let functions = print_an_error(&text).into_iter();
                found.extend(functions.map(|function| format!("{}: {function}", path.display())));
            }
        }
    }

    #[test]
    fn no_display_of_a_domain_error_is_printed() {
        for sample in [
            "fn said(error: RegistryError) {\nformat!(\"No: {error}\") }",
            "fn said(failure: &CallFailure) {\nfailure.to_string() }",
            "fn said(overview: &Overview) {\noverview.registry_problem.as_ref().map(ToString::to_string) }",
        ] {
            assert_eq!(print_an_error(sample).len(), 1, "{sample}");
        }
        let mut found = Vec::new();
        in_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert_eq!(found, Vec::<String>::new());
    }
}
