use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use accounts::model::activity::Line;
use accounts::{AccountId, Overview};

use crate::actions::log_out::follow_log_outs;
use crate::dto::{Missing, MissingReason, Snapshot};
use crate::state::app_state::AppState;
use crate::state::lock;
use crate::state::screen::Open;
use crate::system::notification;
use crate::views::notice::shown_notice;
use crate::views::snapshot::Shown;

/// The current snapshot and its overview. The window goes to a log-out's destination before it shows that the
/// account is gone.
pub(crate) async fn next_snapshot(app: &Arc<AppState>) -> (Snapshot, Overview) {
    let mut latest = app.latest_snapshot.lock().await;
    // Read first: what led to this place is in the overview.
    let place = app.screen().place;
    let overview = app.accounts.overview().await;
    follow_log_outs(app, &overview);
    app.pictures.retain(&overview.registry);
    let shown_account = accounts::overview::shown_account(&overview);
    let screen = app.show_account(shown_account);
    let notice = shown_notice(&overview, &screen);
    lock(&app.shown_notice).clone_from(&notice);
    let arrived_link = app.arrived_link();
    let shown = Shown {
        overview: &overview,
        screen: &screen,
        environment: &app.environment,
        is_resumed: app.is_resumed.load(Ordering::SeqCst),
        is_covered: app.is_covered.load(Ordering::SeqCst),
        missing: missing(app, &overview),
        is_closing: app.is_closing.load(Ordering::SeqCst),
        activity: match screen.open {
            Some(Open::Activity) => Some(app.accounts.activity().await),
            _ => None,
        },
        recent: match shown_account {
            Some(account) if screen.shows_account() => recent_activity(app, &account.id).await,
            _ => Vec::new(),
        },
        notice: notice.as_ref(),
        arrived_link: arrived_link.as_ref(),
    };
    let snapshot = shown.snapshot(place).after(latest.as_ref());
    *latest = Some(snapshot.clone());
    (snapshot, overview)
}

fn missing(app: &AppState, overview: &Overview) -> Missing {
    let unless = |is_there: &AtomicBool, why| (!is_there.load(Ordering::SeqCst)).then_some(why);
    let here = if cfg!(target_os = "linux") {
        MissingReason::NotOnThisDesktop
    } else {
        MissingReason::NotOnThisSystem
    };
    let is_off = cfg!(target_os = "linux") && !overview.settings.tray;
    Missing {
        tray: unless(&app.has_tray, if is_off { MissingReason::TurnedOff } else { here }),
        notifications: (!notification::IS_POSSIBLE).then_some(MissingReason::NotOnThisSystem),
        idle: unless(&app.hears_of_idle, here),
    }
}

const RECENT: usize = 3;

async fn recent_activity(app: &AppState, account: &AccountId) -> Vec<Line> {
    match app.accounts.recent_activity(account, RECENT).await {
        Ok(lines) => lines,
        // The activity view says it.
        Err(error) => {
            tracing::warn!(%error, "the recent activity of an account is not shown");
            Vec::new()
        }
    }
}
