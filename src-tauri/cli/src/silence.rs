//! Reading a line from the terminal without echo.
//!
//! Who interrupts it gets the terminal back as it was, and only then is the program gone. The library raises
//! the signal first, and leaves a terminal that shows nothing of what is typed. So while a line is read, the
//! interrupt alone does not end us.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::interrupt;

/// Of the process, as its signals and its terminal are.
static IS_READING: AtomicBool = AtomicBool::new(false);

/// Whether an interrupt is this module's to answer.
pub(crate) fn is_reading() -> bool {
    IS_READING.load(Ordering::SeqCst)
}

pub(crate) fn line() -> io::Result<String> {
    IS_READING.store(true, Ordering::SeqCst);
    let typed = rpassword::read_password();
    IS_READING.store(false, Ordering::SeqCst);
    if typed.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
        interrupt::end_as_interrupted();
    }
    typed
}
