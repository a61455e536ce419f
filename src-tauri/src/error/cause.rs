//! Maps the domain's errors to causes one by one, with the code on which the UI branches.

use accounts::Malformed;
use accounts::model::custom_data::NotCustomData;
use accounts::model::link::LinkError;
use accounts::model::reason::Reason;
use accounts::model::registry_error::{Action, RegistryError};
use accounts::ports::{CallFailure, FileError, StoreError};
use accounts::storage::environment::EnvironmentError;

use crate::dto::{ErrorCause, ErrorCode};

impl ErrorCause {
    /// The code on which the UI branches. Where it depends on the request, the caller adds it.
    pub(super) fn code(&self) -> ErrorCode {
        match self {
            Self::TenantIdMalformed | Self::UnknownTenant | Self::NoTenant => ErrorCode::TenantId,
            Self::ApiUrlMalformed | Self::ApiUrlScheme | Self::ApiUrlExtras | Self::OtherHost { .. } => {
                ErrorCode::ApiUrl
            }
            Self::DomainMalformed | Self::DomainUnknown => ErrorCode::Domain,
            Self::Environment { why, .. } => why.code(),
            Self::WrongCredentials | Self::PasswordRefused { .. } => ErrorCode::Credentials,
            Self::WrongCode | Self::AddressUnchangedByCode => ErrorCode::Code,
            Self::LinkEmpty
            | Self::LinkTooLong
            | Self::NotALink
            | Self::LinkScheme
            | Self::LinkCharacters
            | Self::LinkCredentials
            | Self::LinkNamesHost
            | Self::LinkLacks { .. }
            | Self::LinkRepeats { .. }
            | Self::LinkDamaged { .. }
            | Self::LinkOfOtherTenant
            | Self::LinkWithoutTenant
            | Self::LinkForPassword
            | Self::NotLoginAddress
            | Self::WrongLink
            | Self::AddressUnchangedByLink => ErrorCode::Link,
            Self::WrongEmail => ErrorCode::Email,
            Self::WrongPhone => ErrorCode::Phone,
            Self::WeakPassword | Self::ResetRefused { .. } => ErrorCode::NewPassword,
            Self::NotAnObject { .. } | Self::RepeatedName { .. } => ErrorCode::CustomData,
            Self::PictureAddress => ErrorCode::Image,
            Self::KeyringLocked | Self::KeyringStillLocked => ErrorCode::KeyringLocked,
            Self::KeyringNotAllowed => ErrorCode::KeyringNotAllowed,
            Self::NoKeyring => ErrorCode::NoKeyring,
            Self::KeyringHung => ErrorCode::KeyringHung,
            Self::KeyringUnavailable => ErrorCode::KeyringUnavailable,
            Self::ApiUnknown { .. } => ErrorCode::ApiUnknown,
            Self::ForeignSignIn { .. } => ErrorCode::ForeignSignIn,
            Self::SessionEnded | Self::SessionExpired | Self::TokensMissing | Self::AccessExpired => {
                ErrorCode::SessionEnded
            }
            _ => ErrorCode::Failed,
        }
    }
}

impl From<&Malformed> for ErrorCause {
    fn from(malformed: &Malformed) -> Self {
        match malformed {
            Malformed::TenantId => Self::TenantIdMalformed,
            Malformed::ApiUrl => Self::ApiUrlMalformed,
            Malformed::ApiScheme => Self::ApiUrlScheme,
            Malformed::ApiExtras => Self::ApiUrlExtras,
            Malformed::Domain => Self::DomainMalformed,
            // The user types none of these: the webview has sent an invalid ID.
            Malformed::AccountId | Malformed::UserUuid | Malformed::SessionId | Malformed::Mode => {
                Self::AccountIdMalformed
            }
        }
    }
}

impl From<&EnvironmentError> for ErrorCause {
    fn from(error: &EnvironmentError) -> Self {
        match error {
            EnvironmentError::Malformed { variable, malformed } => {
                Self::Environment { variable: (*variable).to_owned(), why: Box::new(malformed.into()) }
            }
            EnvironmentError::RelativeHome | EnvironmentError::NoDataFolder => Self::Internal,
        }
    }
}

