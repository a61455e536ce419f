//! The app in a window, driven through tauri-driver.
//!
//! One driver has one session, and one session is one run of the app: to restart the app, stop this and open
//! another. Ending the session kills the app outright, so no exit handler of it runs; what a test sees
//! afterwards is what a crash would have left.

use std::{
    ffi::OsString,
    fs::{self, File},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use thirtyfour::{Capabilities, WebDriver};

use crate::{Environment, Programs, RigError, process::Group};

/// How long the drivers have to answer.
const DRIVERS: Duration = Duration::from_secs(20);

/// How long the app has to show a window, on a machine that is busy with other tests. The driver never
/// answers for an app that does not open its webview: this limit ends the wait.
const WINDOW: Duration = Duration::from_mins(1);

/// How long tauri-driver has to end by itself, and its driver with it.
const END: Duration = Duration::from_secs(3);

/// Carried by every process of one run of the app, with its output file as the value.
pub(crate) const RUN: &str = "TEST_RIG_RUN";

/// A process of a run, as every user of the machine sees it.
#[derive(Clone, Debug)]
pub struct SeenProcess {
    /// Its ID.
    pub pid: u32,
    /// Its program; empty when it has just ended.
    pub executable: PathBuf,
    /// Its arguments, the program's name first.
    pub arguments: Vec<String>,
}

/// One run of the app. What is asked of its window is in `window.rs`.
#[derive(Debug)]
pub struct App {
    pub(crate) session: Option<WebDriver>,
    drivers: Group,
    output: PathBuf,
    executable: PathBuf,
}

impl App {
    /// Opens `programs.app` with `arguments` in `environment`; what it prints goes to a file.
    ///
    /// By way of a script: the native driver throws the app's standard output away, and a test that looks
    /// there for a secret would find none whatever happened.
    pub async fn open(
        programs: &Programs,
        arguments: &[&str],
        environment: &Environment,
    ) -> Result<Self, RigError> {
        let output = unused(environment.folder())?;
        let mut environment = environment.clone();
        environment.set(RUN, &output);
        let script = output.with_extension("sh");
        // As `/proc` names it: processes are told by it.
        let executable = fs::canonicalize(&programs.app).map_err(RigError::file(&programs.app))?;
        write_script(&script, &executable, &output)?;
        let drivers_output = output.with_extension("drivers.log");
        let (drivers, address) = start_drivers(programs, &environment, &drivers_output).await?;
        // From here on dropped, and thereby ended, when something fails.
        let mut app = Self { session: None, drivers, output, executable };
        let mut capabilities = Capabilities::new();
        let options = serde_json::json!({ "application": script, "args": arguments });
        capabilities.set("tauri:options", options).map_err(RigError::driver("the capabilities"))?;
        let session = WebDriver::builder(address, capabilities).request_timeout(WINDOW);
        tokio::select! {
            opened = tokio::time::timeout(WINDOW, session) => match opened {
                Ok(Ok(session)) => app.session = Some(session),
                Ok(Err(error)) => return Err(RigError::driver(app.failure())(error)),
                Err(_) => return Err(RigError::Late { what: app.failure(), limit: WINDOW }),
            },
            () = app.exit() => {
                let failure = app.failure();
                return Err(RigError::Unexpected(format!("{failure}: it ended before it showed a window")));
            }
        }
        Ok(app)
    }

    /// Waits until the app has been started and runs no more. The driver does not notice that.
    async fn exit(&self) {
        let started = self.output.with_extension("started");
        let mut absent = 0;
        // For three seconds: the script is there for a moment before it becomes the app, and a busy disk
        // makes it a long one.
        while absent < 60 {
            let ended = started.exists() && self.processes().is_err();
            absent = if ended { absent + 1 } else { 0 };
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn failure(&self) -> String {
        let printed = self.printed().unwrap_or_else(|error| error.to_string());
        format!("opening {} (it printed:\n{printed})", self.executable.display())
    }

    /// All that the app has printed so far, standard output and error together.
    pub fn printed(&self) -> Result<String, RigError> {
        let bytes = fs::read(&self.output).map_err(RigError::file(&self.output))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Every process of this run with its arguments: the app, its web processes, the drivers.
    pub fn processes(&self) -> Result<Vec<SeenProcess>, RigError> {
        let processes: Vec<_> =
            crate::leash::marked(RUN, &self.output).into_iter().filter_map(seen).collect();
        if processes.iter().any(|process| process.executable == self.executable) {
            return Ok(processes);
        }
        Err(RigError::Unexpected(format!("{} does not run", self.executable.display())))
    }

    /// Ends the session, and with it the app, then the drivers.
    pub async fn stop(mut self) -> Result<(), RigError> {
        if let Some(session) = self.session.take() {
            tokio::time::timeout(DRIVERS, session.quit())
                .await
                .map_err(|_| RigError::Late { what: "the session's end".to_owned(), limit: DRIVERS })?
                .map_err(RigError::driver("the session's end"))?;
        }
        let begin = Instant::now();
        while self.processes().is_ok() {
            if begin.elapsed() > DRIVERS {
                return Err(RigError::Late { what: "the app's end".to_owned(), limit: DRIVERS });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.drivers.end()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // Left to itself, the session would call a driver that is about to be ended, and wait for it.
        if let Some(session) = self.session.take()
            && let Err(error) = session.leak()
        {
            eprintln!("test-rig: {error}");
        }
        // The app is in no group of ours; without its drivers it would go on until the world ends.
        for process in self.processes().unwrap_or_default() {
            if process.executable == self.executable
                && let Err(error) = crate::process::signal(process.pid, rustix::process::Signal::KILL)
            {
                eprintln!("test-rig: ending the app: {error}");
            }
        }
    }
}

/// Starts tauri-driver, and it the native driver, on two free ports; returns its address once both answer.
async fn start_drivers(
    programs: &Programs,
    environment: &Environment,
    output: &Path,
) -> Result<(Group, String), RigError> {
    // A port is free when it is asked for, and may be taken a moment later: hence more than one attempt.
    for _ in 0..3 {
        let (port, native) = two_free_ports()?;
        let file = File::options().create(true).append(true).open(output).map_err(RigError::file(output))?;
        let mut drivers = Group::start(
            environment
                .command(&programs.tauri_driver)
                .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
                // Unless a listener takes the error.
                .env("NO_AT_BRIDGE", if environment.get("AT_SPI_BUS_ADDRESS").is_some() { "0" } else { "1" })
                .stdin(Stdio::null())
                .stdout(file.try_clone().map_err(RigError::file(output))?)
                .stderr(file),
        )?
        .with_grace(END);
        let address = format!("http://127.0.0.1:{port}");
        if answers(&address, &mut drivers).await? {
            return Ok((drivers, address));
        }
    }
    Err(RigError::Late {
        what: "tauri-driver and WebKitWebDriver to answer (3 attempts)".to_owned(),
        limit: DRIVERS,
    })
}

async fn answers(address: &str, drivers: &mut Group) -> Result<bool, RigError> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(2)).build()?;
    let begin = Instant::now();
    while begin.elapsed() < DRIVERS && drivers.ended()?.is_none() {
        // tauri-driver passes this on to the native driver: one answer speaks for both.
        if client
            .get(format!("{address}/status"))
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(false)
}

fn two_free_ports() -> Result<(u16, u16), RigError> {
    let bind = || TcpListener::bind(("127.0.0.1", 0));
    let ports = bind().and_then(|one| Ok((one.local_addr()?.port(), bind()?.local_addr()?.port())));
    ports.map_err(RigError::start("a free port"))
}

/// A script that becomes the app, with standard output and error in `output`.
fn write_script(script: &Path, app: &Path, output: &Path) -> Result<(), RigError> {
    let quote = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    let (started, app, output) = (quote(&output.with_extension("started")), quote(app), quote(output));
    let text = format!("#!/bin/sh\n: >{started}\nexec {app} \"$@\" >>{output} 2>&1\n");
    fs::write(script, text).map_err(RigError::file(script))?;
    fs::set_permissions(script, fs::Permissions::from_mode(0o700)).map_err(RigError::file(script))
}

/// A file for one run's output that no earlier run has.
fn unused(folder: &Path) -> Result<PathBuf, RigError> {
    for run in 1..1000 {
        let path = folder.join(format!("app-{run}.log"));
        if !path.exists() {
            return File::create(&path).map(|_| path.clone()).map_err(RigError::file(path));
        }
    }
    Err(RigError::Unexpected("a thousand runs of the app in one world".to_owned()))
}

pub(crate) fn seen(pid: u32) -> Option<SeenProcess> {
    let arguments = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let arguments = arguments
        .split(|byte| *byte == 0)
        .filter(|argument| !argument.is_empty())
        .map(|argument| String::from_utf8_lossy(argument).into_owned())
        .collect();
    let executable: OsString =
        fs::read_link(format!("/proc/{pid}/exe")).map(PathBuf::into_os_string).unwrap_or_default();
    Some(SeenProcess { pid, executable: executable.into(), arguments })
}
