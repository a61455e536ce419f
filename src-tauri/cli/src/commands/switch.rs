use accounts::model::registry::{Account, Phase};
use accounts::{AccountId, Accounts, Overview};
use serde_json::json;

use crate::account_argument::{NoChoice, choose};
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::filter::Filter;
use crate::messages::{self, prompts, status};
use crate::output::{Output, note};
use crate::overview;
use crate::terminal::{self, Display, Picked};

/// What the picker draws before each line.
const MARK: usize = 2;

pub(super) async fn switch(accounts: &Accounts, name: Option<&str>, output: Output) -> Done {
    let overview = overview::read(accounts).await?;
    let id = match name {
        Some(name) => choose(&overview.registry, Some(name))?,
        None => picked(&overview)?,
    };
    if !accounts.switch(&id).await? {
        return Err(Failure::new(Exit::NotLoggedIn, status::not_switched(&id)));
    }
    output.done(&json!({"active": id}), &status::switched(&id));
    let account = overview.registry.account(&id);
    if let Some(why) = account.and_then(|account| overview::session_over(account, &overview)) {
        note(status::session_over(why));
    }
    Ok(Exit::Done)
}

/// The account that the user picks from the list.
fn picked(overview: &Overview) -> Result<AccountId, Failure> {
    if !terminal::can_pick() {
        return Err(prompts::nothing_to_pick_on());
    }
    let shown: Vec<&Account> =
        overview::shown(overview).filter(|account| account.phase == Phase::Active).collect();
    if shown.is_empty() {
        return Err(NoChoice::NotLoggedIn.into());
    }
    let width = Display::of_errors().width.map(|width| width.saturating_sub(MARK));
    let lines = messages::accounts::to_pick(overview, &shown, width);
    let is_active = |account: &&Account| overview.registry.active.as_ref() == Some(&account.id);
    let first = shown.iter().position(is_active).unwrap_or(0);
    let matches = |typed: &str, nth: usize| Filter::new(typed).matches(shown[nth], overview.now);
    match terminal::pick(prompts::SWITCH_TO, lines, first, matches, |nth| shown[nth].called())? {
        Picked::One(nth) => Ok(shown[nth].id.clone()),
        Picked::Nothing => Err(Failure::failed(status::NOTHING_SWITCHED)),
        Picked::Interrupted => {
            terminal::interrupt();
            Err(Failure::failed(status::NOTHING_SWITCHED))
        }
    }
}
