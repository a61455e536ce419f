//! The words of notifications. The window may be hidden then, so they are not the page's.

use accounts::AccountId;
use accounts::model::registry::Registry;
use accounts::model::session_outcome::SessionOutcome;

use crate::state::news::{NewsEvent, NewsItem};
use crate::views::order::TenantNames;

/// Title and text; names in them are the user's and the tenant's own.
pub(crate) fn words(NewsItem { account, name, event }: &NewsItem, registry: &Registry) -> (String, String) {
    let at = place(account, registry);
    match event {
        NewsEvent::SessionEnded => {
            (format!("Userfront ended the session of {name}"), format!("Log in again at {at}."))
        }
        NewsEvent::EndsSoon(minutes) => {
            let minutes = if *minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") };
            let title = format!("The session of {name} ends in {minutes}");
            (title, format!("It cannot be renewed. Log in again at {at} to stay logged in."))
        }
        NewsEvent::RevocationDone(outcome) => {
            (format!("The session of {name} is over"), format!("{} It was at {at}.", over(*outcome)))
        }
        NewsEvent::SessionLost => (
            format!("The session of {name} may still be alive"),
            format!("Nothing on this computer can end it any more. It is at {at}."),
        ),
        NewsEvent::RevocationNeedsUser => (
            format!("The session of {name} may still be alive"),
            format!("It is at {at} and cannot be ended without you. Open Userfront Accounts to see why."),
        ),
    }
}

/// While the window hides the accounts.
pub(crate) fn without_names() -> (String, String) {
    let title = "There is news of an account";
    (title.to_owned(), "Open Userfront Accounts and click Show to see it.".to_owned())
}

fn over(outcome: SessionOutcome) -> &'static str {
    match outcome {
        SessionOutcome::Revoked => "Userfront ended it.",
        SessionOutcome::Expired => "It has expired.",
        SessionOutcome::AlreadyInvalid | SessionOutcome::Over => "Userfront no longer accepts its tokens.",
        SessionOutcome::Pending | SessionOutcome::Lost => "It may still be alive.",
    }
}

/// The tenant's name, or its ID where no account and no earlier log-in tells it.
fn place(account: &AccountId, registry: &Registry) -> String {
    let last = registry.last_tenant.as_ref().filter(|last| last.tenant.id == *account.tenant());
    let last = last.filter(|last| last.tenant.api.host() == account.host());
    let names = TenantNames::of(registry);
    let name = names.of_id(account).or(last.and_then(|last| last.name.as_deref()));
    format!("{} ({} mode)", name.unwrap_or(account.tenant().as_str()), account.mode())
}
