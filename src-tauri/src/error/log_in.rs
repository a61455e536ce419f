//! A log-in that led nowhere: which field is marked, and what became of the session.

use accounts::base::rollback::Rollback;
use accounts::log_in::error::Interrupted;
use accounts::log_in::error::{LogInError, MAY_BE_ALIVE};
use accounts::model::link::LinkError;
use accounts::ports::not_stored::NotStored;
use accounts::ports::{FactorError, ModeError};

use super::{not_known, sentence};
use crate::dto::{ErrorCode, IpcError};

/// The login screen has no tenant: the window asked for a log-in before it had chosen one.
pub(crate) fn no_tenant() -> IpcError {
    IpcError::new(ErrorCode::TenantId, "Choose a tenant first.")
}

/// What was wrong, when the server calls what was typed wrong: decides which field is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Credentials,
    Code,
    Link,
    Email,
    Phone,
    NewUser,
    /// A reset: the link or the new password, and only the server knows which.
    Reset,
}

impl Wrong {
    /// What may be true when the answer was lost, if it is more than that somebody was not logged in.
    fn may_be_done(self) -> Option<&'static str> {
        match self {
            Self::NewUser => Some(
                "It is not known whether you are signed up: Userfront may know you already. Try to log in before you sign up again.",
            ),
            Self::Reset => Some(
                "It is not known whether the password was changed: the new one may count already. Try to log in with it before you have a new link sent.",
            ),
            _ => None,
        }
    }

    /// The server's own words, where they say more than we know.
    fn error(self, message: String) -> IpcError {
        let (code, said) = match self {
            Self::Credentials => (
                ErrorCode::Credentials,
                "The e-mail address, user name or password is wrong. Check them, then try again.",
            ),
            Self::Code => (
                ErrorCode::Code,
                "This code is wrong, has expired or was used already. Check it, or have a new one sent.",
            ),
            Self::Link => (
                ErrorCode::Link,
                "This link is wrong, has expired or was used already, or is for another tenant. Have a new one sent.",
            ),
            Self::Email => (
                ErrorCode::Email,
                "Nothing was sent: Userfront does not accept this e-mail address. Check it, then try again.",
            ),
            Self::Phone => (
                ErrorCode::Phone,
                "Nothing was sent: Userfront does not accept this phone number. Check it, with its country code, then try again.",
            ),
            Self::NewUser => {
                let message = format!(
                    "You were not signed up just now. Userfront says: {} Change that, then try again.",
                    sentence(&message)
                );
                return IpcError::new(ErrorCode::Failed, message);
            }
            Self::Reset => {
                let message = format!(
                    "The new password was not set just now. Userfront says: {} Choose another password, or go back and have a new link sent.",
                    sentence(&message)
                );
                return IpcError::new(ErrorCode::NewPassword, message);
            }
        };
        IpcError::new(code, said).with_detail(message)
    }
}

/// A factor that led nowhere.
pub(crate) fn of_factor(error: FactorError, wrong: Wrong) -> IpcError {
    match error {
        FactorError::Wrong { message } => wrong.error(message),
        FactorError::UnknownTenant { message } => ModeError::UnknownTenant { message }.into(),
        FactorError::PkceRequired => IpcError::new(
            ErrorCode::Failed,
            "This tenant asks for PKCE, which the app cannot do. Nobody was logged in. Ask the tenant's admin to allow log-in without it.",
        ),
        FactorError::Failed(failure) => match wrong.may_be_done() {
            Some(sentence) if failure.is_lost_answer() => not_known(failure, sentence),
            _ => failure.into(),
        },
    }
}

