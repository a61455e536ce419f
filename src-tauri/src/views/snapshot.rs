use std::sync::Arc;

use accounts::model::activity::Line;
use accounts::model::registry::{Account, PendingRevocation, Phase};
use accounts::ports::{EntryElsewhere, FileError, StoreStatus};
use accounts::storage::environment::Environment;
use accounts::{EntryName, Overview};

use crate::dto::{self, Keyring, KeyringStatus, Missing, Snapshot, View};
use crate::error;
use crate::state::arrived_link::ArrivedLink;
use crate::state::screen::{Open, Screen, ShownNotice};
use crate::views::account::{account_rows, entries};
use crate::views::activity::{activity_line, activity_view};
use crate::views::arrived_link::arrived_link;
use crate::views::foreign;
use crate::views::login::{chosen_tenant, form, step};
use crate::views::profile::profile;

pub(crate) struct Shown<'a> {
    pub(crate) overview: &'a Overview,
    pub(crate) screen: &'a Screen,
    pub(crate) environment: &'a Environment,
    pub(crate) is_resumed: bool,
    pub(crate) is_closing: bool,
    pub(crate) is_covered: bool,
    pub(crate) missing: Missing,
    /// Read only while its view is open.
    pub(crate) activity: Option<Result<Vec<Line>, FileError>>,
    /// Read only while an account is shown.
    pub(crate) recent: Vec<Line>,
    pub(crate) notice: Option<&'a ShownNotice>,
    pub(crate) arrived_link: Option<&'a ArrivedLink>,
}

impl Shown<'_> {
    pub(crate) fn snapshot(self, place: u64) -> Snapshot {
        let Self { overview, screen, environment, .. } = self;
        let registry = &overview.registry;
        let pending = registry.pending.iter().filter(|row| is_shown(row, overview));
        let closing = self.is_closing.then(|| [dto::Work::Closing, log_outs_under_way(overview)]);
        let in_progress =
            closing.into_iter().flatten().chain(overview.in_progress.iter().map(work)).collect();
        let view = || account_or_login(overview, screen, environment, &self.recent);
        let snapshot = Snapshot {
            revision: 0,
            place,
            view: match screen.open {
                _ if !self.is_resumed => View::Starting,
                None => view(),
                Some(Open::Accounts) => View::Accounts,
                Some(Open::Activity) => activity_view(self.activity.unwrap_or_else(|| Ok(Vec::new()))),
                Some(Open::LogOutResults) => screen.results_view(registry, &overview.in_progress),
                Some(Open::Settings) => View::Settings,
                Some(Open::Profile) => {
                    let open = screen.profile.as_ref().and_then(|open| profile(open, registry));
                    open.unwrap_or_else(view)
                }
            },
            accounts: Arc::new(account_rows(overview)),
            accounts_revision: 0,
            keyring: keyring(overview),
            in_progress,
            notice: self.notice.map(ShownNotice::notice),
            unfinished: registry
                .accounts
                .iter()
                .filter_map(|account| unfinished(account, overview))
                .collect(),
            pending_revocations: pending.map(pending_revocation).collect(),
            leftovers: leftovers(overview),
            foreign: foreign::rows(&overview.foreign),
            elsewhere: overview.elsewhere.iter().map(elsewhere).collect(),
            settings: overview.settings.into(),
            missing: self.missing,
            arrived_link: self.arrived_link.map(|arrived| arrived_link(arrived, registry)),
            clock_ahead: overview.clock_ahead,
            registry_problem: overview.registry_problem.as_ref().map(Into::into),
        };
        if self.is_covered { covered(snapshot) } else { snapshot }
    }
}

/// Without anything of an account.
fn covered(snapshot: Snapshot) -> Snapshot {
    let names_none =
        |work: &dto::Work| matches!(work, dto::Work::Closing | dto::Work::LogOutsUnderWay { .. });
    let in_progress = snapshot.in_progress.into_iter().filter(names_none).collect();
    Snapshot {
        view: View::Covered,
        accounts: Arc::default(),
        in_progress,
        notice: None,
        unfinished: Vec::new(),
        pending_revocations: Vec::new(),
        leftovers: Vec::new(),
        foreign: Vec::new(),
        elsewhere: Vec::new(),
        arrived_link: None,
        ..snapshot
    }
}

