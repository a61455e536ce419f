use accounts::ports::StoreStatus;
use async_trait::async_trait;
use credential_store::effects::Effects;
use credential_store::memory::{Answer, Items, MemoryKeyring};
use secrecy::ExposeSecret;

use crate::promises::{self, Outside};
use accounts::ports::CredentialStore;

const SERVICE: &str = "userfront.test";

#[async_trait(?Send)]
impl Outside for Items {
    async fn lock(&self) {
        self.set_status(StoreStatus::Locked);
    }

    async fn unlock(&self) {
        self.set_status(StoreStatus::Ok);
    }

    async fn add_duplicate(&self, name: &str, secret: &str) {
        self.add(SERVICE, name, secret);
    }

    #[expect(clippy::disallowed_methods, reason = "a test looks at what it wrote")]
    fn items(&self) -> Vec<(String, String)> {
        let mut names = self.names();
        names.dedup();
        let secrets = |(service, name): (String, String)| {
            let fakes = self.secrets(&service, &name);
            fakes.into_iter().map(move |secret| (name.clone(), secret.expose_secret().to_owned()))
        };
        names.into_iter().flat_map(secrets).collect()
    }
}

#[tokio::test]
async fn the_memory_fake_keeps_the_promises() {
    let items = Items::new();
    let keyring = MemoryKeyring::new(SERVICE, items.clone(), Effects::new());
    promises::all(&keyring, &items).await;
    promises::duplicates_are_one_entry(&keyring, &items).await;
}

#[tokio::test]
async fn the_memory_fake_unlocks_as_the_user_answers() {
    let items = Items::new();
    let keyring = MemoryKeyring::new(SERVICE, items.clone(), Effects::new());
    items.set_status(StoreStatus::Locked);
    items.set_answer(Answer::Dismissed);
    assert_eq!(keyring.unlock().await, StoreStatus::Locked);
    items.set_answer(Answer::Password);
    assert_eq!(keyring.unlock().await, StoreStatus::Ok);
    assert_eq!(keyring.unlock().await, StoreStatus::Ok);
    assert_eq!(items.dialogs(), 2, "none when it is unlocked");
}
