//! The window's size and place, remembered in `window.json`. On Wayland a program knows no place: there it is
//! the size alone.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use accounts::storage::files::{read, replace};
use accounts::storage::folders::WINDOW;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, LogicalSize, Monitor, PhysicalPosition, PhysicalRect, Runtime, WebviewWindow};

/// So much of the window's upper edge must be on a screen, in pixels, for it to be moved by hand.
const GRIP: (i64, i64) = (120, 24);
pub(crate) const DEFAULT: (f64, f64) = (1000.0, 700.0);
pub(crate) const LEAST: (f64, f64) = (380.0, 480.0);

/// The size is that of the content, without the desktop's frame, in logical pixels; the place is the frame's,
/// in physical ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    pub(crate) width: f64,
    pub(crate) height: f64,
    x: i32,
    y: i32,
    pub(crate) is_maximized: bool,
}

/// Follows the window while it is open.
#[derive(Default)]
pub(crate) struct WindowPlace(Mutex<State>);

#[derive(Default)]
struct State {
    now: Option<Place>,
    /// What the desktop made the window larger or smaller than it was asked for: not to be added at each
    /// start.
    surplus: Option<(f64, f64)>,
}

impl WindowPlace {
    /// The remembered place, as far as it fits the screens of today; it is the start of what is followed.
    pub(crate) fn restore<R: Runtime>(&self, app: &AppHandle<R>, home: &Path) -> Option<Place> {
        let place = remembered(home)?;
        let monitors = app.available_monitors().unwrap_or_default();
        let largest = monitors.iter().map(logical_size).reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)));
        let place = place.within(largest);
        self.state().now = Some(place);
        Some(place)
    }

    /// After a change of the window's size or place.
    pub(crate) fn follow<R: Runtime>(&self, window: &WebviewWindow<R>) {
        match measured(window) {
            Ok(measured) => self.state().follow(measured),
            Err(error) => tracing::debug!(%error, "the window's place is not known"),
        }
    }

    pub(crate) fn remember(&self, home: &Path) {
        let Some(place) = self.state().now else { return };
        let written = serde_json::to_vec_pretty(&place)
            .map_err(Into::into)
            .and_then(|json| replace(&home.join(WINDOW), &json));
        if let Err(error) = written {
            tracing::warn!(%error, "the window's place is not remembered");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The first measurement is the answer to the size that was asked for.
    fn follow(&mut self, measured: Place) {
        let asked = self.now.map_or(DEFAULT, |place| (place.width, place.height));
        if measured.is_maximized {
            self.now = Some(Place { width: asked.0, height: asked.1, ..measured });
            return;
        }
        let surplus = *self.surplus.get_or_insert((measured.width - asked.0, measured.height - asked.1));
        let (width, height) = (measured.width - surplus.0, measured.height - surplus.1);
        self.now = Some(Place { width, height, ..measured });
    }
}

impl Place {
    /// Where it is to be put; `None` leaves it to the desktop.
    pub(crate) fn position<R: Runtime>(&self, app: &AppHandle<R>) -> Option<PhysicalPosition<i32>> {
        let monitors = app.available_monitors().unwrap_or_default();
        let can_be_gripped = monitors.iter().any(|monitor| self.can_be_gripped(monitor.work_area()));
        can_be_gripped.then_some(PhysicalPosition::new(self.x, self.y))
    }

    fn can_be_gripped(&self, area: &PhysicalRect<i32, u32>) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "a size on a screen")]
        let width = self.width as i64;
        let (x, y) = (i64::from(self.x), i64::from(self.y));
        let (left, top) = (i64::from(area.position.x), i64::from(area.position.y));
        let (right, bottom) = (left + i64::from(area.size.width), top + i64::from(area.size.height));
        let across = (x + width).min(right) - x.max(left);
        across >= GRIP.0 && y >= top && y + GRIP.1 <= bottom
    }

    fn within(self, largest: Option<(f64, f64)>) -> Self {
        let (width, height) = largest.unwrap_or((f64::MAX, f64::MAX));
        Self {
            width: self.width.min(width).max(LEAST.0),
            height: self.height.min(height).max(LEAST.1),
            ..self
        }
    }
}