/// A log-in that led nowhere.
pub(crate) fn of_log_in(error: LogInError, wrong: Wrong) -> IpcError {
    match error {
        LogInError::Store(error) => error.into(),
        LogInError::Registry(error) => error.into(),
        LogInError::Factor(error) => of_factor(error, wrong),
        LogInError::AnswerLost { failure } => match wrong.may_be_done() {
            Some(sentence) => not_known(failure, sentence),
            None => failure.into(),
        }
        .before(MAY_BE_ALIVE)
        .telling_of_session(),
        LogInError::NotLoggedIn | LogInError::Interrupted(Interrupted::NoSession) => {
            IpcError::new(ErrorCode::Failed, error.to_string())
        }
        LogInError::Interrupted(_) => {
            IpcError::new(ErrorCode::Failed, error.to_string()).telling_of_session()
        }
        LogInError::Tokens { refused, rollback } => IpcError::new(
            ErrorCode::Failed,
            "The server sent tokens that this app cannot keep. Check the tenant and the API URL.",
        )
        .with_detail(refused.to_string())
        .of_rollback(&rollback),
        LogInError::OtherAccount { rollback } => IpcError::new(
            ErrorCode::Failed,
            "The server logged in another account than this one. What you were confirming may not be confirmed.",
        )
        .of_rollback(&rollback),
        LogInError::Foreign { account, rollback } => {
            let error = IpcError::new(
                ErrorCode::ForeignSignIn,
                "Your keyring holds a sign-in of this account that is not in this list, so you are not logged in. Use it here or log out of it, then log in again if you want to.",
            );
            IpcError { foreign_account: Some(account.to_string()), ..error }.of_rollback(&rollback)
        }
        LogInError::LoggedOutMeanwhile { rollback } => IpcError::new(
            ErrorCode::Failed,
            "This account was logged out while you were logging in. Log in again if you want to.",
        )
        .of_rollback(&rollback),
        LogInError::NotStored { cause, rollback } => match cause {
            NotStored::Store(error) => IpcError::from(error),
            NotStored::Registry(error) => IpcError::from(error),
        }
        .after("You are not logged in.")
        .of_rollback(&rollback),
    }
}

/// A link that cannot be read.
pub(crate) fn of_link(error: LinkError) -> IpcError {
    IpcError::new(ErrorCode::Link, error.to_string())
}

/// A link of another tenant than the one that it would be used with.
pub(crate) fn link_of_other_tenant() -> IpcError {
    IpcError::new(
        ErrorCode::Link,
        "This link is for another tenant than the one you are logging in to. Nothing was sent. Choose its tenant first.",
    )
}

/// The link that the user has answered for does not wait any more.
pub(crate) fn link_gone() -> IpcError {
    IpcError::new(
        ErrorCode::Failed,
        "This link does not wait for an answer any more: it was used or ignored, or another one has come since. Nothing was sent. Open it once more if you want to use it.",
    )
}

/// Nobody knows for which tenant a link is.
pub(crate) fn link_without_tenant() -> IpcError {
    IpcError::new(
        ErrorCode::Link,
        "A link has come, and it is not clear for which tenant. Nothing was sent. Choose the tenant, then paste the link.",
    )
}

/// The window asked for what does not belong to the step that it shows: that has changed meanwhile.
pub(crate) fn other_step() -> IpcError {
    IpcError::new(
        ErrorCode::Failed,
        "The log-in is at another step by now. Look at it, then go on from there.",
    )
}

/// A custom provider without its ID.
pub(crate) fn no_provider_id() -> IpcError {
    IpcError::new(ErrorCode::Failed, "Which provider? Ask the tenant's admin for its ID, then type it here.")
}

/// A new password that does not follow the rule.
pub(crate) fn weak_password() -> IpcError {
    IpcError::new(
        ErrorCode::NewPassword,
        "A password has at least 16 characters, or at least 8 with a letter and a number. Choose another one.",
    )
}

impl IpcError {
    /// With what became of the session of a log-in that is not kept.
    fn of_rollback(self, rollback: &Rollback) -> Self {
        let said = self.before(&rollback_sentence(rollback));
        if *rollback == Rollback::Ended { said } else { said.telling_of_session() }
    }

    fn telling_of_session(self) -> Self {
        Self { tells_of_session: true, ..self }
    }
}

fn rollback_sentence(rollback: &Rollback) -> String {
    match rollback {
        Rollback::Ended | Rollback::Pending => rollback.to_string(),
        Rollback::Alive { .. } => {
            "The new session could not be ended, and stays alive at Userfront until it expires by itself."
                .to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use accounts::ports::CallFailure;

    use super::*;

    #[test]
    fn after_a_lost_answer_nothing_is_claimed_that_is_not_known() {
        let said = |failure, wrong| of_factor(FactorError::Failed(failure), wrong).message;
        let lost = || CallFailure::BrokeOff { detail: "reset".to_owned() };
        for (wrong, words) in [
            (Wrong::NewUser, "whether you are signed up"),
            (Wrong::Reset, "whether the password was changed"),
        ] {
            let message = said(lost(), wrong);
            assert!(message.contains(words) && message.contains("broke off"), "{message}");
            let message = said(CallFailure::Unreachable { detail: "refused".to_owned() }, wrong);
            assert!(!message.contains("not known"), "{message}");
            let refused = of_factor(FactorError::Wrong { message: "No".to_owned() }, wrong).message;
            assert!(refused.contains("just now. Userfront says: No."), "{refused}");
        }
        assert!(!said(lost(), Wrong::Code).contains("not known"));
    }
}
