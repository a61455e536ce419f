//! The probe: after a revocation the server is asked once whether the token that it revoked still works.
//!
//! It runs after the view has changed, with the token from memory, and only for a session that the server has just ended
//! at our call. *Not valid* is what everybody expects. An answer makes a row among the pending revocations ("still
//! answered, until …") with the token in its entry again: it is revoked anew until the server means it, or until it has
//! expired. No answer at all says nothing, and nothing is made of it. A setting switches it off.
//!
//! Non-goals: being a condition of a log-out. The server's word counts; this checks it.

use crate::Accounts;
use crate::activity::Event;
use crate::log_in::NotStored;
use crate::ports::{CallFailure, UserError};
use crate::registry::Account;
use crate::settings::Settings;
use crate::token::{AccessToken, SessionToken};

impl Accounts {
    pub(crate) fn probe(&self, account: Account, token: AccessToken) {
        let accounts = self.clone();
        self.background.spawn(async move {
            if !accounts.settings().await.probe {
                return;
            }
            match accounts.ports.userfront.user(&account.tenant, &token).await {
                Err(UserError::NotValid { .. }) => {}
                Err(UserError::Failed(failure)) => {
                    tracing::info!(account = %account.id, %failure, "the probe had no answer");
                }
                Ok(_) => {
                    tracing::warn!(account = %account.id, "a revoked token still works");
                    let token = SessionToken::Access(token);
                    accounts.record(&account, Event::StillAnswers, Some(&token)).await;
                    if let Err(error) = accounts.owe_again(&account, token).await {
                        tracing::error!(account = %account.id, %error, "a token that still works was not kept");
                    }
                }
            }
        });
    }

    async fn owe_again(&self, account: &Account, token: SessionToken) -> Result<(), NotStored> {
        let detail = "it says that the session is over, and answers with its token".to_owned();
        let failure = CallFailure::Unintelligible { status: 200, detail };
        self.park_late(account, &[token], &failure).await?;
        let (entry, until) = (account.revoke_entry.clone(), account.access_expires_at);
        self.update(move |registry| registry.still_answers(&entry, until)).await?;
        Ok(())
    }

    /// What the user has chosen; the defaults, which are the careful ones, when it cannot be read.
    pub async fn settings(&self) -> Settings {
        self.ports.settings.read().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the settings cannot be read");
            Settings::default()
        })
    }

    /// Whether the probe is made.
    ///
    /// # Errors
    /// When the settings cannot be written.
    pub async fn set_probe(&self, probe: bool) -> Result<(), crate::ports::FileError> {
        let settings = Settings { probe };
        self.ports.settings.write(settings).await?;
        self.ports.observer.changed();
        Ok(())
    }
}
