use accounts::model::activity::Line;
use accounts::model::registry::Registry;
use accounts::{Overview, Unread};

use crate::dto::{LogOutOutcome, Notice};
use crate::state::screen::log_outs::without_rows;
use crate::state::screen::{Screen, ShownNotice};

/// A notice on disk comes first; it stays until it is dismissed.
pub(crate) fn shown_notice(overview: &Overview, screen: &Screen) -> Option<ShownNotice> {
    let registry = &overview.registry;
    let mended = registry.mended.clone().map(Unread::Mended);
    let lost = registry.lost.first().cloned().map(Unread::Lost);
    let rollback = overview.rollback.first().cloned().map(Unread::Rollback);
    let unanswered = overview.unanswered.clone().map(Unread::Unanswered);
    let own = screen.notice.clone().filter(|_| !is_outdated(screen, registry));
    let own = own.map(|notice| without_rows(notice, &registry.pending));
    mended
        .or(lost)
        .map(ShownNotice::Unread)
        .or(own.map(ShownNotice::Screen))
        .or(rollback.or(unanswered).map(ShownNotice::Unread))
}

impl ShownNotice {
    pub(crate) fn notice(&self) -> Notice {
        match self {
            Self::Screen(notice) => notice.clone(),
            Self::Unread(Unread::Mended(mended)) => Notice::RegistryMended {
                kept_as: mended.kept_as.clone(),
                from_last_good: mended.from_last_good,
            },
            Self::Unread(Unread::Lost(lost)) => Notice::SessionLost {
                account_name: lost.account_name.clone(),
                alive_until: lost.alive_until.0,
            },
            Self::Unread(Unread::Unanswered(line)) => Notice::LogInUnanswered {
                account_name: name_if_known(line),
                tenant_id: line.tenant().map(ToString::to_string).unwrap_or_default(),
                at: line.at.0,
            },
            Self::Unread(Unread::Rollback(name)) => Notice::LogInUndone { account_name: name.clone() },
        }
    }
}

/// The log-out is not pending any more: its row has shown the end.
fn is_outdated(screen: &Screen, registry: &Registry) -> bool {
    let is_pending =
        matches!(&screen.notice, Some(Notice::LoggedOut { outcome: LogOutOutcome::Pending, .. }));
    is_pending && !registry.pending.iter().any(|row| !row.is_dead && screen.notice_is_of(row))
}

/// A line of the activity holds the tenant's ID where no name is known.
fn name_if_known(line: &Line) -> Option<String> {
    let is_tenant = line.tenant().is_some_and(|tenant| tenant.as_str() == line.account_name);
    (!is_tenant).then(|| line.account_name.clone())
}
