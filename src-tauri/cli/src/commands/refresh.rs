use accounts::base::refresh_outcome::Refreshed;
use accounts::model::registry::Phase;
use accounts::{AccountId, Accounts};
use serde_json::json;

use crate::account_argument::choose;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::messages::status as messages;
use crate::output::Output;
use crate::overview;

pub(super) async fn refresh(accounts: &Accounts, name: Option<&str>, output: Output) -> Done {
    let id = choose(&overview::read(accounts).await?.registry, name)?;
    let refreshed = accounts.refresh(&id).await?;
    let is_logged_in = matches!(refreshed, Refreshed::TooLate) && is_logged_in(accounts, &id).await?;
    let (exit, value) = match refreshed {
        Refreshed::Stored => (Exit::Done, "stored"),
        Refreshed::SignedOutByServer => (Exit::NotLoggedIn, "signedOutByServer"),
        Refreshed::NoRefreshToken => (Exit::Failed, "noRefreshToken"),
        Refreshed::TooLate if is_logged_in => (Exit::Done, "loggedInAgain"),
        Refreshed::TooLate => (Exit::NotLoggedIn, "tooLate"),
    };
    let line = messages::refreshed(refreshed, is_logged_in);
    output.done(&json!({"account": id, "refreshed": value}), line);
    Ok(exit)
}

async fn is_logged_in(accounts: &Accounts, id: &AccountId) -> Result<bool, Failure> {
    let registry = overview::read(accounts).await?.registry;
    Ok(registry.account(id).is_some_and(|account| account.phase == Phase::Active))
}
