//! Which account is meant.

use accounts::AccountId;
use accounts::model::registry::{Account, Phase, Registry};

use crate::columns::candidates;

/// Why no account, or more than one, is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoChoice {
    /// There is no account at all.
    Nobody,
    /// None is active: those that are logged in, a line each.
    NoneActive(String),
    /// There is none of this name.
    Unknown(String),
    /// There are several of this name, a line each.
    Ambiguous(String, String),
}

impl std::fmt::Display for NoChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nobody => f.write_str("Nobody is logged in."),
            Self::NoneActive(others) => write!(
                f,
                "No account is active. `userfront switch` makes one active. Logged in are:\n{others}"
            ),
            Self::Unknown(name) => {
                write!(f, "There is no account {name} here. `userfront list` shows those there are.")
            }
            Self::Ambiguous(name, candidates) => {
                write!(f, "{name} may be any of these; give the ID, in the last column:\n{candidates}")
            }
        }
    }
}

/// The account that `name` means: by ID, e-mail address (in any letter case) or user name. Without a name: the active one.
pub(crate) fn choose(registry: &Registry, name: Option<&str>) -> Result<AccountId, NoChoice> {
    let Some(name) = name else {
        return registry.active.clone().ok_or_else(|| none_active(registry));
    };
    let shown = registry.accounts.iter().filter(|account| account.phase != Phase::Abandoned);
    let found: Vec<_> = shown.filter(|account| is_called(account, name)).collect();
    match found.as_slice() {
        [] => Err(NoChoice::Unknown(name.to_owned())),
        [one] => Ok(one.id.clone()),
        several => Err(NoChoice::Ambiguous(name.to_owned(), candidates(several.iter().copied()))),
    }
}

/// Why no account is shown as the one that is logged in.
pub(crate) fn none_active(registry: &Registry) -> NoChoice {
    let mut logged_in = registry.accounts.iter().filter(|account| account.phase == Phase::Active).peekable();
    if logged_in.peek().is_none() { NoChoice::Nobody } else { NoChoice::NoneActive(candidates(logged_in)) }
}

fn is_called(account: &Account, name: &str) -> bool {
    let profile = &account.profile;
    let is_email = profile.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(name));
    account.id.to_string() == name || is_email || profile.username.as_deref() == Some(name)
}
