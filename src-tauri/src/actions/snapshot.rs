use std::sync::Arc;
use std::sync::atomic::Ordering;

use accounts::Overview;

use crate::actions::log_out::follow_log_outs;
use crate::dto::Snapshot;
use crate::state::app_state::AppState;
use crate::state::lock;
use crate::state::screen::Open;
use crate::views::notice::shown_notice;
use crate::views::snapshot::Shown;

/// The current snapshot and its overview. The window goes to a log-out's destination before it shows that the
/// account is gone.
pub(crate) async fn next_snapshot(app: &Arc<AppState>) -> (Snapshot, Overview) {
    let mut revision = app.revision.lock().await;
    *revision += 1;
    let overview = app.accounts.overview().await;
    follow_log_outs(app, &overview);
    app.pictures.retain(&overview.registry);
    let screen = app.show_account(accounts::view::shown_account(&overview));
    let notice = shown_notice(&overview, &screen);
    lock(&app.shown_notice).clone_from(&notice);
    let arrived_link = app.arrived_link();
    let shown = Shown {
        overview: &overview,
        screen: &screen,
        environment: &app.environment,
        is_resumed: app.is_resumed.load(Ordering::SeqCst),
        is_closing: app.is_closing.load(Ordering::SeqCst),
        activity: match screen.open {
            Some(Open::Activity) => Some(app.accounts.activity().await),
            _ => None,
        },
        notice: notice.as_ref(),
        arrived_link: arrived_link.as_ref(),
    };
    (shown.snapshot(*revision), overview)
}
