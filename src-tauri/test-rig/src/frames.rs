//! When a screen has come to its picture, seen from outside: the same for every program, whatever it draws
//! with, and without a driver.

use std::{
    thread,
    time::{Duration, Instant},
};

use x11rb::{
    connection::Connection as _,
    protocol::{
        damage::{ConnectionExt as _, ReportLevel},
        xproto::{ConnectionExt as _, ImageFormat},
    },
    rust_connection::RustConnection,
};

use crate::{RigError, Screen};

/// Nothing new may appear for so long before a picture counts as the last one.
const REST: Duration = Duration::from_secs(3);
/// How long a program has to come to rest.
const LIMIT: Duration = Duration::from_mins(1);
/// A blinking cursor and a scroll bar that fades are less of the screen than one in so many pixels.
const SAME: usize = 500;

struct Frame {
    at: Instant,
    pixels: Vec<u8>,
}

/// Pictures of a screen, from now on. Each is taken when the X server says that something was drawn.
pub struct Frames {
    screen: (u16, u16),
    connection: RustConnection,
    root: u32,
    damage: u32,
    seen: Vec<Frame>,
}

impl Frames {
    /// Begins to look.
    pub fn watch(screen: &Screen) -> Result<Self, RigError> {
        let size = screen.size();
        let mut frames = begin(screen.display(), size).map_err(|error| fault(error.as_ref()))?;
        frames.take()?;
        Ok(frames)
    }

    /// Waits until the picture rests. Returns when all but one in 500 of its pixels were first there for
    /// good.
    pub fn painted(mut self) -> Result<Instant, RigError> {
        let begin = Instant::now();
        while self.seen.len() < 2 || self.last().at.elapsed() < REST {
            if begin.elapsed() > LIMIT {
                return Err(RigError::Late { what: "a picture that rests".to_owned(), limit: LIMIT });
            }
            let mut is_drawn = false;
            while let Some(event) = self.connection.poll_for_event().map_err(|error| fault(&error))? {
                is_drawn |= matches!(event, x11rb::protocol::Event::DamageNotify(_));
            }
            if is_drawn {
                self.take()?;
            } else {
                thread::sleep(Duration::from_millis(1));
            }
        }
        let (last, earlier) = (self.last(), &self.seen[..self.seen.len() - 1]);
        let others = earlier.iter().rposition(|frame| self.differ(&frame.pixels, &last.pixels, SAME));
        Ok(self.seen[others.map_or(0, |other| other + 1)].at)
    }

    fn last(&self) -> &Frame {
        &self.seen[self.seen.len() - 1]
    }

    /// Keeps the present picture, unless it is as good as the one before.
    fn take(&mut self) -> Result<(), RigError> {
        let (width, height) = self.screen;
        let image = || -> Result<_, Box<dyn std::error::Error>> {
            self.connection.damage_subtract(self.damage, x11rb::NONE, x11rb::NONE)?;
            let image =
                self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, !0)?;
            Ok(image.reply()?.data)
        };
        let pixels = image().map_err(|error| fault(error.as_ref()))?;
        let is_new = self.seen.last().is_none_or(|last| self.differ(&last.pixels, &pixels, 4 * SAME));
        if is_new {
            self.seen.push(Frame { at: Instant::now(), pixels });
        }
        Ok(())
    }

    /// Whether more than one in `part` of the pixels differ.
    fn differ(&self, one: &[u8], other: &[u8], part: usize) -> bool {
        let (one, other) = (one.chunks_exact(4), other.chunks_exact(4));
        let count = one.zip(other).filter(|(one, other)| one != other).count();
        count > usize::from(self.screen.0) * usize::from(self.screen.1) / part
    }
}

fn begin(display: &str, size: (u16, u16)) -> Result<Frames, Box<dyn std::error::Error>> {
    let (connection, number) = x11rb::connect(Some(display))?;
    let root = connection.setup().roots[number].root;
    connection.damage_query_version(1, 1)?.reply()?;
    let damage = connection.generate_id()?;
    connection.damage_create(damage, root, ReportLevel::NON_EMPTY)?.check()?;
    Ok(Frames { screen: size, connection, root, damage, seen: Vec::new() })
}

fn fault(error: &dyn std::error::Error) -> RigError {
    RigError::Unexpected(format!("the screen cannot be watched: {error}"))
}
