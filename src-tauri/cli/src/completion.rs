//! What the shell offers at Tab. The shell asks this program, which reads the account list and nothing else:
//! no keyring, no server, no log, and no change on disk.

mod bash;

use std::ffi::OsStr;

use accounts::AccountId;
use accounts::model::registry::{Account, Phase, Registry};
use accounts::storage::environment::Environment;
use accounts::storage::registry_file::DOCUMENT;
use clap::{Command, ValueEnum};
use clap_complete::CompleteEnv;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{EnvCompleter, Fish, Shells, Zsh};

use crate::account_argument::choose;
use crate::failure::Failure;
use crate::messages;
use bash::Bash;

/// Names the shell that asks.
const VARIABLE: &str = "USERFRONT_COMPLETE";
const PROGRAM: &str = "userfront";

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl Shell {
    fn completer(self) -> &'static dyn EnvCompleter {
        match self {
            Self::Bash => &Bash,
            Self::Zsh => &Zsh,
            Self::Fish => &Fish,
        }
    }
}

/// The script that a shell reads at its start.
///
/// # Errors
/// When the library cannot make it.
pub(crate) fn script(shell: Shell) -> Result<String, Failure> {
    let mut script = Vec::new();
    let made = shell.completer().write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script);
    made.map_err(|error| messages::no_text(&error))?;
    Ok(String::from_utf8_lossy(&script).into_owned())
}

/// Answers a shell that asks. Returns whether one has.
pub(crate) fn answer(command: impl Fn() -> Command) -> bool {
    let shells: [&dyn EnvCompleter; 3] = [&Bash, &Zsh, &Fish];
    let completions = CompleteEnv::with_factory(command).var(VARIABLE).shells(Shells(&shells));
    // A sentence would land in the middle of the line that is typed.
    completions.try_complete(std::env::args_os(), None).unwrap_or(true)
}

/// A name for each account that means it alone, with the account's details.
pub(crate) fn accounts(typed: &OsStr) -> Vec<CompletionCandidate> {
    let registry = registry();
    let listed = registry.accounts.iter().filter(|account| account.phase != Phase::Abandoned);
    let candidate =
        |account: &Account| Some((name(account, &registry)?, messages::accounts::details(account)));
    for_shell(typed, listed.filter_map(candidate))
}

/// The tenants of the accounts.
pub(crate) fn tenants(typed: &OsStr) -> Vec<CompletionCandidate> {
    let registry = registry();
    let mut tenants: Vec<_> =
        registry.accounts.iter().map(|account| account.id.tenant().to_string()).collect();
    tenants.sort();
    tenants.dedup();
    tenants.retain(|tenant| !is_option(tenant));
    for_shell(typed, tenants.into_iter().map(|tenant| (tenant, String::new())))
}

/// The pending revocations.
pub(crate) fn pending(typed: &OsStr) -> Vec<CompletionCandidate> {
    let rows = registry().pending.into_iter().filter(|row| !row.is_dead);
    for_shell(typed, rows.map(|row| (row.entry.as_str().to_owned(), row.account_name)))
}

/// What means this account alone: its e-mail address, its user name, or else its ID. A server chooses the
/// first two, and one that begins with a hyphen would be an option.
fn name(account: &Account, registry: &Registry) -> Option<String> {
    let means_it = |name: &String| {
        !is_option(name) && choose(registry, Some(name)).is_ok_and(|id: AccountId| id == account.id)
    };
    let profile = &account.profile;
    let known = [profile.email.clone(), profile.username.clone(), Some(account.id.to_string())];
    known.into_iter().flatten().find(means_it)
}

fn is_option(word: &str) -> bool {
    word.starts_with('-')
}

/// bash inserts a candidate as it is. The other shells quote it, and choose among all by themselves.
fn for_shell(typed: &OsStr, names: impl Iterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let is_bash = bash::asks();
    let candidate = |(name, details): (String, String)| {
        let text = if is_bash { bash::insertion(&name, &typed)? } else { name };
        let details = Some(details).filter(|details| !details.is_empty());
        Some(CompletionCandidate::new(text).help(details.map(Into::into)))
    };
    names.filter_map(candidate).collect()
}

/// Empty where there is none to read.
fn registry() -> Registry {
    let read = || {
        let home = Environment::read(|name| std::env::var_os(name)).ok()?.home;
        serde_json::from_slice(&std::fs::read(home.join(DOCUMENT)).ok()?).ok()
    };
    read().unwrap_or_default()
}
