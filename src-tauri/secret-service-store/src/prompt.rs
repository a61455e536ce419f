use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use zbus::MatchRule;
use zbus::blocking::MessageIterator;
use zbus::message::Type;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

use crate::Error;
use crate::bus::Bus;

/// How a prompt ended. Whether it took effect must be checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There was nothing to ask, or the user consented. For a create: the item.
    Given(Option<OwnedObjectPath>),
    /// *Cancel*, or there is no display for the dialog, or the daemon has ended.
    Dismissed,
    /// It is still open. A late answer counts.
    LimitPassed,
}

pub(crate) struct Open {
    pub(crate) since: Instant,
    answer: mpsc::Receiver<Answer>,
}

impl Open {
    /// Waits until `deadline` for its end. The end is reported once.
    pub(crate) fn wait(&self, deadline: Instant) -> Answer {
        let limit = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        self.answer.recv_timeout(limit).unwrap_or(Answer::LimitPassed)
    }
}

/// Shows the prompt and waits until `deadline` for its end. Without a prompt (`/`) it returns at once.
pub(crate) fn show(bus: &mut Bus, prompt: &OwnedObjectPath, deadline: Instant) -> Result<Answer, Error> {
    if prompt.as_str() == "/" {
        return Ok(Answer::Given(None));
    }
    // It stays open: dismissing a prompt by the protocol's method crashes GNOME Keyring 42.
    Ok(open(bus, prompt)?.map_or(Answer::Dismissed, |open| open.wait(deadline)))
}

pub(crate) fn open(bus: &mut Bus, prompt: &OwnedObjectPath) -> Result<Option<Open>, Error> {
    // Listens first: the answer may come at once.
    let answer = listen(bus, prompt)?;
    match bus.show(prompt) {
        Ok(()) => Ok(Some(Open { since: Instant::now(), answer })),
        Err(Error::Refused(reason)) => {
            tracing::warn!(reason, "the keyring cannot show its dialog");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Receives how the prompt ends. The wait has no limit, so it has its own thread, which ends with the prompt
/// or the connection.
fn listen(bus: &mut Bus, prompt: &OwnedObjectPath) -> Result<mpsc::Receiver<Answer>, Error> {
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .interface("org.freedesktop.Secret.Prompt")?
        .member("Completed")?
        .path(prompt.as_ref())?
        .build();
    let mut signals = MessageIterator::for_match_rule(rule, bus.connection()?, Some(1))?;
    let (tell, told) = mpsc::channel();
    let wait = move || {
        let completed = signals.next().and_then(Result::ok);
        let arguments = completed.and_then(|signal| signal.body().deserialize::<(bool, OwnedValue)>().ok());
        let answer = match arguments {
            Some((false, result)) => Answer::Given(OwnedObjectPath::try_from(result).ok()),
            Some((true, _)) | None => Answer::Dismissed,
        };
        if tell.send(answer).is_err() {
            tracing::debug!("a prompt ended after its limit");
        }
    };
    thread::Builder::new().name("keyring-dialog".to_owned()).spawn(wait).map_err(|error| {
        Error::Refused(format!("no thread can be started to wait for its dialog ({error})"))
    })?;
    Ok(told)
}
