//! A failed log-in: which field is marked, and the state of the session.

use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::{Interrupted, LogInError};
use accounts::ports::not_stored::NotStored;
use accounts::ports::{CallFailure, FactorError, ModeError};

use crate::dto::{ErrorCause, ErrorContext, IpcError};

/// The input that the server refused: decides which field is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Credentials,
    Code,
    Link,
    Email,
    Phone,
    NewUser,
    /// A reset: the link or the new password; only the server knows which.
    Reset,
}

impl Wrong {
    /// The possible effect of a call whose answer was lost.
    fn may_be_done(self) -> Option<ErrorContext> {
        match self {
            Self::NewUser => Some(ErrorContext::SignUpNotKnown),
            Self::Reset => Some(ErrorContext::ResetNotKnown),
            _ => None,
        }
    }

    /// The server's message is shown where it says more than ours; else it is a detail.
    fn error(self, message: Option<String>) -> IpcError {
        let cause = match self {
            Self::Credentials => ErrorCause::WrongCredentials,
            Self::Code => ErrorCause::WrongCode,
            Self::Link => ErrorCause::WrongLink,
            Self::Email => ErrorCause::WrongEmail,
            Self::Phone => ErrorCause::WrongPhone,
            Self::NewUser => return ErrorCause::SignUpRefused { message }.into(),
            Self::Reset => return ErrorCause::ResetRefused { message }.into(),
        };
        message.iter().fold(IpcError::from(cause), IpcError::with_detail)
    }

    fn failed(self, failure: CallFailure) -> IpcError {
        let context = self.may_be_done().filter(|_| failure.is_lost_answer());
        let error = IpcError::from(failure);
        context.into_iter().fold(error, IpcError::and)
    }
}

pub(crate) fn of_factor(error: FactorError, wrong: Wrong) -> IpcError {
    match error {
        FactorError::Wrong { message } => wrong.error(message),
        FactorError::UnknownTenant { message } => ModeError::UnknownTenant { message }.into(),
        FactorError::PkceRequired => ErrorCause::PkceRequired.into(),
        FactorError::Failed(failure) => wrong.failed(failure),
    }
}

pub(crate) fn of_log_in(error: LogInError, wrong: Wrong) -> IpcError {
    match error {
        LogInError::Store(error) => error.into(),
        LogInError::Registry(error) => error.into(),
        LogInError::Factor(error) => of_factor(error, wrong),
        LogInError::AnswerLost { failure } => wrong.failed(failure).and(ErrorContext::MayBeAlive),
        LogInError::NotLoggedIn => ErrorCause::NotLoggedIn.into(),
        LogInError::Interrupted(left) => match left {
            Interrupted::NoSession => interrupted().and(ErrorContext::NotLoggedIn),
            Interrupted::Unanswered => interrupted().and(ErrorContext::MayBeAlive),
            Interrupted::Rollback(rollback) => interrupted().and((&rollback).into()),
        },
        LogInError::Tokens { refused, rollback } => {
            IpcError::from(ErrorCause::TokensRefused).with_detail(&refused).and((&rollback).into())
        }
        LogInError::OtherAccount { rollback } => {
            IpcError::from(ErrorCause::OtherAccount).and((&rollback).into())
        }
        LogInError::Foreign { account, rollback } => {
            let account = account.to_string();
            IpcError::from(ErrorCause::ForeignSignIn { account }).and((&rollback).into())
        }
        LogInError::LoggedOutMeanwhile { rollback } => {
            IpcError::from(ErrorCause::LoggedOutMeanwhile).and((&rollback).into())
        }
        LogInError::NotStored { cause, rollback } => {
            IpcError::from(cause).and(ErrorContext::NotLoggedIn).and((&rollback).into())
        }
    }
}

fn interrupted() -> IpcError {
    ErrorCause::LogInInterrupted.into()
}

impl From<NotStored> for IpcError {
    fn from(error: NotStored) -> Self {
        match error {
            NotStored::Store(error) => error.into(),
            NotStored::Registry(error) => error.into(),
        }
    }
}

impl From<&Rollback> for ErrorContext {
    fn from(rollback: &Rollback) -> Self {
        match rollback {
            Rollback::Ended => Self::SessionEnded,
            Rollback::Pending => Self::SessionPending,
            Rollback::Alive { .. } => Self::SessionAlive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_answer_claims_no_unknown_result() {
        let context = |failure, wrong| of_factor(FactorError::Failed(failure), wrong).context;
        let lost = || CallFailure::BrokeOff { detail: "reset".to_owned() };
        for (wrong, not_known) in
            [(Wrong::NewUser, ErrorContext::SignUpNotKnown), (Wrong::Reset, ErrorContext::ResetNotKnown)]
        {
            assert_eq!(context(lost(), wrong), [not_known]);
            assert_eq!(context(CallFailure::Unreachable { detail: "refused".to_owned() }, wrong), []);
            let refused = of_factor(FactorError::Wrong { message: Some("No".to_owned()) }, wrong);
            let message = Some("No".to_owned());
            let causes = [
                ErrorCause::SignUpRefused { message: message.clone() },
                ErrorCause::ResetRefused { message },
            ];
            assert!(causes.contains(&refused.cause), "{refused:?}");
        }
        assert_eq!(context(lost(), Wrong::Code), []);
    }
}
