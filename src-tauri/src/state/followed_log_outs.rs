//! The log-outs, by whichever program, that the window has followed to their destination, and their last
//! known outcome.

use std::collections::HashSet;

use accounts::model::log_out_outcome::LogOut;
use accounts::model::registry::{RecentLogOut, Registry};

/// Empty until the registry is first read: log-outs that are in it by then are not news.
#[derive(Debug, Default)]
pub(crate) struct FollowedLogOuts {
    generations: Option<HashSet<u64>>,
    last_seen: Vec<RecentLogOut>,
}

impl FollowedLogOuts {
    pub(crate) fn take_new(&mut self, registry: &Registry) -> Vec<RecentLogOut> {
        let recent = registry.log_outs();
        let Some(followed) = &mut self.generations else {
            self.generations = Some(recent.iter().map(|recent| recent.generation).collect());
            return Vec::new();
        };
        // A log-out that began earlier may end later.
        recent.into_iter().filter(|recent| followed.insert(recent.generation)).collect()
    }

    pub(crate) fn take_revised(&mut self, registry: &Registry) -> Vec<(LogOut, LogOut)> {
        let now = registry.log_outs();
        let before = std::mem::replace(&mut self.last_seen, now.clone());
        let pairs = before.into_iter().filter_map(|before| {
            let now = now.iter().find(|now| now.generation == before.generation)?;
            (now.outcome != before.outcome).then(|| (before.outcome, now.outcome.clone()))
        });
        pairs.collect()
    }
}
