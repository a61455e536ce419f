//! The command line. No secret is among the arguments: other users can see those.

use accounts::model::factor::{Channel, Provider};
use accounts::model::pasted;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use crate::completion::{self, Shell};
use crate::{auth_methods, messages};

/// The accounts of this machine: log in, log out, look, without a window.
///
/// ACCOUNT is an account's ID, its e-mail address or its user name. Exit codes: 0 done; 1 failed; 2 usage; 3
/// not logged in; 4 keyring locked, hung, out of reach, or an entry still present; 5 logged out here,
/// revocation pending.
#[derive(Debug, Parser)]
#[command(name = "userfront", version)]
pub(crate) struct Arguments {
    /// Print JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the accounts.
    List(List),
    /// Shows the active account, the keyring and the pending revocations. Exits with 3 when no account is
    /// active.
    Status,
    /// Logs in by one of the tenant's auth methods. Without a method: asks for one, and for the password,
    /// on a terminal.
    ///
    /// Answers come from standard input, a line each: the user when --user is not given, then the
    /// password, code or link, then what the second factor needs. Prompts go to standard error. In test mode
    /// nothing is sent: what would have been is printed there.
    LogIn(LogIn),
    /// Logs out: ends the session at Userfront and deletes the tokens. Without ACCOUNT: the active one. A
    /// name that means no account, or more than one, stops it before anything is done.
    LogOut(LogOut),
    /// Makes another account the active one. Without ACCOUNT: a list to pick it from, on a terminal.
    Switch {
        /// Which.
        #[arg(value_parser = named, add = ArgValueCompleter::new(completion::accounts))]
        account: Option<String>,
    },
    /// Prints the access token, and nothing else: this and the window's copy are the only places where a
    /// token leaves. Refreshes it first when it is about to expire. Whoever has it is you, until it expires.
    Token {
        /// Which; without it, the active one.
        #[arg(value_parser = named, add = ArgValueCompleter::new(completion::accounts))]
        account: Option<String>,
    },
    /// Gets new tokens.
    Refresh {
        /// Which; without it, the active one.
        #[arg(value_parser = named, add = ArgValueCompleter::new(completion::accounts))]
        account: Option<String>,
    },
    /// Prints what is now, and then a line for each change, until it is ended: an account is logged in or
    /// out, or has another health, or is the active one; a revocation is pending, or not any more; the
    /// keyring is locked or unlocked. It only looks.
    Watch,
    /// Lists sessions that are logged out here and not yet known to be dead at Userfront.
    Pending(Pending),
    /// Lists sign-ins in the keyring that are not in this list of accounts, and does with one of them what
    /// you choose.
    ///
    /// Another data folder, another computer or an earlier list may use them, so nothing happens to them by
    /// itself. ENTRY is the name of an entry, as listed; both entries of its account go together.
    Foreign(Foreign),
    /// Prints what makes a shell complete commands, options and account names at Tab. For bash, in ~/.bashrc:
    /// source <(userfront completions bash). For zsh, in ~/.zshrc after compinit: source <(userfront
    /// completions zsh). For fish: userfront completions fish > ~/.config/fish/completions/userfront.fish.
    Completions {
        /// Which.
        shell: Shell,
    },
    /// Prints the man page: userfront man | man -l -
    Man {
        /// That of a command.
        command: Option<String>,
    },
}

impl Command {
    /// Whether it finishes nothing and retries nothing, unlike every other run.
    pub(crate) fn only_looks(&self) -> bool {
        matches!(self, Self::Watch)
    }
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only accounts in which every word occurs: in the name, e-mail address, user name or tenant, or at the
    /// beginning of a word of a role, the mode or the health.
    #[arg(long, value_name = "WORDS", num_args = 1.., value_parser = named)]
    pub(crate) filter: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LogIn {
    /// The tenant's ID; without it, the one of `USERFRONT_TENANT`.
    #[arg(long, value_name = "ID", value_parser = named, add = ArgValueCompleter::new(completion::tenants))]
    pub(crate) tenant: Option<String>,
    /// E-mail address or user name; for --code sms the phone number. Without it: asked for.
    #[arg(long, value_name = "NAME", value_parser = named)]
    pub(crate) user: Option<String>,
    #[command(flatten)]
    pub(crate) method: AuthMethod,
    /// The ID of the tenant's own provider, with --browser custom.
    // clap drops `requires` once another member of the group is given.
    #[arg(long, value_name = "ID", value_parser = named, requires = "browser")]
    #[arg(conflicts_with_all = ["password_stdin", "code", "link", "totp"])]
    pub(crate) provider_id: Option<String>,
    /// The API base; without it, the one of `USERFRONT_API_URL`, or Userfront's own.
    #[arg(long, value_name = "URL", value_parser = named)]
    pub(crate) api_url: Option<String>,
    /// The tenant's domain, for live mode.
    #[arg(long, value_parser = named)]
    pub(crate) domain: Option<String>,
    /// Replace a sign-in of this account in the keyring that is not in this list, and end its session.
    #[arg(long)]
    pub(crate) replace: bool,
}

/// At most one of them.
#[derive(Debug, Args)]
#[group(id = "method", multiple = false)]
pub(crate) struct AuthMethod {
    /// With a password, which is the first line of standard input.
    #[arg(long, requires = "user")]
    pub(crate) password_stdin: bool,
    /// With a code, sent by `email` or `sms` and then asked for.
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) code: Option<CodeBy>,
    /// With a link, sent by e-mail; then it is to be pasted as a whole.
    #[arg(long)]
    pub(crate) link: bool,
    /// With a code of an authenticator app, or a backup code.
    #[arg(long)]
    pub(crate) totp: bool,
    /// With single sign-on in the browser: apple, azure, facebook, github, google, linkedin, okta, twitter or
    /// custom.
    #[arg(long, value_name = "PROVIDER", value_parser = auth_methods::provider, conflicts_with = "user")]
    pub(crate) browser: Option<Provider>,
}

