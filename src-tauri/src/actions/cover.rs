//! Hides the accounts while the user is away. It protects from eyes, not from programs.

use std::sync::atomic::Ordering;

use crate::state::app_state::AppState;

/// The user is away. Only logind says so.
#[cfg(target_os = "linux")]
pub(crate) async fn cover(app: &AppState) {
    if app.accounts.settings().await.hide_when_idle {
        set(app, true);
    }
}

/// The user asks to see the accounts.
pub(crate) fn uncover(app: &AppState) {
    set(app, false);
}

fn set(app: &AppState, is_covered: bool) {
    app.is_covered.store(is_covered, Ordering::SeqCst);
    app.changed();
}
