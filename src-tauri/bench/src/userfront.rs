//! Runs the command line, whole processes.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use test_rig::journey::PASSWORD;
use test_rig::{RigError, World};

use crate::stage::unexpected;

/// Every tenant of the sandbox has these.
pub(crate) const USERS: [&str; 4] = ["admin", "member", "viewer", "unconfirmed"];

/// Runs `userfront` of the world; how long it took.
pub(crate) fn userfront(world: &World, arguments: &[&str]) -> Result<Duration, RigError> {
    let mut command = world.environment().command(world.programs().userfront());
    time_of(command.args(arguments), "")
}

pub(crate) fn log_in(world: &World, tenant: &str, user: &str) -> Result<Duration, RigError> {
    let mut command = world.environment().command(world.programs().userfront());
    let arguments = ["log-in", "--tenant", tenant, "--user", user, "--password-stdin"];
    time_of(command.args(arguments), &format!("{PASSWORD}\n"))
}

/// Runs a program, which must succeed; what it reads is no argument, which others can see.
pub(crate) fn time_of(command: &mut Command, typed: &str) -> Result<Duration, RigError> {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let first = command.get_args().next().unwrap_or_default();
    let name = format!("{} {}", program.display(), first.display());
    let failed = |why: String| unexpected(&format!("{name}: {why}"));
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let begin = Instant::now();
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(typed.as_bytes()).map_err(|error| failed(error.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    let took = begin.elapsed();
    if output.status.success() {
        return Ok(took);
    }
    // `token` alone prints a secret, and prints nothing else when it fails.
    let said = [output.stdout, output.stderr].concat();
    Err(failed(format!("{}: {}", output.status, String::from_utf8_lossy(&said).trim())))
}

/// So many tenants beyond the sandbox's own, as its arguments and as IDs.
pub(crate) fn tenants(count: usize) -> Vec<String> {
    (0..count).map(|nth| format!("bench{nth:03}")).collect()
}

/// An account in each line: tenant and user.
pub(crate) fn users_of(tenants: &[String]) -> impl Iterator<Item = (&str, &str)> {
    tenants.iter().flat_map(|tenant| USERS.iter().map(move |user| (tenant.as_str(), *user)))
}
