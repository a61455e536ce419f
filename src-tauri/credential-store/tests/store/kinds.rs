//! The same test on each kind of keyring daemon.

use test_rig::{Inside, KeyringOptions, RigError, SecretServiceKind, enter};

/// One run of a test: on which kind, and under which name.
pub(crate) struct On {
    pub(crate) kind: SecretServiceKind,
    /// As [`module_path!`] has it, with the crate.
    pub(crate) test: &'static str,
}

impl On {
    /// [`enter`], on this kind. The kind that `options` name is of no account.
    pub(crate) fn enter(&self, options: impl Into<KeyringOptions>) -> Result<Option<Inside>, RigError> {
        let (_crate, name) = self
            .test
            .split_once("::")
            .ok_or_else(|| RigError::Unexpected(format!("{} is not the path of a test", self.test)))?;
        enter(name, KeyringOptions { kind: self.kind, ..options.into() })
    }
}

/// Makes each test function, which takes an [`On`], a test on GNOME Keyring and one on oo7.
macro_rules! on_each_kind {
    ($($test:ident)*) => {
        crate::kinds::on_kind! { gnome_keyring GnomeKeyring $($test)* }
        crate::kinds::on_kind! { oo7 Oo7 $($test)* }
    };
}

macro_rules! on_kind {
    ($module:ident $kind:ident $($test:ident)*) => {
        mod $module {
            use crate::kinds::On;

            $(
                #[tokio::test]
                async fn $test() -> crate::real::Outcome {
                    let test = concat!(module_path!(), "::", stringify!($test));
                    super::$test(On { kind: test_rig::SecretServiceKind::$kind, test }).await
                }
            )*
        }
    };
}

pub(crate) use {on_each_kind, on_kind};
