//! The user's details were not read or saved, or the password was not changed.

use accounts::ports::{CallFailure, UserChange, UserError};
use accounts::profile::EditError;

use super::Wrong;
use crate::dto::{CodeChannel, ErrorCause, ErrorCode, ErrorContext, IpcError};

impl From<UserError> for IpcError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::NotValid { message } => Self::from(ErrorCause::SessionEnded).with_detail(&message),
            UserError::Failed(failure) => failure.into(),
        }
    }
}

impl From<EditError> for IpcError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Token(failure) => failure.into(),
            EditError::Server(error) => error.into(),
        }
    }
}

/// The server refused the details. Only a 400 means that a field is wrong.
pub(crate) fn of_edit(error: EditError, change: &UserChange) -> IpcError {
    match error {
        EditError::Server(UserError::Failed(CallFailure::Refused { status, message })) => {
            let can_be_mended = status == 400;
            let code = if can_be_mended { field(change) } else { ErrorCode::Failed };
            let cause = ErrorCause::DetailsRefused { message, can_be_mended };
            IpcError::from(cause).with_code(code).with_status(status)
        }
        other => other.into(),
    }
}

/// The field that was sent. Of several, Userfront does not say which is wrong.
fn field(change: &UserChange) -> ErrorCode {
    let UserChange { name, username, image, data } = change;
    match (name, username, image, data) {
        (None, Some(_), None, None) => ErrorCode::Username,
        (None, None, Some(_), None) => ErrorCode::Image,
        (None, None, None, Some(_)) => ErrorCode::CustomData,
        _ => ErrorCode::Failed,
    }
}

pub(crate) fn of_password_change(error: EditError) -> IpcError {
    match error {
        EditError::Server(UserError::Failed(CallFailure::Refused { status, message })) => {
            IpcError::from(ErrorCause::PasswordRefused { message }).with_status(status)
        }
        EditError::Server(UserError::Failed(failure)) if failure.is_lost_answer() => {
            IpcError::from(failure).and(ErrorContext::PasswordNotKnown)
        }
        other => other.into(),
    }
}

pub(crate) fn of_new_address(error: EditError, channel: CodeChannel) -> IpcError {
    match error {
        EditError::Server(UserError::Failed(CallFailure::Refused { status, message })) => {
            let code = match channel {
                _ if status != 400 => ErrorCode::Failed,
                CodeChannel::Email => ErrorCode::Email,
                CodeChannel::Sms => ErrorCode::Phone,
            };
            IpcError::from(ErrorCause::AddressRefused { message }).with_code(code).with_status(status)
        }
        other => other.into(),
    }
}

pub(crate) fn of_unread_address(error: EditError) -> IpcError {
    IpcError::from(error).and(ErrorContext::AddressTaken)
}

pub(crate) fn address_unchanged(wrong: Wrong) -> ErrorCause {
    match wrong {
        Wrong::Code => ErrorCause::AddressUnchangedByCode,
        _ => ErrorCause::AddressUnchangedByLink,
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::custom_data::CustomData;

    use super::*;

    fn refused(status: u16, message: &str) -> EditError {
        UserError::Failed(CallFailure::Refused { status, message: message.to_owned() }).into()
    }

    #[test]
    fn a_refused_change_blames_only_a_field_that_was_sent() {
        let some = |is_sent: bool| is_sent.then(|| "x".to_owned());
        let sent = |name, username, image, data: bool| UserChange {
            name: some(name),
            username: some(username),
            image: some(image),
            data: data.then(CustomData::default),
        };
        for (change, message, code) in [
            (sent(false, true, false, false), "That is taken", ErrorCode::Username),
            (sent(true, false, false, false), "No such username", ErrorCode::Failed),
            (sent(false, false, true, false), "username", ErrorCode::Image),
            (sent(false, false, false, true), "Too large", ErrorCode::CustomData),
            (sent(true, true, false, false), "Username is taken", ErrorCode::Failed),
            (sent(true, false, true, true), "The image is too large", ErrorCode::Failed),
            (sent(false, true, true, false), "username or image", ErrorCode::Failed),
        ] {
            for status in [400, 402, 403, 404] {
                let error = of_edit(refused(status, message), &change);
                let can_be_mended = status == 400;
                let code = if can_be_mended { code } else { ErrorCode::Failed };
                assert_eq!(error.code, code, "{status} {message}");
                let message = message.to_owned();
                assert_eq!(error.cause, ErrorCause::DetailsRefused { message, can_be_mended });
            }
        }
    }

    #[test]
    fn an_address_that_is_refused_is_blamed_on_its_field() {
        for (channel, code) in [(CodeChannel::Email, ErrorCode::Email), (CodeChannel::Sms, ErrorCode::Phone)]
        {
            let error = of_new_address(refused(400, "This is taken"), channel);
            let cause = ErrorCause::AddressRefused { message: "This is taken".to_owned() };
            assert_eq!((error.code, error.cause), (code, cause));
            assert_eq!(of_new_address(refused(403, "No"), channel).code, ErrorCode::Failed);
        }
        let lost = of_new_address(UserError::Failed(CallFailure::TimedOut).into(), CodeChannel::Email);
        assert_eq!(lost.cause, ErrorCause::TimedOut);
    }

    #[test]
    fn a_lost_answer_does_not_claim_that_a_password_changed() {
        let lost = of_password_change(UserError::Failed(CallFailure::TimedOut).into());
        assert_eq!((lost.cause, lost.context), (ErrorCause::TimedOut, vec![ErrorContext::PasswordNotKnown]));
        let refused = of_password_change(refused(400, "Wrong password"));
        assert_eq!(refused.cause, ErrorCause::PasswordRefused { message: "Wrong password".to_owned() });
    }
}
