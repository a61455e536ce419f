//! Which account is meant.

use accounts::AccountId;
use accounts::registry::{Account, Phase, Registry};

/// Why no account, or more than one, is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoChoice {
    /// There is none of this name, or none is active.
    None(String),
    /// There are several: their IDs.
    Ambiguous(String, Vec<AccountId>),
}

impl std::fmt::Display for NoChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None(name) if name.is_empty() => f.write_str("Nobody is logged in."),
            Self::None(name) => {
                write!(f, "There is no account {name} here. `userfront list` shows those there are.")
            }
            Self::Ambiguous(name, candidates) => {
                write!(f, "{name} may be any of these; give the ID:")?;
                candidates.iter().try_for_each(|id| write!(f, "\n  {id}"))
            }
        }
    }
}

/// The account that `name` means: by ID, e-mail address (in any letter case) or user name. Without a name: the active one.
pub(crate) fn choose(registry: &Registry, name: Option<&str>) -> Result<AccountId, NoChoice> {
    let Some(name) = name else {
        let active = registry.active.clone();
        return active.ok_or_else(|| NoChoice::None(String::new()));
    };
    let shown = registry.accounts.iter().filter(|account| account.phase != Phase::Forgotten);
    let mut found: Vec<_> =
        shown.filter(|account| is_called(account, name)).map(|it| it.id.clone()).collect();
    match found.len() {
        0 => Err(NoChoice::None(name.to_owned())),
        1 => Ok(found.remove(0)),
        _ => Err(NoChoice::Ambiguous(name.to_owned(), found)),
    }
}

fn is_called(account: &Account, name: &str) -> bool {
    let profile = &account.profile;
    let is_email = profile.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(name));
    account.id.to_string() == name || is_email || profile.username.as_deref() == Some(name)
}