impl From<&LinkError> for ErrorCause {
    fn from(error: &LinkError) -> Self {
        match error {
            LinkError::Empty => Self::LinkEmpty,
            LinkError::TooLong => Self::LinkTooLong,
            LinkError::NotALink => Self::NotALink,
            LinkError::Scheme => Self::LinkScheme,
            LinkError::Characters => Self::LinkCharacters,
            LinkError::Credentials => Self::LinkCredentials,
            LinkError::NamesHost => Self::LinkNamesHost,
            LinkError::Missing(parameter) => Self::LinkLacks { parameter: (*parameter).to_owned() },
            LinkError::Twice(parameter) => Self::LinkRepeats { parameter: (*parameter).to_owned() },
            LinkError::Malformed(parameter) => Self::LinkDamaged { parameter: (*parameter).to_owned() },
        }
    }
}

impl From<NotCustomData> for ErrorCause {
    fn from(error: NotCustomData) -> Self {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        match error {
            NotCustomData::NotAnObject { line, column } => {
                Self::NotAnObject { line: place(line), column: place(column) }
            }
            NotCustomData::RepeatedName { line, column } => {
                Self::RepeatedName { line: place(line), column: place(column) }
            }
        }
    }
}

impl From<&CallFailure> for ErrorCause {
    fn from(failure: &CallFailure) -> Self {
        match failure {
            CallFailure::Unreachable { .. } => Self::Unreachable,
            CallFailure::NoCertificates => Self::NoCertificates,
            CallFailure::BrokeOff { .. } => Self::BrokeOff,
            CallFailure::TimedOut => Self::TimedOut,
            CallFailure::Unintelligible { .. } => Self::Unintelligible,
            CallFailure::TooManyRequests { retry_after } => {
                let seconds = retry_after.and_then(|wait| u32::try_from(wait.as_secs()).ok());
                Self::TooManyRequests { seconds: seconds.filter(|seconds| *seconds > 0) }
            }
            CallFailure::ServerFault { status, .. } => Self::ServerFault { status: *status },
            CallFailure::Refused { message, .. } => Self::Refused { message: message.clone() },
        }
    }
}

impl From<&StoreError> for ErrorCause {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Locked => Self::KeyringLocked,
            StoreError::NotAllowed => Self::KeyringNotAllowed,
            StoreError::NoKeyring => Self::NoKeyring,
            StoreError::Hung => Self::KeyringHung,
            StoreError::Unavailable(_) => Self::KeyringUnavailable,
            StoreError::Refused(_) => Self::KeyringRefused,
        }
    }
}

impl From<&RegistryError> for ErrorCause {
    fn from(error: &RegistryError) -> Self {
        match error {
            RegistryError::Io { action: Action::Read, .. } => Self::ListUnreadable,
            RegistryError::Io { action: Action::Written, .. } => Self::ListUnwritable,
            RegistryError::TooNew { format } => Self::ListTooNew { format: *format },
            RegistryError::Busy => Self::ListBusy,
        }
    }
}

impl From<&FileError> for ErrorCause {
    fn from(error: &FileError) -> Self {
        let file = error.file.to_owned();
        match error.action {
            Action::Read => Self::FileUnreadable { file },
            Action::Written => Self::FileUnwritable { file },
        }
    }
}

impl From<&Reason> for ErrorCause {
    fn from(reason: &Reason) -> Self {
        match reason {
            Reason::Server(failure) => failure.into(),
            Reason::NotUserfront(failure) => Self::NotUserfront { failure: Box::new(failure.into()) },
            Reason::OtherMode => Self::OtherMode,
            Reason::WithoutDomain => Self::WithoutDomain,
            Reason::AskedBefore => Self::AskedBefore,
            Reason::StillAccepted => Self::StillAccepted,
            Reason::Unreadable => Self::Unreadable,
            Reason::NotAsked(error) => Self::NotAsked { why: Box::new(error.into()) },
            Reason::NoAnswerYet => Self::NoAnswerYet,
            Reason::Asking => Self::Asking,
            Reason::NewSession => Self::NewSession,
            Reason::Found => Self::Found,
            Reason::LoggedInAgain => Self::LoggedInAgain,
            Reason::OlderSession => Self::OlderSession,
            Reason::LoggedOutBefore => Self::LoggedOutBefore,
            Reason::LogInCutOff => Self::LogInCutOff,
            Reason::LogOutCutOff => Self::LogOutCutOff,
            Reason::KeyringBack => Self::KeyringBack,
            Reason::NotLoggedIn => Self::NotLoggedIn,
            Reason::Keyring(error) => error.into(),
            Reason::List(error) => error.into(),
            Reason::Unwritable { list, server } => {
                Self::Unwritable { list: Box::new(list.into()), server: Box::new(server.into()) }
            }
            Reason::Text(text) => Self::Text { text: text.clone() },
            Reason::Newer(_) => Self::ReasonOfNewerVersion,
        }
    }
}
