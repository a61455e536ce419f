//! What crosses the bridge to the webview, and nothing else does. No type here can hold a token.
//!
//! Times are seconds since 1970-01-01 UTC. `ui/src/bindings` is generated from this file (`cargo xtask bindings`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// All that the window shows. Rust makes a new one with every change; the webview renders the one with the highest
/// revision, keeps nothing else and decides nothing.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Snapshot {
    /// Rises with every change.
    #[ts(type = "number")]
    pub revision: u64,
    /// Which screen this window shows.
    pub view: View,
    /// Every account, in the order of first log-in.
    pub accounts: Vec<AccountRow>,
    /// The OS keyring.
    pub keyring: Keyring,
    /// What is being done right now.
    pub in_progress: Vec<Work>,
    /// What happened that the user should know, above the view until it is dismissed or replaced.
    pub notice: Option<Notice>,
    /// Log-ins and log-outs that were cut off, or wait for the keyring.
    pub unfinished: Vec<Unfinished>,
    /// Sessions that are over here and not yet known to be dead at Userfront.
    pub pending_revocations: Vec<PendingRevocation>,
    /// Keyring entries of ours that could not be removed.
    pub remnants: Vec<Remnant>,
    /// What the user has chosen.
    pub settings: Settings,
    /// A link that came and was not asked for just now: whether to take it is the user's to say.
    pub arrived_link: Option<ArrivedLink>,
    /// How many seconds this computer's clock is ahead of Userfront's (behind: negative), when that is more than it should be.
    #[ts(type = "number | null")]
    pub clock_ahead: Option<i64>,
    /// The account list cannot be read or written: why, and what to do.
    pub registry_problem: Option<String>,
}

/// A screen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "name", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum View {
    /// What was cut off is being finished here, before anything is shown.
    Starting,
    /// The login screen.
    Login {
        /// The tenant to log in to, once it is chosen and has answered; before that, the form asks for one.
        tenant: Option<ChosenTenant>,
        /// What the form is filled in with.
        form: LoginForm,
        /// How far the log-in to that tenant is.
        step: LogInStep,
        /// Whether there is an account view to go back to.
        can_go_back: bool,
    },
    /// An account; it is one of `accounts`.
    Account {
        /// Which.
        id: String,
    },
    /// The user's own details, to be edited. The account is one of `accounts`.
    Profile {
        /// Which.
        id: String,
        /// What Userfront says of the user; nothing while it is asked.
        user: Option<UserForm>,
        /// A second factor that is being set up.
        totp: Option<TotpSetUp>,
    },
    /// The list of accounts, none of them open.
    Accounts,
    /// What was done, the latest first.
    Activity {
        /// At most the last 200.
        lines: Vec<ActivityLine>,
        /// Why it cannot be read.
        problem: Option<String>,
    },
    /// What the user can choose.
    Settings,
}

/// A tenant that has answered.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ChosenTenant {
    /// Its ID.
    pub tenant_id: String,
    /// Its name, if known from an earlier log-in.
    pub name: Option<String>,
    /// The API's host when it is not Userfront's own: always shown beside the password field.
    pub foreign_host: Option<String>,
    /// Live or test.
    pub mode: Mode,
    /// First factors: the one that was used last, then the tenant's own order.
    pub first_factors: Vec<FirstFactor>,
}

/// Userfront's two modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Mode {
    /// For a live site.
    Live,
    /// For development: no mail, no SMS, weak passwords.
    Test,
}

/// A first factor that the tenant offers.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FirstFactor {
    /// `password`, `link`, `verificationCode`, `totp` or a provider's name.
    pub strategy: String,
    /// `email`, `username`, `sms`, `authenticator` or a provider's name.
    pub channel: String,
    /// Which custom single sign-on, if the tenant says it.
    pub provider_id: Option<String>,
    /// Whether this app can log in with it. Others are shown as unavailable.
    pub available: bool,
}

