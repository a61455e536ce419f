use accounts::AccountId;

/// What a click on the tray asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TrayAction {
    Open,
    ShowAccounts,
    Switch(AccountId),
    LogOut(AccountId),
    LogOutOfAll,
    RetryPending,
    Quit,
}
