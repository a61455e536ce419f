//! Steps 3 to 6: the session is ended, or becomes pending; then its tokens are deleted.

use crate::base::Accounts;
use crate::base::stored_tokens::{is_known_to_be_over, lost, other_tokens, own_tokens, tokens_of};
use crate::log_out::asked::Asked;
use crate::log_out::error::LogOutError;
use crate::log_out::logging_out::{LoggingOut, ReadEntry, Tombstone};
use crate::log_out::revoke::{Call, Why};
use crate::log_out::session_end::{Pending, SessionEnd};
use crate::model::account::EntryName;
use crate::model::claims::session_of;
use crate::model::log_out_outcome::Deletion;
use crate::model::registry::Account;
use crate::model::session_tokens::united;
use crate::model::token::SessionToken;
use crate::ports::not_stored::NotStored;
use crate::ports::{CallFailure, RevokeAnswer, StoreError};

/// What is known of an account's entries before they are deleted.
pub(crate) struct Seen {
    /// They may hold tokens of other sessions, and stay.
    unread: Vec<EntryName>,
    nothing_reserved: bool,
}

impl Accounts {
    /// Steps 4 and 5. The access token comes first; the next one is sent only if the one before was not
    /// enough.
    pub(crate) async fn end_session(&self, logging_out: &LoggingOut) -> Result<SessionEnd, LogOutError> {
        let account = &logging_out.account;
        if account.session_is_dead {
            return Ok(SessionEnd::AlreadyInvalid);
        }
        let _place = logging_out.place().await;
        let mut refused = None;
        for entry in account.entries() {
            // A token of another session would prove nothing about this one.
            for token in own_tokens(account, self.tokens_for(logging_out, &entry).await?) {
                // Without a tombstone nothing can be pending. Then only the server's answer helps, and it is
                // waited for.
                let can_wait = matches!(logging_out.tombstone, Tombstone::Unwritten(_));
                let deadline = logging_out.deadline();
                let mut call = self.ask(&account.tenant, token);
                let Some(answer) = call.answer_until((!can_wait).then_some(deadline)).await else {
                    return self.queue_unanswered(logging_out, call).await;
                };
                let token = call.into_token();
                match Asked::from(answer) {
                    Asked::Revoked { redirect_to } => {
                        return Ok(self.revoked(logging_out, redirect_to, token, false).await);
                    }
                    // A refused token proves nothing if we could not read it.
                    asked @ Asked::Refused { .. } => {
                        refused = session_of(&token).map(|_| (asked, token)).or(refused);
                    }
                    asked @ Asked::Unclear { .. } => {
                        return self.queue_for_witnesses(logging_out, asked, token).await;
                    }
                    Asked::Unconfirmed(failure) => {
                        self.queue(logging_out, Why::Unconfirmed(&failure), &failure).await?;
                        return Ok(SessionEnd::Pending(Pending::LaterTry, token));
                    }
                }
            }
        }
        match refused {
            Some((asked, token)) => self.queue_for_witnesses(logging_out, asked, token).await,
            // The server said so when it refused to refresh.
            None if is_known_to_be_over(account) => Ok(SessionEnd::AlreadyInvalid),
            None => Ok(SessionEnd::Impossible),
        }
    }

    /// Step 3: both tokens, beside the tombstone. If the first cannot be read, the second is not tried.
    pub(crate) async fn read_beside(&self, account: &Account, reads: bool) -> Vec<ReadEntry> {
        let mut read = Vec::new();
        for entry in [EntryName::access(&account.id), EntryName::refresh(&account.id)] {
            if !reads || account.session_is_dead || matches!(read.last(), Some((_, Err(_)))) {
                break;
            }
            let tokens = self.tokens_in(account, &entry).await;
            read.push((entry, tokens));
        }
        read
    }

    async fn tokens_for(
        &self,
        logging_out: &LoggingOut,
        entry: &EntryName,
    ) -> Result<Vec<SessionToken>, StoreError> {
        match logging_out.has_read(entry) {
            Some(tokens) => tokens,
            None => self.tokens_in(&logging_out.account, entry).await,
        }
    }

    /// Takes the tokens that were not sent as well: the verification uses them.
    async fn revoked(
        &self,
        logging_out: &LoggingOut,
        redirect_to: Option<String>,
        token: SessionToken,
        partly_queued: bool,
    ) -> SessionEnd {
        let account = &logging_out.account;
        let stored = match self.tokens_for(logging_out, &EntryName::refresh(&account.id)).await {
            Ok(tokens) => united(std::slice::from_ref(&token), &own_tokens(account, tokens)),
            Err(error) => {
                tracing::warn!(account = %account.id, %error, "verified without the refresh token");
                vec![token.clone()]
            }
        };
        SessionEnd::Revoked { redirect_to, token, partly_queued, stored }
    }

    /// Step 5, when the server has not answered yet. A session that cannot be queued is not reported as over:
    /// the error leaves the account logged in, unless the call still under way ends the session after all.
    async fn queue_unanswered(
        &self,
        logging_out: &LoggingOut,
        call: Call,
    ) -> Result<SessionEnd, LogOutError> {
        let Err(error) = self.queue_all(&logging_out.account, Why::NoAnswerYet).await else {
            let token = call.token().clone();
            return Ok(SessionEnd::Pending(Pending::LateAnswer(call), token));
        };
        match call.finish().await {
            (Ok(RevokeAnswer::Revoked { redirect_to }), token) => {
                Ok(self.revoked(logging_out, redirect_to, token, true).await)
            }
            _ => Err(error.into()),
        }
    }

