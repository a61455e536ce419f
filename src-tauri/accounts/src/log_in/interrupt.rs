//! A log-in whose program is told to end. A call that may make a session is never dropped silently: the
//! answer is waited for a moment longer, and its tokens are not kept. Without an answer, the activity records
//! that a session may be alive.

use crate::log_in::error::Interrupted;
use std::time::Duration;

use crate::base::Accounts;
use crate::base::work::Work;
use crate::log_in::error::LogInError;
use crate::log_in::progress::LogIn;
use crate::model::activity::Event;
use crate::model::token::SessionToken;
use crate::ports::{FactorAnswer, FactorError};

/// How much longer the answer is waited for.
const GRACE: Duration = Duration::from_secs(1);

type Answer = Result<FactorAnswer, FactorError>;

impl Accounts {
    /// The program is about to end. Returns whether it should wait a moment for work under way: a log-in, or
    /// a refresh or log-out, which go on as they are. A log-in ends with [`LogInError::Interrupted`], unless
    /// its tokens are being stored already.
    #[must_use]
    pub fn interrupt(&self) -> bool {
        self.interrupt.send_replace(true);
        self.must_not_end_yet()
    }

    /// Whether work is under way that would leave a session behind unreported, or a log-out for the next
    /// start.
    #[must_use]
    pub fn must_not_end_yet(&self) -> bool {
        let waits = |work: &Work| matches!(work, Work::LoggingIn | Work::Refreshing(_));
        self.is_logging_out() || self.state().in_progress.iter().any(waits)
    }

    /// Whether a log-out is under way, or waits for its turn in a log-out of all.
    #[must_use]
    pub fn is_logging_out(&self) -> bool {
        let state = self.state();
        state.log_outs_of_all > 0 || state.in_progress.iter().any(|work| matches!(work, Work::LoggingOut(_)))
    }

    /// Whether the program is about to end.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        *self.interrupt.borrow()
    }

    pub(crate) async fn unless_interrupted(
        &self,
        log_in: &LogIn<'_>,
        call: impl Future<Output = Answer>,
    ) -> Result<Answer, LogInError> {
        if self.is_interrupted() {
            return Err(LogInError::Interrupted(Interrupted::NoSession));
        }
        let answer = tokio::select! {
            biased;
            answer = call => Some(answer),
            () = self.grace() => None,
        };
        match answer {
            Some(answer) if !self.is_interrupted() => Ok(answer),
            answer => {
                Err(LogInError::Interrupted(Box::pin(self.roll_back_interrupted(log_in, answer)).await))
            }
        }
    }

    async fn grace(&self) {
        // An error would mean that no sender is left; `self` holds one.
        if self.interrupt.subscribe().wait_for(|is_interrupted| *is_interrupted).await.is_ok() {
            tokio::time::sleep(GRACE).await;
        }
    }

    async fn roll_back_interrupted(&self, log_in: &LogIn<'_>, answer: Option<Answer>) -> Interrupted {
        let is_lost = match &answer {
            None => true,
            Some(Err(FactorError::Failed(failure))) => failure.is_lost_answer(),
            Some(_) => false,
        };
        if is_lost {
            let event = Event::LogInUnanswered { interrupted: true };
            self.record_of_nobody(&log_in.tenant.id, log_in.name, event, None).await;
            return Interrupted::Unanswered;
        }
        let stored = match answer {
            Some(Ok(FactorAnswer::Tokens(answer))) => answer.tokens.for_revocation(),
            Some(Ok(FactorAnswer::WithoutAccess(refresh))) => vec![SessionToken::Refresh(refresh)],
            _ => return Interrupted::NoSession,
        };
        Interrupted::Rollback(self.refuse_unkept(log_in, &stored).await)
    }
}
