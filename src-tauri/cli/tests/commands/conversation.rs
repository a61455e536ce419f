//! A run that asks, and is answered as it goes.

use std::io::{self, Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::machine::Ran;

/// How long a run may take to say what is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A run, and what it has said so far.
pub(crate) struct Conversation {
    child: Child,
    input: Option<ChildStdin>,
    out: Stream,
    err: Stream,
    talks_on_err: bool,
    heard: usize,
}

/// The output, as it comes.
struct Stream {
    text: Arc<Mutex<Vec<u8>>>,
    reading: JoinHandle<()>,
}

impl Stream {
    fn of(mut output: impl Read + Send + 'static) -> Self {
        let text: Arc<Mutex<Vec<u8>>> = Arc::default();
        let sink = Arc::clone(&text);
        let reading = thread::spawn(move || {
            let mut bytes = [0; 1024];
            loop {
                match output.read(&mut bytes) {
                    // A terminal whose programs have ended is an error, and the end.
                    Ok(0) | Err(_) => return,
                    Ok(count) => sink.lock().unwrap().extend_from_slice(&bytes[..count]),
                }
            }
        });
        Self { text, reading }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }

    fn all(self) -> String {
        self.reading.join().unwrap();
        String::from_utf8(self.text.lock().unwrap().clone()).unwrap()
    }
}

impl Conversation {
    /// With pipes: prompts come on standard error.
    pub(crate) fn begin(command: &mut Command) -> Self {
        Self::start(command, true)
    }

    /// With a program that shows on standard output what a terminal shows.
    pub(crate) fn on_terminal(command: &mut Command) -> Self {
        Self::start(command, false)
    }

    fn start(command: &mut Command, talks_on_err: bool) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        let out = Stream::of(child.stdout.take().unwrap());
        let err = Stream::of(child.stderr.take().unwrap());
        Self { child, input, out, err, talks_on_err, heard: 0 }
    }

    /// The ID of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    fn said(&self) -> String {
        if self.talks_on_err { self.err.so_far() } else { self.out.so_far() }
    }

    /// Waits for these words, after what was heard before.
    #[track_caller]
    pub(crate) fn hears(&mut self, words: &str) {
        let begin = Instant::now();
        loop {
            let said = self.said();
            if let Some(at) = said[self.heard..].find(words) {
                self.heard += at + words.len();
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "waiting for {words:?}, heard:\n{said}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits for these words, and the rest of their line.
    #[track_caller]
    pub(crate) fn hears_after(&mut self, words: &str) -> String {
        self.hears(words);
        let from = self.heard;
        self.hears("\n");
        self.said()[from..self.heard].trim().to_owned()
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) {
        self.write(&format!("{line}\n")).unwrap();
    }

    pub(crate) fn write(&mut self, text: &str) -> io::Result<()> {
        let input = self.input.as_mut().unwrap();
        input.write_all(text.as_bytes())?;
        input.flush()
    }

    /// No more is typed; the run to its end.
    pub(crate) fn ends(mut self) -> Ran {
        drop(self.input.take());
        let exit = self.child.wait().unwrap();
        // As a shell shows a program that ended by a signal.
        let code = exit.code().or(exit.signal().map(|signal| 128 + signal));
        Ran { exit: code.unwrap(), out: self.out.all(), err: self.err.all() }
    }
}
