//! After a log-in, in the background: the profile, and the revocation of the account's older session.

use std::sync::Arc;

use accounts::AccountId;
use accounts::log_out::pending_revocations::Occasion;

use crate::state::app_state::AppState;

pub(crate) fn after_log_in(app: &Arc<AppState>, account: AccountId) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // The tokens do not hold the tenant's name.
        if let Err(error) = app.accounts.renew_profile(&account).await {
            tracing::warn!(%account, %error, "the profile was not kept");
        }
        if let Err(error) = app.accounts.retry_pending(Occasion::Opportunity).await {
            tracing::warn!(%account, %error, "pending revocations were not tried again");
        }
    });
}