fn remembered(home: &Path) -> Option<Place> {
    let bytes = read(&home.join(WINDOW)).unwrap_or_else(|error| {
        tracing::warn!(%error, "the window's place cannot be read");
        None
    })?;
    let place: Place = serde_json::from_slice(&bytes).ok()?;
    (place.width.is_finite() && place.height.is_finite()).then_some(place)
}

fn measured<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<Place> {
    let size: LogicalSize<f64> = window.inner_size()?.to_logical(window.scale_factor()?);
    let position = window.outer_position().unwrap_or_default();
    Ok(Place {
        width: size.width,
        height: size.height,
        x: position.x,
        y: position.y,
        is_maximized: window.is_maximized()?,
    })
}

fn logical_size(monitor: &Monitor) -> (f64, f64) {
    let size: LogicalSize<f64> = monitor.size().to_logical(monitor.scale_factor());
    (size.width, size.height)
}

#[cfg(test)]
mod tests {
    use tauri::PhysicalSize;

    use super::*;

    const PLACE: Place = Place { width: 900.0, height: 600.0, x: 100, y: 50, is_maximized: false };

    #[test]
    fn a_window_is_put_only_where_it_can_be_gripped() {
        let screen = |x, y, width, height| PhysicalRect {
            position: PhysicalPosition::new(x, y),
            size: PhysicalSize::new(width, height),
        };
        let left = screen(0, 0, 1920, 1080);
        for (x, y, fits) in [
            (100, 50, true),
            (-700, 50, true),
            (-800, 50, false),
            (1800, 1056, true),
            (1801, 0, false),
            (100, -1, false),
            (100, 1057, false),
            (i32::MAX, i32::MIN, false),
        ] {
            assert_eq!(Place { x, y, ..PLACE }.can_be_gripped(&left), fits, "{x} {y}");
        }
        assert!(Place { x: 2000, ..PLACE }.can_be_gripped(&screen(1920, 0, 1920, 1080)));
    }

    #[test]
    fn a_size_fits_the_largest_screen_and_is_never_too_small() {
        assert_eq!(PLACE.within(None), PLACE);
        let fitted = PLACE.within(Some((800.0, 500.0)));
        assert_eq!((fitted.width, fitted.height), (800.0, 500.0));
        let least = Place { width: 1.0, height: -5.0, ..PLACE }.within(None);
        assert_eq!((least.width, least.height), LEAST);
    }

    #[test]
    fn a_window_that_the_desktop_enlarges_does_not_grow_with_every_start() {
        let mut place = PLACE;
        for _ in 0..3 {
            let mut state = State { now: Some(place), surplus: None };
            state.follow(Place { width: place.width + 52.0, height: place.height + 99.0, ..place });
            state.follow(Place { width: place.width + 52.0, height: place.height + 99.0, ..place });
            place = state.now.unwrap();
            assert_eq!(place, PLACE);
        }
        let mut state = State { now: Some(PLACE), surplus: None };
        state.follow(PLACE);
        state.follow(Place { width: 700.0, ..PLACE });
        assert_eq!(state.now, Some(Place { width: 700.0, ..PLACE }), "the user has resized it");
        state.follow(Place { width: 1920.0, is_maximized: true, ..PLACE });
        assert_eq!(state.now, Some(Place { width: 700.0, is_maximized: true, ..PLACE }));
    }

    #[test]
    fn a_place_that_cannot_be_read_is_none() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(remembered(home.path()), None);
        for text in ["", "{}", r#"{"width":1e999,"height":1,"x":0,"y":0,"isMaximized":false}"#] {
            std::fs::write(home.path().join(WINDOW), text).unwrap();
            assert_eq!(remembered(home.path()), None, "{text}");
        }
        let place = WindowPlace(Mutex::new(State { now: Some(PLACE), surplus: None }));
        place.remember(home.path());
        assert_eq!(remembered(home.path()), Some(PLACE));
    }
}
