//! *Try again* and *Refresh now*: success gets a notice, since the row with the button disappears.

use accounts::base::refresh_outcome::Refreshed;
use accounts::{AccountId, EntryName, Overview, SessionId};

use crate::actions::action::{Action, Done};
use crate::actions::log_out::catch_up;
use crate::dto::{LogOutOutcome, Notice};
use crate::error;
use crate::state::screen::Screen;

impl Action {
    pub(crate) async fn retry_revocation(&self, entry: &EntryName) -> Done {
        let before = self.app.registry().await;
        let row = before.pending_row(entry).filter(|row| !row.is_dead);
        self.app.accounts.retry_revocation(entry).await?;
        let after = self.app.accounts.overview().await;
        if !after.registry_is_read {
            return Ok(());
        }
        let after = after.registry;
        let is_lost = |session: &SessionId| after.lost.iter().any(|lost| lost.session == *session);
        if let Some(row) = row
            && after.pending_row(entry).is_none_or(|row| row.is_dead)
            && !row.sessions().any(is_lost)
        {
            let account_name = row.account_name.clone();
            // If the notice of its log-out is still shown, it reports the end.
            self.say_worked(|screen| {
                let is_told = screen.notice_is_of(row)
                    && !matches!(
                        &screen.notice,
                        Some(Notice::LoggedOut { outcome: LogOutOutcome::Pending, .. })
                    );
                let of_several = matches!(&screen.notice, Some(Notice::LoggedOutOfSeveral { .. }));
                (!is_told && !of_several).then_some(Notice::SessionOver { account_name })
            })
            .await;
        }
        Ok(())
    }

    pub(crate) async fn refresh(&self, account: &AccountId) -> Done {
        let outcome = self.app.accounts.refresh(account).await?;
        let is_stored = outcome == Refreshed::Stored;
        error::refreshed(outcome)?;
        if is_stored {
            self.say(account, |account_name| Notice::SessionRenewed { account_name }).await;
        }
        Ok(())
    }

    pub(crate) async fn retry(&self) -> Done {
        let before = self.app.accounts.overview().await;
        self.app.accounts.restore().await?;
        let after = self.app.accounts.overview().await;
        let count = |overview: &Overview| overview.leftover_entries().count();
        let is_read = before.registry_is_read && after.registry_is_read;
        let (before, after) = (count(&before), count(&after));
        if is_read && before > 0 && after == 0 {
            let entries = u32::try_from(before).unwrap_or(u32::MAX);
            self.say_worked(|_| Some(Notice::LeftoversDeleted { entries })).await;
        }
        Ok(())
    }

    async fn say_worked(&self, notice: impl FnOnce(&Screen) -> Option<Notice>) {
        catch_up(&self.app).await;
        self.app.change_screen(|screen| {
            if let Some(notice) = notice(screen) {
                screen.notice = Some(notice);
            }
        });
    }
}
