//! The activity: each action, its outcome, and whether it needs attention.

use accounts::model::activity::{Event, Line, Program};
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::FileError;

use crate::dto::{self, ActivityEvent, ErrorCause, View};

pub(crate) fn activity_view(read: Result<Vec<Line>, FileError>) -> View {
    match read {
        Ok(lines) => View::Activity {
            lines: lines.iter().rev().take(SHOWN_LINES).map(activity_line).collect(),
            problem: None,
        },
        Err(error) => View::Activity { lines: Vec::new(), problem: Some(ErrorCause::from(&error)) },
    }
}

const SHOWN_LINES: usize = 200;

pub(crate) fn activity_line(line: &Line) -> dto::ActivityLine {
    dto::ActivityLine {
        at: line.at.0,
        account_name: line.account_name.clone(),
        tenant_id: line.tenant().map(ToString::to_string).unwrap_or_default(),
        event: event(&line.event),
        is_bad: is_bad(&line.event),
        token_hash: line.token.clone(),
        by: match line.by {
            Program::App => "app".to_owned(),
            Program::Cli => "userfront".to_owned(),
        },
    }
}

fn event(event: &Event) -> ActivityEvent {
    match event {
        Event::LoggedIn => ActivityEvent::LoggedIn,
        Event::LogInFailed { session } => ActivityEvent::LogInFailed { session: (*session).into() },
        Event::LogInUnanswered { .. } => ActivityEvent::LogInUnanswered,
        Event::UnansweredIsRead { .. } => ActivityEvent::UnansweredIsRead,
        Event::LoggedOut { session, still_present } => ActivityEvent::LoggedOut {
            session: (*session).into(),
            still_present: u32::try_from(*still_present).unwrap_or(u32::MAX),
        },
        Event::LogOutFailed { reason } => ActivityEvent::LogOutFailed { reason: reason.into() },
        Event::LogOutWaits => ActivityEvent::LogOutWaits,
        Event::Finished { session } => ActivityEvent::Finished { session: (*session).into() },
        Event::Settled { session } => ActivityEvent::Settled { session: (*session).into() },
        Event::StillAnswers => ActivityEvent::StillAnswers,
        Event::Discarded => ActivityEvent::Discarded,
        Event::Abandoned => ActivityEvent::Abandoned,
        Event::Refreshed => ActivityEvent::Refreshed,
        Event::SignedOutByServer => ActivityEvent::SignedOutByServer,
        Event::CameTooLate { session } => ActivityEvent::CameTooLate { session: (*session).into() },
        Event::TakenOver => ActivityEvent::TakenOver,
        Event::Found => ActivityEvent::Found,
    }
}

fn is_bad(event: &Event) -> bool {
    match event {
        Event::LogInFailed { session }
        | Event::LoggedOut { session, still_present: 0 }
        | Event::Finished { session }
        | Event::Settled { session }
        | Event::CameTooLate { session } => matches!(session, SessionOutcome::Pending | SessionOutcome::Lost),
        Event::LoggedIn
        | Event::LogOutWaits
        | Event::UnansweredIsRead { .. }
        | Event::Refreshed
        | Event::SignedOutByServer
        | Event::TakenOver => false,
        Event::LoggedOut { .. }
        | Event::LogInUnanswered { .. }
        | Event::LogOutFailed { .. }
        | Event::StillAnswers
        | Event::Discarded
        | Event::Abandoned
        | Event::Found => true,
    }
}
