//! Reading a line from the terminal without echo.
//!
//! Who interrupts it gets the terminal back as it was, and only then is the program gone. The library would be gone first, and
//! leave a terminal that shows nothing of what is typed. So for as long as a line is read, the interrupt alone does not end us.

use std::io;

#[cfg(unix)]
use std::sync::{Arc, OnceLock, atomic::AtomicBool, atomic::Ordering};

#[cfg(unix)]
use signal_hook::{consts::SIGINT, flag, low_level};

/// A terminal that can be kept from echoing.
#[derive(Debug, Default)]
pub(crate) struct Silence {
    /// Whether an interrupt ends the program; there once a line was read, since then it is ours to say.
    #[cfg(unix)]
    dies_of_it: OnceLock<Arc<AtomicBool>>,
}

impl Silence {
    #[cfg(unix)]
    pub(crate) fn line(&self) -> io::Result<String> {
        let dies_of_it = self.dies_of_it.get_or_init(|| Arc::new(AtomicBool::new(true)));
        // The handler holds it, too, once there is one; a second one would see another state.
        if Arc::strong_count(dies_of_it) == 1 {
            flag::register_conditional_default(SIGINT, Arc::clone(dies_of_it))?;
        }
        dies_of_it.store(false, Ordering::SeqCst);
        let typed = rpassword::read_password();
        dies_of_it.store(true, Ordering::SeqCst);
        if typed.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
            low_level::emulate_default_handler(SIGINT)?;
        }
        typed
    }

    #[cfg(not(unix))]
    pub(crate) fn line(&self) -> io::Result<String> {
        rpassword::read_password()
    }
}
