//! An X server of its own, without a screen: Xvfb.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask};

use crate::{
    RigError,
    process::{Group, succeed, wait_for},
};

/// How long the server has to come up.
const START: Duration = Duration::from_secs(15);

/// How long it has to remove its socket, which would otherwise stay in the system's folder.
const END: Duration = Duration::from_secs(5);

/// How long one picture, key or search may take.
const TOOL: Duration = Duration::from_secs(20);

/// Names the size to a test that runs inside; see [`crate::enter`].
pub(crate) const SIZE: &str = "TEST_RIG_SCREEN";

/// An X server without a window manager: a window appears at the upper left, in the size it asks for.
#[derive(Debug)]
pub struct Screen {
    display: String,
    width: u16,
    height: u16,
    // `None` when another process started it.
    _server: Option<Group>,
}

impl Screen {
    /// Starts a server on a free display.
    pub fn start(width: u16, height: u16) -> Result<Self, RigError> {
        // Two servers that start at once may reach for the same display; the one that loses ends.
        for _ in 0..2 {
            if let Ok(screen) = Self::start_once(width, height) {
                return Ok(screen);
            }
        }
        Self::start_once(width, height)
    }

    fn start_once(width: u16, height: u16) -> Result<Self, RigError> {
        let mut server = Group::start(
            Command::new("Xvfb")
                // The server picks a free display itself, and names it on standard output.
                .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0"])
                .arg(format!("{width}x{height}x24"))
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?
        .with_grace(END);
        let number = first_line("Xvfb", &mut server, START)?;
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(RigError::Unexpected(format!("Xvfb named the display {number:?}")));
        }
        Ok(Self { display: format!(":{number}"), width, height, _server: Some(server) })
    }

    /// The server of the environment that this process was started in, if any.
    pub(crate) fn inherited() -> Result<Option<Self>, RigError> {
        let (Ok(size), Ok(display)) = (std::env::var(SIZE), std::env::var("DISPLAY")) else {
            return Ok(None);
        };
        let (width, height) = size
            .split_once('x')
            .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)))
            .ok_or_else(|| RigError::Unexpected(format!("{SIZE} is {size:?}")))?;
        Ok(Some(Self { display, width, height, _server: None }))
    }

    pub(crate) fn size_text(&self) -> String {
        format!("{}x{}", self.width, self.height)
    }

    /// The value of `DISPLAY`, such as `:99`.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// Writes a picture of the whole screen to `path`, as PNG. (The `WebDriver` call for it hangs here.)
    pub fn capture(&self, path: &Path) -> Result<(), RigError> {
        let mut target = std::ffi::OsString::from("png:");
        target.push(path);
        succeed(self.tool("import").args(["-window", "root"]).arg(target), TOOL)?;
        Ok(())
    }

    /// Whether a visible window has a title that matches the regular expression. One that matches an empty
    /// title finds the screen itself, too: `.+` is any window, `.*` says nothing.
    pub fn has_window(&self, title: &str) -> Result<bool, RigError> {
        Ok(!self.windows(title)?.is_empty())
    }

    /// Waits for a visible window whose title matches the regular expression.
    pub fn wait_for_window(&self, title: &str, limit: Duration) -> Result<(), RigError> {
        wait_for(&format!("a window titled {title:?}"), limit, || Ok(self.has_window(title)?.then_some(())))
    }

    /// Waits until no visible window's title matches the regular expression.
    pub fn wait_until_no_window(&self, title: &str, limit: Duration) -> Result<(), RigError> {
        let what = format!("the window titled {title:?} to close");
        wait_for(&what, limit, || Ok((!self.has_window(title)?).then_some(())))
    }

    /// Closes the window whose title matches the regular expression, as a desktop's button does: the program
    /// is asked.
    pub fn close_window(&self, title: &str) -> Result<(), RigError> {
        let windows = self.windows(title)?;
        let window = windows.first().and_then(|id| id.parse().ok());
        let window =
            window.ok_or_else(|| RigError::Unexpected(format!("no visible window is titled {title:?}")))?;
        ask_to_close(&self.display, window)
            .map_err(|error| RigError::Unexpected(format!("the window was not asked to close: {error}")))
    }

    /// Types into whatever has the keyboard. The text is seen in the process list: for passwords of the rig
    /// only.
    pub fn type_text(&self, text: &str) -> Result<(), RigError> {
        succeed(self.tool("xdotool").args(["type", "--delay", "20", "--", text]), TOOL)?;
        Ok(())
    }

    /// Presses a key, such as `Return`, `Escape` or `ctrl+Tab`.
    pub fn press(&self, key: &str) -> Result<(), RigError> {
        succeed(self.tool("xdotool").args(["key", "--", key]), TOOL)?;
        Ok(())
    }

    /// Clicks into a window, at these percentages of its width and height.
    pub(crate) fn click_in(&self, window: &str, across: u32, down: u32) -> Result<(), RigError> {
        let geometry = succeed(self.tool("xdotool").args(["getwindowgeometry", "--shell", window]), TOOL)?;
        let number =
            |name: &str| geometry.lines().find_map(|line| line.strip_prefix(name)?.parse::<u32>().ok());
        let (Some(width), Some(height)) = (number("WIDTH="), number("HEIGHT=")) else {
            return Err(RigError::Unexpected(format!("the window's size is {geometry:?}")));
        };
        let place = [(width * across / 100).to_string(), (height * down / 100).to_string()];
        let mut tool = self.tool("xdotool");
        succeed(tool.args(["mousemove", "--window", window]).args(place).args(["click", "1"]), TOOL)?;
        Ok(())
    }

    pub(crate) fn windows(&self, title: &str) -> Result<Vec<String>, RigError> {
        let mut search = self.tool("xdotool");
        // Exit code 1 is its way of saying that there is none.
        let (_, output) =
            crate::process::run(search.args(["search", "--onlyvisible", "--name", title]), TOOL)?;
        let windows =
            output.lines().filter(|line| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()));
        Ok(windows.map(str::to_owned).collect())
    }

    fn tool(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.display).env_remove("XAUTHORITY");
        command
    }
}

fn ask_to_close(display: &str, window: u32) -> Result<(), Box<dyn std::error::Error>> {
    let (connection, _) = x11rb::connect(Some(display))?;
    let atom = |name: &str| -> Result<u32, Box<dyn std::error::Error>> {
        Ok(connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    };
    let data = [atom("WM_DELETE_WINDOW")?, x11rb::CURRENT_TIME, 0, 0, 0];
    let event = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS")?, data);
    connection.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
    Ok(())
}

/// The first line that a child writes to its piped standard output; what follows is read and dropped, so that
/// the child never blocks on it.
pub(crate) fn first_line(program: &str, group: &mut Group, limit: Duration) -> Result<String, RigError> {
    let output = group
        .child()
        .stdout
        .take()
        .ok_or_else(|| RigError::Unexpected(format!("standard output of {program} is no pipe")))?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut lines = BufReader::new(output).lines();
        let first = lines.next().unwrap_or_else(|| Ok(String::new()));
        // A receiver that has timed out is no error here.
        if sender.send(first).is_ok() {
            lines.for_each(drop);
        }
    });
    match receiver.recv_timeout(limit) {
        Ok(line) => line.map(|line| line.trim().to_owned()).map_err(RigError::start(program)),
        Err(_) => Err(RigError::Late { what: format!("the first line of {program}"), limit }),
    }
}
