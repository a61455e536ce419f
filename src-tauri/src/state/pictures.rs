//! Pictures of users, in memory, for as long as their accounts are in the list.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use accounts::AccountId;
use accounts::model::registry::Registry;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use userfront_client::PictureError;

use super::Shell;

/// A picture, and the address that it was fetched from; nothing where there is none that is fit to be shown.
type Known = (String, Option<String>);

#[derive(Default)]
pub(super) struct Pictures(Mutex<HashMap<AccountId, Known>>);

impl Pictures {
    fn known(&self) -> MutexGuard<'_, HashMap<AccountId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of accounts that are gone are forgotten.
    pub(super) fn forget_but(&self, registry: &Registry) {
        self.known().retain(|id, _| registry.account(id).is_some());
    }
}

/// A number that is another one when the address is.
pub(crate) fn version(address: Option<&str>) -> u32 {
    let mut hasher = DefaultHasher::new();
    address.hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}

impl Shell {
    /// The picture of an account. It is fetched once; when that fails for a while, the next one who asks
    /// tries again.
    pub(crate) async fn picture(&self, id: &AccountId) -> Result<Option<String>, PictureError> {
        let registry = self.registry().await;
        let Some(account) = registry.account(id) else { return Ok(None) };
        let Some(address) = account.profile.image.clone() else { return Ok(None) };
        if let Some((_, picture)) = self.pictures.known().get(id).filter(|(of, _)| *of == address) {
            return Ok(picture.clone());
        }
        let picture = match self.userfront.fetch_picture(&account.tenant, &address).await {
            Ok(picture) => Some(format!("data:{};base64,{}", picture.mime, STANDARD.encode(&picture.bytes))),
            Err(error) if error.may_pass() => return Err(error),
            Err(error) => {
                tracing::info!(account = %id, %error, "no picture");
                None
            }
        };
        self.pictures.known().insert(id.clone(), (address, picture.clone()));
        Ok(picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_is_gone_leaves_no_picture() {
        let id: AccountId =
            "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com".parse().unwrap();
        let pictures = Pictures::default();
        pictures.known().insert(id, ("https://example.com/a.png".to_owned(), Some("data:".to_owned())));
        pictures.forget_but(&Registry::default());
        assert!(pictures.known().is_empty());
    }
}
