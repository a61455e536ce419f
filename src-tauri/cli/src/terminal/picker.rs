//! One of a list, picked with the keyboard. It is drawn on standard error.

use std::fmt;
use std::io::{self, IsTerminal as _};

use inquire::error::InquireError;
use inquire::list_option::ListOption;
use inquire::ui::RenderConfig;
use inquire::{Select, set_global_render_config};

use super::{Display, system};
use crate::failure::Failure;
use crate::messages::prompts as messages;

/// The most rows of the list that are shown at once.
const MOST_ROWS: usize = 12;

/// The lines above and below the list: the question, the keys, and one to spare.
const OTHER_ROWS: usize = 3;

pub(crate) enum Picked {
    /// The index of a choice.
    One(usize),
    /// Escape was pressed.
    Nothing,
    /// Ctrl-C was pressed.
    Interrupted,
}

/// Whether there is a terminal to draw on and to read keys from.
pub(crate) fn can_pick() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal() && anstyle_query::term_supports_color()
}

/// A line of the list.
struct Choice(String);

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Picks one of these lines. `matches` says whether what was typed means the choice with this index; `answer`
/// is printed for the one that was picked.
///
/// # Errors
/// When the terminal does not work.
pub(crate) fn pick(
    question: &str,
    lines: Vec<String>,
    first: usize,
    matches: impl Fn(&str, usize) -> bool,
    answer: impl Fn(usize) -> String,
) -> Result<Picked, Failure> {
    let display = Display::of_errors();
    if !display.has_colours {
        set_global_render_config(RenderConfig::empty());
    }
    let rows = display.height.map_or(MOST_ROWS, |rows| rows.saturating_sub(OTHER_ROWS).clamp(1, MOST_ROWS));
    let picked = system::drawing(|| {
        Select::new(question, lines.into_iter().map(Choice).collect())
            .with_help_message(messages::KEYS)
            .with_page_size(rows)
            .with_starting_cursor(first)
            .with_scorer(&|typed, _, _, nth| matches(typed, nth).then_some(0))
            // As listed.
            .with_sorter(&|_| {})
            .with_formatter(&|choice: ListOption<&Choice>| answer(choice.index))
            .raw_prompt()
    });
    match picked.map_err(|error| messages::no_picker(&error))? {
        Ok(choice) => Ok(Picked::One(choice.index)),
        Err(InquireError::OperationCanceled) => Ok(Picked::Nothing),
        Err(InquireError::OperationInterrupted) => Ok(Picked::Interrupted),
        Err(InquireError::IO(error)) => Err(messages::no_picker(&error)),
        Err(error) => Err(messages::no_picker(&io::Error::other(error))),
    }
}
