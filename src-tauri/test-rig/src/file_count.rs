//! Counts how often a file is opened and replaced, seen by the system.

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::path::Path;

use rustix::fd::OwnedFd;
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;

use crate::RigError;

/// A watched file.
#[derive(Debug)]
pub struct FileCount {
    events: OwnedFd,
    name: String,
}

/// The times since the last look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opened {
    /// Opened, to be read or written.
    pub opened: usize,
    /// A whole new file took its place.
    pub replaced: usize,
}

impl FileCount {
    /// Counts from now on. The file's folder must be there.
    pub fn begin(path: &Path) -> Result<Self, RigError> {
        let failed = |errno: Errno| RigError::file(path)(errno.into());
        let events = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).map_err(failed)?;
        let folder = path.parent().unwrap_or(path);
        // With the closes: the system makes one event of two equal ones that follow each other.
        inotify::add_watch(&events, folder, WatchFlags::OPEN | WatchFlags::CLOSE | WatchFlags::MOVED_TO)
            .map_err(failed)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { events, name })
    }

    /// The count since the last time this was asked.
    pub fn take(&self) -> Result<Opened, RigError> {
        let mut room = [MaybeUninit::uninit(); 16 * 1024];
        let mut reader = Reader::new(&self.events, &mut room);
        let mut count = Opened::default();
        loop {
            let event = match reader.next() {
                Ok(event) => event,
                Err(Errno::WOULDBLOCK) => return Ok(count),
                Err(errno) => return Err(RigError::Unexpected(format!("the file's events: {errno}"))),
            };
            if event.events().contains(ReadFlags::QUEUE_OVERFLOW) {
                return Err(RigError::Unexpected("more file events than the system keeps".to_owned()));
            }
            if event.file_name().map(CStr::to_bytes) != Some(self.name.as_bytes()) {
                continue;
            }
            count.opened += usize::from(event.events().contains(ReadFlags::OPEN));
            count.replaced += usize::from(event.events().contains(ReadFlags::MOVED_TO));
        }
    }
}