    /// Step 5, when the witnesses decide. They are asked once the session is pending: a crash must not lose
    /// their answer.
    async fn queue_for_witnesses(
        &self,
        logging_out: &LoggingOut,
        asked: Asked,
        token: SessionToken,
    ) -> Result<SessionEnd, LogOutError> {
        let failure = asked.failure();
        let tokens = self.queue(logging_out, Why::Asking, &failure).await?;
        Ok(SessionEnd::Pending(Pending::Witnesses { asked, tokens }, token))
    }

    /// Step 5. Returns the tokens that are now in the entry of the pending revocation.
    async fn queue(
        &self,
        logging_out: &LoggingOut,
        why: Why<'_>,
        server: &CallFailure,
    ) -> Result<Vec<SessionToken>, LogOutError> {
        if let Tombstone::Unwritten(registry) = &logging_out.tombstone {
            return Err(LogOutError::Unwritable { registry: registry.clone(), server: server.clone() });
        }
        Ok(self.queue_all(&logging_out.account, why).await?)
    }

    async fn queue_all(&self, account: &Account, why: Why<'_>) -> Result<Vec<SessionToken>, NotStored> {
        let stored = self.stored(account).await?;
        let tokens = own_tokens(account, tokens_of(&stored));
        self.queue_with_tokens(account, &tokens, why).await?;
        Ok(tokens)
    }

    /// Writes the result down before anything is deleted, so that an account without tokens can be explained.
    /// A failed write does not stop the log-out.
    pub(crate) async fn write_down(&self, account: &Account, session: &SessionEnd) {
        let written = match session {
            SessionEnd::Revoked { .. } | SessionEnd::AlreadyInvalid => self.mark_session_dead(account).await,
            SessionEnd::Impossible => {
                let lost = lost(account);
                self.update(move |registry| registry.lose(lost)).await
            }
            // The row says it.
            SessionEnd::Pending(..) => Ok(()),
        };
        if let Err(error) = written {
            tracing::error!(account = %account.id, %error, "what became of a session was not written down");
        }
    }

    /// Step 6, first half. If the list cannot be written, the server is asked to end the other sessions at
    /// once.
    pub(crate) async fn keep_other_sessions(
        &self,
        logging_out: &LoggingOut,
        reserved: Result<Vec<SessionToken>, StoreError>,
        session: &mut SessionEnd,
    ) -> Result<Seen, LogOutError> {
        let LoggingOut { account, tombstone, .. } = logging_out;
        let is_unwritten = matches!(tombstone, Tombstone::Unwritten(_));
        let [access, refresh, revoke] = account.entries();
        let read = [
            (self.tokens_for(logging_out, &access).await, access),
            (self.tokens_for(logging_out, &refresh).await, refresh),
            (reserved, revoke.clone()),
        ];
        let nothing_reserved = matches!(&read[2], (Ok(tokens), _) if tokens.is_empty());
        let (mut stored, mut unread) = (Vec::new(), Vec::new());
        for (tokens, entry) in read {
            match tokens {
                Ok(tokens) => stored.extend(tokens),
                // A note would take its place.
                Err(error) if is_unwritten && entry == revoke => return Err(error.into()),
                Err(error) => {
                    tracing::error!(%entry, %error, "an entry is not deleted, since it was not read");
                    unread.push(entry);
                }
            }
        }
        match self.keep_other_sessions_among(account, &stored).await {
            Ok(()) => {}
            Err(NotStored::Store(error)) if is_unwritten => return Err(error.into()),
            Err(NotStored::Store(error)) => return Err(LogOutError::Waiting(error)),
            Err(NotStored::Registry(registry)) => {
                let others = other_tokens(account, stored);
                if let Err(server) = self.end_now(&account.tenant, &others).await {
                    tracing::error!(account = %account.id, %server, "another session was not ended");
                    let unwritable =
                        is_unwritten.then(|| LogOutError::Unwritable { registry: registry.clone(), server });
                    return Err(unwritable.unwrap_or(LogOutError::NotLifted(registry)));
                }
                if let SessionEnd::Revoked { stored, .. } = session {
                    stored.extend(others);
                }
            }
        }
        Ok(Seen { unread, nothing_reserved })
    }

    /// Step 6, second half. If the keyring fails halfway, every entry that may be there counts as still
    /// present.
    pub(crate) async fn delete_entries(
        &self,
        logging_out: &LoggingOut,
        session: &SessionEnd,
        seen: &Seen,
    ) -> Deletion {
        let account = &logging_out.account;
        let [access, refresh, revoke] = account.entries();
        let mut entries = vec![access, refresh];
        // The row of a pending session names its entry.
        if !matches!(session, SessionEnd::Pending(..)) {
            entries.push(revoke.clone());
        }
        let (unread, read): (Vec<_>, Vec<_>) = entries.into_iter().partition(|it| seen.unread.contains(it));
        match self.ports.store.delete(&read).await {
            Ok(deletion) if unread.is_empty() => deletion,
            Ok(deletion) => {
                Deletion::StillPresent(unread.into_iter().chain(deletion.remaining().to_vec()).collect())
            }
            Err(error) => {
                tracing::error!(account = %account.id, %error, "the keyring did not delete the tokens");
                let mut entries: Vec<_> = read.into_iter().chain(unread).collect();
                // The third is there only if the session was queued, even in part, or a refresh left tokens.
                let partly_queued = matches!(session, SessionEnd::Revoked { partly_queued: true, .. });
                let is_found = matches!(logging_out.tombstone, Tombstone::Found);
                if seen.nothing_reserved && !partly_queued && !is_found {
                    entries.retain(|entry| *entry != revoke);
                }
                Deletion::StillPresent(entries)
            }
        }
    }
}
