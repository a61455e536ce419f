use accounts::model::activity::Line;
use accounts::model::registry::Phase;
use accounts::{Accounts, Timestamp};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Done;
use crate::messages::causes;
use crate::messages::status::{Counts, lines, unread_activity};
use crate::output::{Output, note};
use crate::{json, overview};

/// For how long `status` reports a log-in without an answer: the usual life of a refresh token, 30 days (an
/// assumption).
const REPORTED_FOR: i64 = 30 * 24 * 60 * 60;

pub(super) async fn status(accounts: &Accounts, output: Output) -> Done {
    let overview = overview::read(accounts).await?;
    let registry = &overview.registry;
    let active = accounts::overview::shown_account(&overview);
    let leftovers: Vec<_> = overview.leftover_entries().collect();
    let unanswered = unanswered(accounts, overview.now).await;
    let counts = Counts {
        unfinished: registry.accounts.iter().filter(|it| it.phase != Phase::Active).count(),
        pending: registry.pending.iter().filter(|row| !row.is_dead).count(),
        leftovers: leftovers.len(),
    };
    let keyring = json::keyring_status(&overview.store);
    let value = json!({
        "active": active.map(|account| json::account(account, &overview)),
        "accounts": overview::shown(&overview).count(),
        "keyring": json::keyring(&overview),
        "unfinished": counts.unfinished,
        "pending": counts.pending,
        "remnants": leftovers,
        "foreign": json::foreign(&overview.foreign),
        "elsewhere": json::elsewhere(&overview.elsewhere),
        "lost": registry.lost.iter().map(json::lost).collect::<Vec<Value>>(),
        "unanswered": unanswered.as_deref().map(json::unanswered),
        "mended": registry.mended,
        "clockAhead": overview.clock_ahead,
        "problem": overview.registry_problem.as_ref().map(causes::list),
    });
    output.answer(&value, &lines(&overview, &counts, unanswered.as_deref().unwrap_or_default(), keyring))?;
    let is_usable = active.is_some_and(|account| overview::session_over(account, &overview).is_none());
    Ok(if is_usable { Exit::Done } else { Exit::NotLoggedIn })
}

/// The log-ins whose answer was lost as their program ended; `None` where the activity cannot be read.
async fn unanswered(accounts: &Accounts, now: Timestamp) -> Option<Vec<Line>> {
    match accounts.unanswered_log_ins().await {
        Ok(mut lines) => {
            lines.retain(|line| now.0.saturating_sub(line.at.0) < REPORTED_FOR);
            Some(lines)
        }
        Err(error) => {
            note(unread_activity(&error));
            None
        }
    }
}
