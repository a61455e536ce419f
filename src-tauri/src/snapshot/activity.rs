//! The activity in words: what was done, what came of it, and whether that asks for attention.

use accounts::model::activity::{Event, Line, Program, Session};
use accounts::ports::FileError;

use crate::ipc::dto::{self, View};

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

/// What was done, what came of it, and whether that asks for attention.
fn in_words(event: &Event) -> (&'static str, String, bool) {
    let plain = |text: &str| text.to_owned();
    let of = |what, session: Session| (what, session_in_words(session).to_owned(), is_bad(session));
    match event {
        Event::LoggedIn => ("Logged in", plain("Its tokens are in the keyring."), false),
        Event::LogInFailed { session } => of("Log-in not kept", *session),
        Event::LogInUnanswered => (
            "Log-in without an answer",
            plain("If it took effect, a session is alive that nothing here can end. It ends by itself."),
            true,
        ),
        Event::LoggedOut { session, still_present: 0 } => of("Logged out", *session),
        Event::LoggedOut { session, still_present } => {
            let outcome =
                format!("{} {still_present} keyring entries would not go.", session_in_words(*session));
            ("Logged out", outcome, true)
        }
        Event::LogOutFailed { reason } => {
            ("Log-out failed", serde_json::to_string(reason).unwrap_or_default(), true)
        }
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

fn session_in_words(session: Session) -> &'static str {
    match session {
        Session::Revoked => "Userfront ended the session.",
        Session::AlreadyInvalid => "Userfront no longer accepts this session’s tokens.",
        Session::Dead => "The session is over.",
        Session::Pending => "The session is not confirmed to be over; pending.",
        Session::Lost => "Nothing here can end the session.",
        Session::Expired => "The session has expired by Userfront's clock.",
    }
}

fn is_bad(session: Session) -> bool {
    matches!(session, Session::Pending | Session::Lost)
}
