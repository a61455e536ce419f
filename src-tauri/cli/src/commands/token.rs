use accounts::Accounts;
use serde_json::json;

use crate::account_argument::choose;
use crate::exit::Exit;
use crate::failure::Done;
use crate::output::Output;
use crate::overview;

pub(super) async fn token(accounts: &Accounts, name: Option<&str>, output: Output) -> Done {
    let id = choose(&overview::read(accounts).await?.registry, name)?;
    let token = accounts.access_token(&id).await?;
    output.answer(&json!({"account": id, "accessToken": token.secret()}), token.secret())?;
    Ok(Exit::Done)
}
