//! Reads the objects of `userfront-api.md`. Members that are only shown may be missing or wrong.

mod factor_answer;
mod factors;
mod page;
mod sent;
mod totp;
mod user;

use accounts::model::text::clean;
use serde_json::{Map, Value};

pub(crate) use factor_answer::{Answered, answered, any_tokens, tokens};
pub(crate) use factors::tenant_mode;
pub(crate) use page::saml_token;
pub(crate) use sent::sent;
pub(crate) use totp::totp_set_up;
pub(crate) use user::user;

type Object = Map<String, Value>;

/// A string for display; `None` when it is missing, of another type, or empty.
fn shown(object: &Object, key: &str) -> Option<String> {
    object.get(key)?.as_str().map(clean).filter(|text| !text.is_empty())
}

pub(crate) fn redirect_to(object: &Object) -> Option<String> {
    shown(object, "redirectTo")
}

/// Takes a string out of an object, so that no second copy of a secret remains; `None` when it is missing, of
/// another type, empty, longer than `longest` bytes, or not printable ASCII without spaces.
fn take_secret(object: &mut Object, key: &str, longest: usize) -> Option<String> {
    let Value::String(text) = object.get_mut(key)?.take() else { return None };
    is_plain(&text, longest).then_some(text)
}

/// 1 to `longest` characters of printable ASCII without spaces: safe in a header and a URL.
fn is_plain(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
fn object(value: Value) -> Object {
    let Value::Object(object) = value else { panic!("{value}") };
    object
}
