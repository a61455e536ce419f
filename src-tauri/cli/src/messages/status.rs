//! The answers of `status`, `switch`, `refresh` and `pending`.

use std::time::{Duration, SystemTime};

use accounts::base::refresh_outcome::{RefreshFailure, Refreshed};
use accounts::model::activity::Line;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::registry::{LostSession, Mended, PendingRevocation};
use accounts::ports::FileError;
use accounts::{AccountId, EntryName, Overview, TenantId, Timestamp};

use super::{accounts as account_lines, causes, foreign, log_out, reason};
use crate::failure::Failure;
use crate::{account_argument, overview};

pub(crate) struct Counts {
    pub(crate) unfinished: usize,
    pub(crate) pending: usize,
    pub(crate) leftovers: usize,
}

pub(crate) fn lines(overview: &Overview, counts: &Counts, unanswered: &[Line], keyring: &str) -> String {
    let registry = &overview.registry;
    let mut lines = match accounts::overview::shown_account(overview) {
        None => format!("{}\n", account_lines::no_choice(&account_argument::none_active(registry))),
        Some(account) => {
            let line = account_lines::line(account, overview);
            match overview::session_over(account, overview) {
                None => format!("Logged in as {line}\n"),
                Some(why) => format!("{line}\n{}\n", session_over(why)),
            }
        }
    };
    lines.extend([format!("Keyring: {} ({keyring})\n", overview.store_name)]);
    for (count, words) in [
        (counts.unfinished, "waiting to be finished"),
        (counts.pending, "pending at Userfront"),
        (counts.leftovers, "keyring entries that would not go"),
    ] {
        if count > 0 {
            lines.extend([format!("{count} {words}\n")]);
        }
    }
    lines.push_str(&foreign::summary(overview));
    lines.extend(registry.mended.iter().map(mended));
    lines.extend(registry.lost.iter().map(lost));
    lines.extend(unanswered.iter().map(self::unanswered));
    lines.extend(overview.registry_problem.iter().map(|problem| format!("{}\n", causes::list(problem))));
    lines
}

pub(crate) fn session_over(why: RefreshFailure) -> String {
    Failure::from(why).message
}

/// Warns that this computer's clock differed from the server's by so many seconds.
pub(crate) fn clock_warning(ahead: i64) -> String {
    let by = match ahead.unsigned_abs() {
        seconds @ ..7_200 => format!("{} minutes", seconds / 60),
        seconds @ ..172_800 => format!("{} hours", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    };
    let side = if ahead > 0 { "ahead of" } else { "behind" };
    format!(
        "when this computer last got tokens, its clock was {by} {side} Userfront's. If that is still so, \
         have it set by itself."
    )
}

fn lost(lost: &LostSession) -> String {
    format!(
        "A session of {} ({}) may be alive at Userfront until it expires by itself: its token is not in the \
         keyring, so nothing here can end it\n",
        lost.account_name, lost.account
    )
}

fn unanswered(line: &Line) -> String {
    let tenant = line.tenant().map_or("", TenantId::as_str);
    // Where no name is known, the line holds the tenant's ID.
    let of = if line.account_name == tenant { String::new() } else { format!(" of {}", line.account_name) };
    format!(
        "A log-in{of} at {tenant} was interrupted before its answer came, on {}. If it worked, Userfront has \
         a session that is not known here: it ends by itself. To use the account, log in again\n",
        day(line.at)
    )
}

/// Such as `Fri, 27 Nov 2026 19:30:00 GMT`.
fn day(at: Timestamp) -> String {
    const LAST_OF_YEAR_9999: u64 = 253_402_300_799;
    let seconds = u64::try_from(at.0).unwrap_or(0).min(LAST_OF_YEAR_9999);
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

pub(crate) fn unread_activity(error: &FileError) -> String {
    format!("earlier log-ins were not looked at. {}", causes::activity(error))
}

fn mended(mended: &Mended) -> String {
    let now = if mended.from_last_good { "its last good copy took its place" } else { "it is empty now" };
    let kept = mended.kept_as.as_ref().map(|name| format!("; the damaged one is kept as {name}"));
    format!("The account list was damaged or missing: {now}{}\n", kept.unwrap_or_default())
}

/// Says that this run has taken back a log-in that was cut off.
pub(crate) fn rollback(account_name: &str) -> String {
    format!(
        "the log-in of {account_name} was cut off, and is undone. Its session is over, or being ended \
         (`userfront pending` lists it then). Log in again when you like."
    )
}

pub(crate) fn switched(id: &AccountId) -> String {
    format!("{id} is the active account now.")
}

pub(crate) const NOTHING_SWITCHED: &str = "Nothing was switched.";

pub(crate) fn not_switched(id: &AccountId) -> String {
    format!("Nothing was switched: {id} is not logged in now. `userfront list` shows how it is.")
}

pub(crate) fn refreshed(refreshed: Refreshed, is_logged_in: bool) -> &'static str {
    match refreshed {
        Refreshed::Stored => "New tokens are in the keyring.",
        Refreshed::SignedOutByServer => "Your session has ended. Log in again.",
        Refreshed::NoRefreshToken => "There is no refresh token. Log in again.",
        Refreshed::TooLate if is_logged_in => {
            "The account was logged in again meanwhile, and has the tokens of that log-in."
        }
        Refreshed::TooLate => "The account was logged out meanwhile.",
    }
}

pub(crate) fn pending(rows: &[&PendingRevocation], left: &[EntryName]) -> String {
    if rows.is_empty() && left.is_empty() {
        return "Nothing is pending.".to_owned();
    }
    let line = |row: &&PendingRevocation| {
        format!("{} ({}): {}\n  {}\n", row.account_name, row.tenant.id, reason::words(&row.reason), row.entry)
    };
    rows.iter().map(line).chain([log_out::still_present(left)]).collect()
}

pub(crate) fn discarded(deletion: &Deletion) -> String {
    let words = "Discarded. Its session may stay alive at Userfront until it expires.\n";
    [words, &log_out::still_present(deletion.remaining())].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_time_in_the_activity_has_a_day() {
        for (at, day) in [
            (1_795_788_180, "Fri, 27 Nov 2026 14:03:00 GMT"),
            (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (i64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert_eq!(super::day(Timestamp(at)), day);
        }
    }

    #[test]
    fn a_clock_warning_is_in_minutes_hours_or_days() {
        for (ahead, words) in [
            (150, "2 minutes ahead of"),
            (-3_600, "60 minutes behind"),
            (7_200, "2 hours ahead of"),
            (-86_400 * 400, "400 days behind"),
            (i64::MIN, "106751991167300 days behind"),
        ] {
            assert!(clock_warning(ahead).contains(words), "{}", clock_warning(ahead));
        }
    }
}
