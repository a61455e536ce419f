use accounts::model::account::Profile;
use accounts::model::activity::Line;
use accounts::model::registry::{Account, PendingRevocation, Phase, Registry};
use accounts::ports::{EntryElsewhere, FileError, StoreStatus};
use accounts::storage::environment::Environment;
use accounts::{EntryName, Overview};

use crate::dto::{self, AccountRow, Keyring, KeyringStatus, Snapshot, View};
use crate::state::arrived_link::ArrivedLink;
use crate::state::pictures;
use crate::state::screen::{Open, Screen, ShownNotice};
use crate::views::activity::activity_view;
use crate::views::arrived_link::arrived_link;
use crate::views::foreign;
use crate::views::login::{chosen_tenant, form, step};
use crate::views::mode::mode;
use crate::views::profile::profile;

pub(crate) struct Shown<'a> {
    pub(crate) overview: &'a Overview,
    pub(crate) screen: &'a Screen,
    pub(crate) environment: &'a Environment,
    pub(crate) is_resumed: bool,
    pub(crate) is_closing: bool,
    /// Read only while its view is open.
    pub(crate) activity: Option<Result<Vec<Line>, FileError>>,
    pub(crate) notice: Option<&'a ShownNotice>,
    pub(crate) arrived_link: Option<&'a ArrivedLink>,
}

impl Shown<'_> {
    pub(crate) fn snapshot(self, revision: u64) -> Snapshot {
        let Self { overview, screen, environment, .. } = self;
        let registry = &overview.registry;
        let listed = registry.accounts.iter().filter(|account| account.phase != Phase::Abandoned);
        let pending = registry.pending.iter().filter(|row| is_shown(row, overview));
        let closing = self.is_closing.then_some(dto::Work::Closing);
        let in_progress = closing.into_iter().chain(overview.in_progress.iter().map(work)).collect();
        let view = || account_or_login(overview, screen, environment);
        Snapshot {
            revision,
            view: match screen.open {
                _ if !self.is_resumed => View::Starting,
                None => view(),
                Some(Open::Accounts) => View::Accounts,
                Some(Open::Activity) => activity_view(self.activity.unwrap_or_else(|| Ok(Vec::new()))),
                Some(Open::Settings) => View::Settings,
                Some(Open::Profile) => {
                    let open = screen.profile.as_ref().and_then(|open| profile(open, registry));
                    open.unwrap_or_else(view)
                }
            },
            accounts: listed.map(|account| account_row(account, registry, overview)).collect(),
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
            arrived_link: self.arrived_link.map(|arrived| arrived_link(arrived, registry)),
            clock_ahead: overview.clock_ahead,
            registry_problem: overview.registry_problem.as_ref().map(Into::into),
        }
    }
}

fn account_or_login(overview: &Overview, screen: &Screen, environment: &Environment) -> View {
    let registry = &overview.registry;
    let shown = accounts::view::shown_account(overview);
    match shown {
        Some(account) if !screen.wants_login => View::Account { id: account.id.to_string() },
        _ => View::Login {
            tenant: chosen_tenant(registry, screen, environment),
            form: form(registry, screen, environment),
            step: step(registry, screen, environment),
            can_go_back: shown.is_some() || registry.accounts.iter().any(|it| it.phase == Phase::Active),
        },
    }
}

fn account_row(account: &Account, registry: &Registry, overview: &Overview) -> AccountRow {
    let Account { id, tenant, profile, .. } = account;
    AccountRow {
        id: id.to_string(),
        name: account.name().to_owned(),
        told_apart_by: account.told_apart_by.clone(),
        initials: initials(account.name()),
        email: profile.email.clone(),
        username: profile.username.clone(),
        user_id: profile.user_id,
        tenant_id: tenant.id.to_string(),
        tenant_name: profile.tenant_name.clone(),
        api_host: tenant.api.host(),
        mode: mode(id.mode()),
        roles: roles(profile, registry),
        health: health(accounts::Health::of(account, overview.now)),
        renews: account.refresh_at.is_some(),
        session_ends_at: account.ends_by_itself_at().0,
        access_expires_at: account.access_expires(overview.now).0,
        logged_in_at: account.logged_in_at.0,
        has_picture: profile.image.is_some(),
        picture_version: pictures::version(profile.image.as_deref()),
        keyring_entries: entries(account),
    }
}

fn entries(account: &Account) -> Vec<String> {
    [EntryName::access(&account.id), EntryName::refresh(&account.id)]
        .iter()
        .map(ToString::to_string)
        .collect()
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

/// The initials of the first and the last word, in upper case; scripts without words give one letter.
fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back().filter(|letter| letter.is_lowercase() || letter.is_uppercase());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

fn roles(profile: &Profile, registry: &Registry) -> Vec<dto::TenantRoles> {
    let name_of = |id: &str| {
        let known = registry.accounts.iter().find(|account| account.tenant.id.as_str() == id);
        known.and_then(|account| account.profile.tenant_name.clone()).unwrap_or_else(|| id.to_owned())
    };
    profile
        .roles
        .iter()
        .map(|in_tenant| dto::TenantRoles {
            tenant: name_of(&in_tenant.tenant_id),
            roles: in_tenant.roles.clone(),
        })
        .collect()
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
        tries: row.tries,
        next_try: row.next_try.0,
        still_answers_until: row.still_answers_until.map(|at| at.0),
    }
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

fn health(health: accounts::Health) -> dto::Health {
    match health {
        accounts::Health::Ok => dto::Health::Ok,
        accounts::Health::Expired => dto::Health::Expired,
        accounts::Health::SignedOutByServer => dto::Health::SignedOutByServer,
        accounts::Health::TokensMissing => dto::Health::TokensMissing,
        accounts::Health::Ended => dto::Health::Ended,
        accounts::Health::LoggingIn => dto::Health::LoggingIn,
        accounts::Health::LoggingOut => dto::Health::LoggingOut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_the_first_and_the_last_word() {
        for (name, expected) in [
            ("Admin User", "AU"),
            ("mira van der ölund", "MÖ"),
            ("田中 さくら", "田"),
            ("田中", "田"),
            ("support", "S"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
