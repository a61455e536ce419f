//! The user's own details were not read or not saved, or the password was not changed.

use accounts::model::custom_data::NotCustomData;
use accounts::ports::{CallFailure, UserChange, UserError};
use accounts::profile::EditError;

use super::{Wrong, not_known, sentence};
use crate::dto::{CodeChannel, ErrorCode, IpcError};

impl From<UserError> for IpcError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::NotValid { message } => {
                Self::new(ErrorCode::SessionEnded, "Your session has ended. Log in again.")
                    .with_detail(message)
            }
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

/// Custom data that is not sent as it is.
pub(crate) fn not_custom_data(error: NotCustomData) -> IpcError {
    IpcError::new(ErrorCode::CustomData, error.to_string()).before("Mend it, then save again.")
}

/// Details that the server did not take. Only a 400 says that something is wrong with them.
pub(crate) fn of_edit(error: EditError, change: &UserChange) -> IpcError {
    match error {
        EditError::Server(UserError::Failed(CallFailure::Refused { status, message })) => {
            let said = format!("Nothing was saved. Userfront says: {}", sentence(&message));
            let error = if status == 400 {
                IpcError::new(field(change, &message), said).before("Change that, then save again.")
            } else {
                IpcError::new(ErrorCode::Failed, said)
            };
            error.with_detail(format!("HTTP {status}"))
        }
        other => other.into(),
    }
}

/// The field to blame, of those that were sent: of several, the one that the server's words name.
fn field(change: &UserChange, message: &str) -> ErrorCode {
    let UserChange { name, username, image, data } = change;
    let sent = [
        (name.is_some(), ErrorCode::Failed, &["full name"][..]),
        (username.is_some(), ErrorCode::Username, &["username", "user name"]),
        (image.is_some(), ErrorCode::Image, &["image", "picture"]),
        (data.is_some(), ErrorCode::CustomData, &["data"]),
    ];
    let sent: Vec<_> = sent.iter().filter(|(is_sent, ..)| *is_sent).collect();
    if let [(_, code, _)] = sent[..] {
        return *code;
    }
    let said = message.to_lowercase();
    let mut named = sent.iter().filter(|(.., words)| words.iter().any(|word| said.contains(word)));
    match (named.next(), named.next()) {
        (Some((_, code, _)), None) => *code,
        _ => ErrorCode::Failed,
    }
}

/// A password that was not changed: the existing one was wrong, or the new one is not accepted.
pub(crate) fn of_password_change(error: EditError) -> IpcError {
    match error {
        EditError::Server(UserError::Failed(CallFailure::Refused { status, message })) => IpcError::new(
            ErrorCode::Credentials,
            format!(
                "The password was not changed just now. Userfront says: {} Check both passwords, then try again.",
                sentence(&message)
            ),
        )
        .with_detail(format!("HTTP {status}")),
        EditError::Server(UserError::Failed(failure)) if failure.is_lost_answer() => not_known(
            failure,
            "It is not known whether the password was changed: the new one may count already.",
        ),
        other => other.into(),
    }
}

/// Nothing was sent to a new address.
pub(crate) fn of_new_address(error: EditError, channel: CodeChannel) -> IpcError {
    match error {
        EditError::Server(UserError::Failed(CallFailure::Refused { status, message })) => {
            let code = match channel {
                _ if status != 400 => ErrorCode::Failed,
                CodeChannel::Email => ErrorCode::Email,
                CodeChannel::Sms => ErrorCode::Phone,
            };
            let said = format!("Nothing was sent. Userfront says: {}", sentence(&message));
            IpcError::new(code, said).with_detail(format!("HTTP {status}"))
        }
        other => other.into(),
    }
}

/// Userfront took what was sent to the new address, and the user could not be read afterwards.
pub(crate) fn of_unread_address(error: EditError) -> IpcError {
    IpcError::from(error).after("Userfront took it, but your details could not be loaded afterwards.")
}

/// Userfront took what was sent, and the address is still the older one.
pub(crate) fn address_unchanged(wrong: Wrong) -> IpcError {
    match wrong {
        Wrong::Code => IpcError::new(
            ErrorCode::Code,
            "Userfront took this code, but your phone number is still the same. Have another code sent.",
        ),
        _ => IpcError::new(
            ErrorCode::Link,
            "Userfront took this link, but your e-mail address is still the same. Use the link that was sent to the new address.",
        ),
    }
}

/// A link for a new password, where one for a new e-mail address is wanted.
pub(crate) fn link_for_password() -> IpcError {
    IpcError::new(
        ErrorCode::Link,
        "This link is for choosing a password. Nothing was sent. Use the link that was sent to the new address.",
    )
}

#[cfg(test)]
mod tests {
    use accounts::model::custom_data::CustomData;

    use super::*;

    fn refused(status: u16, message: &str) -> EditError {
        UserError::Failed(CallFailure::Refused { status, message: message.to_owned() }).into()
    }

    #[test]
    fn the_field_to_blame_is_one_that_was_sent() {
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
            (sent(true, true, false, false), "Username is taken", ErrorCode::Username),
            (sent(true, false, true, true), "The image is too large", ErrorCode::Image),
            (sent(true, false, true, true), "username", ErrorCode::Failed),
            (sent(false, true, true, false), "username or image", ErrorCode::Failed),
            (sent(true, true, true, true), "No", ErrorCode::Failed),
        ] {
            let error = of_edit(refused(400, message), &change);
            assert_eq!(error.code, code, "{message}");
            assert!(error.message.contains("Change that"), "{error:?}");
            for status in [402, 403, 404] {
                let error = of_edit(refused(status, message), &change);
                assert_eq!(error.code, ErrorCode::Failed, "{status}");
                assert!(!error.message.contains("Change that"), "{error:?}");
            }
        }
    }

    #[test]
    fn an_address_that_is_refused_is_blamed_on_its_field() {
        for (channel, code) in [(CodeChannel::Email, ErrorCode::Email), (CodeChannel::Sms, ErrorCode::Phone)]
        {
            let error = of_new_address(refused(400, "This is taken"), channel);
            assert_eq!(
                (error.code, &*error.message),
                (code, "Nothing was sent. Userfront says: This is taken.")
            );
            assert_eq!(of_new_address(refused(403, "No"), channel).code, ErrorCode::Failed);
        }
        let lost = of_new_address(UserError::Failed(CallFailure::TimedOut).into(), CodeChannel::Email);
        assert!(!lost.message.contains("Nothing was sent"), "{lost:?}");
    }

    #[test]
    fn whether_a_password_was_changed_is_not_claimed_after_a_lost_answer() {
        let lost = UserError::Failed(CallFailure::TimedOut).into();
        let lost = of_password_change(lost).message;
        assert!(lost.contains("not known whether the password was changed"), "{lost}");
        assert!(!lost.contains("ry again"), "{lost}");
        let refused = of_password_change(refused(400, "Wrong password")).message;
        assert!(refused.starts_with("The password was not changed just now."), "{refused}");
    }
}
