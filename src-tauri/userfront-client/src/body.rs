//! The JSON of a request, written member by member into one buffer that is wiped when dropped.
//!
//! Passwords, codes and link tokens go from their own type straight into this buffer: through no `Value`, no
//! `String`, no struct that could be printed. The buffer has its full size before the first byte is written,
//! because a buffer that grows leaves copies behind. An absent member is left out, like `undefined` in the
//! official client.

use std::collections::BTreeMap;
use std::io;

use accounts::model::custom_data::CustomData;
use zeroize::Zeroizing;

#[derive(Clone, Copy)]
pub(crate) enum Member<'a> {
    Text(&'a str),
    /// Text that a message of the server must not quote.
    Secret(&'a str),
    /// The user's own JSON, sent as it is written.
    Json(&'a CustomData),
    Null,
    /// An object in which this one option is `true`.
    Flag(&'static str),
}

/// Keys and values in the order in which they are sent; `None` is not sent.
pub(crate) type Members<'m, 'a> = &'m [(&'static str, Option<Member<'a>>)];

pub(crate) fn object(members: Members<'_, '_>) -> Zeroizing<Vec<u8>> {
    let mut length = Length(0);
    write(members, &mut length);
    let mut body = Zeroizing::new(Vec::with_capacity(length.0));
    write(members, &mut *body);
    debug_assert!(body.len() == length.0 && body.capacity() == length.0, "the buffer was moved");
    body
}

pub(crate) fn secrets<'a>(members: Members<'_, 'a>) -> Vec<&'a str> {
    members
        .iter()
        .filter_map(|(_, member)| match member {
            Some(Member::Secret(text)) => Some(*text),
            _ => None,
        })
        .collect()
}

#[expect(clippy::unwrap_used, reason = "text is always JSON, and neither writer here ever refuses")]
fn write(members: Members<'_, '_>, out: &mut impl io::Write) {
    let mut separator: &[u8] = b"{";
    for (key, member) in members {
        let Some(member) = member else { continue };
        out.write_all(separator).unwrap();
        serde_json::to_writer(&mut *out, key).unwrap();
        out.write_all(b":").unwrap();
        match member {
            Member::Text(text) | Member::Secret(text) => serde_json::to_writer(&mut *out, text),
            Member::Json(json) => out.write_all(json.as_str().as_bytes()).map_err(serde_json::Error::io),
            Member::Null => serde_json::to_writer(&mut *out, &()),
            Member::Flag(name) => serde_json::to_writer(&mut *out, &BTreeMap::from([(name, true)])),
        }
        .unwrap();
        separator = b",";
    }
    out.write_all(if separator == b"{" { b"{}" } else { b"}" }).unwrap();
}

/// A writer that only counts bytes.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn text_of_any_characters_arrives_as_it_is_in_a_buffer_of_its_size() {
        let long = "å名👩‍🚀\u{202e}".repeat(300);
        for text in ["testmodepassword", "\"}{\\", "\u{0}\u{1f}\u{7f}\n", "pässwörd 名 👩‍🚀", "שלום", "", &long]
        {
            let of_user = json!({ "a": text, "b": [null, 1.5, { text: true }] });
            let written = of_user.to_string().parse().unwrap();
            let body = object(&[
                ("seen", Some(Member::Text(text))),
                ("left out", None),
                ("secret", Some(Member::Secret(text))),
                ("data", Some(Member::Json(&written))),
                ("nothing", Some(Member::Null)),
                ("options", Some(Member::Flag("quiet"))),
            ]);
            assert_eq!((body.len(), body.capacity()), (body.len(), body.len()));
            let read: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(
                read,
                json!({"seen": text, "secret": text, "data": of_user, "nothing": null,
                "options": {"quiet": true}})
            );
        }
    }

    #[test]
    fn members_keep_their_order_and_no_members_make_an_empty_object() {
        let members = [("z", Some(Member::Text("1"))), ("a", None), ("b", Some(Member::Secret("2")))];
        assert_eq!(*object(&members), *br#"{"z":"1","b":"2"}"#);
        assert_eq!(secrets(&members), ["2"]);
        assert_eq!(*object(&[("a", None)]), *b"{}");
        assert_eq!(*object(&[]), *b"{}");
    }
}
