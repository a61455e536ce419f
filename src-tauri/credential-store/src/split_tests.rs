//! Tests splitting on a keyring in memory that can fail after any of its effects.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use accounts::EntryName;
use accounts::model::log_out_outcome::Deletion;
use accounts::ports::StoreStatus;
use secrecy::ExposeSecret;

use super::*;
use crate::store::Store;

const LIMIT: usize = LARGEST_HEAD;

type Map = BTreeMap<String, Vec<u8>>;
type Items = Rc<RefCell<Map>>;

/// Performs this many effects; then it is unavailable, as after a crash.
struct Flaky {
    items: Items,
    effects: usize,
    // Deletes of this name report success and do nothing.
    lies_about: Option<&'static str>,
}

impl Flaky {
    fn effect(&mut self) -> Result<(), StoreError> {
        self.effects =
            self.effects.checked_sub(1).ok_or_else(|| StoreError::Unavailable("crashed".into()))?;
        Ok(())
    }
}

impl Vault for Flaky {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn status(&mut self) -> StoreStatus {
        StoreStatus::Ok
    }

    fn list(&mut self) -> Result<Vec<String>, StoreError> {
        Ok(self.items.borrow().keys().cloned().collect())
    }

    fn get(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(self.items.borrow().get(name).cloned().map(Zeroizing::new))
    }

    fn set(&mut self, name: &str, secret: &[u8]) -> Result<(), StoreError> {
        assert!(secret.len() <= LIMIT, "an item of {} bytes", secret.len());
        self.effect()?;
        self.items.borrow_mut().insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&mut self, name: &str) -> Result<bool, StoreError> {
        if self.lies_about == Some(name) {
            return Ok(true);
        }
        if !self.items.borrow().contains_key(name) {
            return Ok(false);
        }
        self.effect()?;
        Ok(self.items.borrow_mut().remove(name).is_some())
    }

    fn unlock(&mut self, _: Duration) -> StoreStatus {
        StoreStatus::Ok
    }
}

fn store(items: &Items, effects: usize) -> Store {
    Store::new(Box::new(Flaky { items: Rc::clone(items), effects, lies_about: None }), LIMIT)
}

fn secret(parts: usize, letter: &str) -> String {
    letter.repeat(LIMIT * parts - 1)
}

