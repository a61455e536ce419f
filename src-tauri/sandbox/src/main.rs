//! `userfront-sandbox`: a Userfront on this machine, until it is told to stop (Ctrl-C, SIGTERM).
//!
//! Standard output carries one line, so that scripts can read the address from it; everything else goes
//! to standard error.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use tokio::runtime;
use userfront_sandbox::{Mode, Options, RefreshSession, Sandbox, Tenant};

/// A Userfront that runs on this machine, for trying out and for tests.
///
/// Tenants: demo1234 offers password, e-mail link, code by e-mail and SMS, and TOTP; sso01234 also single
/// sign-on; mfa01234 wants a second factor after a password or an e-mail link.
///
/// Users of each: admin, member, viewer and unconfirmed (@example.com), all with the password
/// testmodepassword, phone numbers +15555550101 to +15555550104. The admins have an authenticator: secret
/// JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP, first backup code 60bb6-9393a.
///
/// No message is sent: /_sandbox/outbox lists them instead. Everything is in memory and forgotten at the end.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port on 127.0.0.1; 0 lets the system choose
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// A further tenant with the same four users; can be repeated
    #[arg(long = "tenant", value_name = "ID", num_args = 1..)]
    tenants: Vec<Tenant>,
    /// Behave as Userfront's test mode or as its live mode
    #[arg(long, value_enum, default_value_t = Mode::Test)]
    mode: Mode,
    /// The life of access tokens, in seconds
    #[arg(long, value_name = "N", default_value_t = Options::default().access_seconds)]
    access_seconds: u32,
    /// The life of refresh tokens, in seconds
    #[arg(long, value_name = "N", default_value_t = Options::default().refresh_seconds)]
    refresh_seconds: u32,
    /// The effect of a refresh on the session
    #[arg(long, value_enum, default_value_t = RefreshSession::Keep)]
    refresh_session: RefreshSession,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("userfront-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let Arguments { port, tenants, mode, access_seconds, refresh_seconds, refresh_session } = arguments;
    let options = Options {
        port,
        tenants,
        mode,
        access_seconds,
        refresh_seconds,
        refresh_session,
        ..Options::default()
    };
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let _inside = runtime.enter();
    // Before the line is printed: its reader may stop the program at once.
    let stop = stop_signal()?;
    let sandbox = Sandbox::start(&options)?;
    writeln!(io::stdout(), "sandbox listening on {}", sandbox.api_base())?;
    io::stdout().flush()?;
    runtime.block_on(stop);
    sandbox.stop();
    Ok(())
}

#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
