//! Decides whether an HTTP answer comes from Userfront. No other module does.

use std::collections::HashMap;

use accounts::model::custom_data::CustomData;
use accounts::model::text::clean;
use accounts::ports::CallFailure;
use reqwest::StatusCode;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Userfront's answer. Without `Debug`: an object may hold tokens.
pub(crate) enum Reply {
    Object {
        status: u16,
        object: Map<String, Value>,
        /// The member `data` as it was written: a `Value` would lose digits.
        custom_data: CustomData,
    },
    /// 2xx without a body: done, if Userfront sent it.
    Nothing {
        /// HTTP status.
        status: u16,
    },
    Rejected(Rejection),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) status: u16,
    /// Cleaned text for a person; `None` when there is none, or when it quotes what was sent.
    pub(crate) message: Option<String>,
}

impl Rejection {
    pub(crate) fn message(self) -> String {
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        self.message.unwrap_or_else(|| {
            reason.unwrap_or("The server refused, with no reason that can be shown.").to_owned()
        })
    }
}

impl From<Rejection> for CallFailure {
    fn from(rejection: Rejection) -> Self {
        Self::Refused { status: rejection.status, message: rejection.message() }
    }
}

/// Reads the whole body of a 2xx or 4xx. `secrets` were sent with the call: a message that quotes any of
/// them, however short, is dropped.
pub(crate) fn read(status: u16, body: &[u8], secrets: &[&str]) -> Result<Reply, CallFailure> {
    // Some servers on Windows begin with a byte order mark, which is not JSON.
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if body.is_empty() {
        return if (200..300).contains(&status) { Ok(Reply::Nothing { status }) } else { Err(empty(status)) };
    }
    // A syntax error of serde_json holds a position and no content; other errors cannot occur here.
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        let place = format!("it is not JSON (line {}, column {})", error.line(), error.column());
        unintelligible(status, &place)
    })?;
    let Value::Object(object) = value else {
        return Err(unintelligible(status, "it is JSON, but not an object"));
    };
    if (200..300).contains(&status) {
        let custom_data = if object.contains_key("data") { custom_data(body) } else { CustomData::default() };
        return Ok(Reply::Object { status, object, custom_data });
    }
    let said = error_shape(status, &object)
        .ok_or_else(|| unintelligible(status, "it is JSON, but not in Userfront's error shape"))?;
    let message = clean(said);
    // Searched twice: cleaning can join a token again, and can cut one that was whole.
    let quotes = |text: &str| secrets.iter().any(|secret| !secret.is_empty() && text.contains(secret));
    let fit = !message.is_empty() && !quotes(said) && !quotes(&message);
    Ok(Reply::Rejected(Rejection { status, message: fit.then_some(message) }))
}

pub(crate) fn empty(status: u16) -> CallFailure {
    unintelligible(status, "it is empty")
}

pub(crate) fn unintelligible(status: u16, detail: &str) -> CallFailure {
    CallFailure::Unintelligible { status, detail: detail.to_owned() }
}

fn custom_data(body: &[u8]) -> CustomData {
    let members: Option<HashMap<String, &RawValue>> = serde_json::from_slice(body).ok();
    let data = members.as_ref().and_then(|members| members.get("data"));
    data.and_then(|data| CustomData::as_sent(data.get())).unwrap_or_default()
}

