use accounts::log_out::pending_revocations::Occasion;
use accounts::ports::StoreStatus;
use accounts::{Accounts, EntryName};
use serde_json::{Value, json};

use super::log_out_results::exit_of_deletion;
use crate::arguments;
use crate::exit::Exit;
use crate::failure::Done;
use crate::messages::status as messages;
use crate::output::Output;
use crate::{json, overview};

pub(super) async fn pending(accounts: &Accounts, arguments: arguments::Pending, output: Output) -> Done {
    if let Some(id) = arguments.discard {
        let deletion = accounts.discard_revocation(&EntryName::listed(id.clone())).await?;
        let value = json!({"discarded": id, "stillPresent": deletion.remaining()});
        output.done(&value, &messages::discarded(&deletion));
        return Ok(exit_of_deletion(&deletion));
    }
    if arguments.retry {
        accounts.retry_pending(Occasion::Asked).await?;
    }
    let overview = overview::read(accounts).await?;
    let rows: Vec<_> = overview.registry.pending.iter().filter(|row| !row.is_dead).collect();
    let values: Vec<Value> = rows.iter().map(|row| json::pending(row)).collect();
    let left: Vec<_> = overview.leftover_entries().collect();
    output.answer(&json!({"pending": values, "remnants": left}), &messages::pending(&rows, &left))?;
    if !arguments.retry {
        return Ok(Exit::Done);
    }
    let keyring = left.is_empty() && matches!(overview.store, StoreStatus::Ok);
    Ok(match (rows.is_empty() && left.is_empty(), keyring) {
        (true, _) => Exit::Done,
        (false, true) => Exit::Pending,
        (false, false) => Exit::Keyring,
    })
}
