//! The man pages, from the same source as the help.

use std::io;

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::messages;

/// The page of the program, or of one of its commands.
///
/// # Errors
/// When there is no such command.
pub(crate) fn page(command: Option<&str>) -> Result<String, Failure> {
    let mut all = Arguments::command();
    all.build();
    let page = match command {
        None => Some(all),
        Some(name) => all.find_subcommand(name).cloned(),
    };
    let Some(page) = page else { return Err(messages::no_such_page(command.unwrap_or_default())) };
    let mut text = Vec::new();
    let written: io::Result<()> = Man::new(page).render(&mut text);
    written.map_err(|error| messages::no_text(&error))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
