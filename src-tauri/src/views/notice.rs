//! Which notice the window shows.

use accounts::model::registry::Registry;
use accounts::{Overview, Unread};

use crate::dto::{Notice, SessionAfterLogOut};
use crate::state::screen::log_outs::without_rows;
use crate::state::screen::{Screen, ShownNotice};
use crate::views::activity;

/// A notice that is on disk comes first; it stays until it is dismissed.
pub(crate) fn shown_notice(overview: &Overview, screen: &Screen) -> Option<ShownNotice> {
    let registry = &overview.registry;
    let mended = registry.mended.clone().map(Unread::Mended);
    let lost = registry.lost.first().cloned().map(Unread::Lost);
    let rollback = overview.rollback.first().cloned().map(Unread::Rollback);
    let unanswered = overview.unanswered.clone().map(Unread::Unanswered);
    let own = screen.notice.clone().filter(|notice| !is_outdated(notice, registry));
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
            Self::Unread(Unread::Unanswered(line)) => Notice::Warning { message: activity::unanswered(line) },
            Self::Unread(Unread::Rollback(name)) => Notice::LogInUndone { account_name: name.clone() },
        }
    }
}

/// A log-out that is not pending any more: its row has said how it ended.
fn is_outdated(notice: &Notice, registry: &Registry) -> bool {
    let Notice::LoggedOut { account_name, session: SessionAfterLogOut::Pending, .. } = notice else {
        return false;
    };
    !registry.pending.iter().any(|row| !row.is_dead && row.account_name == *account_name)
}
