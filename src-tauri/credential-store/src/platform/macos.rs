//! The login keychain of macOS. Not yet run on macOS.
//!
//! The system unlocks it with the user's session, and asks by itself, in a dialog of its own, when it is locked or when the
//! app's signature has changed; that cannot be asked for beforehand with what the keyring crate offers. So its
//! status is `Ok` until a call fails, and a call that waits for the dialog is bounded by its limit as any other.

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
