//! The operations on items, on one connection.

mod changes;
mod names;

use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use zbus::zvariant::OwnedObjectPath;
use zeroize::Zeroizing;

use crate::bus::{Attributes, Bus, Found};
use crate::prompt;
use crate::session::Session;
use crate::{Error, State};

/// How long an item may be missing while another process replaces it.
const REPLACING: Duration = Duration::from_millis(10);

/// How long a daemon may own its bus name and have no collection yet (oo7).
const STARTING: Duration = Duration::from_secs(1);

/// How long a daemon may show no default collection while it reads its files again: GNOME Keyring, when one
/// of them has just been replaced.
const REREADING: Duration = Duration::from_millis(100);

/// How long a read looks again, while an item is replaced again and again, or is listed and cannot be read:
/// oo7 lists an item for a moment longer than it serves it.
const SETTLING: Duration = Duration::from_millis(500);

/// Attributes that `KeePassXC` adds by itself; the others' begin with `xdg:`.
const ADDED: [&str; 7] = ["Title", "URL", "UserName", "Notes", "Uuid", "Path", "FDO_SECRETS_CONTENT_TYPE"];

#[derive(Default)]
pub(crate) struct Client {
    pub(crate) bus: Bus,
    owner: Option<(u64, String)>,
    session: Option<Session>,
    daemon: Option<&'static str>,
    met_at: Option<Instant>,
    pub(crate) asked: Option<(OwnedObjectPath, prompt::Open)>,
    /// Whether a delete may open the daemon's question.
    pub(crate) may_ask: bool,
}

