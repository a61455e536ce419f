//! A log-in whose answer was lost, and which the user may not have read of because the window was closed. The
//! activity keeps it; the next start reports it until the user has read it.

use crate::base::Accounts;
use crate::model::activity::{Event, Line};

impl Accounts {
    /// Looks for a log-in by this program whose answer was lost and that is not marked as read.
    pub async fn look_for_unanswered(&self) {
        let lines = match self.activity().await {
            Ok(lines) => lines,
            Err(error) => {
                tracing::warn!(%error, "earlier log-ins were not looked at");
                return;
            }
        };
        let is_of_it = |line: &Line| {
            line.by == self.program && matches!(line.event, Event::LogInUnanswered | Event::UnansweredIsRead)
        };
        let last = lines.into_iter().rev().find(is_of_it);
        self.state().unanswered = last.filter(|line| line.event == Event::LogInUnanswered);
        self.ports.observer.changed();
    }

    pub(crate) async fn unanswered_is_read(&self, line: &Line) {
        if let Some(tenant) = line.tenant() {
            self.record_of_tenant(tenant, &line.account_name, Event::UnansweredIsRead).await;
        }
        self.state().unanswered.take_if(|unanswered| unanswered == line);
        self.ports.observer.changed();
    }
}
