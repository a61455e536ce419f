//! What happened since the last look and is worth a notification of the desktop, each told once.
//!
//! What happens while the user sees the window is shown there. Only the coming end of a session is not, for
//! an account that is not in view: that waits until the user looks away.

use std::collections::HashSet;
use std::sync::Arc;

use accounts::model::activity::{Event, Line};
use accounts::model::reason::Reason;
use accounts::model::registry::{Account, PendingRevocation, Phase, Registry};
use accounts::model::session_outcome::SessionOutcome;
use accounts::{AccountId, Overview};

/// In seconds. A session that cannot be renewed is told of this long before its end.
const SOON: i64 = 10 * 60;
/// In seconds. How long the activity may take to say why a row is gone.
const EXPLAINED: i64 = 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewsItem {
    pub(crate) account: AccountId,
    /// The account's name.
    pub(crate) name: String,
    pub(crate) event: NewsEvent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewsEvent {
    SessionEnded,
    /// In so many minutes.
    EndsSoon(i64),
    /// The session is over.
    RevocationDone(SessionOutcome),
    /// Nothing here can end the session any more, and it may be alive.
    SessionLost,
    RevocationNeedsUser,
}

/// What an item is told once of.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Told {
    account: AccountId,
    session: String,
    kind: std::mem::Discriminant<NewsEvent>,
}

/// An ended session or a pending revocation that is found at the first look is not news.
#[derive(Debug, Default)]
pub(crate) struct News {
    before: Option<Arc<Registry>>,
    told: HashSet<Told>,
    /// The sessions of whose coming end this run or an earlier one has told.
    ends_told: HashSet<String>,
    /// Rows that are gone, the activity not having said why, and since when.
    gone: Vec<(PendingRevocation, i64)>,
}

impl News {
    pub(crate) fn after(ends_told: HashSet<String>) -> Self {
        Self { ends_told, ..Self::default() }
    }

    /// To be kept for the next run.
    pub(crate) fn ends_told(&self) -> &HashSet<String> {
        &self.ends_told
    }

    /// Whether the activity is needed to say why a row is gone. To be asked before [`take`](Self::take).
    pub(crate) fn needs_activity(&mut self, overview: &Overview) -> bool {
        let Some(before) = &self.before else { return false };
        let (rows, now) = (&overview.registry.pending, overview.now.0);
        let is_there = |row: &PendingRevocation| rows.iter().any(|it| it.entry == row.entry && !it.is_dead);
        let gone = before.pending.iter().filter(|row| !row.is_dead && was_reported(row) && !is_there(row));
        self.gone.extend(gone.map(|row| (row.clone(), now)));
        self.gone.retain(|(_, since)| now - since <= EXPLAINED);
        !self.gone.is_empty()
    }

    pub(crate) fn take(&mut self, overview: &Overview, activity: &[Line], is_seen: bool) -> Vec<NewsItem> {
        let registry = &overview.registry;
        let Some(before) = self.before.replace(registry.clone()) else { return Vec::new() };
        let mut items = Vec::new();
        self.ends_told.retain(|told| registry.accounts.iter().any(|it| it.session.as_str() == told));
        for account in &registry.accounts {
            if has_ended(account, &before) {
                let event = NewsEvent::SessionEnded;
                items.extend(self.once(&account.id, account.session.as_str(), account.called(), event));
            }
            let ends_in = ends_soon(account, overview.now.0).filter(|_| !is_seen);
            if let Some(minutes) = ends_in
                && self.ends_told.insert(account.session.as_str().to_owned())
            {
                let event = NewsEvent::EndsSoon(minutes);
                items.push(NewsItem { account: account.id.clone(), name: account.called(), event });
            }
        }
        for row in registry.pending.iter().filter(|row| needs_user(row) && !needed_user(row, &before)) {
            let event = NewsEvent::RevocationNeedsUser;
            items.extend(self.once(&row.account, row.session.as_str(), row.account_name.clone(), event));
        }
        for (row, since) in std::mem::take(&mut self.gone) {
            match why_gone(&row, activity) {
                Some(Event::Settled { session }) => {
                    let event = match session {
                        over if over.is_over() => NewsEvent::RevocationDone(*over),
                        _ => NewsEvent::SessionLost,
                    };
                    items.extend(self.once(&row.account, row.session.as_str(), row.account_name, event));
                }
                Some(_) => {}
                None => self.gone.push((row, since)),
            }
        }
        items
    }

    fn once(&mut self, id: &AccountId, session: &str, name: String, event: NewsEvent) -> Option<NewsItem> {
        let kind = std::mem::discriminant(&event);
        let told = Told { account: id.clone(), session: session.to_owned(), kind };
        self.told.insert(told).then(|| NewsItem { account: id.clone(), name, event })
    }
}

/// In seconds: when a session will end soon of which nothing is told yet.
pub(crate) fn next_look(overview: &Overview) -> Option<i64> {
    let accounts = overview.registry.accounts.iter().filter(|account| cannot_be_renewed(account));
    let left = accounts.map(|account| account.ends_by_itself_at().0 - overview.now.0 - SOON);
    left.filter(|left| *left > 0).min()
}

fn has_ended(account: &Account, before: &Registry) -> bool {
    let earlier = before.account(&account.id).filter(|it| it.session == account.session);
    account.signed_out_by_server && earlier.is_some_and(|it| !it.signed_out_by_server)
}

/// In so many minutes.
fn ends_soon(account: &Account, now: i64) -> Option<i64> {
    let left = account.ends_by_itself_at().0 - now;
    (cannot_be_renewed(account) && left > 0 && left <= SOON).then_some((left + 59) / 60)
}

fn cannot_be_renewed(account: &Account) -> bool {
    account.phase == Phase::Active && !account.signed_out_by_server && account.refresh_at.is_none()
}

fn needs_user(row: &PendingRevocation) -> bool {
    let asks = matches!(row.reason, Reason::WithoutDomain | Reason::AskedBefore | Reason::Keyring(_));
    asks && !row.is_dead
}

fn needed_user(row: &PendingRevocation, before: &Registry) -> bool {
    before.pending.iter().any(|it| it.entry == row.entry && needs_user(it))
}

/// A log-out that is confirmed a moment later was never told to be pending.
fn was_reported(row: &PendingRevocation) -> bool {
    !matches!(row.reason, Reason::NoAnswerYet | Reason::Asking)
}

fn why_gone<'a>(row: &PendingRevocation, activity: &'a [Line]) -> Option<&'a Event> {
    let is_why = |line: &&Line| {
        line.entry.as_ref() == Some(&row.entry)
            && line.at >= row.since
            && matches!(line.event, Event::Settled { .. } | Event::Discarded)
    };
    activity.iter().rev().find(is_why).map(|line| &line.event)
}

#[cfg(test)]
mod tests;
