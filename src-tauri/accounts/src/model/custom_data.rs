//! Custom data: JSON text that a tenant keeps about a user.
//!
//! The text is kept as written, except for white space. If it were parsed and written anew, an ID of twenty
//! digits would change, a fraction might change in its last digit, and of two values under one name only one
//! would be left. Saving sends all of it, so each of these losses would reach the server.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON object as text; white space outside its strings is removed, so it never makes a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomData(String);

impl CustomData {
    /// The text as a server sent it, even with a repeated name; `None` unless it is a JSON object.
    #[must_use]
    pub fn as_sent(text: &str) -> Option<Self> {
        serde_json::from_str::<HashMap<String, &RawValue>>(text).ok()?;
        Some(Self(without_space(text)))
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for CustomData {
    fn default() -> Self {
        Self("{}".to_owned())
    }
}

/// Why a text cannot be saved as custom data. Lines and columns begin at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCustomData {
    /// Not JSON, or not an object, or nested too deeply, or with a number too large.
    #[error("The custom data is not a JSON object (line {line}, column {column}).")]
    NotAnObject {
        /// The line where parsing stopped.
        line: usize,
        /// The column in it.
        column: usize,
    },
    /// A repeated name: one of its two values would be lost.
    #[error("The custom data has a name twice in the same object (line {line}, column {column}).")]
    RepeatedName {
        /// The line of the repetition.
        line: usize,
        /// The column in it.
        column: usize,
    },
}

/// A JSON object in which no name is repeated, at any depth.
impl FromStr for CustomData {
    type Err = NotCustomData;

    fn from_str(text: &str) -> Result<Self, NotCustomData> {
        let read: Result<Object, _> = serde_json::from_str(text);
        let Err(error) = read else { return Ok(Self(without_space(text))) };
        let (line, column) = (error.line(), error.column());
        // A data error in an object can only be a repeated name.
        Err(if error.is_data() && text.trim_start().starts_with('{') {
            NotCustomData::RepeatedName { line, column }
        } else {
            NotCustomData::NotAnObject { line, column }
        })
    }
}

fn without_space(json: &str) -> String {
    let (mut is_in_string, mut is_escaped) = (false, false);
    let stays = |character: &char| {
        match character {
            '"' if !is_escaped => is_in_string = !is_in_string,
            ' ' | '\t' | '\n' | '\r' if !is_in_string => return false,
            _ => {}
        }
        is_escaped = *character == '\\' && !is_escaped;
        true
    };
    json.chars().filter(stays).collect()
}

/// Checks an object for repeated names and drops its content.
struct Object;

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Names).map(|Any| Self)
    }
}

/// The same for any value.
struct Any;

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Names)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Any;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON in which no name is there twice")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Any, A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a name is there twice"));
            }
            map.next_value::<Any>()?;
        }
        Ok(Any)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Any, A::Error> {
        while items.next_element::<Any>()?.is_some() {}
        Ok(Any)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Any, E> {
        Ok(Any)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Any, E> {
        Ok(Any)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Any, E> {
        Ok(Any)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Any, E> {
        Ok(Any)
    }

    fn visit_str<E>(self, _: &str) -> Result<Any, E> {
        Ok(Any)
    }

    fn visit_unit<E>(self) -> Result<Any, E> {
        Ok(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_data_keeps_numbers_and_texts_as_written() {
        let long = format!(r#"{{"å":"{}"}}"#, "名å🌻".repeat(410));
        for text in [
            "{}",
            r#"{"id":18446744073709551616,"longer":-123456789012345678901234567890}"#,
            r#"{"lat":59.32932349999999,"lon":18.068580800000063,"x":0.1000000000000000055511151231257827}"#,
            r#"{"a":1.00,"b":-0,"c":-0.0,"d":1e5,"e":1E+5,"f":1.5e-30,"g":0e0}"#,
            r#"{"a":[[],{},[{"b":[null,true,false,{"a":{"a":{}}}]}]],"":""}"#,
            r#"{"名":"👩‍🚀 é","שלום":"مرحبا \u202e","\u00e5":"\ud83c\udf3b","q":"\" { \\","e":"\\"}"#,
            &long,
        ] {
            assert_eq!(text.parse::<CustomData>().unwrap().as_str(), text);
            assert_eq!(CustomData::as_sent(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn white_space_counts_only_inside_texts() {
        let typed = "\r\n{ \"a b\" :\t[ 1 , \" \\\" { } \" ] ,\n\"c\": { } } \n";
        let data: CustomData = typed.parse().unwrap();
        assert_eq!(data.as_str(), r#"{"a b":[1," \" { } "],"c":{}}"#);
        assert_eq!(CustomData::as_sent(typed), Some(data));
        assert_ne!("{\"a\":\" \"}".parse::<CustomData>(), "{\"a\":\"\"}".parse());
    }

    #[test]
    fn a_repeated_name_is_shown_and_not_saved() {
        for (text, place) in [
            (r#"{"a":1,"a":2}"#, (1, 10)),
            ("{\"a\": 1,\n \"\\u0061\": 1}", (2, 9)),
            (r#"{"b":[{"é":{"名":1,"名":2}}]}"#, (1, 26)),
        ] {
            let (line, column) = place;
            let refused = text.parse::<CustomData>().unwrap_err();
            assert_eq!(refused, NotCustomData::RepeatedName { line, column }, "{text}");
            assert_eq!(CustomData::as_sent(text).unwrap().as_str(), without_space(text));
        }
        assert!(r#"{"a":{"a":1},"b":{"a":1}}"#.parse::<CustomData>().is_ok(), "of two objects");
    }

    #[test]
    fn custom_data_other_than_an_object_is_refused_with_its_place() {
        for (text, line, column) in [
            ("", 1, 0),
            ("[]", 1, 0),
            ("null", 1, 4),
            ("7", 1, 1),
            ("{\n  \"a\":", 2, 6),
            ("{\"a\":1 2}", 1, 8),
            ("{\"a\":1} x", 1, 9),
            ("{\"a\":1e999}", 1, 10),
            ("{\"a\":\"\\ud83d\"}", 1, 13),
        ] {
            let refused = text.parse::<CustomData>().unwrap_err();
            assert_eq!(refused, NotCustomData::NotAnObject { line, column }, "{text}");
        }
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert!(matches!(deep.parse::<CustomData>(), Err(NotCustomData::NotAnObject { .. })));
        for nothing in ["", "null", "[]", "7", "{", "\"{}\""] {
            assert_eq!(CustomData::as_sent(nothing), None, "{nothing}");
        }
    }
}
