//! Why a command did not do its work: an exit code and a sentence. `messages` makes both from the domain's
//! errors.

use crate::exit::Exit;

/// Holds no secret.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

/// How a command ended.
pub(crate) type Done = Result<Exit, Failure>;

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The same with a sentence before it.
    pub(crate) fn after(self, sentence: &str) -> Self {
        Self { message: format!("{sentence} {}", self.message), ..self }
    }

    /// The same with a sentence behind it.
    pub(crate) fn before(self, sentence: &str) -> Self {
        Self { message: format!("{} {sentence}", self.message), ..self }
    }
}
