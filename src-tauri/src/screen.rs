//! The screen of one window: what the user asked it to show, how far a log-in is, what happened, and where a
//! log-out leads.

use accounts::destination::{BrowserPage, Place};
use accounts::log_out::{LogOut, Revocation};
use accounts::ports::{Deletion, TenantMode};
use accounts::registry::{Account, LastTenant};
use accounts::{AccountId, Mode, Tenant, Unread};

use crate::ipc::dto::{Notice, SessionAfterLogOut};
use crate::profile::ProfileScreen;
use crate::steps::Step;

/// What one window shows, as far as the accounts do not say it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Screen {
    /// Rises whenever the user goes elsewhere: an answer to what was asked before comes too late.
    pub(crate) place: u64,
    /// The account that the window shows, or showed last.
    pub(crate) account: Option<Account>,
    /// The login screen was asked for although an account could be shown.
    pub(crate) wants_login: bool,
    /// The tenant that is shown on the login screen.
    pub(crate) tenant: ChosenTenant,
    /// How far the log-in to that tenant is; empty at the factor that is offered first.
    pub(crate) steps: Vec<Step>,
    /// The account that the login screen is filled in for, if it is for one.
    pub(crate) for_account: Option<ForAccount>,
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
    /// This one, which has not answered yet.
    Unasked(Tenant, Mode),
    /// This one, which has answered.
    Chosen(Tenant, TenantMode),
}

/// What a login screen knows of the account that it is for.
#[derive(Debug, Clone, Default)]
pub(crate) struct ForAccount {
    /// Its e-mail address or user name.
    pub(crate) name: Option<String>,
    /// What its tenant is called.
    pub(crate) tenant_name: Option<String>,
}

impl From<&Account> for ForAccount {
    fn from(account: &Account) -> Self {
        let profile = &account.profile;
        let name = profile.email.clone().or_else(|| profile.username.clone());
        Self { name, tenant_name: profile.tenant_name.clone() }
    }
}

impl Screen {
    /// As it was at first, at another place.
    fn start_again(&mut self) {
        *self = Self { place: self.place + 1, account: self.account.take(), ..Self::default() };
    }

    /// Back to the account, or on to the one that has just logged in.
    pub(crate) fn leave_login(&mut self) {
        let (tenant, for_account) = (std::mem::take(&mut self.tenant), self.for_account.take());
        self.start_again();
        (self.tenant, self.for_account) = (tenant, for_account);
    }

    /// Another tenant, or none: the log-in begins anew.
    pub(crate) fn choose(&mut self, tenant: ChosenTenant) {
        self.place += 1;
        self.tenant = tenant;
        self.steps.clear();
        self.for_account = None;
    }

    /// The login screen of an account, whose tenant answered with this before, or is asked now.
    pub(crate) fn choose_for(&mut self, account: &Account, ways_in: Option<TenantMode>) {
        let tenant = account.tenant.clone();
        self.choose(match ways_in {
            Some(ways_in) => ChosenTenant::Chosen(tenant, ways_in),
            None => ChosenTenant::Unasked(tenant, account.id.mode()),
        });
        self.for_account = Some(account.into());
    }

    /// A tenant has answered. Where nothing was begun yet, the log-in begins as a log-out said.
    pub(crate) fn has_answered(&mut self, tenant: &Tenant, ways_in: &TenantMode, place: &Place) {
        if matches!(&self.tenant, ChosenTenant::Unasked(unasked, _) if unasked == tenant) {
            self.tenant = ChosenTenant::Chosen(tenant.clone(), ways_in.clone());
            self.steps.extend(Step::at_place(place, ways_in));
        }
    }

    /// A further step of the log-in.
    pub(crate) fn push(&mut self, step: Step) {
        self.place += 1;
        self.steps.push(step);
    }

    /// Back to the step before.
    pub(crate) fn pop(&mut self) -> Option<Step> {
        self.place += 1;
        self.steps.pop()
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
        self.start_again();
        self.wants_login = true;
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

    /// What a log-out came to, and where it leads the windows that showed its account: the login screen
    /// behind is that account's. A window that shows another account, or a form to log in to one, stays there.
    pub(crate) fn go_to_destination(&mut self, of: &AccountId, outcome: &LogOut, last: Option<&LastTenant>) {
        self.say_log_out(outcome);
        // What is left holds secrets of an authenticator app.
        if self.profile.take_if(|profile| profile.account == *of).is_some()
            && self.open == Some(Open::Profile)
        {
            self.open = None;
        }
        let Some(account) = self.account.take_if(|account| account.id == *of) else { return };
        if self.wants_login {
            return;
        }
        let known = last.filter(|last| last.tenant == account.tenant).and_then(|last| last.ways_in.clone());
        let place = &outcome.destination.place;
        let steps = known.as_ref().and_then(|ways_in| Step::at_place(place, ways_in));
        self.choose_for(&account, known);
        self.steps.extend(steps);
        self.open = match place {
            Place::Here => self.open,
            Place::LogIn | Place::SignUp | Place::Reset | Place::Account(_) => None,
            Place::Accounts => Some(Open::Accounts),
            Place::Activity => Some(Open::Activity),
            Place::Settings => Some(Open::Settings),
        };
    }

    /// What a log-out came to.
    pub(crate) fn say_log_out(&mut self, outcome: &LogOut) {
        self.notice = Notice::of_log_out(outcome);
        self.page.clone_from(&outcome.destination.open_in_browser);
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
        let id = |tenant: &str| -> AccountId {
            format!("{tenant}:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com").parse().unwrap()
        };
        let (account, other) = (id("demo1234"), id("nord5678"));
        let profile = ProfileScreen { account: account.clone(), user: None, totp: None, new_address: None };
        let mut screen = Screen { open: Some(Open::Profile), profile: Some(profile), ..Screen::default() };
        screen.go_to_destination(&other, &logged_out(Place::LogIn), None);
        assert!(screen.profile.is_some(), "of another account");
        screen.go_to_destination(&account, &logged_out(Place::Here), None);
        assert!(screen.open.is_none() && screen.profile.is_none());
    }

    #[test]
    fn what_the_verification_finds_takes_the_place_of_what_was_said_and_of_nothing_else() {
        let before = logged_out(Place::LogIn);
        let after = LogOut { accepted_until: Some(accounts::Timestamp(9)), ..before.clone() };
        let mut screen = Screen::default();
        screen.say_log_out(&before);
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
        screen.say_log_out(&pending);
        assert!(matches!(
            screen.notice,
            Some(Notice::LoggedOut { session: SessionAfterLogOut::Pending, .. })
        ));
        screen.say_log_out(&before);
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
