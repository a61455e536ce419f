//! Notices: shown above the view until they are dismissed or replaced.

use serde::Serialize;
use ts_rs::TS;

use super::{CodeChannel, ErrorCause, IpcError, LogOutOutcome, LogOutResult};

/// For a log-in that no form waits for.
impl From<IpcError> for Notice {
    fn from(error: IpcError) -> Self {
        Self::LogInFailed { error }
    }
}

impl Notice {
    /// The file that was saved.
    pub(crate) fn path(self) -> Option<String> {
        match self {
            Self::ActivityExported { path } | Self::BackupCodesSaved { path } => Some(path),
            _ => None,
        }
    }
}

/// An event that the user should know of.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Notice {
    /// A log-out is complete on this machine: the tokens are gone from the keyring, but for what is listed as
    /// pending.
    LoggedOut {
        /// The account's name.
        account_name: String,
        /// `ended`, `alreadyOver`, `accepted` or `pending`. `stillLoggedIn` and `lost` have notices of their
        /// own, `stillPresent` is listed, and `here` is of several log-outs.
        outcome: LogOutOutcome,
        /// The session is over, and Userfront still accepts its access token until this time.
        #[ts(type = "number | null")]
        accepted_until: Option<i64>,
        /// The account list could not be written: it still names the account, until it can be.
        unwritten: bool,
        /// `{domain}{path}` that the tenant wants a browser to show now, if it is not a view of this app.
        open_in_browser: Option<String>,
    },
    /// Several log-outs in quick succession, such as those of *Log out of all*.
    LoggedOutOfSeveral {
        /// The result of each.
        results: Vec<LogOutResult>,
    },
    /// The user asked for new tokens, and they have come.
    SessionRenewed {
        /// The account's name.
        account_name: String,
    },
    /// The account's access token is in the clipboard.
    TokenCopied {
        /// The account's name.
        account_name: String,
        /// It is cleared from the clipboard after this time.
        seconds: u32,
    },
    /// *Try again* worked: a session that was pending is over.
    SessionOver {
        /// The account's name.
        account_name: String,
    },
    /// *Try again* worked: the keyring entries that were left over are gone.
    LeftoversDeleted {
        /// The number of entries.
        entries: u32,
    },
    /// The session that a log-out had ended is alive, and the list of accounts, which cannot be written,
    /// still has the account: its tokens are in the keyring again.
    NotLoggedOut {
        /// The account's name.
        account_name: String,
    },
    /// An interrupted log-in was rolled back: its session is over, or listed as pending.
    LogInUndone {
        /// The account's name.
        account_name: String,
    },
    /// An interrupted log-in left a session that cannot be ended from here, since its token was never stored.
    SessionLost {
        /// The account's name.
        account_name: String,
        /// When it ends by itself.
        #[ts(type = "number")]
        alive_until: i64,
    },
    /// A setting of the environment cannot be used, or another user's program has called in place of the
    /// browser.
    Warning {
        /// One cause each.
        causes: Vec<ErrorCause>,
    },
    /// The answer to a log-in of an earlier run was lost.
    LogInUnanswered {
        /// The account's name, if it is known.
        account_name: Option<String>,
        /// The tenant's ID.
        tenant_id: String,
        /// The time of the log-in.
        #[ts(type = "number")]
        at: i64,
    },
    /// A log-in that came back from the browser, or by a link from outside, did not succeed.
    LogInFailed {
        /// Why.
        error: IpcError,
    },
    /// The next log-in may replace the sign-in in the keyring that has kept one from taking place.
    ForeignReplaceable,
    /// The activity was written to a file.
    ActivityExported {
        /// The file's path.
        path: String,
    },
    /// The user's details were changed at Userfront.
    ProfileSaved {
        /// The account's name.
        account_name: String,
        /// Why the tokens do not hold the change yet; nothing if they do.
        tokens_later: Option<ErrorCause>,
    },
    /// The password was changed at Userfront.
    PasswordChanged {
        /// The account's name.
        account_name: String,
    },
    /// Userfront has another e-mail address or phone number for the user.
    AddressChanged {
        /// The account's name.
        account_name: String,
        /// E-mail or phone.
        channel: CodeChannel,
        /// The new one.
        address: String,
    },
    /// An authenticator app is set up.
    TotpIsSetUp {
        /// The account's name.
        account_name: String,
    },
    /// The backup codes were written to a file, which only the user can read.
    BackupCodesSaved {
        /// The file's path.
        path: String,
    },
    /// The browser has been opened to complete a service provider's log-in or log-out.
    SamlInBrowser {
        /// The address to copy when no browser has opened. It serves once.
        address: String,
    },
    /// The account list was damaged or missing, and has been mended.
    RegistryMended {
        /// Name of the file that keeps the damaged one; none when the list was missing altogether.
        kept_as: Option<String>,
        /// Whether the last good copy took its place; otherwise the list is empty.
        from_last_good: bool,
    },
}
