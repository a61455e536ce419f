use accounts::Accounts;
use accounts::model::registry::Phase;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Done;
use crate::messages::status::{Counts, lines};
use crate::output::Output;
use crate::{json, overview};

pub(super) async fn status(accounts: &Accounts, output: Output) -> Done {
    let overview = overview::read(accounts).await?;
    let registry = &overview.registry;
    let active = accounts::view::shown_account(&overview);
    let leftovers: Vec<_> = overview.leftover_entries().collect();
    let counts = Counts {
        unfinished: registry.accounts.iter().filter(|it| it.phase != Phase::Active).count(),
        pending: registry.pending.iter().filter(|row| !row.is_dead).count(),
        leftovers: leftovers.len(),
    };
    let keyring = json::keyring_status(&overview.store);
    let value = json!({
        "active": active.map(|account| json::account(account, &overview)),
        "accounts": overview::shown(&overview).count(),
        "keyring": {"name": overview.store_name, "status": keyring},
        "unfinished": counts.unfinished,
        "pending": counts.pending,
        "remnants": leftovers,
        "foreign": json::foreign(&overview.foreign),
        "elsewhere": json::elsewhere(&overview.elsewhere),
        "lost": registry.lost.iter().map(json::lost).collect::<Vec<Value>>(),
        "mended": registry.mended,
        "clockAhead": overview.clock_ahead,
        "problem": overview.registry_problem.as_ref().map(ToString::to_string),
    });
    output.answer(&value, &lines(&overview, &counts, keyring))?;
    let is_usable = active.is_some_and(|account| overview::session_over(account, &overview).is_none());
    Ok(if is_usable { Exit::Done } else { Exit::NotLoggedIn })
}