/// How a code is sent.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum CodeBy {
    /// By e-mail.
    Email,
    /// By SMS.
    Sms,
}

impl From<CodeBy> for Channel {
    fn from(by: CodeBy) -> Self {
        match by {
            CodeBy::Email => Self::Email,
            CodeBy::Sms => Self::Sms,
        }
    }
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one a flag")]
pub(crate) struct LogOut {
    /// Which.
    #[arg(value_name = "ACCOUNT", value_parser = named, add = ArgValueCompleter::new(completion::accounts))]
    pub(crate) accounts: Vec<String>,
    /// Every account of this tenant, in both modes. Where tenants of several APIs have this ID, nobody is
    /// logged out: name the accounts by their IDs.
    #[arg(long, value_name = "ID", value_parser = named, conflicts_with_all = ["accounts", "all", "erase"])]
    #[arg(add = ArgValueCompleter::new(completion::tenants))]
    pub(crate) tenant: Option<String>,
    /// Every account.
    #[arg(long, conflicts_with = "accounts")]
    pub(crate) all: bool,
    /// Log out of every account, then remove every keyring entry of this list and every file of ours: for
    /// uninstalling. Entries that are not in this list stay, and are named. Close the app first.
    #[arg(long, conflicts_with = "accounts")]
    pub(crate) erase: bool,
    /// Erase also the tokens of sessions that are not known to be dead. Nothing on this machine can end those
    /// then.
    #[arg(long, requires = "erase")]
    pub(crate) discard_pending: bool,
    /// Log out of the sign-ins that are not in this list, too.
    #[arg(long, requires = "erase")]
    pub(crate) foreign: bool,
}

impl LogOut {
    /// Whether it names accounts or a tenant.
    pub(crate) fn names_some(&self) -> bool {
        self.tenant.is_some() || !self.accounts.is_empty()
    }
}

#[derive(Debug, Args)]
pub(crate) struct Pending {
    /// Try all of them again, now. Exits with 5 when some are left.
    #[arg(long, conflicts_with = "discard")]
    pub(crate) retry: bool,
    /// Delete the token of one of them: nothing here will end that session.
    #[arg(long, value_name = "ID", value_parser = named, add = ArgValueCompleter::new(completion::pending))]
    pub(crate) discard: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Foreign {
    #[command(flatten)]
    pub(crate) choice: ForeignChoice,
    /// The API base of its tenant, where no account here tells it. It must be at the host in the entry's
    /// name.
    #[arg(long, value_name = "URL", value_parser = named)]
    pub(crate) api_url: Option<String>,
    /// The tenant's domain, for live mode.
    #[arg(long, value_parser = named)]
    pub(crate) domain: Option<String>,
}

/// At most one of them.
#[derive(Debug, Args)]
#[group(id = "choice", multiple = false)]
pub(crate) struct ForeignChoice {
    /// Make it an account of this list. If another copy of this app uses it, both use one session from then
    /// on, and a log-out in either ends it for both.
    #[arg(long, value_name = "ENTRY", value_parser = named)]
    pub(crate) take_over: Option<String>,
    /// End its session and delete its tokens.
    #[arg(long, value_name = "ENTRY", value_parser = named)]
    pub(crate) log_out: Option<String>,
    /// Leave it as it is, and do not list it any more.
    #[arg(long, value_name = "ENTRY", value_parser = named)]
    pub(crate) leave: Option<String>,
    /// List it again.
    #[arg(long, value_name = "ENTRY", value_parser = named)]
    pub(crate) undo_leave: Option<String>,
}

/// Reads a name as it is pasted. An empty one, as of a variable that is not set, is refused.
fn named(text: &str) -> Result<String, &'static str> {
    match pasted::name(text) {
        "" => Err(messages::log_in::EMPTY_ARGUMENT),
        name => Ok(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn one_auth_method_at_most_and_no_argument_for_a_secret() {
        let parsed = |rest: &str| {
            let all =
                ["userfront", "log-in", "--tenant", "demo1234"].into_iter().chain(rest.split_whitespace());
            Arguments::try_parse_from(all).map_err(|error| error.kind())
        };
        for good in ["", "--user a", "--user a --password-stdin", "--code sms", "--link", "--totp"] {
            assert!(parsed(good).is_ok(), "{good}");
        }
        assert!(parsed("--browser okta").is_ok() && parsed("--browser custom --provider-id x").is_ok());
        for bad in [
            "--password-stdin",
            "--link --totp",
            "--user a --password-stdin --code email",
            "--code letter",
            "--browser myspace",
            "--browser okta --user a",
            "--link --provider-id x",
            "--password secret",
            "--code 123456",
            "--link https://x",
        ] {
            assert!(parsed(bad).is_err(), "{bad}");
        }
    }
}
