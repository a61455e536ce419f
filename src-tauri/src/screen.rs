//! The screen of one window: what the user asked it to show, how far a log-in is, what happened, and where a
//! log-out leads.

use accounts::destination::{BrowserPage, Place};
use accounts::log_out::{LogOut, Revocation};
use accounts::ports::{Deletion, TenantMode};
use accounts::{Tenant, Unread};

use crate::ipc::dto::{Notice, SessionAfterLogOut};
use crate::profile::ProfileScreen;
use crate::steps::Step;

/// What one window shows, as far as the accounts do not say it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Screen {
    /// The login screen was asked for although an account could be shown.
    pub(crate) wants_login: bool,
    /// The tenant that is shown on the login screen.
    pub(crate) tenant: ChosenTenant,
    /// How far the log-in to that tenant is; empty at the factor that is offered first.
    pub(crate) steps: Vec<Step>,
    /// Who is to log in again, if that is said.
    pub(crate) name: Option<String>,
    /// What happened, until it is dismissed or replaced.
    pub(crate) notice: Option<Notice>,
    /// What the notice of a log-out offers to open in the browser.
    pub(crate) page: Option<BrowserPage>,
    /// A view beside the account and the login screen.
    pub(crate) open: Option<Open>,
    /// The user's own details, while they are open.
    pub(crate) profile: Option<ProfileScreen>,
}

/// A notice that a window shows, and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown {
    /// The domain's.
    Unread(Unread),
    /// The window's own.
    Own(Notice),
}

/// A view beside the account and the login screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Open {
    /// The list of accounts.
    Accounts,
    /// What was done.
    Activity,
    /// What can be chosen.
    Settings,
    /// The user's own details.
    Profile,
}

/// The tenant on a login screen.
#[derive(Debug, Clone, Default)]
pub(crate) enum ChosenTenant {
    /// The one of the last log-in, by whichever program, if there was one: until something is done with it
    /// here.
    #[default]
    Last,
    /// None: the form asks for one, filled in with the last.
    Asking,
    /// This one, which has answered.
    Chosen(Tenant, TenantMode),
}

impl Screen {
    /// Back to the account, or on to the one that has just logged in.
    pub(crate) fn leave_login(&mut self) {
        *self = Self { tenant: std::mem::take(&mut self.tenant), ..Self::default() };
    }

    /// Another tenant, or none: the log-in begins anew.
    pub(crate) fn choose(&mut self, tenant: ChosenTenant) {
        self.tenant = tenant;
        self.steps.clear();
        self.name = None;
    }

    /// Stays with the tenant of the last log-in, which may be another one soon.
    pub(crate) fn stay_with(&mut self, tenant: &Tenant, ways_in: &TenantMode) {
        if let ChosenTenant::Last = self.tenant {
            self.tenant = ChosenTenant::Chosen(tenant.clone(), ways_in.clone());
        }
    }

    /// Back to the account or the login screen.
    pub(crate) fn leave_view(&mut self) {
        self.open = None;
        self.profile = None;
    }

    /// To the login screen, though an account could be shown.
    pub(crate) fn ask_for_log_in(&mut self) {
        *self = Self { wants_login: true, ..Self::default() };
    }

    /// An address on this machine that serves no more: there is nothing to copy.
    pub(crate) fn forget_departure(&mut self, over: &str) {
        let is_over =
            |notice: &Notice| matches!(notice, Notice::SamlInBrowser { address } if address == over);
        self.notice = self.notice.take().filter(|notice| !is_over(notice));
    }

    /// What a log-out came to is known better by now: what is said of it, if it is said still, says so.
    pub(crate) fn revise_log_out(&mut self, before: &LogOut, outcome: &LogOut) {
        if self.notice.is_some() && self.notice == Notice::of_log_out(before) {
            self.notice = Notice::of_log_out(outcome);
        }
    }

    /// Where a log-out leads. A window whose account is still there stays with it.
    pub(crate) fn go_to_destination(&mut self, outcome: &LogOut) {
        self.notice = Notice::of_log_out(outcome);
        self.page.clone_from(&outcome.destination.open_in_browser);
        self.open = match outcome.destination.place {
            Place::Here => self.open,
            Place::LogIn | Place::SignUp | Place::Reset | Place::Account(_) => None,
            Place::Accounts => Some(Open::Accounts),
            Place::Activity => Some(Open::Activity),
            Place::Settings => Some(Open::Settings),
        };
        // What is left holds secrets of an authenticator app.
        if self.open != Some(Open::Profile) {
            self.profile = None;
        }
    }
}

