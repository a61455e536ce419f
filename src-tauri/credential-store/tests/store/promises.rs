use accounts::EntryName;
use accounts::model::log_out_outcome::Deletion;
use accounts::ports::{CredentialStore, StoreError, StoreStatus};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

pub(crate) type IsSo<'a> = &'a (dyn Fn(&[(String, String)]) -> bool + 'a);

/// The keyring as other programs see and change it.
#[async_trait(?Send)]
pub(crate) trait Outside {
    async fn lock(&self);
    async fn unlock(&self);
    /// Adds an item beside those under this name.
    async fn add_duplicate(&self, name: &str, secret: &str);
    /// Name and secret of every item under the service, sorted, with duplicates. Only while unlocked.
    fn items(&self) -> Vec<(String, String)>;
    /// Waits until the items are as expected; returns the present ones when that takes too long.
    async fn items_once(&self, _is_so: IsSo<'_>) -> Vec<(String, String)> {
        self.items()
    }
    async fn holds(&self, expected: &[(&str, &str)]) {
        let expected = items(expected);
        assert_eq!(self.items_once(&|items| items == expected).await, expected);
    }
}

#[cfg(target_os = "linux")]
#[async_trait(?Send)]
pub(crate) trait Daemon: Outside {
    fn name(&self) -> &'static str;
    /// Adds another program's item, which has one attribute more than ours.
    async fn plant(&self, name: &str, secret: &str);
    async fn restart_unlocked(&self);
    async fn restart_locked(&self);
    fn kill(&self);
    /// It keeps its bus name and answers nothing.
    fn stop(&self);
    fn cont(&self);
}

pub(crate) fn name(text: &str) -> EntryName {
    EntryName::listed(text)
}

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what it wrote")]
pub(crate) async fn text(
    store: &dyn CredentialStore,
    entry: &EntryName,
) -> Result<Option<String>, StoreError> {
    Ok(store.read(entry).await?.map(|secret| secret.expose_secret().to_owned()))
}

fn items(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, secret)| ((*name).to_owned(), (*secret).to_owned())).collect()
}

/// All promises but those about duplicates. The keyring must be empty and unlocked, and is so again
/// afterwards.
pub(crate) async fn all(store: &dyn CredentialStore, outside: &dyn Outside) {
    assert_eq!(store.status().await, StoreStatus::Ok);
    assert_eq!(store.entries().await, Ok(vec![]));
    what_is_written_is_read(store, outside).await;
    what_is_absent_is_told_from_what_is_locked(store, outside).await;
    what_is_deleted_is_gone(store, outside).await;
    a_locked_keyring_is_not_touched(store, outside).await;
    only_ascii_is_kept(store, outside).await;
    outside.holds(&[]).await;
}

async fn what_is_written_is_read(store: &dyn CredentialStore, outside: &dyn Outside) {
    let (access, refresh) =
        (name("access.demo1234:u-1@test.127.0.0.1:8080"), name("refresh.demo1234:u-1@live.[::1]:9"));
    let token = format!("eyJ{}", "x".repeat(6_000));
    store.write(&access, &secret(&token)).await.unwrap();
    store.write(&refresh, &secret("second")).await.unwrap();
    assert_eq!(text(store, &access).await, Ok(Some(token.clone())));
    outside.holds(&[(access.as_str(), &token), (refresh.as_str(), "second")]).await;
    assert_eq!(store.entries().await, Ok(vec![access.clone(), refresh.clone()]));

    store.write(&access, &secret("other")).await.unwrap();
    assert_eq!(text(store, &access).await, Ok(Some("other".to_owned())));
    outside.holds(&[(access.as_str(), "other"), (refresh.as_str(), "second")]).await;
    assert_eq!(store.delete(&[access, refresh]).await, Ok(Deletion::Deleted));
}

async fn what_is_absent_is_told_from_what_is_locked(store: &dyn CredentialStore, outside: &dyn Outside) {
    assert_eq!(text(store, &name("absent")).await, Ok(None));
    outside.lock().await;
    assert_eq!(text(store, &name("absent")).await, Err(StoreError::Locked));
    assert_eq!(store.delete(&[name("absent")]).await, Err(StoreError::Locked));
    outside.unlock().await;
    assert_eq!(text(store, &name("absent")).await, Ok(None));
}

async fn what_is_deleted_is_gone(store: &dyn CredentialStore, outside: &dyn Outside) {
    let (a, b, c) = (name("a"), name("b"), name("c"));
    assert_eq!(store.delete(&[]).await, Ok(Deletion::AlreadyAbsent));
    assert_eq!(store.delete(&[a.clone(), b.clone()]).await, Ok(Deletion::AlreadyAbsent));
    for entry in [&a, &b, &c] {
        store.write(entry, &secret("s")).await.unwrap();
    }
    assert_eq!(store.delete(&[a.clone(), name("absent"), b]).await, Ok(Deletion::Deleted));
    outside.holds(&[("c", "s")]).await;
    assert_eq!(store.delete(&[a]).await, Ok(Deletion::AlreadyAbsent));
    assert_eq!(store.delete(&[c]).await, Ok(Deletion::Deleted));
}

pub(crate) async fn duplicates_are_one_entry(store: &dyn CredentialStore, outside: &dyn Outside) {
    let entry = name("duplicates");
    store.write(&entry, &secret("first")).await.unwrap();
    outside.add_duplicate("duplicates", "second").await;
    assert_eq!(outside.items().len(), 2);
    assert_eq!(store.entries().await, Ok(vec![entry.clone()]));
    assert_eq!(text(store, &entry).await, Ok(Some("second".to_owned())), "the newest");
    assert_eq!(store.delete(std::slice::from_ref(&entry)).await, Ok(Deletion::Deleted));
    outside.holds(&[]).await;

    store.write(&entry, &secret("first")).await.unwrap();
    outside.add_duplicate("duplicates", "second").await;
    store.write(&entry, &secret("third")).await.unwrap();
    outside.holds(&[("duplicates", "third")]).await;
    assert_eq!(store.delete(&[entry]).await, Ok(Deletion::Deleted));
}

async fn a_locked_keyring_is_not_touched(store: &dyn CredentialStore, outside: &dyn Outside) {
    let (entry, other) = (name("locked"), name("other"));
    store.write(&entry, &secret("s")).await.unwrap();
    outside.lock().await;
    assert_eq!(store.status().await, StoreStatus::Locked);
    assert_eq!(text(store, &entry).await, Err(StoreError::Locked));
    assert_eq!(store.write(&entry, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(store.write(&other, &secret("t")).await, Err(StoreError::Locked));
    assert_eq!(store.delete(std::slice::from_ref(&entry)).await, Err(StoreError::Locked));
    let listed = store.entries().await;
    assert!(listed == Err(StoreError::Locked) || listed == Ok(vec![entry.clone()]), "{listed:?}");
    assert_eq!(store.status().await, StoreStatus::Locked, "nothing of this has unlocked it");
    outside.unlock().await;
    assert_eq!(store.status().await, StoreStatus::Ok);
    outside.holds(&[("locked", "s")]).await;
    assert_eq!(store.delete(&[entry, other]).await, Ok(Deletion::Deleted));
}

async fn only_ascii_is_kept(store: &dyn CredentialStore, outside: &dyn Outside) {
    for bad in ["", "caf\u{e9}"] {
        let outcome = store.write(&name("bad"), &secret(bad)).await;
        assert!(matches!(outcome, Err(StoreError::Refused(_))), "{outcome:?}");
    }
    outside.holds(&[]).await;
}
