//! The login keychain of macOS. Not yet run on macOS.
//!
//! The system unlocks it with the user's session. When it is locked, or when the app's signature has changed,
//! the system asks the user in its own dialog. The keyring crate cannot check for either beforehand. So the
//! status is `Ok` until a call fails, and the usual limit bounds a call that waits for the dialog.

use accounts::ports::StoreError;
use apple_native_keyring_store::keychain::Store;

use super::native::{Native, Platform};

pub(crate) const NAME: &str = "Keychain";
pub(crate) const ITEM_BYTES: usize = usize::MAX;

pub(crate) fn vault(service: String) -> Native {
    let platform = Platform {
        name: NAME,
        store: || Ok(Store::new()?),
        modifiers: &[],
        search: |service| ("service", service.to_owned()),
        denied: |_| StoreError::Locked,
    };
    Native::new(service, platform)
}