/// How far a log-in is. *Back* (`leave_step`) leads to the step before.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum LogInStep {
    /// The form of a first factor; the others are offered below it. Both words are empty when the tenant offers none that this
    /// app knows.
    FirstFactor {
        /// As in [`FirstFactor`].
        strategy: String,
        /// As in [`FirstFactor`].
        channel: String,
    },
    /// The form of a new user.
    SignUp {
        /// How the new user will log in.
        way: SignUpWay,
    },
    /// Which e-mail address to send a link for a new password to.
    ForgottenPassword,
    /// A link for a new password has come: which password it is to be.
    NewPassword,
    /// A link is on its way: it can be pasted, or come by the `userfront-accounts:` scheme.
    LinkSent {
        /// What it is for.
        purpose: LinkPurpose,
        /// Where to.
        email: String,
        /// The link itself, in test mode, where no mail is sent.
        test_link: Option<String>,
        /// When another one can be sent.
        #[ts(type = "number")]
        resend_at: i64,
        /// Until when it is taken without asking.
        #[ts(type = "number")]
        taken_until: i64,
    },
    /// A code is on its way.
    CodeSent {
        /// By which way.
        channel: CodeChannel,
        /// Where to; nothing when the server knows it and this app does not.
        address: Option<String>,
        /// The code itself, in test mode, where nothing is sent.
        test_code: Option<String>,
        /// When another one can be sent.
        #[ts(type = "number")]
        resend_at: i64,
    },
    /// The system's browser has been opened on a provider's page.
    Browser {
        /// As in [`FirstFactor::strategy`].
        provider: String,
        /// The address that it was opened on, to be copied. Without any secret.
        address: String,
        /// When this is given up.
        #[ts(type = "number")]
        until: i64,
        /// The browser ends on the tenant's own site (live mode): the link it ends at is to be pasted here.
        wants_link: bool,
    },
    /// The first factor was right; a second one is to be chosen.
    SecondFactors {
        /// Which there are.
        factors: Vec<SecondFactor>,
    },
    /// A second factor: a code of the authenticator app, or a backup code.
    Totp,
    /// A second factor that is not set up yet: which phone number to send codes to.
    Phone,
    /// A second factor that is not set up yet: an authenticator app.
    SetUpTotp {
        /// What there is to scan, copy and save.
        totp: TotpSetUp,
    },
}

/// How a new user will log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SignUpWay {
    /// With a password.
    Password,
    /// With a link by e-mail.
    Link,
    /// With a code by e-mail.
    EmailCode,
    /// With a code by SMS.
    SmsCode,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum LinkPurpose {
    /// Logging in.
    LogIn,
    /// Signing up.
    SignUp,
    /// Choosing a new password.
    Reset,
}

/// By which way a code is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum CodeChannel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
}

/// A second factor that the tenant accepts.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SecondFactor {
    /// `totp` or `verificationCode`.
    pub strategy: String,
    /// `authenticator`, `sms` or `email`.
    pub channel: String,
    /// Whether the user has set it up; if not, it is set up on the way.
    pub is_set_up: bool,
    /// Whether this app knows it.
    pub available: bool,
}

/// An authenticator app that is being set up. Shown once; these are secrets of the user's, not tokens.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TotpSetUp {
    /// To be typed into the authenticator app.
    pub secret: String,
    /// The same as a picture: a `data:image/png;base64,` URL; nothing if the server sent none that is fit to be shown.
    pub qr_code: Option<String>,
    /// Each is good for one log-in without the authenticator app.
    pub backup_codes: Vec<String>,
}

/// Prints no secret.
impl std::fmt::Debug for TotpSetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSetUp([redacted])")
    }
}

/// A link that came and was not asked for just now.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ArrivedLink {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The account that it logs in to, if it is one of this machine's.
    pub account_name: Option<String>,
    /// The tenant that it would be used with.
    pub tenant_id: String,
    /// Where it would be sent: the host of that tenant's API.
    pub api_host: String,
    /// The site that the link is from, when it is not the tenant's own.
    pub other_site: Option<String>,
}

/// What Userfront says of a user, to be edited.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UserForm {
    /// Full name; empty when there is none, as with all of these.
    pub name: String,
    /// User name.
    pub username: String,
    /// Address of the picture.
    pub image: String,
    /// E-mail address; it cannot be changed here.
    pub email: String,
    /// Phone number; it cannot be changed here.
    pub phone_number: String,
    /// Custom data: a JSON object, indented.
    pub data: String,
}

