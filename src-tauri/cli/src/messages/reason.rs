//! Saved reasons as sentences.

use accounts::model::reason::Reason;

use super::causes::{self, ended};

/// Why a session is pending, or an account is not logged out.
pub(crate) fn words(reason: &Reason) -> String {
    match reason {
        Reason::Server(failure) => return causes::call(failure),
        Reason::NotUserfront(failure) => {
            return format!("What answers there is not known to be Userfront. {}", causes::call(failure));
        }
        Reason::NotAsked(error) => return format!("The server was not asked. {}", causes::list(error)),
        Reason::Keyring(error) => return causes::store(error),
        Reason::List(error) => return causes::list(error),
        Reason::Unwritable { list, server } => {
            return format!("{} {}", causes::list(list), causes::call(server));
        }
        Reason::Text(text) => return ended(text),
        Reason::Newer(_) => "A newer version of this program wrote down why.",
        Reason::OtherMode => "The server answers for another mode than this session\u{2019}s.",
        Reason::WithoutDomain => {
            "The server does not know this session. It was asked without the tenant\u{2019}s domain, and of a \
             live session that says nothing."
        }
        Reason::AskedBefore => {
            "Userfront has not confirmed that the session is over. Try again to ask once more."
        }
        Reason::StillAccepted => "Userfront still accepts a token of this session.",
        Reason::Unreadable => "No token of this session can be read, so nothing can be asked about it.",
        Reason::NoAnswerYet => "The server has not answered yet.",
        Reason::Asking => "Userfront is being asked whether the session is over.",
        Reason::NewSession => "A refresh gave this account another session.",
        Reason::Found => "Its token was found in the keyring; no account listed it.",
        Reason::LoggedInAgain => "You logged in to this account again.",
        Reason::OlderSession => "You logged out of this older session.",
        Reason::LoggedOutBefore => "It was logged out before; its token was still in the keyring.",
        Reason::LogInCutOff => "The log-in was cut off, and is undone.",
        Reason::LogOutCutOff => "The log-out was cut off, and is finished now.",
        Reason::KeyringBack => "The account was forgotten, and its keyring is back.",
        Reason::NotLoggedIn => "This account is not logged in here.",
    }
    .to_owned()
}
