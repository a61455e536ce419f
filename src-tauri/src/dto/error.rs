//! The error of a command: codes with arguments. `ui/src/words/` has their words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command did not do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct IpcError {
    /// The code that the UI branches on.
    pub code: ErrorCode,
    /// Why.
    pub cause: ErrorCause,
    /// Other facts.
    pub context: Vec<ErrorContext>,
    /// The technical detail, to be copied into a report. No token, no password, no URL.
    pub detail: Option<String>,
    /// How many seconds the server wants to be left alone.
    #[ts(type = "number | null")]
    pub retry_after: Option<u64>,
}

/// A code exists only where the UI branches on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ErrorCode {
    /// The tenant ID is malformed or unknown: its field is marked and focused.
    TenantId,
    /// The API URL is malformed: *Advanced* opens, its field is marked and focused.
    ApiUrl,
    /// The domain is malformed: *Advanced* opens, its field is marked and focused.
    Domain,
    /// Wrong e-mail, user name or password: the password is emptied and focused.
    Credentials,
    /// Wrong, expired or used-up code: the code is emptied and focused.
    Code,
    /// A link that cannot be read, is wrong, expired or used up: its field is marked and focused.
    Link,
    /// The e-mail address is not accepted: its field is marked and focused.
    Email,
    /// The phone number is not accepted: its field is marked and focused.
    Phone,
    /// The user name is not accepted: its field is marked and focused.
    Username,
    /// The new password is not accepted: its field is marked and focused.
    NewPassword,
    /// The custom data is not a JSON object: its field is marked and focused.
    CustomData,
    /// The address of the picture is not one: its field is marked and focused.
    Image,
    /// The keyring is locked: *Unlock* is offered.
    KeyringLocked,
    /// The keyring has not allowed this app to use the entry: *Ask again* is offered.
    KeyringNotAllowed,
    /// There is no keyring: *Create one* is offered.
    NoKeyring,
    /// The keyring does not answer.
    KeyringHung,
    /// The keyring is out of reach.
    KeyringUnavailable,
    /// The API of a foreign entry is not known here: it is asked for.
    ApiUnknown,
    /// The log-in would replace a sign-in that is not in this list: *Replace it* is offered.
    ForeignSignIn,
    /// The session is over, or its tokens are missing: *Log in again* is offered.
    SessionEnded,
    /// Everything else: *Try again* is offered.
    Failed,
}

/// Why something was not done, or is not known. The UI has words for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
#[expect(missing_docs, reason = "the words for each are in `ui/src/words/causes.ts`")]
pub enum ErrorCause {
    // Input: typed, pasted or set.
    TenantIdMalformed,
    ApiUrlMalformed,
    ApiUrlScheme,
    ApiUrlExtras,
    DomainMalformed,
    AccountIdMalformed,
    Environment { variable: String, why: Box<ErrorCause> },
    LinkEmpty,
    LinkTooLong,
    NotALink,
    LinkScheme,
    LinkCharacters,
    LinkCredentials,
    LinkNamesHost,
    LinkLacks { parameter: String },
    LinkRepeats { parameter: String },
    LinkDamaged { parameter: String },
    LinkOfOtherTenant,
    LinkWithoutTenant,
    LinkForPassword,
    NotLoginAddress,
    NotAnObject { line: u32, column: u32 },
    RepeatedName { line: u32, column: u32 },
    PictureAddress,
    WeakPassword,
    NoProviderId,
    // The object of a command is not there (any more).
    NoTenant,
    OtherStep,
    LinkGone,
    NoPage,
    NotLoggedInNow,
    NoLongerLoggedIn,
    NotLoggedIn,
    PendingUnknown,
    // The server.
    Unreachable,
    NoCertificates,
    BrokeOff,
    TimedOut,
    Unintelligible,
    TooManyRequests { seconds: Option<u32> },
    ServerFault { status: u16 },
    Refused { message: String },
    UnknownTenant,
    PkceRequired,
    WrongCredentials,
    WrongCode,
    WrongLink,
    WrongEmail,
    WrongPhone,
    SignUpRefused { message: Option<String> },
    ResetRefused { message: Option<String> },
    DetailsRefused { message: String, can_be_mended: bool },
    PasswordRefused { message: String },
    AddressRefused { message: String },
    AddressUnchangedByCode,
    AddressUnchangedByLink,
    // The keyring, the account list and other files.
    KeyringLocked,
    KeyringStillLocked,
    KeyringNotAllowed,
    NoKeyring,
    KeyringHung,
    KeyringUnavailable,
    KeyringRefused,
    ListUnreadable,
    ListUnwritable,
    ListTooNew { format: u32 },
    ListBusy,
    FileUnreadable { file: String },
    FileUnwritable { file: String },
    BackupCodesNotSaved,
    NotExported,
    FolderNotOpened,
    CopyTokenOff,
    AutostartUnwritable,
    AutostartPath,
    NoClipboard,
    ClipboardNotCleared,
    // A session and its tokens.
    SessionEnded,
    SessionExpired,
    TokensMissing,
    AccessExpired,
    NoRefreshToken,
    TokensRefused,
    NewTokensRefused,
    RefreshedElsewhere { by: Option<String>, process: Option<u32> },
    LogInInterrupted,
    OtherAccount,
    LoggedOutMeanwhile,
    ForeignSignIn { account: String },
    ForeignUnknown,
    ForeignUnreadable,
    ForeignNotItsOwn,
    ForeignMixed,
    ApiUnknown { host: String },
    OtherHost { host: String },
    DomainUnknown,
    // The browser.
    NoCallbackServer,
    BrowserTimedOut,
    BrowserRefused { said: String },
    BrowserUnreachable,
    BrowserNotOpened,
    Stranger,
    // Why a session is pending.
    NotUserfront { failure: Box<ErrorCause> },
    OtherMode,
    WithoutDomain,
    AskedBefore,
    StillAccepted,
    Unreadable,
    NotAsked { why: Box<ErrorCause> },
    NoAnswerYet,
    Asking,
    NewSession,
    Found,
    LoggedInAgain,
    OlderSession,
    LoggedOutBefore,
    LogInCutOff,
    LogOutCutOff,
    KeyringBack,
    Unwritable { list: Box<ErrorCause>, server: Box<ErrorCause> },
    Text { text: String },
    ReasonOfNewerVersion,
    // The bridge itself.
    Internal,
}

/// A fact beside the cause of an error. The UI has words for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
#[expect(missing_docs, reason = "the words for each are in `ui/src/words/errors.ts`")]
pub enum ErrorContext {
    NotLoggedIn,
    StillLoggedIn,
    NotConfirmed { server: ErrorCause },
    NotLoggedOut { names: Vec<String>, more: u32 },
    LogOutNotDone,
    LogOutWaits,
    LogOutUnfinished,
    NextStartFinishes,
    NothingChanged,
    AddressTaken,
    SignUpNotKnown,
    ResetNotKnown,
    PasswordNotKnown,
    MayBeAlive,
    SessionEnded,
    SessionPending,
    SessionAlive,
}
