//! `watch`: what is now, and then each change as it comes. It only looks: nothing is finished, retried or
//! sent to a server.
//!
//! The system tells of changes to the files. The keyring tells of none, so it is asked for its status every
//! two seconds; the health is looked at by the clock then, too.

use std::sync::Arc;
use std::time::Duration;

use accounts::ports::Clock as _;
use accounts::storage::environment::Environment;
use accounts::storage::system_clock::SystemClock;
use accounts::{Accounts, Overview};
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;

use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::json::watch as json;
use crate::messages::watch as messages;
use crate::output::{self, Output, note};
use crate::{changes, overview, terminal};

const EACH: Duration = Duration::from_secs(2);

pub(super) async fn watch(accounts: &Accounts, environment: &Environment, output: Output) -> Done {
    let changed = Arc::new(Notify::new());
    let on_change = Arc::clone(&changed);
    // Before the first look: no change is missed in between.
    let watch = folder_watch::start(&environment.home, move || on_change.notify_one())
        .map_err(|error| messages::not_watched(&error))?;
    accounts.look_at_store().await;
    let mut before = overview::read(accounts).await?;
    if !print(output, &json::now(&before), &messages::now(&before))? {
        return Ok(Exit::Done);
    }
    let mut clock = tokio::time::interval(EACH);
    // A look at a locked list takes longer.
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unread = None;
    loop {
        let after = tokio::select! {
            () = changed.notified() => look(accounts, &mut unread).await,
            _ = clock.tick() => {
                if !terminal::output_is_open() {
                    return Ok(Exit::Done);
                }
                let store = accounts.look_at_store().await;
                // What hindered the last read, such as a lock, may go without a change that is told.
                let read = if unread.is_some() { look(accounts, &mut unread).await } else { None };
                Some(Overview { store, now: SystemClock.now(), ..read.unwrap_or_else(|| before.clone()) })
            }
        };
        // Before anything is said of a list that is not there.
        if !watch.is_in_place() {
            return Err(messages::folder_is_gone(&environment.home));
        }
        let Some(after) = after else { continue };
        for change in changes::between(&before, &after) {
            if !print(output, &json::change(&change, &after), &messages::change(&change, &after))? {
                return Ok(Exit::Done);
            }
        }
        before = after;
    }
}

/// `None` where the list cannot be read now, which is said once.
async fn look(accounts: &Accounts, unread: &mut Option<String>) -> Option<Overview> {
    match overview::read(accounts).await {
        Ok(overview) => {
            *unread = None;
            Some(overview)
        }
        Err(failure) => {
            if unread.as_ref() != Some(&failure.message) {
                note(&failure.message);
            }
            *unread = Some(failure.message);
            None
        }
    }
}

/// Whether there is still a reader.
fn print(output: Output, value: &Value, lines: &str) -> Result<bool, Failure> {
    let value = value.to_string();
    output::line(if output.json { &value } else { lines.trim_end() })
}
