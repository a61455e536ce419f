//! The screen of one window: what the user asked it to show, how far a log-in is, what happened, and where a
//! log-out leads.

mod log_outs;

use accounts::model::auth_config::AuthConfig;
use accounts::model::destination::{BrowserPage, Place};
use accounts::model::registry::{Account, LastTenant, RecentLogOut};
use accounts::{Mode, Tenant, Unread};

use crate::ipc::dto::Notice;
use crate::profile::ProfileScreen;
use crate::steps::Step;

use log_outs::Told;
pub(crate) use log_outs::without_rows;

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
    /// The log-outs that the notice tells of, if it tells of any.
    told: Vec<Told>,
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
    Chosen(Tenant, AuthConfig),
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
    pub(crate) fn choose_for(&mut self, account: &Account, ways_in: Option<AuthConfig>) {
        let tenant = account.tenant.clone();
        self.choose(match ways_in {
            Some(ways_in) => ChosenTenant::Chosen(tenant, ways_in),
            None => ChosenTenant::Unasked(tenant, account.id.mode()),
        });
        self.for_account = Some(account.into());
    }

    /// A tenant has answered. Where nothing was begun yet, the log-in begins as a log-out said.
    pub(crate) fn has_answered(&mut self, tenant: &Tenant, ways_in: &AuthConfig, place: &Place) {
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
    pub(crate) fn stay_with(&mut self, tenant: &Tenant, ways_in: &AuthConfig) {
        if let ChosenTenant::Last = self.tenant {
            self.tenant = ChosenTenant::Chosen(tenant.clone(), ways_in.clone());
        }
    }

    /// To another view. What was said in the one before was for there, unless an account is not as it should
    /// be.
    pub(crate) fn turn_to(&mut self, view: Option<Open>) {
        if self.open != view {
            self.notice = self.notice.take().filter(|notice| matches!(notice, Notice::NotLoggedOut { .. }));
        }
        self.open = view;
    }

    /// Back to the account or the login screen.
    pub(crate) fn leave_view(&mut self) {
        self.turn_to(None);
        self.profile = None;
    }

    /// To the login screen, though an account could be shown.
    pub(crate) fn ask_for_log_in(&mut self) {
        self.start_again();
        self.wants_login = true;
    }

    /// An address on this machine that serves no more: there is nothing to copy.
    pub(crate) fn close_redirect_server(&mut self, over: &str) {
        let is_over =
            |notice: &Notice| matches!(notice, Notice::SamlInBrowser { address } if address == over);
        self.notice = self.notice.take().filter(|notice| !is_over(notice));
    }

    /// What a log-out came to, and where it leads the windows that showed its account: the login screen
    /// behind is that account's. A window that shows another account, or a form to log in to one, stays
    /// there.
    pub(crate) fn go_to_destination(&mut self, log_out: &RecentLogOut, last: Option<&LastTenant>) {
        self.say_log_out(log_out);
        let RecentLogOut { account: of, outcome, .. } = log_out;
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
        let known =
            last.filter(|last| last.tenant == account.tenant).and_then(|last| last.auth_config.clone());
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
}

#[cfg(test)]
mod tests {
    use super::log_outs::tests::{logged_out, recent};
    use super::*;

    #[test]
    fn a_window_that_leaves_an_account_keeps_none_of_its_secrets() {
        let id = |tenant: &str| -> accounts::AccountId {
            format!("{tenant}:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com").parse().unwrap()
        };
        let account = id("demo1234");
        let profile = ProfileScreen { account: account.clone(), user: None, totp: None, new_address: None };
        let mut screen = Screen { open: Some(Open::Profile), profile: Some(profile), ..Screen::default() };
        screen.go_to_destination(&recent(id("nord5678"), logged_out(Place::LogIn)), None);
        assert!(screen.profile.is_some(), "of another account");
        screen.go_to_destination(&recent(account, logged_out(Place::Here)), None);
        assert!(screen.open.is_none() && screen.profile.is_none());
    }

    #[test]
    fn what_was_said_in_a_view_stays_there_unless_an_account_is_not_as_it_should_be() {
        let exported = Notice::ActivityExported { path: "/tmp/a.json".to_owned() };
        let grave = Notice::NotLoggedOut { account_name: "Mira".to_owned() };
        let mut screen =
            Screen { open: Some(Open::Activity), notice: Some(exported.clone()), ..Screen::default() };
        screen.turn_to(Some(Open::Activity));
        assert_eq!(screen.notice, Some(exported), "it is the same view");
        screen.turn_to(Some(Open::Settings));
        assert_eq!(screen.notice, None);
        screen.notice = Some(grave.clone());
        screen.leave_view();
        assert_eq!((screen.open, screen.notice), (None, Some(grave)));
    }

    #[test]
    fn an_address_that_is_over_takes_no_other_notice_along() {
        let notice = |address: &str| Some(Notice::SamlInBrowser { address: address.to_owned() });
        let mut screen = Screen { notice: notice("http://127.0.0.1:1/new"), ..Screen::default() };
        screen.close_redirect_server("http://127.0.0.1:1/old");
        assert_eq!(screen.notice, notice("http://127.0.0.1:1/new"));
        screen.close_redirect_server("http://127.0.0.1:1/new");
        assert_eq!(screen.notice, None);
    }
}
