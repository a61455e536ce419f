//! The keyring's dialog on a private screen: waiting for it, answering it, dismissing it.
//!
//! It has no title to be found by, and takes the keyboard a while after it is shown: so windows are counted,
//! and what was typed too early is typed again.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::{RigError, Screen};

/// How long a dialog has to open, and then to take its answer.
const LIMIT: Duration = Duration::from_secs(30);

/// Between two looks.
const STEP: Duration = Duration::from_millis(50);

/// From the window to the keyboard; and from the answer to what comes of it.
const MOMENT: Duration = Duration::from_millis(500);
const EFFECT: Duration = Duration::from_secs(2);

impl Screen {
    /// How many windows can be seen, the screen's own among them.
    pub async fn count_windows(&self) -> Result<usize, RigError> {
        let begin = Instant::now();
        loop {
            // None at all: a window went while it was looked at, and the search failed.
            match self.windows(".*")?.len() {
                0 if begin.elapsed() < LIMIT => sleep(STEP).await,
                0 => return Err(RigError::Late { what: "a count of the windows".to_owned(), limit: LIMIT }),
                count => return Ok(count),
            }
        }
    }

    /// Waits for a dialog that opens beside the `before` windows, and for its taking the keyboard.
    pub async fn wait_for_dialog(&self, before: usize) -> Result<(), RigError> {
        let begin = Instant::now();
        while self.count_windows().await? <= before {
            if begin.elapsed() > LIMIT {
                return Err(RigError::Late { what: "the keyring's dialog".to_owned(), limit: LIMIT });
            }
            sleep(STEP).await;
        }
        sleep(MOMENT).await;
        Ok(())
    }

    /// Types the password into the dialog that opens beside the `before` windows, until `is_done`.
    pub async fn answer_dialog(
        &self,
        before: usize,
        password: &str,
        is_done: impl AsyncFn() -> Result<bool, RigError>,
    ) -> Result<(), RigError> {
        self.wait_for_dialog(before).await?;
        let begin = Instant::now();
        while begin.elapsed() < LIMIT {
            self.press("ctrl+a")?;
            self.type_text(password)?;
            self.press("Return")?;
            let typed = Instant::now();
            while typed.elapsed() < EFFECT {
                if is_done().await? {
                    return Ok(());
                }
                sleep(STEP).await;
            }
        }
        Err(RigError::Late { what: "the dialog's taking the password".to_owned(), limit: LIMIT })
    }

    /// Dismisses the dialog that opens beside the `before` windows.
    pub async fn dismiss_dialog(&self, before: usize) -> Result<(), RigError> {
        self.wait_for_dialog(before).await?;
        let begin = Instant::now();
        while self.count_windows().await? > before {
            if begin.elapsed() > LIMIT {
                return Err(RigError::Late { what: "the dialog's going".to_owned(), limit: LIMIT });
            }
            self.press("Escape")?;
            sleep(MOMENT).await;
        }
        Ok(())
    }
}
