use accounts::Accounts;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Done;
use crate::output::Output;
use crate::{json, messages, overview};

pub(super) async fn list(accounts: &Accounts, output: Output) -> Done {
    let overview = overview::read(accounts).await?;
    let all: Vec<Value> =
        overview::shown(&overview).map(|account| json::account(account, &overview)).collect();
    let value = json!({
        "accounts": all,
        "foreign": json::foreign(&overview.foreign),
        "elsewhere": json::elsewhere(&overview.elsewhere),
    });
    output.answer(&value, &messages::accounts::list(&overview))?;
    Ok(Exit::Done)
}
