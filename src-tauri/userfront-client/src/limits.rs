//! The limits of a call, and the program's name.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How long a call may take, how large its answer may be, and how long an idle connection is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands: name, TCP, TLS.
    pub connect: Duration,
    /// Until the last byte of the answer, the connection included.
    pub overall: Duration,
    /// Bytes in the body of an answer.
    pub body: usize,
    /// How long an idle connection is kept. An older one may be broken without notice: the machine slept, the
    /// network changed.
    pub idle: Duration,
}

impl Default for Limits {
    /// 5 s, 15 s, 1 MiB, 10 s.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            overall: Duration::from_secs(15),
            body: 1024 * 1024,
            idle: Duration::from_secs(10),
        }
    }
}

/// A program's name for Userfront, in `x-userfront-source` and the user agent (the official client's is
/// `core-js`): 1 to 64 of `A-Z a-z 0-9 . _ -`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientName(String);

/// Not a [`ClientName`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A client's name has 1 to 64 letters, digits, dots, underscores or hyphens, like my-app.")]
pub struct MalformedName;

impl ClientName {
    /// The name as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ClientName {
    /// This project's own.
    fn default() -> Self {
        Self("userfront-accounts".to_owned())
    }
}

impl fmt::Display for ClientName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ClientName {
    type Err = MalformedName;

    fn from_str(text: &str) -> Result<Self, MalformedName> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedName)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_name_is_fit_for_a_header() {
        for good in ["my-app", "a", "My_App.2", &"x".repeat(64), ClientName::default().as_str()] {
            assert_eq!(good.parse::<ClientName>().unwrap().to_string(), good);
        }
        for bad in ["", "my app", "a/1", "a\r\nx: y", "å", &"x".repeat(65)] {
            assert_eq!(bad.parse::<ClientName>(), Err(MalformedName), "{bad:?}");
        }
    }

    #[test]
    fn the_limits_are_those_of_the_design() {
        let limits = Limits::default();
        assert_eq!((limits.connect.as_secs(), limits.overall.as_secs(), limits.body), (5, 15, 1_048_576));
    }
}
