//! Dismissing the notice that the window shows.

use crate::actions::action::{Action, Done};
use crate::state::lock;
use crate::state::screen::ShownNotice;

impl Action {
    /// Dismisses the notice of the last snapshot and no other: a second click must not take away the next
    /// one, which has not been read.
    pub(crate) async fn dismiss_notice(&self) -> Done {
        let Some(shown) = lock(&self.app.shown_notice).clone() else { return Ok(()) };
        let notice = shown.notice();
        self.app.change_screen(|screen| {
            // The same also where a log-out has said of the session that it is lost.
            screen.notice.take_if(|own| *own == notice);
        });
        match shown {
            ShownNotice::Unread(read) => Ok(self.app.accounts.dismiss(&read).await?),
            ShownNotice::Screen(_) => Ok(()),
        }
    }
}
