//! What is said above the view, until it is dismissed or replaced.

use serde::Serialize;
use ts_rs::TS;

use super::{CodeChannel, ErrorCause, IpcError, LogOutResult, SessionAfterLogOut};

/// For a log-in that nobody waits for in a form.
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

/// What happened that the user should know.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Notice {
    /// A log-out is complete on this machine: the tokens are gone from the keyring, but for what is listed as
    /// pending.
    LoggedOut {
        /// Whose.
        account_name: String,
        /// What is known of its session at Userfront.
        session: SessionAfterLogOut,
        /// The session is over, and Userfront accepts its access token all the same until then.
        #[ts(type = "number | null")]
        accepted_until: Option<i64>,
        /// The account list could not be written: it still names the account, until it can be.
        unwritten: bool,
        /// `{domain}{path}` that the tenant wants a browser to show now, if it is not a view of this app.
        open_in_browser: Option<String>,
    },
    /// Several log-outs that came one upon the other, such as those of *Log out of all*.
    LoggedOutOfSeveral {
        /// What each came to.
        results: Vec<LogOutResult>,
    },
    /// The user asked for new tokens, and they have come.
    SessionRenewed {
        /// Whose.
        account_name: String,
    },
    /// *Try again* worked: a session that was pending is over.
    SessionOver {
        /// Whose.
        account_name: String,
    },
    /// *Try again* worked: the keyring entries that were left over are gone.
    LeftoversDeleted {
        /// How many there were.
        entries: u32,
    },
    /// The session that a log-out had ended is alive, and the list of accounts, which cannot be written,
    /// still has the account: its tokens are in the keyring again.
    NotLoggedOut {
        /// Whose.
        account_name: String,
    },
    /// An interrupted log-in was undone: nobody is logged in by it, and its session is dead, or listed as
    /// pending.
    LogInUndone {
        /// Whose.
        account_name: String,
    },
    /// An interrupted log-in left a session that cannot be ended from here, since its token was never stored.
    SessionLost {
        /// Whose.
        account_name: String,
        /// When it ends by itself.
        #[ts(type = "number")]
        alive_until: i64,
    },
    /// A setting of the environment cannot be used, or another user's program has called in place of the
    /// browser.
    Warning {
        /// Each of them.
        causes: Vec<ErrorCause>,
    },
    /// The answer to a log-in of an earlier run was lost.
    LogInUnanswered {
        /// Of which account, if its name is known.
        account_name: Option<String>,
        /// The tenant's ID.
        tenant_id: String,
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
        /// Where.
        path: String,
    },
    /// The user's details were changed at Userfront.
    ProfileSaved {
        /// Whose.
        account_name: String,
        /// Why the tokens do not say it yet, and what becomes of that; nothing if they do.
        tokens_later: Option<ErrorCause>,
    },
    /// The password was changed at Userfront.
    PasswordChanged {
        /// Whose.
        account_name: String,
    },
    /// Userfront has another e-mail address or phone number for the user.
    AddressChanged {
        /// Whose.
        account_name: String,
        /// Which of the two.
        channel: CodeChannel,
        /// The new one.
        address: String,
    },
    /// An authenticator app is set up.
    TotpIsSetUp {
        /// Whose.
        account_name: String,
    },
    /// The backup codes were written to a file, which only the user can read.
    BackupCodesSaved {
        /// Where.
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
        /// Whether the last good copy took its place; otherwise the list began anew.
        from_last_good: bool,
    },
}
