//! Which account a view shows. Pure.

use crate::base::work::Work;
use crate::model::registry::{Account, Phase};
use crate::overview::Overview;

/// The account to show: the one that is active. No other takes its place: after a log-out the user sees the login
/// screen, and chooses. While it is being logged out it stays in view; one whose log-out was cut off does not come back.
#[must_use]
pub fn shown_account(overview: &Overview) -> Option<&Account> {
    let active = overview.registry.account(overview.registry.active.as_ref()?)?;
    match active.phase {
        Phase::Active => Some(active),
        Phase::LoggingOut => {
            overview.in_progress.contains(&Work::LoggingOut(active.id.clone())).then_some(active)
        }
        Phase::LoggingIn | Phase::Abandoned => None,
    }
}
