//! Users' pictures, in memory while their accounts are in the list.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, MutexGuard};

use accounts::AccountId;
use accounts::model::registry::{Account, Registry};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use userfront_client::{PictureError, UserfrontClient};

use crate::state::lock;

type Known = (String, Option<String>);

#[derive(Default)]
pub(crate) struct Pictures(Mutex<HashMap<AccountId, Known>>);

impl Pictures {
    /// An account's picture as a `data:` URL; `None` when there is none that can be shown. The next call
    /// repeats a fetch that failed for a temporary reason.
    pub(crate) async fn of(
        &self,
        account: &Account,
        userfront: &UserfrontClient,
    ) -> Result<Option<String>, PictureError> {
        let Some(address) = account.profile.image.clone() else { return Ok(None) };
        if let Some((_, picture)) = self.known().get(&account.id).filter(|(of, _)| *of == address) {
            return Ok(picture.clone());
        }
        let picture = match userfront.fetch_picture(&account.tenant, &address).await {
            Ok(picture) => Some(format!("data:{};base64,{}", picture.mime, STANDARD.encode(&picture.bytes))),
            Err(error) if error.may_pass() => return Err(error),
            Err(error) => {
                tracing::info!(account = %account.id, %error, "no picture");
                None
            }
        };
        self.known().insert(account.id.clone(), (address, picture.clone()));
        Ok(picture)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<AccountId, Known>> {
        lock(&self.0)
    }

    pub(crate) fn retain(&self, registry: &Registry) {
        self.known().retain(|id, _| registry.account(id).is_some());
    }
}

/// Changes with the address.
pub(crate) fn version(address: Option<&str>) -> u32 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_of_a_removed_account_is_dropped() {
        let id: AccountId =
            "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com".parse().unwrap();
        let pictures = Pictures::default();
        pictures.known().insert(id, ("https://example.com/a.png".to_owned(), Some("data:".to_owned())));
        pictures.retain(&Registry::default());
        assert!(pictures.known().is_empty());
    }
}