/// What the login form is filled in with.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LoginForm {
    /// Tenant ID; empty when unknown.
    pub tenant_id: String,
    /// API base URL; never empty.
    pub api_url: String,
    /// Domain; empty when there is none.
    pub domain: String,
    /// E-mail address, user name or phone number of the last log-in; empty when unknown.
    pub email_or_username: String,
}

/// An account, as it is listed and shown.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AccountRow {
    /// Its ID, for commands.
    pub id: String,
    /// The best name there is.
    pub name: String,
    /// One or two letters for when there is no picture.
    pub initials: String,
    /// E-mail address.
    pub email: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// The user's number within the tenant.
    #[ts(type = "number | null")]
    pub user_id: Option<i64>,
    /// The tenant's ID.
    pub tenant_id: String,
    /// The tenant's name, if known.
    pub tenant_name: Option<String>,
    /// The API's host.
    pub api_host: String,
    /// Live or test.
    pub mode: Mode,
    /// Roles by tenant.
    pub roles: Vec<TenantRoles>,
    /// How it is.
    pub health: Health,
    /// When the session ends by itself.
    #[ts(type = "number")]
    pub session_ends_at: i64,
    /// When the access token expires.
    #[ts(type = "number")]
    pub access_expires_at: i64,
    /// When the user logged in.
    #[ts(type = "number")]
    pub logged_in_at: i64,
    /// Whether `picture` has something to show.
    pub has_picture: bool,
    /// The names of the keyring entries that hold its tokens, the access token's first.
    pub keyring_entries: Vec<String>,
}

/// The roles of a user in one tenant.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TenantRoles {
    /// The tenant's name where it is known, else its ID.
    pub tenant: String,
    /// Role names.
    pub roles: Vec<String>,
}

/// How an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Health {
    /// Logged in.
    Ok,
    /// The access token has expired and could not be refreshed yet.
    Expired,
    /// The server ended the session; the user has to log in again.
    SignedOutByServer,
    /// None of its tokens is in the keyring, though this app has not deleted them; the user has to log in again.
    TokensMissing,
    /// A log-in was cut off; it is being undone.
    Arriving,
    /// It is being logged out.
    Leaving,
}

/// The OS keyring.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Keyring {
    /// What people call it.
    pub name: String,
    /// How it is.
    pub status: KeyringStatus,
    /// The technical detail when it is unavailable.
    pub detail: Option<String>,
}

/// How the keyring is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum KeyringStatus {
    /// Unlocked.
    Ok,
    /// Wants its password.
    Locked,
    /// Out of reach.
    Unavailable,
    /// Does not answer.
    Hung,
}

/// Something that is being done.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Work {
    /// The accounts are being restored.
    Restoring,
    /// A tenant is asked for its ways in.
    ChoosingTenant,
    /// A log-in, or a step of one.
    LoggingIn,
    /// A log-out.
    LoggingOut {
        /// Of which account.
        account: String,
    },
    /// A link or a code is being sent.
    Sending,
    /// The user's own details are read or changed.
    EditingProfile {
        /// Of which account.
        account: String,
    },
    /// New tokens are got.
    Refreshing {
        /// Of which account.
        account: String,
    },
    /// The user is asked for the keyring's password.
    UnlockingKeyring,
    /// The server is asked to end the session of a pending revocation.
    Revoking {
        /// Its `id`.
        pending: String,
    },
}

/// What happened that the user should know.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum Notice {
    /// A log-out is complete on this machine: the tokens are gone from the keyring, but for what is listed as pending.
    LoggedOut {
        /// Whose.
        account_name: String,
        /// What is known of its session at Userfront.
        session: SessionAfterLogOut,
        /// `{domain}{path}` that the tenant wants a browser to show now, if it is not a view of this app.
        open_in_browser: Option<String>,
    },
    /// An interrupted log-in was undone: nobody is logged in by it, and its session is dead, or listed as pending.
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
    /// A log-in that came back from the browser, or by a link from outside, did not succeed.
    LogInFailed {
        /// What is true, and what to do next.
        message: String,
    },
    /// The activity was written to a file.
    ActivityExported {
        /// Where.
        path: String,
    },
    /// The user's details were changed at Userfront.
    ProfileSaved {
        /// Whose.
        account_name: String,
    },
    /// The password was changed at Userfront.
    PasswordChanged {
        /// Whose.
        account_name: String,
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

/// What is known of a session after a log-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SessionAfterLogOut {
    /// Userfront ended it for us.
    Ended,
    /// Userfront had already ended it before we asked.
    AlreadyOver,
    /// Userfront has not confirmed it; it is listed as pending.
    Pending,
}