fn account_or_login(
    overview: &Overview,
    screen: &Screen,
    environment: &Environment,
    recent: &[Line],
) -> View {
    let registry = &overview.registry;
    let shown = accounts::overview::shown_account(overview);
    match shown {
        Some(account) if !screen.wants_login => {
            View::Account { id: account.id.to_string(), recent: recent.iter().map(activity_line).collect() }
        }
        _ => View::Login {
            tenant: chosen_tenant(registry, screen, environment),
            form: form(registry, screen, environment),
            step: step(registry, screen, environment),
            can_go_back: shown.is_some() || registry.accounts.iter().any(|it| it.phase == Phase::Active),
        },
    }
}

fn unfinished(account: &Account, overview: &Overview) -> Option<dto::Unfinished> {
    // By this program or by another one.
    let at_work = |work: accounts::Work| overview.in_progress.contains(&work);
    let verb = match account.phase {
        Phase::LoggingOut if !at_work(accounts::Work::LoggingOut(account.id.clone())) => {
            dto::UnfinishedVerb::LogOut
        }
        Phase::LoggingIn if !at_work(accounts::Work::LoggingIn) => dto::UnfinishedVerb::LogIn,
        _ => return None,
    };
    Some(dto::Unfinished {
        account: account.id.to_string(),
        account_name: account.called(),
        tenant_id: account.tenant.id.to_string(),
        verb,
        keyring_entries: entries(account),
        session_ends_at: account.ends_by_itself_at().0,
    })
}

fn keyring(overview: &Overview) -> Keyring {
    let (status, detail) = match &overview.store {
        StoreStatus::Ok => (KeyringStatus::Ok, None),
        StoreStatus::Locked => (KeyringStatus::Locked, None),
        StoreStatus::NotAllowed => (KeyringStatus::NotAllowed, None),
        StoreStatus::NoKeyring => (KeyringStatus::NoKeyring, None),
        StoreStatus::Unavailable(why) => (KeyringStatus::Unavailable, Some(why.clone())),
        StoreStatus::Hung => (KeyringStatus::Hung, None),
    };
    let keeps_deleted = overview.store_keeps_deleted();
    Keyring { name: overview.store_name.clone(), status, detail, keeps_deleted }
}

fn leftovers(overview: &Overview) -> Vec<dto::LeftoverEntry> {
    let leftover =
        |entry: EntryName| dto::LeftoverEntry { service: overview.service.clone(), entry: entry.to_string() };
    overview.leftover_entries().map(leftover).collect()
}

fn elsewhere(found: &EntryElsewhere) -> dto::LeftoverEntry {
    dto::LeftoverEntry { service: found.service.clone(), entry: found.entry.to_string() }
}

/// A row is hidden while its log-out is under way and may still be confirmed.
fn is_shown(row: &PendingRevocation, overview: &Overview) -> bool {
    !row.is_dead && !overview.in_progress.contains(&accounts::Work::LoggingOut(row.account.clone()))
}

fn pending_revocation(row: &PendingRevocation) -> dto::PendingRevocation {
    dto::PendingRevocation {
        id: row.entry.to_string(),
        account_name: row.account_name.clone(),
        tenant_id: row.tenant.id.to_string(),
        since: row.since.0,
        session_ends_at: row.session_ends_at.0,
        reason: (&row.reason).into(),
        detail: error::detail_of(&row.reason),
        tries: row.tries,
        next_try: row.next_try.0,
        still_answers_until: row.still_answers_until.map(|at| at.0),
    }
}

fn log_outs_under_way(overview: &Overview) -> dto::Work {
    let is_begun = |account: &&Account| {
        account.phase == Phase::LoggingOut
            && overview.in_progress.contains(&accounts::Work::LoggingOut(account.id.clone()))
    };
    let begun = overview.registry.accounts.iter().filter(is_begun).count();
    dto::Work::LogOutsUnderWay { begun, queued: overview.queued_log_outs }
}

fn work(work: &accounts::Work) -> dto::Work {
    match work {
        accounts::Work::Restoring => dto::Work::Restoring,
        accounts::Work::ChoosingTenant => dto::Work::ChoosingTenant,
        accounts::Work::LoggingIn => dto::Work::LoggingIn,
        accounts::Work::LoggingOut(account) => dto::Work::LoggingOut { account: account.to_string() },
        accounts::Work::Sending => dto::Work::Sending,
        accounts::Work::EditingProfile(account) => dto::Work::EditingProfile { account: account.to_string() },
        accounts::Work::Refreshing(account) => dto::Work::Refreshing { account: account.to_string() },
        accounts::Work::UnlockingKeyring => dto::Work::UnlockingKeyring,
        accounts::Work::Revoking(entry) => dto::Work::Revoking { pending: entry.to_string() },
    }
}
