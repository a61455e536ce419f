//! The names of a service's items, and whether single ones are there.

use std::collections::HashMap;
use std::thread;

use zbus::zvariant::OwnedObjectPath;

use crate::Error;
use crate::bus::Attributes;
use crate::client::{Client, REPLACING};

enum Name {
    Known(String),
    Unknown,
    Gone,
}

impl Client {
    pub(crate) fn names(&mut self, service: &str) -> Result<Vec<String>, Error> {
        let attributes = [("service", service)];
        let unlocked = self.unlocked_collection();
        if let Err(error) = unlocked.as_ref().map_err(Clone::clone)
            && (error != Error::Locked || !self.shows_what_is_locked())
        {
            return Err(error);
        }
        let found = self.search(&attributes)?;
        if found.locked.is_empty() {
            // Without a locked item, the list is whole only if everything is unlocked.
            unlocked?;
            self.unlocked_collection()?;
        }
        let mut names = Vec::with_capacity(found.locked.len() + found.unlocked.len());
        let of_unlocked = self.bus.attributes_of(&found.unlocked)?;
        for (item, its) in found.unlocked.iter().zip(of_unlocked) {
            match self.name_of(&attributes, item, its)? {
                Name::Known(name) => names.push(name),
                // An item of this service without a name belongs to another program.
                Name::Unknown | Name::Gone => {}
            }
        }
        let of_locked = self.bus.attributes_of(&found.locked)?;
        for (item, its) in found.locked.iter().zip(of_locked) {
            match self.name_of(&attributes, item, its)? {
                Name::Known(name) => names.push(name),
                // GNOME Keyring, if started locked, knows only hashes of attributes.
                Name::Unknown => return Err(Error::Locked),
                Name::Gone => {}
            }
        }
        Ok(names)
    }

    pub(crate) fn present(&mut self, service: &str, users: &[&str]) -> Result<Vec<String>, Error> {
        let mut absent = self.absent_of(service, users.to_vec())?;
        if !absent.is_empty() && !self.replaces_at_once() {
            thread::sleep(REPLACING);
            absent = self.absent_of(service, absent)?;
        }
        if !absent.is_empty() {
            self.unlocked_collection()?;
        }
        Ok(users.iter().filter(|user| !absent.contains(user)).map(|user| (*user).to_owned()).collect())
    }

    fn absent_of<'a>(&mut self, service: &str, users: Vec<&'a str>) -> Result<Vec<&'a str>, Error> {
        // A search in a locked KeePassXC opens its unlock dialog.
        if !self.shows_what_is_locked() {
            self.unlocked_collection()?;
        }
        let searches: Vec<_> =
            users.iter().map(|user| HashMap::from([("service", service), ("username", *user)])).collect();
        let mut absent = Vec::new();
        for (user, found) in users.into_iter().zip(self.bus.search_each(&searches)?) {
            let found = match found {
                Err(Error::Refused(_)) => self.search(&[("service", service), ("username", user)]),
                found => found,
            }?;
            if found.unlocked.is_empty() && found.locked.is_empty() {
                absent.push(user);
            }
        }
        Ok(absent)
    }

    fn name_of(
        &mut self,
        searched: &[(&str, &str)],
        item: &OwnedObjectPath,
        its: Result<Attributes, Error>,
    ) -> Result<Name, Error> {
        match its {
            Ok(mut attributes) => Ok(attributes.remove("username").map_or(Name::Unknown, Name::Known)),
            Err(Error::Refused(reason)) => {
                // Another process may have deleted or locked the item; each daemon has its own error for
                // that.
                if !self.shows_what_is_locked() {
                    self.unlocked_collection()?;
                }
                let found = self.search(searched)?;
                if found.locked.contains(item) {
                    return Err(Error::Locked);
                }
                if found.unlocked.contains(item) {
                    return Err(Error::Refused(reason));
                }
                Ok(Name::Gone)
            }
            Err(error) => Err(error),
        }
    }
}
