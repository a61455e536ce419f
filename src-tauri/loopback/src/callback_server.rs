//! Waits on 127.0.0.1 for a browser that returns from single sign-on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io, mem};

use hyper::header::HeaderValue;
use hyper::{StatusCode, Uri};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};
use url::form_urlencoded;

use crate::page::{self, Page};
use crate::place::{Answer, Place, is_same, random_path};
use crate::{Limits, NoArrival};

const LONGEST_SAID: usize = 200;

/// The longest word in that text. A token is longer than this, and words are not.
const LONGEST_WORD: usize = 32;

/// Waits once on 127.0.0.1 for a browser that returns from single sign-on. Dropping it closes the port.
pub struct CallbackServer {
    place: Place,
    desk: Arc<Desk>,
    told: oneshot::Receiver<Outcome>,
    limits: Limits,
    closes_at: Instant,
}

/// Takes the address at which the browser ends from the user, instead of from the browser.
#[derive(Clone)]
pub struct ByHand(Arc<Desk>);

/// A browser has returned.
pub struct Arrival {
    link: SecretString,
    closing: JoinHandle<()>,
}

impl CallbackServer {
    /// Opens a free port for [`LIFE`](crate::LIFE).
    ///
    /// # Errors
    /// When the system gives no port or no random bits.
    pub async fn open() -> io::Result<Self> {
        Self::open_with(Limits::default()).await
    }

    /// Opens a free port with other limits.
    ///
    /// # Errors
    /// When the system gives no port or no random bits.
    pub async fn open_with(limits: Limits) -> io::Result<Self> {
        let place = Place::open(limits.request).await?;
        let (tell, told) = oneshot::channel();
        let desk = Arc::new(Desk {
            origin: place.origin(),
            path: random_path()?,
            last_page: format!("{}/done", random_path()?),
            state: Mutex::new(State::Waiting(tell)),
            seen: Notify::new(),
        });
        Ok(Self { place, desk, told, limits, closes_at: Instant::now() + limits.life })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.place.origin()
    }

    /// `/` and 43 url-safe characters, 256 random bits. Any program that knows it can call instead of the
    /// browser.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.desk.path
    }

    /// For a browser on another computer.
    #[must_use]
    pub fn by_hand(&self) -> ByHand {
        ByHand(Arc::clone(&self.desk))
    }

    /// Resolves when another user's program has called and was refused.
    pub fn stranger(&self) -> impl Future<Output = ()> + Send + 'static {
        self.place.stranger()
    }

    /// Waits for the browser. Requests since the opening are queued.
    ///
    /// # Errors
    /// [`NoArrival`]. The port is then closed; a refusal is told once the browser has loaded the page that
    /// says so, since a program that is about to end would take that page away. Dropping this future also
    /// closes the port.
    pub async fn arrival(self) -> Result<Arrival, NoArrival> {
        let Self { mut place, desk, told, limits, closes_at } = self;
        let told = tokio::select! {
            biased;
            told = told => told,
            error = place.serve(&desk) => return Err(NoArrival::Closed(error)),
            () = sleep_until(closes_at) => return Err(NoArrival::TimedOut),
        };
        let closing = tokio::spawn(async move {
            tokio::select! {
                () = desk.seen.notified() => {}
                _ = place.serve(&desk) => {}
                () = sleep(limits.farewell) => {}
            }
            place.close(limits.request).await;
        });
        match told {
            Ok(Outcome::Came(link)) => Ok(Arrival { link, closing }),
            Ok(Outcome::Refused(said)) => {
                finished(closing).await;
                Err(NoArrival::Refused { said })
            }
            Err(gone) => Err(NoArrival::Closed(io::Error::other(gone))),
        }
    }
}

impl Arrival {
    /// The whole link, as received: `http://127.0.0.1:PORT/…?token=…&uuid=…`. Nothing in it is verified yet.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one way in to the text of the link, for its parser")]
    pub fn text(&self) -> &str {
        self.link.expose_secret()
    }

    /// Waits a few seconds at most until the browser has its last page and the port is closed. Only a program
    /// that is about to end needs this.
    pub async fn closed(self) {
        finished(self.closing).await;
    }
}

