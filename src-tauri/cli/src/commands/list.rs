use accounts::Accounts;
use accounts::model::registry::Account;
use serde_json::{Value, json};

use crate::arguments;
use crate::exit::Exit;
use crate::failure::Done;
use crate::filter::Filter;
use crate::output::Output;
use crate::terminal::Display;
use crate::{json, messages, overview};

pub(super) async fn list(accounts: &Accounts, arguments: arguments::List, output: Output) -> Done {
    let overview = overview::read(accounts).await?;
    let filter = Filter::new(&arguments.filter.join(" "));
    let shown: Vec<&Account> =
        overview::shown(&overview).filter(|account| filter.matches(account, overview.now)).collect();
    let all: Vec<Value> = shown.iter().map(|account| json::account(account, &overview)).collect();
    let value = json!({
        "accounts": all,
        "keyring": json::keyring(&overview),
        "foreign": json::foreign(&overview.foreign),
        "elsewhere": json::elsewhere(&overview.elsewhere),
    });
    output.answer(&value, &messages::accounts::list(&overview, &shown, Display::of_output()))?;
    Ok(Exit::Done)
}
