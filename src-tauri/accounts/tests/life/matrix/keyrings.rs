//! The keyring's faults, and the outcome of a log-out with each of them.

use credential_store::effects::Fault;

use crate::matrix::servers::Word;

/// The keyring's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyring {
    Well,
    Locked,
    Hung,
    OutOfReach,
    DeleteFails,
    DeleteLies,
    DeleteHangs,
    DiesAfterReading,
    Doubled,
    Empty,
    OnlyRefresh,
}

pub(crate) const KEYRINGS: [Keyring; 11] = [
    Keyring::Well,
    Keyring::Locked,
    Keyring::Hung,
    Keyring::OutOfReach,
    Keyring::DeleteFails,
    Keyring::DeleteLies,
    Keyring::DeleteHangs,
    Keyring::DiesAfterReading,
    Keyring::Doubled,
    Keyring::Empty,
    Keyring::OnlyRefresh,
];

/// The expected outcome of a log-out in a cell, in short.
pub(super) fn expected(word: Word, keyring: Keyring) -> &'static str {
    let (dead, invalid, queued) = match keyring {
        Keyring::Locked | Keyring::Hung | Keyring::OutOfReach => return "still logged in",
        // The server is not called, because there is no token.
        Keyring::Empty => return "impossible",
        Keyring::Well | Keyring::Doubled | Keyring::OnlyRefresh => {
            ("revoked, deleted", "already invalid, deleted", "pending, deleted")
        }
        // The first write or delete after the answer fails.
        Keyring::DeleteFails | Keyring::DeleteLies | Keyring::DeleteHangs => {
            ("revoked, leftover", "already invalid, leftover", "pending, leftover")
        }
        // If the revocation cannot be queued, the log-out waits for the answer and does not claim success.
        Keyring::DiesAfterReading if word == Word::Late => return "revoked, leftover",
        Keyring::DiesAfterReading => ("revoked, leftover", "still logged in", "still logged in"),
    };
    match word {
        Word::Revoked => dead,
        Word::Invalid | Word::Over => invalid,
        Word::Late | Word::Refused | Word::None => queued,
    }
}

/// The effects of a log-out: 1 is the tombstone, 2 the call, and 3 the call with a second token, if any.
/// After a confirmed log-out come the registry (dead) and the deletion. Otherwise come the `revoke.` entry,
/// the row and the deletion.
pub(super) fn faults(word: Word, keyring: Keyring) -> Vec<(u64, Fault)> {
    let asked = 1 + word.calls();
    let is_confirmed = word == Word::Revoked;
    let first_deletion = if is_confirmed { asked + 2 } else { asked + 3 };
    match keyring {
        Keyring::DeleteFails => vec![(first_deletion, Fault::Fail)],
        Keyring::DeleteLies => vec![(first_deletion, Fault::Lie)],
        Keyring::DeleteHangs => vec![(first_deletion, Fault::HangAndHappen)],
        Keyring::DiesAfterReading if !is_confirmed => vec![(asked + 1, Fault::Hang)],
        Keyring::DiesAfterReading => vec![(first_deletion, Fault::Hang)],
        _ => Vec::new(),
    }
}
