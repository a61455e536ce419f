//! What can be asked for. No secret is among the arguments: other users can see those.

use clap::{Args, Parser, Subcommand};

/// The accounts of this machine: log in, log out, look, without a window.
///
/// ACCOUNT is an account's ID, its e-mail address or its user name. Exit codes: 0 done; 1 failed; 2 usage; 3 not logged in;
/// 4 keyring locked, hung, out of reach, or an entry still present; 5 logged out here, revocation pending.
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
    List,
    /// Says who is logged in, how the keyring is, and what is owed. Exits with 3 when nobody is logged in.
    Status,
    /// Logs in with a password, which is read from standard input.
    LogIn(LogIn),
    /// Logs out: ends the session at Userfront and deletes the tokens. Without ACCOUNT: the active one.
    LogOut(LogOut),
    /// Makes another account the active one.
    Switch {
        /// Which.
        account: String,
    },
    /// Prints the access token, and nothing else: the one place where a token leaves. Refreshes it first when it is about to
    /// expire. Whoever has it is you, until it expires.
    Token {
        /// Which; without it, the active one.
        account: Option<String>,
    },
    /// Gets new tokens.
    Refresh {
        /// Which; without it, the active one.
        account: Option<String>,
    },
    /// Lists sessions that are logged out here and not yet known to be dead at Userfront.
    Pending(Pending),
}

#[derive(Debug, Args)]
pub(crate) struct LogIn {
    /// The tenant's ID; without it, the one of `USERFRONT_TENANT`.
    #[arg(long, value_name = "ID")]
    pub(crate) tenant: Option<String>,
    /// E-mail address or user name.
    #[arg(long, value_name = "NAME")]
    pub(crate) user: String,
    /// Read the password from standard input, up to the end of the first line.
    #[arg(long, required = true)]
    pub(crate) password_stdin: bool,
    /// The API base; without it, the one of `USERFRONT_API_URL`, or Userfront's own.
    #[arg(long, value_name = "URL")]
    pub(crate) api_url: Option<String>,
    /// The tenant's domain, for live mode.
    #[arg(long)]
    pub(crate) domain: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LogOut {
    /// Which.
    #[arg(value_name = "ACCOUNT")]
    pub(crate) accounts: Vec<String>,
    /// Every account.
    #[arg(long, conflicts_with = "accounts")]
    pub(crate) all: bool,
    /// Log out of every account, then remove every keyring entry and every file of ours: for uninstalling. Close the app first.
    #[arg(long, conflicts_with = "accounts")]
    pub(crate) erase: bool,
    /// Erase also the tokens of sessions that are not known to be dead. Nothing on this machine can end those then.
    #[arg(long, requires = "erase")]
    pub(crate) discard_pending: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Pending {
    /// Try all of them again, now. Exits with 5 when some are left.
    #[arg(long, conflicts_with = "discard")]
    pub(crate) retry: bool,
    /// Delete the token of one of them: nothing here will end that session.
    #[arg(long, value_name = "ID")]
    pub(crate) discard: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