impl Notice {
    /// What to say of a log-out. What is left behind is listed by the snapshot itself.
    fn of_log_out(outcome: &LogOut) -> Option<Self> {
        let account_name = outcome.account_name.clone();
        let unwritten = outcome.unwritten.is_some();
        if outcome.is_back {
            return Some(Self::NotLoggedOut { account_name });
        }
        let session = match outcome.revocation {
            Revocation::Revoked => SessionAfterLogOut::Ended,
            Revocation::AlreadyInvalid => SessionAfterLogOut::AlreadyOver,
            Revocation::Pending { .. } => SessionAfterLogOut::Pending,
            Revocation::Impossible { alive_until } => {
                return Some(Self::SessionLost { account_name, alive_until: alive_until.0 });
            }
        };
        if let Deletion::StillPresent(_) = outcome.deletion {
            return None;
        }
        let open_in_browser = outcome.destination.open_in_browser.as_ref().map(ToString::to_string);
        let accepted_until = outcome.accepted_until.map(|until| until.0);
        Some(Self::LoggedOut { account_name, session, accepted_until, unwritten, open_in_browser })
    }
}

#[cfg(test)]
mod tests {
    use accounts::destination::Destination;
    use accounts::registry::RegistryError;

    use super::*;

    fn logged_out(place: Place) -> LogOut {
        LogOut {
            account_name: "Mira".to_owned(),
            revocation: Revocation::Revoked,
            deletion: Deletion::Deleted,
            destination: Destination { place, open_in_browser: None },
            accepted_until: None,
            unwritten: None,
            is_back: false,
        }
    }

    #[test]
    fn a_window_that_leaves_an_account_keeps_none_of_its_secrets() {
        let account = "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com".parse().unwrap();
        let profile = ProfileScreen { account, user: None, totp: None, new_address: None };
        let mut screen = Screen { open: Some(Open::Profile), profile: Some(profile), ..Screen::default() };
        screen.go_to_destination(&logged_out(Place::Here));
        assert!(screen.profile.is_some(), "of another account");
        screen.go_to_destination(&logged_out(Place::LogIn));
        assert!(screen.open.is_none() && screen.profile.is_none());
    }

    #[test]
    fn what_the_verification_finds_takes_the_place_of_what_was_said_and_of_nothing_else() {
        let before = logged_out(Place::LogIn);
        let after = LogOut { accepted_until: Some(accounts::Timestamp(9)), ..before.clone() };
        let mut screen = Screen::default();
        screen.go_to_destination(&before);
        screen.revise_log_out(&before, &after);
        assert!(matches!(screen.notice, Some(Notice::LoggedOut { accepted_until: Some(9), .. })));
        screen.notice = None;
        screen.revise_log_out(&before, &after);
        assert_eq!(screen.notice, None, "it was dismissed");
    }

    #[test]
    fn a_log_out_whose_list_could_not_be_written_says_so_and_no_log_out_where_the_session_is_alive() {
        let full = RegistryError::Io { action: "written", detail: "No space left on device".to_owned() };
        let before = LogOut { unwritten: Some(full), ..logged_out(Place::LogIn) };
        let alive_until = accounts::Timestamp(9);
        let pending = LogOut { revocation: Revocation::Pending { alive_until }, ..before.clone() };
        let after = LogOut { is_back: true, ..pending.clone() };
        let mut screen = Screen::default();
        screen.go_to_destination(&pending);
        assert!(matches!(
            screen.notice,
            Some(Notice::LoggedOut { session: SessionAfterLogOut::Pending, .. })
        ));
        screen.go_to_destination(&before);
        assert!(
            matches!(screen.notice, Some(Notice::LoggedOut { unwritten: true, .. })),
            "{:?}",
            screen.notice
        );
        screen.revise_log_out(&before, &after);
        assert_eq!(screen.notice, Some(Notice::NotLoggedOut { account_name: "Mira".to_owned() }));
    }

    #[test]
    fn an_address_that_is_over_takes_no_other_notice_along() {
        let notice = |address: &str| Some(Notice::SamlInBrowser { address: address.to_owned() });
        let mut screen = Screen { notice: notice("http://127.0.0.1:1/new"), ..Screen::default() };
        screen.forget_departure("http://127.0.0.1:1/old");
        assert_eq!(screen.notice, notice("http://127.0.0.1:1/new"));
        screen.forget_departure("http://127.0.0.1:1/new");
        assert_eq!(screen.notice, None);
    }
}
