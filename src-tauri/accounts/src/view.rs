//! Which account a view shows. Pure.

use crate::base::work::Work;
use crate::model::registry::{Account, Phase};
use crate::overview::Overview;

/// The account to show: the active one. After a log-out no other takes its place: the user sees the login
/// screen, and chooses. The account stays in view while it is being logged out; one whose log-out was
/// interrupted does not come back.
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
