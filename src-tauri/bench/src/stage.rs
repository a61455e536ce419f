//! The worlds in which it is measured: one for each build.

use std::path::{Path, PathBuf};

use serde_json::json;
use test_rig::{App, Programs, RigError, World};

use crate::turns::Column;

pub(crate) struct Stage {
    pub(crate) programs: Programs,
    /// The programs of an older build; its sandbox and its driver are ours.
    pub(crate) before: Option<Programs>,
    pub(crate) turns: usize,
}

impl Stage {
    pub(crate) fn new(programs: Programs, before: Option<&Path>, pairs: u32) -> Result<Self, RigError> {
        let before =
            before.map(|folder| Programs { app: folder.join("userfront-accounts"), ..programs.clone() });
        if let Some(before) = &before {
            for program in [&before.app, &before.userfront()] {
                if !program.is_file() {
                    return Err(unexpected(&format!("there is no {}", program.display())));
                }
            }
        }
        Ok(Self { programs, before, turns: usize::try_from(pairs).unwrap_or(usize::MAX) })
    }

    /// These, and the older build where there is one.
    pub(crate) fn columns(&self, columns: &[Column]) -> Vec<Column> {
        let before = self.before.as_ref().map(|_| Column::Before);
        columns.iter().copied().chain(before).collect()
    }

    pub(crate) fn builds(&self) -> Vec<Column> {
        self.columns(&[Column::Ours])
    }

    pub(crate) fn programs(&self, column: Column) -> &Programs {
        match (column, &self.before) {
            (Column::Before, Some(before)) => before,
            _ => &self.programs,
        }
    }

    /// A world for each build.
    pub(crate) fn worlds(&self, sandbox: &[&str]) -> Result<Worlds, RigError> {
        let start = |programs: &Programs| {
            World::builder(programs.clone()).screen(1000, 700).sandbox_arguments(sandbox).start()
        };
        let before = self.before.as_ref().map(start).transpose()?;
        Ok(Worlds { ours: start(&self.programs)?, before })
    }

    /// A program that is built beside ours.
    pub(crate) fn beside(&self, name: &str) -> Result<PathBuf, RigError> {
        let near = [Some(self.programs.app.clone()), std::env::current_exe().ok()];
        let mut near = near.into_iter().flatten().map(|program| program.with_file_name(name));
        near.find(|program| program.is_file()).ok_or_else(|| unexpected(&format!("there is no {name}")))
    }
}

pub(crate) struct Worlds {
    pub(crate) ours: World,
    pub(crate) before: Option<World>,
}

impl Worlds {
    /// The older build's for that column, else ours.
    pub(crate) fn of(&self, column: Column) -> &World {
        match (column, &self.before) {
            (Column::Before, Some(before)) => before,
            _ => &self.ours,
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &World> {
        [Some(&self.ours), self.before.as_ref()].into_iter().flatten()
    }

    pub(crate) async fn open_apps(&self) -> Result<Apps, RigError> {
        let before = match &self.before {
            Some(world) => Some(world.open_app().await?),
            None => None,
        };
        Ok(Apps { ours: self.ours.open_app().await?, before })
    }

    /// Log-outs are answered so late. A browser's question before its call is answered at once.
    pub(crate) async fn answer_log_outs_after(&self, milliseconds: u64) -> Result<(), RigError> {
        let fault = json!({"delayMs": milliseconds});
        let rules = json!([{"method": "GET", "path": "auth/logout", "fault": fault}]);
        for world in self.all() {
            world.sandbox.set_faults(&rules).await?;
        }
        Ok(())
    }
}

pub(crate) struct Apps {
    ours: App,
    before: Option<App>,
}

impl Apps {
    pub(crate) fn of(&self, column: Column) -> &App {
        match (column, &self.before) {
            (Column::Before, Some(before)) => before,
            _ => &self.ours,
        }
    }

    pub(crate) async fn stop(self) -> Result<(), RigError> {
        if let Some(before) = self.before {
            before.stop().await?;
        }
        self.ours.stop().await
    }
}

pub(crate) fn unexpected(message: &str) -> RigError {
    RigError::Unexpected(message.to_owned())
}
