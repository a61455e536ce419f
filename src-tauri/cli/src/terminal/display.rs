//! What standard output and standard error can show.

use std::io::{self, IsTerminal};

use terminal_size::{Height, Width};

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Display {
    /// In columns; `None` where it is no terminal, or one that does not say.
    pub(crate) width: Option<usize>,
    /// In rows.
    pub(crate) height: Option<usize>,
    pub(crate) is_terminal: bool,
    pub(crate) has_colours: bool,
}

impl Display {
    /// Of standard output now.
    pub(crate) fn of_output() -> Self {
        let output = io::stdout();
        Self::of(output.is_terminal(), terminal_size::terminal_size_of(output))
    }

    /// Of standard error now.
    pub(crate) fn of_errors() -> Self {
        let errors = io::stderr();
        Self::of(errors.is_terminal(), terminal_size::terminal_size_of(errors))
    }

    fn of(is_terminal: bool, size: Option<(Width, Height)>) -> Self {
        if !is_terminal {
            return Self::default();
        }
        let has_colours = !anstyle_query::no_color()
            && anstyle_query::clicolor() != Some(false)
            && anstyle_query::term_supports_ansi_color();
        let (width, height) =
            size.map(|(Width(width), Height(height))| (width.into(), height.into())).unzip();
        Self { width, height, is_terminal, has_colours }
    }
}