/// A log-in or log-out that was cut off, or waits for the keyring. It ends in *logged out*.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Unfinished {
    /// Its account, for commands.
    pub account: String,
    /// What people call the account.
    pub account_name: String,
    /// The tenant's ID.
    pub tenant_id: String,
    /// What was cut off.
    pub verb: UnfinishedVerb,
    /// The names of the keyring entries that hold its tokens.
    pub keyring_entries: Vec<String>,
    /// When the session ends by itself.
    #[ts(type = "number")]
    pub session_ends_at: i64,
}

/// What was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum UnfinishedVerb {
    /// A log-in; it is being undone.
    LogIn,
    /// A log-out; it is being finished.
    LogOut,
}

/// A session that is over here and not yet known to be dead at Userfront.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PendingRevocation {
    /// Names the row, for commands.
    pub id: String,
    /// Whose session it is.
    pub account_name: String,
    /// The tenant's ID.
    pub tenant_id: String,
    /// Since when.
    #[ts(type = "number")]
    pub since: i64,
    /// When the session ends by itself.
    #[ts(type = "number")]
    pub session_ends_at: i64,
    /// Why the last try did not succeed.
    pub reason: String,
    /// How often the server was asked.
    pub tries: u32,
    /// When the server is asked again while this app is running.
    #[ts(type = "number")]
    pub next_try: i64,
    /// The server said that the session is over, and yet answered with its token: when that expires.
    #[ts(type = "number | null")]
    pub still_answers_until: Option<i64>,
}

/// Something that was done, or came to be known.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ActivityLine {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// Whose.
    pub account_name: String,
    /// The tenant's ID.
    pub tenant_id: String,
    /// What was done: `Logged in`, …
    pub what: String,
    /// What came of it, in words.
    pub outcome: String,
    /// Whether it asks for attention.
    pub is_bad: bool,
    /// The first 8 hex digits of the SHA-256 of the token that it was done with.
    pub token_hash: Option<String>,
    /// Which program did it: `app` or `userfront`.
    pub by: String,
}

/// What the user has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Settings {
    /// After a log-out, ask Userfront once whether the token still works.
    pub probe: bool,
}

/// Where a log-out button leads.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(untagged)]
#[ts(export)]
pub enum Redirect {
    /// `false`: stay. `true`: wherever the server or the tenant says.
    Follow(bool),
    /// There.
    Path(String),
}

/// A keyring entry that could not be removed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Remnant {
    /// The keyring's service.
    pub service: String,
    /// The entry's name.
    pub entry: String,
}

/// What the user can be told when a command did not do its work. A code exists only where the UI branches on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct IpcError {
    /// What the UI branches on.
    pub code: ErrorCode,
    /// What is true, and what to do next: sentences for a person.
    pub message: String,
    /// The technical detail, to be copied into a report. No token, no password, no URL.
    pub detail: Option<String>,
    /// How many seconds the server wants to be left alone.
    #[ts(type = "number | null")]
    pub retry_after: Option<u64>,
}

/// What the UI branches on.
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
    /// The keyring does not answer.
    KeyringHung,
    /// The keyring is out of reach.
    KeyringUnavailable,
    /// Everything else: *Try again* is offered.
    Failed,
}

impl From<Redirect> for accounts::destination::Redirect {
    fn from(redirect: Redirect) -> Self {
        match redirect {
            Redirect::Follow(true) => Self::Follow,
            Redirect::Follow(false) => Self::Stay,
            Redirect::Path(path) => Self::To(path),
        }
    }
}