fn entry() -> EntryName {
    EntryName::listed("access.a")
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what it wrote")]
fn value(store: &mut Store) -> Option<String> {
    store.read(&entry()).unwrap().map(|secret| secret.expose_secret().to_owned())
}

fn names(items: &Items) -> Vec<String> {
    items.borrow().keys().cloned().collect()
}

#[test]
fn a_short_value_is_stored_whole_and_a_long_one_in_parts() {
    let items = Items::default();
    let mut store = store(&items, usize::MAX);
    for parts in [1, 3, 2, 4, 1] {
        let secret = secret(parts, "s");
        store.write(&entry(), &secret).unwrap();
        assert_eq!(value(&mut store), Some(secret));
        assert_eq!(store.entries().unwrap(), [entry()]);
        let count = if parts == 1 { 1 } else { parts + 1 };
        assert_eq!(names(&items).len(), count, "no stale part among {:?}", names(&items));
    }
    assert_eq!(names(&items), ["access.a"]);
}

#[test]
fn a_secret_that_looks_like_a_head_is_not_taken_for_one() {
    let items = Items::default();
    let mut store = store(&items, usize::MAX);
    let secret = "split:v1:1:1:1:00";
    store.write(&entry(), secret).unwrap();
    assert_eq!(value(&mut store).as_deref(), Some(secret));
}

#[test]
fn a_crash_in_a_write_leaves_the_old_or_the_new_value_whole() {
    for (before, after) in [(3, 2), (2, 3), (1, 2), (2, 1), (1, 1)] {
        let (old, new) = (secret(before, "o"), secret(after, "n"));
        let mut crashes = 0;
        for effects in 0.. {
            let items = Items::default();
            store(&items, usize::MAX).write(&entry(), &old).unwrap();
            let outcome = store(&items, effects).write(&entry(), &new);
            let found = value(&mut store(&items, usize::MAX));
            assert!(found.as_ref() == Some(&old) || found.as_ref() == Some(&new), "after {effects} effects");
            assert_eq!(store(&items, usize::MAX).delete(&[entry()]), Ok(Deletion::Deleted));
            assert_eq!(names(&items), [] as [String; 0]);
            match outcome {
                Ok(()) => break,
                Err(error) => assert_eq!(error, StoreError::Unavailable("crashed".into())),
            }
            crashes += 1;
        }
        assert!(crashes > 0);
    }
}

#[test]
fn a_crash_in_a_delete_leaves_the_whole_value_or_none() {
    let whole = secret(3, "s");
    for effects in 0..4 {
        let items = Items::default();
        store(&items, usize::MAX).write(&entry(), &whole).unwrap();
        assert!(store(&items, effects).delete(&[entry()]).is_err());
        let found = value(&mut store(&items, usize::MAX));
        assert_eq!(found, (effects == 0).then(|| whole.clone()), "after {effects} effects");
        assert_eq!(
            store(&items, usize::MAX).entries().unwrap(),
            [entry()],
            "what is left has its entry's name"
        );
    }
}

#[test]
fn a_value_with_inconsistent_parts_reads_as_absent() {
    let spoil: [fn(&mut Map); 5] = [
        |items| drop(items.remove("access.a#2")),
        |items| drop(items.insert("access.a#1".into(), b"other".to_vec())),
        |items| items.get_mut("access.a#1").unwrap()[0] ^= 1,
        |items| items.get_mut("access.a#2").unwrap().push(b's'),
        |items| items.get_mut("access.a").unwrap().push(0xff),
    ];
    for (case, spoil) in spoil.into_iter().enumerate() {
        let items = Items::default();
        let mut store = store(&items, usize::MAX);
        store.write(&entry(), &secret(2, "s")).unwrap();
        spoil(&mut items.borrow_mut());
        assert_eq!(value(&mut store), None, "case {case}");
    }
}

#[test]
fn a_false_delete_of_a_part_is_detected() {
    let items = Items::default();
    store(&items, usize::MAX).write(&entry(), &secret(2, "s")).unwrap();
    let liar = Flaky { items: Rc::clone(&items), effects: usize::MAX, lies_about: Some("access.a#2") };
    let other = EntryName::listed("refresh.a");
    let deletion = Store::new(Box::new(liar), LIMIT).delete(&[entry(), other]);
    assert_eq!(deletion, Ok(Deletion::StillPresent(vec![entry()])));
}

#[test]
fn only_ascii_values_are_accepted() {
    let items = Items::default();
    for bad in ["", "caf\u{e9}"] {
        assert!(matches!(store(&items, usize::MAX).write(&entry(), bad), Err(StoreError::Refused(_))));
    }
    assert_eq!(names(&items), [] as [String; 0]);
}

#[test]
fn the_name_of_a_part_gives_the_name_of_its_entry() {
    assert_eq!(entry_of("access.a#12"), "access.a");
    for whole in ["access.a", "access.a#", "access.a#x", "#a"] {
        assert_eq!(entry_of(whole), whole);
    }
}

#[test]
fn without_a_limit_there_are_no_parts_and_a_delete_is_verified() {
    let items = Items::default();
    let unlimited = |lies_about| {
        let flaky = Flaky { items: Rc::clone(&items), effects: usize::MAX, lies_about };
        Store::new(Box::new(flaky), usize::MAX)
    };
    let refused = unlimited(None).write(&entry(), "split:v1:1:1:1:00");
    assert!(matches!(refused, Err(StoreError::Refused(_))), "its parts would not be deleted");
    assert_eq!(names(&items), [] as [String; 0]);
    unlimited(None).write(&entry(), "token").unwrap();
    let lied = unlimited(Some("access.a")).delete(&[entry()]);
    assert_eq!(lied, Ok(Deletion::StillPresent(vec![entry()])));
    assert_eq!(unlimited(None).delete(&[entry()]), Ok(Deletion::Deleted));
    assert_eq!(unlimited(None).delete(&[entry()]), Ok(Deletion::AlreadyAbsent));
}
