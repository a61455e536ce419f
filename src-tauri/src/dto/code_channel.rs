//! The ways to send a code.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// By which way a code is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum CodeChannel {
    Email,
    Sms,
}