/// The task is never cancelled and never panics; if it did, the port would be closed all the same.
async fn finished(closing: JoinHandle<()>) {
    drop(closing.await);
}

impl ByHand {
    /// Takes the address at which the browser ends, and returns whether it is the right one and the first.
    /// [`CallbackServer::arrival`] then continues.
    #[must_use]
    pub fn take(&self, text: &str) -> bool {
        let Self(desk) = self;
        let Some(Ok(uri)) = text.strip_prefix(&desk.origin).map(str::parse::<Uri>) else { return false };
        let is_taken = is_same(uri.path(), &desk.path) && desk.receive(&uri).goes_on();
        if is_taken {
            desk.seen.notify_one();
        }
        is_taken
    }
}

impl fmt::Debug for ByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByHand([redacted])")
    }
}

enum Outcome {
    Came(SecretString),
    Refused(String),
}

enum State {
    Waiting(oneshot::Sender<Outcome>),
    Came,
    Refused,
}

struct Desk {
    origin: String,
    path: String,
    /// The browser is redirected to this path, which holds no secret.
    last_page: String,
    state: Mutex<State>,
    seen: Notify,
}

impl Answer for Desk {
    fn answer(&self, uri: &Uri) -> Page {
        if is_same(uri.path(), &self.path) {
            return self.receive(uri);
        }
        let page = match *self.state() {
            State::Came => page::done(),
            State::Refused => page::not_completed(StatusCode::OK),
            State::Waiting(_) => return page::refusal(StatusCode::NOT_FOUND),
        };
        if !is_same(uri.path(), &self.last_page) {
            return page::refusal(StatusCode::NOT_FOUND);
        }
        self.seen.notify_one();
        page
    }
}

impl Desk {
    fn receive(&self, uri: &Uri) -> Page {
        let mut state = self.state();
        let (next, outcome) = match Query::read(uri.query().unwrap_or_default()) {
            _ if !matches!(*state, State::Waiting(_)) => return page::used(),
            Query { refused: Some(said), .. } => (State::Refused, Outcome::Refused(said)),
            Query { has_token: true, has_uuid: true, .. } => (State::Came, Outcome::Came(self.link(uri))),
            _ => return page::not_completed(StatusCode::BAD_REQUEST),
        };
        let told = match mem::replace(&mut *state, next) {
            State::Waiting(tell) => tell.send(outcome),
            State::Came | State::Refused => return page::used(),
        };
        match (told, HeaderValue::try_from(&self.last_page)) {
            (Ok(()), Ok(clean)) => Page::go_to(clean),
            // The caller is gone: the port closes now, and nothing was handed over.
            _ => page::used(),
        }
    }

    /// A panic never leaves this state half changed.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn link(&self, uri: &Uri) -> SecretString {
        let all = uri.path_and_query().map_or("", |all| all.as_str());
        SecretString::from(format!("{}{all}", self.origin))
    }
}

#[derive(Default)]
struct Query {
    has_token: bool,
    has_uuid: bool,
    refused: Option<String>,
}

impl Query {
    fn read(query: &str) -> Self {
        let (mut read, mut described) = (Self::default(), None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "token" => read.has_token = !value.is_empty(),
                "uuid" => read.has_uuid = !value.is_empty(),
                "error" => read.refused = Some(said(&value)),
                "error_description" => described = Some(said(&value)),
                _ => {}
            }
        }
        if read.refused.is_some() {
            let described = described.filter(|text| !text.is_empty());
            read.refused = described.or(read.refused.filter(|text| !text.is_empty()));
            read.refused.get_or_insert_with(|| "no reason was given".to_owned());
        }
        read
    }
}

/// Foreign text, made safe to show: one line, visible, short, and without anything that could be a token.
fn said(text: &str) -> String {
    let visible = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let words = text.split_whitespace().map(|word| word.chars().filter(visible).collect::<String>());
    let words: Vec<_> = words.filter(|word| (1..=LONGEST_WORD).contains(&word.chars().count())).collect();
    let said: String = words.join(" ").chars().take(LONGEST_SAID).collect();
    said.trim_end_matches(['.', ' ']).to_owned()
}

impl fmt::Debug for CallbackServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackServer").field("origin", &self.origin()).field("path", &"[redacted]").finish()
    }
}

impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Arrival([redacted])")
    }
}
