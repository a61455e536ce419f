//! The answers of `foreign`, and what `list` and `status` say about foreign entries.

use accounts::base::foreign_entries::ForeignEntry;
use accounts::model::account::Listed;
use accounts::model::text::clean;
use accounts::ports::{EntryElsewhere, StoreStatus};
use accounts::recovery::foreign::ForeignError;
use accounts::{EntryName, Overview};

use crate::failure::Failure;

pub(crate) const LISTED_AGAIN: &str = "Listed again.";
const LEAVE: &str = "Leave it, or look at it with the keyring's own program.";

pub(crate) fn lines(overview: &Overview) -> String {
    let (left, listed): (Vec<_>, Vec<_>) = overview.foreign.iter().partition(|foreign| foreign.is_left);
    let mut lines: String = listed.iter().map(|foreign| line(foreign)).collect();
    lines.push_str(unseen(overview));
    if overview.store == StoreStatus::Ok && overview.foreign.is_empty() {
        lines.push_str("Every entry in the keyring belongs to this list of accounts.\n");
    }
    if !listed.is_empty() {
        lines.push_str(
            "These are not in this list of accounts. Another data folder or an earlier list may use them. \
             Choose with --take-over, --log-out or --leave ENTRY.\n",
        );
    }
    if !left.is_empty() {
        lines.push_str("Left as they are (--undo-leave ENTRY lists them again):\n");
        lines.extend(left.iter().map(|foreign| line(foreign)));
    }
    lines
}

/// Where the keyring could not be compared with the list.
pub(crate) fn unseen(overview: &Overview) -> &'static str {
    match overview.store {
        StoreStatus::Ok => "",
        _ => {
            "The keyring is not unlocked, or out of reach: there may be more in it. `userfront status` says how it \
             is; unlock or start it, then try again.\n"
        }
    }
}

pub(crate) fn taken_over(name: &str) -> String {
    format!("{name} is an account of this list now.")
}

pub(crate) fn left(entry: &EntryName) -> String {
    format!("Left as it is. To list it again: userfront foreign --undo-leave {entry}")
}

fn line(foreign: &ForeignEntry) -> String {
    let entry = clean(foreign.entry.as_str());
    match foreign.entry.meaning() {
        Some(Listed::OfAccount(id)) => format!(
            "User {} of tenant {} at {} ({} mode)\n  {entry}\n",
            id.user(),
            id.tenant(),
            id.host(),
            id.mode()
        ),
        Some(Listed::OfSuperseded { tenant, mode, host }) => {
            format!("An older session at tenant {tenant} at {host} ({mode} mode)\n  {entry}\n")
        }
        Some(Listed::OfRevocation { .. }) | None => {
            format!("An entry that does not say whose it is\n  {entry}\n")
        }
    }
}

/// For `list` and `status`; empty while there is none.
pub(crate) fn summary(overview: &Overview) -> String {
    let count = overview.foreign.iter().filter(|foreign| !foreign.is_left).count();
    let entries = match count {
        0 => String::new(),
        1 => "1 keyring entry is not in this list of accounts: `userfront foreign` lists it\n".to_owned(),
        _ => format!(
            "{count} keyring entries are not in this list of accounts: `userfront foreign` lists them\n"
        ),
    };
    entries + &elsewhere(&overview.elsewhere)
}

/// The entries under the services that this data folder had before.
pub(crate) fn elsewhere(entries: &[EntryElsewhere]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let line = |it: &EntryElsewhere| format!("  {} of {}\n", clean(it.entry.as_str()), it.service);
    let lines: String = entries.iter().map(line).collect();
    format!(
        "These keyring entries lie under a service that this data folder used before. Their sessions may be \
         alive:\n{lines}To log out of them, set USERFRONT_ACCOUNTS_SERVICE to that service and \
         USERFRONT_ACCOUNTS_HOME to an empty folder, then run `userfront foreign`.\n"
    )
}

impl From<ForeignError> for Failure {
    fn from(error: ForeignError) -> Self {
        match error {
            ForeignError::Store(error) => error.into(),
            ForeignError::Registry(error) => error.into(),
            ForeignError::LogOut(error) => error.into(),
            ForeignError::Unknown => Self::failed(
                "There is no such foreign entry in the keyring. `userfront foreign` lists those there are.",
            ),
            ForeignError::Unreadable => Self::failed("This entry cannot be read as a sign-in.").before(LEAVE),
            ForeignError::NotItsOwn => {
                Self::failed("This entry holds a token of another account than its name says.").before(LEAVE)
            }
            ForeignError::Mixed => Self::failed(
                "The entries of this account hold tokens that do not belong together. Log out of it with \
                 --log-out.",
            ),
            ForeignError::ApiUnknown { host } => {
                Self::usage(format!("The API URL of {host} is not known here. Give it with --api-url URL."))
            }
            ForeignError::OtherHost { host } => Self::usage(format!(
                "This entry belongs to {host}; its token is sent nowhere else. Give an --api-url there."
            )),
            ForeignError::DomainUnknown => Self::usage(
                "The domain of this live tenant is not known here. Give it with --domain DOMAIN: Userfront \
                 may not know the session without it.",
            ),
        }
    }
}