impl Client {
    pub(crate) fn daemon(&self) -> Option<&'static str> {
        self.daemon
    }

    /// Makes a call to the daemon that is there now. When that one ended before a request reached it, or
    /// another took its name meanwhile, the call is made again, to the next one.
    pub(crate) fn call<T>(&mut self, call: impl Fn(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.meet()?;
        match call(self) {
            Err(Error::Absent) => {
                self.meet()?;
                call(self)
            }
            // The bus tells of a change before it replies to a later call, and not before that call is made.
            Ok(answer) => match self.meet() {
                Ok(true) => call(self),
                Ok(false) => Ok(answer),
                Err(error) => {
                    tracing::debug!(%error, "the keyring has gone after its answer");
                    Ok(answer)
                }
            },
            failed => failed,
        }
    }

    pub(crate) fn state(&mut self, service: &str) -> Result<State, Error> {
        match self.unlocked_collection() {
            Ok(_) => {}
            Err(Error::NoCollection) => return Ok(State::NoCollection),
            Err(Error::Locked) => return Ok(State::Locked),
            Err(error) => return Err(error),
        }
        let found = self.search(&[("service", service)])?;
        match found.locked.first() {
            None => Ok(State::Unlocked),
            Some(item) => Ok(match self.why_locked(item)? {
                Error::NotAllowed => State::NotAllowed,
                _ => State::Locked,
            }),
        }
    }

    /// The secret of the item. `None`: it is absent; the collection was seen unlocked after the last search.
    pub(crate) fn get(&mut self, attributes: &[(&str, &str)]) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let until = Instant::now() + SETTLING;
        let mut found = self.unlocked_items(attributes)?;
        loop {
            let result = self.secret_of(attributes, found.clone());
            if !matches!(result, Ok(None) | Err(Error::Refused(_))) {
                return result;
            }
            if found.is_empty() && self.replaces_at_once() {
                self.unlocked_collection()?;
                return result;
            }
            // The others may replace an item by a new one, and for a moment there is none.
            thread::sleep(REPLACING);
            // A refusal has dropped the session. It is opened before the item is looked for: while one is
            // opened, another process may replace the item once more.
            match self.session().map(drop) {
                Ok(()) | Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
            let now = self.unlocked_items(attributes)?;
            let is_absent = found.is_empty() && now.is_empty();
            if is_absent || (result.is_err() && Instant::now() > until) {
                self.unlocked_collection()?;
                return result;
            }
            found = now;
        }
    }

    pub(crate) fn set(
        &mut self,
        label: &str,
        attributes: &[(&str, &str)],
        secret: &[u8],
    ) -> Result<(), Error> {
        let collection = self.unlocked_collection()?;
        let before = self.unlocked_items(attributes)?;
        let sealed = self.session()?.seal(secret)?;
        let exact: HashMap<&str, &str> = attributes.iter().copied().collect();
        let created = self.bus.create_item(&collection, label, &exact, &sealed);
        // A daemon may have dropped the session: the next call opens another.
        let (made, prompt) = created.inspect_err(|_| self.session = None)?;
        let made = self.run(&prompt, &collection)?.unwrap_or(made);
        if before.iter().any(|item| *item != made) {
            // Items that were not replaced: duplicates, and those in another collection.
            let after = self.unlocked_items(attributes)?;
            for other in after.into_iter().filter(|item| *item != made) {
                match self.remove(&other) {
                    // It stays for now: the secret is kept, and a read takes the newest.
                    Ok(()) | Err(Error::WouldAsk) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Deletes every item with these attributes. Returns how many there were; none is no proof of absence.
    pub(crate) fn delete(&mut self, attributes: &[(&str, &str)]) -> Result<usize, Error> {
        let items = self.unlocked_items(attributes)?;
        for item in &items {
            self.remove(item)?;
        }
        Ok(items.len())
    }

    /// While another process replaces an item, oo7 may answer a search with that item's error.
    pub(crate) fn search(&mut self, attributes: &[(&str, &str)]) -> Result<Found, Error> {
        let until = Instant::now() + SETTLING;
        loop {
            match self.bus.search(attributes) {
                Err(Error::Refused(_)) if Instant::now() < until => thread::sleep(REPLACING),
                found => return found,
            }
        }
    }

    /// Searches once no dialog can come of it: a search in a locked `KeePassXC` opens its unlock dialog.
    fn search_unlocked(&mut self, attributes: &[(&str, &str)]) -> Result<Found, Error> {
        if !self.shows_what_is_locked() {
            self.unlocked_collection()?;
        }
        self.search(attributes)
    }

    /// The items with these attributes. Fails if one of them is locked.
    fn unlocked_items(&mut self, attributes: &[(&str, &str)]) -> Result<Vec<OwnedObjectPath>, Error> {
        let Found { unlocked, locked } = self.search_unlocked(attributes)?;
        match locked.first() {
            None => Ok(unlocked),
            Some(item) => Err(self.why_locked(item)?),
        }
    }

    pub(crate) fn collection(&mut self) -> Result<Option<OwnedObjectPath>, Error> {
        let until = Instant::now() + REREADING;
        loop {
            let collection = match self.bus.default_collection()? {
                // KeePassXC's default is the tab in front, and there is none while that tab shares nothing.
                None if self.daemon == Some("KeePassXC") => self.first_collection()?,
                collection => collection,
            };
            let is_starting = self.met_at.is_some_and(|met| met.elapsed() <= STARTING);
            if collection.is_some() || !(is_starting || Instant::now() < until) {
                return Ok(collection);
            }
            thread::sleep(REPLACING);
        }
    }

    fn first_collection(&mut self) -> Result<Option<OwnedObjectPath>, Error> {
        let all = self.bus.collections()?;
        for collection in &all {
            if !self.bus.is_locked(collection)? {
                return Ok(Some(collection.clone()));
            }
        }
        Ok(all.into_iter().next())
    }

    /// The default collection. Fails while it, or another collection that could hide an item, is locked.
    pub(crate) fn unlocked_collection(&mut self) -> Result<OwnedObjectPath, Error> {
        let collection = self.collection()?.ok_or(Error::NoCollection)?;
        if self.locked_collections(&collection)?.is_empty() { Ok(collection) } else { Err(Error::Locked) }
    }

    /// The locked collections: the default and, where the daemon hides locked items, all others.
    pub(crate) fn locked_collections(
        &mut self,
        default: &OwnedObjectPath,
    ) -> Result<Vec<OwnedObjectPath>, Error> {
        let mut locked = Vec::new();
        let mut all = if self.shows_what_is_locked() { Vec::new() } else { self.bus.collections()? };
        if !all.contains(default) {
            all.push(default.clone());
        }
        for collection in all {
            if self.bus.is_locked(&collection)? {
                locked.push(collection);
            }
        }
        Ok(locked)
    }

    /// Whether a search finds items of locked collections and opens no dialog. oo7 finds none; `KeePassXC`
    /// finds none and asks the user; an unknown daemon may do either.
    fn shows_what_is_locked(&self) -> bool {
        matches!(self.daemon, Some("GNOME Keyring" | "KDE Wallet"))
    }

    /// Whether an item that another process replaces is there all the while. With the others there is none
    /// for a moment.
    fn replaces_at_once(&self) -> bool {
        self.daemon == Some("GNOME Keyring")
    }

    /// Whether a locked item's collection is locked, or the item alone.
    fn why_locked(&mut self, item: &OwnedObjectPath) -> Result<Error, Error> {
        let open = match collection_of(item) {
            Some(collection) => !self.bus.is_locked(&collection)?,
            None => false,
        };
        Ok(if open { Error::NotAllowed } else { Error::Locked })
    }

    fn secret_of(
        &mut self,
        attributes: &[(&str, &str)],
        items: Vec<OwnedObjectPath>,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let Some(item) = self.ours(attributes, items)? else { return Ok(None) };
        let path = self.session()?.path().clone();
        let wire = self.bus.get_secret(&item, &path).inspect_err(|_| self.session = None)?;
        self.session()?.open_secret(&wire).map(Some)
    }

    /// Of duplicates, the newest that has no attributes but these, else the newest. One that cannot be read
    /// may be that one: an error.
    fn ours(
        &mut self,
        attributes: &[(&str, &str)],
        mut items: Vec<OwnedObjectPath>,
    ) -> Result<Option<OwnedObjectPath>, Error> {
        if items.len() < 2 {
            return Ok(items.pop());
        }
        tracing::warn!(?attributes, items = items.len(), "the keyring holds this entry more than once");
        let mut ranked = Vec::new();
        for item in items {
            let exact = is_exactly(&self.bus.attributes(&item)?, attributes);
            ranked.push(((exact, self.bus.modified(&item)?), item));
        }
        Ok(ranked.into_iter().max_by_key(|(rank, _)| *rank).map(|(_, item)| item))
    }

    /// Drops the session when the connection or the daemon has changed. Returns whether it is another daemon.
    fn meet(&mut self) -> Result<bool, Error> {
        if !self.bus.may_have_changed() {
            return Ok(false);
        }
        let owner = self.bus.owner()?;
        let now = (self.bus.connections(), owner);
        let is_another = self.owner.as_ref().is_none_or(|(_, before)| *before != now.1);
        if self.owner.as_ref() != Some(&now) {
            self.session = None;
            self.asked = None;
            self.daemon = self.bus.daemon(&now.1).unwrap_or_else(|error| {
                tracing::debug!(%error, "which keyring this is, is not known");
                None
            });
            self.owner = Some(now);
            self.met_at = Some(Instant::now());
        }
        Ok(is_another)
    }

    pub(crate) fn session(&mut self) -> Result<&Session, Error> {
        if self.session.is_none() {
            self.session = Some(Session::open(|algorithm, input| self.bus.open_session(algorithm, input))?);
        }
        self.session.as_ref().ok_or(Error::Locked)
    }
}

/// Whether an item has no attributes but these and those that a daemon adds.
fn is_exactly(its: &Attributes, ours: &[(&str, &str)]) -> bool {
    let added = |name: &str| name.starts_with("xdg:") || ADDED.contains(&name);
    its.keys().all(|name| added(name) || ours.iter().any(|(our, _)| our == name))
}

pub(crate) fn collection_of(item: &OwnedObjectPath) -> Option<OwnedObjectPath> {
    let (collection, _) = item.as_str().rsplit_once('/')?;
    OwnedObjectPath::try_from(collection).ok()
}
