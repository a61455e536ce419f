//! Maps the keyring crate's errors to ours.
//!
//! `Debug` of these errors prints secret bytes, and so does `Display` of some. Only the two variants that
//! wrap a platform's own error are printed: by `Display`, cleaned and cut.

use accounts::ports::StoreError;
use keyring::Error;

pub(crate) fn store_error(error: &Error) -> StoreError {
    match error {
        Error::NoStorageAccess(_) => StoreError::Locked,
        Error::PlatformFailure(cause) => StoreError::Refused(clean(&cause.to_string())),
        Error::TooLong(what, limit) => {
            StoreError::Refused(format!("{what} is longer than {limit} characters"))
        }
        Error::Invalid(what, _) => StoreError::Refused(format!("{what} is not valid")),
        Error::NoEntry => StoreError::Refused("the entry is gone".to_owned()),
        Error::Ambiguous(_) => StoreError::Refused("the entry is there more than once".to_owned()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            StoreError::Refused("what it holds cannot be read; delete it in the keyring's own app".to_owned())
        }
        _ => StoreError::Refused("this keyring cannot do that".to_owned()),
    }
}

pub(crate) fn clean(message: &str) -> String {
    let line = message.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "eyJcanary";

    #[test]
    fn no_error_carries_a_secret_of_the_keyring() {
        let bytes = || CANARY.as_bytes().to_vec();
        let numbers = format!("{:?}", bytes());
        let io = |text: &str| Box::new(std::io::Error::other(text.to_owned()));
        for error in [
            Error::BadEncoding(bytes()),
            Error::BadDataFormat(bytes(), io(CANARY)),
            Error::BadStoreFormat(CANARY.to_owned()),
            Error::Invalid("secret".to_owned(), CANARY.to_owned()),
            Error::NotSupportedByStore(CANARY.to_owned()),
            Error::NoDefaultStore,
        ] {
            let ours = store_error(&error);
            for text in [format!("{ours}"), format!("{ours:?}")] {
                assert!(!text.contains("canary") && !text.contains(&numbers), "{text}");
            }
        }
        let cleaned = StoreError::Refused("no\u{7} such object".replace('\u{7}', " "));
        assert_eq!(store_error(&Error::PlatformFailure(io("no\u{7} such object"))), cleaned);
    }
}
