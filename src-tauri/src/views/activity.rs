//! The activity in words.

use accounts::model::activity::{Event, Line, Program};
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::FileError;

use crate::dto::{self, View};

/// The latest first.
pub(crate) fn activity_view(read: Result<Vec<Line>, FileError>) -> View {
    match read {
        Ok(lines) => View::Activity {
            lines: lines.iter().rev().take(SHOWN_LINES).map(activity_line).collect(),
            problem: None,
        },
        Err(error) => View::Activity { lines: Vec::new(), problem: Some(format!("{error}.")) },
    }
}

/// That a log-in of an earlier run had no answer.
pub(super) fn unanswered(line: &Line) -> String {
    let tenant = line.tenant().map(ToString::to_string).unwrap_or_default();
    let of = if line.account_name == tenant { String::new() } else { format!(" of {}", line.account_name) };
    format!(
        "An earlier log-in{of} at {tenant} had no answer. If it worked, Userfront has a session that is not \
         known here: it ends by itself. The activity says when this was."
    )
}

const SHOWN_LINES: usize = 200;

fn activity_line(line: &Line) -> dto::ActivityLine {
    let (what, outcome, is_bad) = in_words(&line.event);
    dto::ActivityLine {
        at: line.at.0,
        account_name: line.account_name.clone(),
        tenant_id: line.tenant().map(ToString::to_string).unwrap_or_default(),
        what: what.to_owned(),
        outcome,
        is_bad,
        token_hash: line.token.clone(),
        by: match line.by {
            Program::App => "app".to_owned(),
            Program::Cli => "userfront".to_owned(),
        },
    }
}

/// The event, its outcome, and whether that asks for attention.
fn in_words(event: &Event) -> (&'static str, String, bool) {
    let plain = |text: &str| text.to_owned();
    let of = |what, session: SessionOutcome| (what, session_in_words(session).to_owned(), is_bad(session));
    match event {
        Event::LoggedIn => ("Logged in", plain("Its tokens are in the keyring."), false),
        Event::LogInFailed { session } => of("Log-in not kept", *session),
        Event::LogInUnanswered => (
            "Log-in without an answer",
            plain("If it took effect, a session is alive that nothing here can end. It ends by itself."),
            true,
        ),
        Event::UnansweredIsRead => ("Log-in without an answer", plain("You have read of it."), false),
        Event::LoggedOut { session, still_present: 0 } => of("Logged out", *session),
        Event::LoggedOut { session, still_present } => {
            let outcome =
                format!("{} {still_present} keyring entries would not go.", session_in_words(*session));
            ("Logged out", outcome, true)
        }
        Event::LogOutFailed { reason } => ("Log-out failed", reason.clone(), true),
        Event::LogOutWaits => ("Log-out waits", plain("It takes place once the keyring is unlocked."), false),
        Event::Finished { session } => of("Finished what was cut off", *session),
        Event::Settled { session } => of("Pending revocation ended", *session),
        Event::StillAnswers => (
            "Still answered",
            plain("Userfront said that the session is over, and still accepted its tokens."),
            true,
        ),
        Event::Discarded => {
            ("Pending revocation discarded", plain("The session may live until it ends by itself."), true)
        }
        Event::Abandoned => {
            ("Forgotten", plain("Its tokens may be in the keyring; its session lives on."), true)
        }
        Event::Refreshed => ("Refreshed", plain("New tokens are in the keyring."), false),
        Event::SignedOutByServer => ("Signed out by Userfront", plain("The session is over there."), false),
        Event::CameTooLate { session } => of("New tokens came too late", *session),
        Event::TakenOver => {
            ("Taken over", plain("It was in the keyring, and is an account of this list."), false)
        }
        Event::Found => ("Token found", plain("No account listed it; its session is to be ended."), true),
    }
}

fn session_in_words(session: SessionOutcome) -> &'static str {
    match session {
        SessionOutcome::Revoked => "Userfront ended the session.",
        SessionOutcome::AlreadyInvalid => "Userfront no longer accepts this session’s tokens.",
        SessionOutcome::Over => "The session is over.",
        SessionOutcome::Pending => "The session is not confirmed to be over; pending.",
        SessionOutcome::Lost => "Nothing here can end the session.",
        SessionOutcome::Expired => "The session has expired by Userfront's clock.",
    }
}

fn is_bad(session: SessionOutcome) -> bool {
    matches!(session, SessionOutcome::Pending | SessionOutcome::Lost)
}
