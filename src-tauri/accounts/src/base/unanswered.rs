//! Log-ins whose answer was lost as the program ended. The activity keeps them; each is reported by the next
//! start until the user has read it.

use crate::base::Accounts;
use crate::model::activity::{Event, Line};
use crate::model::timestamp::Timestamp;
use crate::ports::FileError;

impl Accounts {
    /// Looks for log-ins of this program that no one has read of.
    pub async fn look_for_unanswered(&self) {
        let mut unread = match self.unanswered_log_ins().await {
            Ok(unread) => unread,
            Err(error) => {
                tracing::warn!(%error, "earlier log-ins were not looked at");
                return;
            }
        };
        unread.retain(|line| line.by == self.program);
        self.state().unanswered = unread;
        self.ports.observer.changed();
    }

    /// The log-ins of every program that no one has read of, the oldest first.
    ///
    /// # Errors
    /// When the activity cannot be read.
    pub async fn unanswered_log_ins(&self) -> Result<Vec<Line>, FileError> {
        let mut unread: Vec<Line> = Vec::new();
        for line in self.activity().await? {
            match line.event {
                Event::LogInUnanswered { interrupted: true } => unread.push(line),
                Event::UnansweredIsRead { of } => unread.retain(|of_it| !covers(&line, of, of_it)),
                _ => {}
            }
        }
        Ok(unread)
    }

    /// A mark that cannot be written is logged; the next start then reports the log-in once more.
    pub(crate) async fn unanswered_is_read(&self, line: &Line) {
        if let Some(tenant) = line.tenant() {
            let event = Event::UnansweredIsRead { of: Some(line.at) };
            self.record_of_tenant(tenant, &line.account_name, event).await;
        }
        self.state().unanswered.retain(|unread| unread != line);
        self.ports.observer.changed();
    }
}

fn covers(mark: &Line, of: Option<Timestamp>, line: &Line) -> bool {
    of.map_or(mark.by == line.by, |at| at == line.at && mark.tenant() == line.tenant())
}
