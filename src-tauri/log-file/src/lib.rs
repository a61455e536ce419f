//! A program's log: one file per day in `logs/` of the data folder; the last seven are kept. It holds account
//! IDs and outcomes from our own code, and the libraries' warnings; never a token, a password, a code or a
//! link. No setting makes it log more.

mod daily;

use std::error::Error;
use std::path::Path;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use daily::Daily;

const LEVELS: &str = "warn,accounts=info,credential_store=info,userfront_client=info,\
    userfront_accounts=info,userfront=info,hyper=off,reqwest=off,zbus=off";
const FILES: usize = 7;

/// Starts the log of `program` in the data folder `home`. No program's name may begin with another's: the
/// oldest files that begin with it are removed.
///
/// # Errors
/// When no file can be written there, or when a log was started before.
pub fn start(home: &Path, program: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = home.join("logs");
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    let file = Daily::start(&folder, program, FILES)?;
    let lines = fmt::layer()
        .with_writer(std::sync::Mutex::new(file))
        .with_ansi(false)
        // It would print, which panics when standard error is closed.
        .log_internal_errors(false)
        .with_filter(LEVELS.parse::<Targets>()?);
    Ok(tracing_subscriber::registry().with(lines).try_init()?)
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn libraries_that_see_secrets_log_nothing_and_the_others_only_warnings() {
        let levels: Targets = LEVELS.parse().unwrap();
        for target in ["hyper", "hyper_util::client", "reqwest::connect", "zbus::connection"] {
            assert!(!levels.would_enable(target, &Level::ERROR), "{target}");
        }
        for target in ["accounts::log_out", "credential_store", "userfront_client", "userfront_accounts"] {
            assert!(levels.would_enable(target, &Level::INFO), "{target}");
            assert!(!levels.would_enable(target, &Level::DEBUG), "{target}");
        }
        assert!(levels.would_enable("tao", &Level::WARN) && !levels.would_enable("tao", &Level::INFO));
    }
}
