//! Foreign entries: entries of ours in the keyring that this list of accounts does not account for.

use serde::Serialize;
use ts_rs::TS;

use super::Mode;

/// The foreign entries of one account, one of its older sessions, or one of another form. All
/// that is known of it is its name.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ForeignRow {
    /// The name of one of its entries, for commands.
    pub entry: String,
    /// The names of all its entries.
    pub entries: Vec<String>,
    /// The tenant's ID; nothing, with all that follows, if the name is of another form.
    pub tenant_id: Option<String>,
    /// The user's UUID; nothing if the entry is of older sessions, whose name does not say it.
    pub user_uuid: Option<String>,
    pub mode: Option<Mode>,
    pub host: Option<String>,
    /// The user leaves it as it is.
    pub is_left: bool,
}