/// The text for a person (may be empty) of an object in Userfront's error shape; see the crate's page.
fn error_shape(status: u16, object: &Map<String, Value>) -> Option<&str> {
    if object.get("statusCode").and_then(Value::as_u64) != Some(u64::from(status)) {
        return None;
    }
    let message = object.get("message").and_then(Value::as_str);
    let other = match object.get("error") {
        Some(Value::String(error)) => Some(error.as_str()),
        Some(Value::Object(error)) => error.get("message").and_then(Value::as_str).or(Some("")),
        _ => None,
    };
    message.or(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejection(status: u16, body: &str, secrets: &[&str]) -> Option<Rejection> {
        match read(status, body.as_bytes(), secrets) {
            Ok(Reply::Rejected(rejection)) => Some(rejection),
            Ok(Reply::Object { .. } | Reply::Nothing { .. }) => panic!("an error passed for an answer"),
            Err(CallFailure::Unintelligible { status: kept, .. }) => {
                assert_eq!(kept, status);
                None
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn userfronts_error_shape_is_known_in_all_its_variants() {
        for (body, message) in [
            (r#"{"statusCode":401,"message":"Nope","error":{"type":"unauthorized_error"}}"#, "Nope"),
            (r#"{"statusCode":401,"message":"Nope","error":"Unauthorized"}"#, "Nope"),
            (r#"{"statusCode":401,"message":"Nope"}"#, "Nope"),
            (r#"{"statusCode":401,"error":"Nope"}"#, "Nope"),
            (r#"{"statusCode":401,"error":{"message":"Nope"}}"#, "Nope"),
            (r#"{"statusCode":401,"error":{}}"#, "Unauthorized"),
            (r#"{"statusCode":401,"message":"","error":{}}"#, "Unauthorized"),
            (r#"{"statusCode":401,"message":"No\u0000p\u202ee"}"#, "Nope"),
        ] {
            assert_eq!(rejection(401, body, &[]).unwrap().message(), message, "{body}");
        }
    }

    #[test]
    fn other_bodies_do_not_pass_for_userfronts_error_shape() {
        for body in [
            "",
            "Unauthorized",
            "<html>401</html>",
            "null",
            "[]",
            r#""Unauthorized""#,
            "{}",
            r#"{"statusCode":401}"#,
            r#"{"statusCode":401,"message":null,"error":7}"#,
            r#"{"statusCode":"401","message":"Nope"}"#,
            r#"{"statusCode":400,"message":"Nope"}"#,
            r#"{"statusCode":401.5,"message":"Nope"}"#,
            r#"{"message":"Nope","error":"Unauthorized"}"#,
            r#"{"statusCode":401,"message":"Nope"#,
        ] {
            assert_eq!(rejection(401, body, &[]), None, "{body}");
        }
    }

    #[test]
    fn a_body_other_than_an_object_is_unintelligible() {
        assert!(matches!(read(204, b"", &[]), Ok(Reply::Nothing { status: 204 })));
        for body in [" ", "null", "[]", "1", "<html></html>", r#"{"a":"#, r#"{"a":1} {"#] {
            let failure = read(200, body.as_bytes(), &[]).err();
            assert!(matches!(failure, Some(CallFailure::Unintelligible { status: 200, .. })), "{body}");
        }
        let empty = read(204, b"{}", &[]);
        assert!(matches!(empty, Ok(Reply::Object { status: 204, object, .. }) if object.is_empty()));
        let deep = "[".repeat(100_000);
        assert!(read(200, deep.as_bytes(), &[]).is_err(), "a deep answer must not overflow the stack");
    }

    #[test]
    fn custom_data_is_taken_as_it_was_written() {
        let written = r#"{"id":18446744073709551616,"x":59.32932349999999,"e":1.50E+2,"å":{"名":1,"名":2}}"#;
        for (body, expected) in [
            (format!(r#"{{"userId":1,"data": {written} }}"#), written),
            (format!(r#"{{"d\u0061ta":{written}}}"#), written),
            (format!(r#"{{"data":{{"a":1}},"data":{written}}}"#), written),
            (r#"{"data":{ "a" : [ 1.0 ] } }"#.to_owned(), r#"{"a":[1.0]}"#),
            (r#"{"data":null}"#.to_owned(), "{}"),
            (r#"{"data":"{}"}"#.to_owned(), "{}"),
            (r#"{"data":[{"a":1}]}"#.to_owned(), "{}"),
            (r#"{"userId":1,"tenant":{"data":{"a":1}}}"#.to_owned(), "{}"),
        ] {
            let Ok(Reply::Object { custom_data, .. }) = read(200, body.as_bytes(), &[]) else {
                panic!("{body}")
            };
            assert_eq!(custom_data.as_str(), expected, "{body}");
        }
    }

    #[test]
    fn a_message_that_quotes_any_secret_is_dropped() {
        let body = r#"{"statusCode":403,"message":"eyJ\u0000canary is no good for 123456"}"#;
        let whole = "eyJcanary is no good for 123456";
        for secrets in [&["eyJcanary"][..], &["other", "eyJcanary"], &["123456"], &["", "12345"]] {
            assert_eq!(rejection(403, body, secrets).unwrap().message(), "Forbidden", "{secrets:?}");
        }
        for secrets in [&["other"][..], &[""], &[], &["1234567"]] {
            assert_eq!(rejection(403, body, secrets).unwrap().message(), whole, "{secrets:?}");
        }
    }

    #[test]
    fn an_answer_other_than_json_is_not_quoted() {
        let failure = read(200, b"{\"tokens\": eyJcanary}", &[]).err().unwrap();
        assert!(!format!("{failure:?} {failure}").contains("canary"), "{failure:?}");
    }
}
