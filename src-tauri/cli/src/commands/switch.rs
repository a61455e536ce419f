use accounts::Accounts;
use serde_json::json;

use crate::account_argument::choose;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::messages::status as messages;
use crate::output::{Output, note};
use crate::overview;

pub(super) async fn switch(accounts: &Accounts, name: &str, output: Output) -> Done {
    let overview = overview::read(accounts).await?;
    let id = choose(&overview.registry, Some(name))?;
    if !accounts.switch(&id).await? {
        return Err(Failure::new(Exit::NotLoggedIn, messages::not_switched(&id)));
    }
    output.done(&json!({"active": id}), &messages::switched(&id));
    let account = overview.registry.account(&id);
    if let Some(why) = account.and_then(|account| overview::session_over(account, &overview)) {
        note(messages::session_over(&why));
    }
    Ok(Exit::Done)
}
