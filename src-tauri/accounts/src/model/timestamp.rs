//! A moment, as files, tokens and clocks tell it.

use serde::{Deserialize, Serialize};

/// A moment: seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);
