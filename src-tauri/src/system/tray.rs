//! The tray's item, and whether the desktop shows it.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod none;

#[cfg(target_os = "linux")]
pub(crate) use linux::run;
#[cfg(not(target_os = "linux"))]
pub(crate) use none::run;

/// A row of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row<T> {
    /// Words, with what a click does; without, they are only read.
    Item(String, Option<T>),
    Line,
}

/// What the tray is to show; nothing when the user wants none.
pub(crate) type Menu<T> = Option<Vec<Row<T>>>;
