//! From the domain's overview to what a window shows. Pure: the same overview and screen make the same
//! snapshot.

mod activity;
mod foreign;
mod log_in;

use accounts::model::account::Profile;
use accounts::model::activity::Line;
use accounts::model::registry::{Account, Phase, Registry};
use accounts::ports::{EntryElsewhere, FileError, StoreStatus};
use accounts::storage::environment::Environment;
use accounts::{EntryName, Mode, Overview, Unread};

pub(crate) use crate::ipc::dto::Snapshot;
use crate::ipc::dto::{self, AccountRow, Keyring, KeyringStatus, Notice, View};
use crate::links::Arrived;
use crate::screen::{Open, Screen, Shown, without_rows};
use crate::shell;
use crate::steps;

use activity::activity_view;
pub(crate) use log_in::last_tenant;
use log_in::{chosen_tenant, form, step};

/// The snapshot of one window.
pub(crate) fn take(
    revision: u64,
    overview: &Overview,
    screen: &Screen,
    environment: &Environment,
    resumed: bool,
    activity: Option<Result<Vec<Line>, FileError>>,
    arrived: Option<&Arrived>,
) -> Snapshot {
    let registry = &overview.registry;
    let shown = registry.accounts.iter().filter(|account| account.phase != Phase::Abandoned);
    let view = match (resumed, screen.open) {
        (false, _) => View::Starting,
        (true, None) => view(overview, screen, environment),
        (true, Some(Open::Accounts)) => View::Accounts,
        (true, Some(Open::Activity)) => activity_view(activity.unwrap_or_else(|| Ok(Vec::new()))),
        (true, Some(Open::Settings)) => View::Settings,
        (true, Some(Open::Profile)) => {
            profile(screen, registry).unwrap_or_else(|| view(overview, screen, environment))
        }
    };
    Snapshot {
        revision,
        view,
        accounts: shown.map(|account| account_row(account, registry, overview)).collect(),
        keyring: keyring(overview),
        in_progress: overview.in_progress.iter().map(work).collect(),
        notice: shown_notice(overview, screen).as_ref().map(Shown::notice),
        unfinished: registry.accounts.iter().filter_map(|account| unfinished(account, overview)).collect(),
        pending_revocations: registry
            .pending
            .iter()
            .filter(|row| is_shown(row, overview))
            .map(pending)
            .collect(),
        remnants: leftovers(overview),
        foreign: foreign::rows(&overview.foreign),
        elsewhere: overview.elsewhere.iter().map(elsewhere).collect(),
        settings: dto::Settings { probe: overview.settings.verify_revocation },
        arrived_link: arrived.map(|arrived| arrived.to_dto(registry)),
        clock_ahead: overview.clock_ahead,
        registry_problem: overview.registry_problem.as_ref().map(Into::into),
    }
}

/// Nothing once the account is not logged in any more.
fn profile(screen: &Screen, registry: &Registry) -> Option<View> {
    let profile = screen.profile.as_ref()?;
    registry.account(&profile.account).filter(|account| account.phase == Phase::Active)?;
    Some(View::Profile {
        id: profile.account.to_string(),
        user: profile.form(),
        totp: profile.totp.as_ref().map(steps::totp_set_up),
        new_address: profile.new_address.as_ref().map(|new| new.to_dto()),
    })
}

fn view(overview: &Overview, screen: &Screen, environment: &Environment) -> View {
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
        picture_version: shell::version(profile.image.as_deref()),
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
        account_name: account.name().to_owned(),
        tenant_id: account.tenant.id.to_string(),
        verb,
        keyring_entries: entries(account),
        session_ends_at: account.ends_by_itself_at().0,
    })
}

/// The first letters of the first and the last word, in upper case; scripts without words give one letter.
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

/// What is on disk for the user to read comes first; it does not go away until it is dismissed.
pub(crate) fn shown_notice(overview: &Overview, screen: &Screen) -> Option<Shown> {
    let registry = &overview.registry;
    let mended = registry.mended.clone().map(Unread::Mended);
    let lost = registry.lost.first().cloned().map(Unread::Lost);
    let rollback = overview.rollback.first().cloned().map(Unread::Rollback);
    let own = screen.notice.clone().filter(|notice| !is_outdated(notice, registry));
    let own = own.map(|notice| without_rows(notice, &registry.pending));
    mended.or(lost).map(Shown::Unread).or(own.map(Shown::Own)).or(rollback.map(Shown::Unread))
}

impl Shown {
    pub(crate) fn notice(&self) -> Notice {
        match self {
            Self::Own(notice) => notice.clone(),
            Self::Unread(Unread::Mended(mended)) => Notice::RegistryMended {
                kept_as: mended.kept_as.clone(),
                from_last_good: mended.from_last_good,
            },
            Self::Unread(Unread::Lost(lost)) => Notice::SessionLost {
                account_name: lost.account_name.clone(),
                alive_until: lost.alive_until.0,
            },
            Self::Unread(Unread::Rollback(name)) => Notice::LogInUndone { account_name: name.clone() },
        }
    }
}

/// A log-out that was pending and is so no more: what came of it, its row has said.
fn is_outdated(notice: &Notice, registry: &Registry) -> bool {
    let Notice::LoggedOut { account_name, session: dto::SessionAfterLogOut::Pending, .. } = notice else {
        return false;
    };
    !registry.pending.iter().any(|row| !row.is_dead && row.account_name == *account_name)
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

fn leftovers(overview: &Overview) -> Vec<dto::Remnant> {
    let leftover =
        |entry: EntryName| dto::Remnant { service: overview.service.clone(), entry: entry.to_string() };
    overview.leftover_entries().map(leftover).collect()
}

fn elsewhere(found: &EntryElsewhere) -> dto::Remnant {
    dto::Remnant { service: found.service.clone(), entry: found.entry.to_string() }
}

/// While its log-out is under way, nobody knows yet whether it stays pending.
fn is_shown(row: &accounts::model::registry::PendingRevocation, overview: &Overview) -> bool {
    !row.is_dead && !overview.in_progress.contains(&accounts::Work::LoggingOut(row.account.clone()))
}

fn pending(row: &accounts::model::registry::PendingRevocation) -> dto::PendingRevocation {
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

fn mode(mode: Mode) -> dto::Mode {
    match mode {
        Mode::Live => dto::Mode::Live,
        Mode::Test => dto::Mode::Test,
    }
}

fn health(health: accounts::Health) -> dto::Health {
    match health {
        accounts::Health::Ok => dto::Health::Ok,
        accounts::Health::Expired => dto::Health::Expired,
        accounts::Health::SignedOutByServer => dto::Health::SignedOutByServer,
        accounts::Health::TokensMissing => dto::Health::TokensMissing,
        accounts::Health::Ended => dto::Health::Ended,
        accounts::Health::LoggingIn => dto::Health::Arriving,
        accounts::Health::LoggingOut => dto::Health::Leaving,
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
