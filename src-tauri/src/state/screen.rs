//! The screen: the view that the user opened, the steps of a log-in, the notice, and the destination of a
//! log-out.

mod ended;
pub(crate) mod log_outs;
pub(crate) mod results;

use accounts::model::auth_config::AuthConfig;
use accounts::model::destination::{BrowserPage, Place};
use accounts::model::registry::{Account, LastTenant, RecentLogOut};
use accounts::{AccountId, Tenant, Unread};

use crate::dto::Notice;
use crate::state::profile_screen::ProfileScreen;
use crate::state::steps::Step;
use crate::state::tenant::{ChosenTenant, ForAccount};

use log_outs::Told;
use results::LogOutOfSeveral;

#[derive(Debug, Clone, Default)]
pub(crate) struct Screen {
    /// Rises whenever the user goes to another place: the result of an earlier action is then ignored.
    pub(crate) place: u64,
    /// The account that is shown, or was shown last.
    pub(crate) account: Option<Account>,
    /// The accounts that were shown last: the latest one, and the one before.
    pub(crate) visited: [Option<AccountId>; 2],
    /// The login screen was opened although an account could be shown.
    pub(crate) wants_login: bool,
    pub(crate) tenant: ChosenTenant,
    /// The steps of the log-in to that tenant; empty at the first offered factor.
    pub(crate) steps: Vec<Step>,
    pub(crate) for_account: Option<ForAccount>,
    pub(crate) notice: Option<Notice>,
    told: Vec<Told>,
    /// The accounts on the result page.
    pub(crate) results: Vec<LogOutOfSeveral>,
    /// The page that the notice of a log-out offers to open in the browser.
    pub(crate) page: Option<BrowserPage>,
    pub(crate) open: Option<Open>,
    pub(crate) profile: Option<ProfileScreen>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ShownNotice {
    Unread(Unread),
    Screen(Notice),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Open {
    Accounts,
    Activity,
    LogOutResults,
    Settings,
    Profile,
}

impl Screen {
    fn start_again(&mut self) {
        let (account, visited) = (self.account.take(), std::mem::take(&mut self.visited));
        *self = Self { place: self.place + 1, account, visited, ..Self::default() };
    }

    /// Whether an account is in view, if one is active.
    pub(crate) fn shows_account(&self) -> bool {
        self.open.is_none() && !self.wants_login
    }

    pub(crate) fn visit(&mut self, account: &Account) {
        let [latest, before] = &mut self.visited;
        if latest.as_ref() != Some(&account.id) {
            *before = latest.replace(account.id.clone());
        }
        self.account = Some(account.clone());
    }

    pub(crate) fn leave_login(&mut self) {
        let (tenant, for_account) = (std::mem::take(&mut self.tenant), self.for_account.take());
        self.start_again();
        (self.tenant, self.for_account) = (tenant, for_account);
    }

    pub(crate) fn choose(&mut self, tenant: ChosenTenant) {
        self.place += 1;
        self.tenant = tenant;
        self.steps.clear();
        self.for_account = None;
    }

    /// Shows the login screen of an account's tenant. Without a config, the tenant must be asked.
    pub(crate) fn choose_for(&mut self, account: &Account, config: Option<AuthConfig>) {
        let tenant = account.tenant.clone();
        self.choose(match config {
            Some(config) => ChosenTenant::Chosen(tenant, config),
            None => ChosenTenant::Unasked(tenant, account.id.mode()),
        });
        self.for_account = Some(account.into());
    }

    /// A tenant has answered. Unless the user has begun something, the log-in starts at the log-out's
    /// destination.
    pub(crate) fn has_answered(&mut self, tenant: &Tenant, config: &AuthConfig, place: &Place) {
        if matches!(&self.tenant, ChosenTenant::Unasked(unasked, _) if unasked == tenant) {
            self.tenant = ChosenTenant::Chosen(tenant.clone(), config.clone());
            self.steps.extend(Step::at_place(place, config));
        }
    }

    pub(crate) fn push(&mut self, step: Step) {
        self.place += 1;
        self.steps.push(step);
    }

    pub(crate) fn pop(&mut self) -> Option<Step> {
        self.place += 1;
        self.steps.pop()
    }

    pub(crate) fn stay_with(&mut self, tenant: &Tenant, config: &AuthConfig) {
        if let ChosenTenant::Last = self.tenant {
            self.tenant = ChosenTenant::Chosen(tenant.clone(), config.clone());
        }
    }

    /// To another view. A notice stays with its view, unless an account needs attention.
    pub(crate) fn turn_to(&mut self, view: Option<Open>) {
        if self.open != view {
            self.notice = self.notice.take().filter(|notice| matches!(notice, Notice::NotLoggedOut { .. }));
        }
        self.open = view;
        if view != Some(Open::LogOutResults) {
            self.results.clear();
        }
    }

    pub(crate) fn leave_view(&mut self) {
        self.turn_to(None);
        self.profile = None;
    }

    pub(crate) fn ask_for_log_in(&mut self) {
        self.start_again();
        self.wants_login = true;
    }

    /// The redirect server is closed, so its address must not be copied any more.
    pub(crate) fn close_redirect_server(&mut self, over: &str) {
        let is_over =
            |notice: &Notice| matches!(notice, Notice::SamlInBrowser { address } if address == over);
        self.notice = self.notice.take().filter(|notice| !is_over(notice));
    }

    /// Reports how a log-out ended and, if the window shows its account, goes to the destination, with the
    /// account's login screen behind it. Another account, or a form to log in to one, stays in view.
    pub(crate) fn go_to_destination(&mut self, log_out: &RecentLogOut, last: Option<&LastTenant>) {
        self.say_log_out(log_out);
        let RecentLogOut { account: of, outcome, .. } = log_out;
        // The profile may hold the secret of an authenticator app.
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
        let steps = known.as_ref().and_then(|config| Step::at_place(place, config));
        self.choose_for(&account, known);
        self.steps.extend(steps);
        self.open = match place {
            _ if self.open == Some(Open::LogOutResults) => self.open,
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
        let profile = ProfileScreen::of(account.clone());
        let mut screen = Screen { open: Some(Open::Profile), profile: Some(profile), ..Screen::default() };
        screen.go_to_destination(&recent(id("nord5678"), logged_out(Place::LogIn)), None);
        assert!(screen.profile.is_some(), "of another account");
        screen.go_to_destination(&recent(account, logged_out(Place::Here)), None);
        assert!(screen.open.is_none() && screen.profile.is_none());
    }

    #[test]
    fn a_notice_stays_in_its_view_unless_an_account_needs_attention() {
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
    fn the_end_of_a_redirect_server_dismisses_only_its_own_notice() {
        let notice = |address: &str| Some(Notice::SamlInBrowser { address: address.to_owned() });
        let mut screen = Screen { notice: notice("http://127.0.0.1:1/new"), ..Screen::default() };
        screen.close_redirect_server("http://127.0.0.1:1/old");
        assert_eq!(screen.notice, notice("http://127.0.0.1:1/new"));
        screen.close_redirect_server("http://127.0.0.1:1/new");
        assert_eq!(screen.notice, None);
    }
}
