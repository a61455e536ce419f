use crate::actions::action::{Action, Done};
use crate::state::lock;
use crate::state::screen::ShownNotice;

impl Action {
    /// Dismisses only the notice of the last snapshot: a second click must not remove the next notice, which
    /// is unread.
    pub(crate) async fn dismiss_notice(&self) -> Done {
        let Some(shown) = lock(&self.app.shown_notice).clone() else { return Ok(()) };
        let notice = shown.notice();
        self.app.change_screen(|screen| {
            // The screen may hold the same notice, when a log-out has reported the session as lost.
            screen.notice.take_if(|own| *own == notice);
        });
        match shown {
            ShownNotice::Unread(read) => Ok(self.app.accounts.dismiss(&read).await?),
            ShownNotice::Screen(_) => Ok(()),
        }
    }
}
